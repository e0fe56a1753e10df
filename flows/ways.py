"""The ways in and out, opened: what ``installningar.yaml`` says of each, with the secrets that it names fetched when they are needed."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.inbox import Folder, plain_folder, s3_folder, sftp_folder
from adapters.mailbox import Mailbox
from adapters.publication import Publication
from data_contracts.vagar import BrevladaVag, Hemlighet, MappVag, S3Vag, SftpVag
from flows.home import Hem


class HemlighetsFel(RuntimeError):
    """A secret is not where the settings say, or is open to everyone (E913). The message is Swedish and never holds the secret."""


def folder_of(hem: Hem, vag: MappVag | SftpVag | S3Vag) -> Folder:
    """The folder of a way in.

    Raises:
        HemlighetsFel: E913.
    """
    match vag:
        case MappVag():
            return plain_folder(vag.namn, vag.adress)
        case SftpVag():
            return sftp_folder(
                vag.namn,
                server=vag.server,
                port=vag.port,
                mapp=vag.mapp,
                anvandare=vag.anvandare,
                losenord=None if vag.losenord is None else secret_of(hem, vag.losenord),
                nyckelfil=None if vag.nyckelfil is None else str(_private(hem, vag.nyckelfil)),
                vardnycklar=str(_there(hem, vag.vardnycklar)),
            )
        case S3Vag():
            return s3_folder(
                vag.namn,
                hink=vag.hink,
                prefix=vag.prefix,
                adress=vag.adress,
                nyckel_id=secret_of(hem, vag.nyckel_id),
                hemlig_nyckel=secret_of(hem, vag.hemlig_nyckel),
            )


def publication_at(hem: Hem, address: str) -> Publication:
    """The folder at an address of the settings; a bucket's server and login are those of ``objektlager``.

    Raises:
        HemlighetsFel: E913.
    """
    store = hem.objektlager
    if store is None or not address.startswith("s3://"):
        return Publication(address)
    secrets = {"key": secret_of(hem, store.nyckel_id), "secret": secret_of(hem, store.hemlig_nyckel)}
    return Publication(address, {**secrets, "endpoint_url": store.adress})


def mailbox_of(hem: Hem, vag: BrevladaVag) -> Mailbox:
    """The mailbox of a way in.

    Raises:
        HemlighetsFel: E913.
    """
    losenord = secret_of(hem, vag.losenord)
    return Mailbox(vag.namn, vag.server, vag.port, vag.kryptering, vag.anvandare, losenord, vag.mapp)


def secret_of(hem: Hem, hemlighet: Hemlighet) -> str:
    """The secret: an environment variable, or the first line of a file that others may not read.

    Raises:
        HemlighetsFel: E913, there is none, or the file is open to everyone.
    """
    if hemlighet.miljo is not None:
        value = os.environ.get(hemlighet.miljo, "")
        if not value:
            raise HemlighetsFel(
                f"E913 Miljövariabeln {hemlighet.miljo} är tom eller saknas. Sätt den där programmet startas."
            )
        return value
    lines = _private(hem, hemlighet.fil or "").read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise HemlighetsFel(f"E913 Filen {hemlighet.fil} är tom. Skriv hemligheten på första raden.")
    return lines[0]


def _there(hem: Hem, name: str) -> Path:
    path = hem.path / name
    if not path.is_file():
        raise HemlighetsFel(f"E913 Filen {path} finns inte. Skapa den, eller rätta installningar.yaml.")
    return path


def _private(hem: Hem, name: str) -> Path:
    path = _there(hem, name)
    if path.stat().st_mode & 0o007:
        raise HemlighetsFel(f"E913 Filen {path} kan läsas av alla på datorn. Ta bort deras rätt: chmod o= {path}")
    return path
