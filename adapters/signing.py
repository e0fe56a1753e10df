"""Ed25519 signatures: keys in files of their own, outside store and home. The only importer of ``cryptography``."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class NyckelFel(RuntimeError):
    """E934: the signing key is not there, lies where it may not, or is open to others. The message is Swedish."""


def make_key(path: Path) -> str:
    """A new key in a file that only its owner may read; its public half as 64 hex digits.

    Raises:
        NyckelFel: E934, there is a key there already.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise NyckelFel(f"E934 Det finns redan en nyckel i {path}. Flytta undan den om du ska ha en ny.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return _public(key)


class Signer:
    """One account's key, read from its file."""

    def __init__(self, path: Path, forbidden: tuple[Path, ...]) -> None:
        """``forbidden``: folders that no key may lie in: the home, the program.

        Raises:
            NyckelFel: E934.
        """
        inside = next((folder for folder in forbidden if path.resolve().is_relative_to(folder.resolve())), None)
        if inside is not None:
            raise NyckelFel(f"E934 Nyckeln {path} ligger i {inside}, där andra kommer åt den. Flytta den därifrån.")
        try:
            mode = path.stat().st_mode
            content = path.read_bytes()
        except OSError as error:
            raise NyckelFel(
                f"E934 Ingen signeringsnyckel i {path} ({error.strerror}). Skapa en med: rodatraden nyckel"
            ) from error
        if stat.S_IMODE(mode) & 0o077:
            raise NyckelFel(f"E934 Andra får läsa nyckeln {path}. Ändra det med: chmod 600 {path}")
        try:
            key = load_pem_private_key(content, password=None)
        except (ValueError, TypeError) as error:
            raise NyckelFel(f"E934 Filen {path} är ingen signeringsnyckel.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NyckelFel(f"E934 Nyckeln {path} är av fel slag. Skapa en ny med: rodatraden nyckel")
        self._key = key

    @property
    def public(self) -> str:
        """The public half, 64 hex digits."""
        return _public(self._key)

    def sign(self, content: bytes) -> str:
        """The signature of the bytes, 128 hex digits. The same key and bytes always give the same."""
        return self._key.sign(content).hex()


def is_signed(content: bytes, signature: str, public: str) -> bool:
    """True when the signature is that key's over exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
