"""The package's files, and what every check needs: hashes, canonical JSON, rounding and numbers."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

Row = dict  # type: ignore[type-arg]
Terms = list  # type: ignore[type-arg]
Grid = dict  # type: ignore[type-arg]


class Package:
    """The files of the package, in a folder or a ZIP."""

    def __init__(self, place: str) -> None:
        self.place = Path(place)
        self.zip = zipfile.ZipFile(self.place) if self.place.is_file() else None

    def names(self) -> list[str]:
        if self.zip is not None:
            return sorted(name for name in self.zip.namelist() if not name.endswith("/"))
        found = (path for path in self.place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted(path.relative_to(self.place).as_posix() for path in found)

    def read(self, name: str) -> bytes:
        return self.zip.read(name) if self.zip is not None else (self.place / name).read_bytes()

    def json(self, name: str) -> Any:
        return json.loads(self.read(name).decode("utf-8"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def half_away(value: Any, divisor: int) -> int:
    quotient, rest = divmod(abs(value), divisor)
    quotient += 1 if 2 * rest >= divisor else 0
    return -quotient if value < 0 else quotient


def parse(text: str) -> Decimal | None:
    plain = re.sub(r"[\u2010-\u2015\u2212\ufe63\uff0d]", "-", re.sub(r"[\s\u00a0\u202f\u2009]", "", text))
    try:
        number = Decimal(plain.replace(",", "."))
        return Decimal(f"{float(number):.15g}") if "." in plain and "," not in plain else number
    except InvalidOperation:
        return None
