"""The ways of ``installningar.yaml``: folders, SFTP servers, object stores and mailboxes where returns arrive, and where files go.

A secret never stands here: a ``Hemlighet`` names the environment variable or the file that holds it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Modell

Vagnamn = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9\-]{1,40}$", description="Vägens namn i kvittenser och journal: a–z, siffror, bindestreck."
    ),
]


class Hemlighet(Modell):
    """Where a secret is: in an environment variable or in a file that not everyone may read."""

    miljo: str | None = Field(None, min_length=1, description="Miljövariabel som har hemligheten.")
    fil: str | None = Field(None, min_length=1, description="Fil som har hemligheten på första raden.")

    @model_validator(mode="after")
    def _one_place(self) -> Hemlighet:
        if (self.miljo is None) == (self.fil is None):
            raise ValueError("en hemlighet anges med antingen miljo eller fil")
        return self


class MappVag(Modell):
    """A folder: local, a mounted share, or any address that fsspec knows without a login."""

    typ: Literal["mapp"]
    namn: Vagnamn
    adress: str = Field(min_length=1, description="Mapp, med undermappar. En sökväg utan protokoll räknas från hemmet.")


class SftpVag(Modell):
    """A folder on an SFTP server. The server's key must be known beforehand."""

    typ: Literal["sftp"]
    namn: Vagnamn
    server: str = Field(min_length=1)
    port: int = Field(22, ge=1, le=65535)
    mapp: str = Field("/", min_length=1, description="Mappen på servern, med undermappar.")
    anvandare: str = Field(min_length=1)
    losenord: Hemlighet | None = None
    nyckelfil: str | None = Field(None, description="Privat SSH-nyckel; utelämnas när lösenord används.")
    vardnycklar: str = Field(min_length=1, description="Fil i formen known_hosts med serverns nyckel.")

    @model_validator(mode="after")
    def _some_login(self) -> SftpVag:
        if self.losenord is None and self.nyckelfil is None:
            raise ValueError("en väg med typ sftp ska ha losenord eller nyckelfil")
        return self


class S3Vag(Modell):
    """A bucket of an object store that speaks S3."""

    typ: Literal["s3"]
    namn: Vagnamn
    hink: str = Field(pattern=r"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]$", description="Hinkens namn (bucket).")
    prefix: str = Field("", description="Bara det som ligger under detta; utelämnas för hela hinken.")
    adress: str | None = Field(None, min_length=1, description="Lagrets adress, https://…; utelämnas för Amazons egen.")
    nyckel_id: Hemlighet
    hemlig_nyckel: Hemlighet


class Objektlager(Modell):
    """The object store that the ``s3://`` addresses of publication folder and diarium mean, and its login."""

    adress: str | None = Field(None, min_length=1, description="Lagrets adress, https://…; utelämnas för Amazons egen.")
    nyckel_id: Hemlighet
    hemlig_nyckel: Hemlighet


class BrevladaVag(Modell):
    """A mailbox that is read over IMAP. The attachments of its mails are the returns."""

    typ: Literal["brevlada"]
    namn: Vagnamn
    server: str = Field(min_length=1)
    port: int = Field(993, ge=1, le=65535)
    kryptering: Literal["tls", "starttls", "ingen"] = Field(
        "tls", description="ingen bara för en server på samma maskin; lösenordet skickas då i klartext."
    )
    anvandare: str = Field(min_length=1)
    losenord: Hemlighet
    mapp: str = Field("INBOX", min_length=1, description="Brevlådans mapp.")
    svara: bool = Field(True, description="Skicka kvittensen till avsändaren; kräver epost.")


Vag = Annotated[MappVag | SftpVag | S3Vag | BrevladaVag, Field(discriminator="typ")]
"""One more way in beside the home's own inbox."""
