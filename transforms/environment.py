"""The environment of a closing, as it is kept, and in what another one differs from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from transforms.audit_chain import canonical

KONFIGURATION = "hem/"
"""Where the kommun's own files stand among the parts: ``hem/kommun.yaml``. Other places are those of the program."""


@dataclass(frozen=True, slots=True)
class Miljo:
    """What a closing was made with.

    Attributes:
        filer: sha256 by place of every kept file: the kommun's configuration, contracts, templates, wording, fonts.
        kod: sha256 by place of every source file of the program; these are not kept.
        bibliotek: version by name of every locked library.
        system: version by name of Python and the libraries that lay out text.
        stil: the hash of templates, style and fonts that the innehållshash counts with.
    """

    filer: Mapping[str, str] = field(default_factory=dict)
    kod: Mapping[str, str] = field(default_factory=dict)
    bibliotek: Mapping[str, str] = field(default_factory=dict)
    system: Mapping[str, str] = field(default_factory=dict)
    stil: str = ""

    def to_json(self) -> str:
        """Canonical JSON: the same environment always gives the same text."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Miljo:
        """The environment back."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Miljoskillnad:
    """One part that differs. ``slag``: bibliotek, system, kod or fil. ``da``, ``nu``: version or sha256; '' where it is not there."""

    slag: str
    namn: str
    da: str
    nu: str

    def __str__(self) -> str:
        words = {"bibliotek": "biblioteket", "system": "systemets", "kod": "programkoden", "fil": "filen"}
        shown = [value[:12] if self.slag in ("kod", "fil") else value for value in (self.da, self.nu)]
        return f"{words[self.slag]} {self.namn}: {shown[0] or 'fanns inte'} → {shown[1] or 'finns inte'}"


def differences(before: Miljo, now: Miljo, *slag: str) -> tuple[Miljoskillnad, ...]:
    """Every part of those kinds that differs, in order of kind and name.

    Args:
        slag: 'bibliotek', 'system', 'kod', 'fil'; the first three where none is named, since files are kept and taken as they were.

    Example:
        >>> [str(one) for one in differences(Miljo(system={"pango": "1.50"}), Miljo(system={"pango": "1.52"}))]
        ['systemets pango: 1.50 → 1.52']
    """
    parts = {
        "bibliotek": (before.bibliotek, now.bibliotek),
        "system": (before.system, now.system),
        "kod": (before.kod, now.kod),
        "fil": (before.filer, now.filer),
    }
    return tuple(
        Miljoskillnad(kind, name, then.get(name, ""), since.get(name, ""))
        for kind in slag or ("bibliotek", "system", "kod")
        for then, since in (parts[kind],)
        for name in sorted({*then, *since})
        if then.get(name, "") != since.get(name, "")
    )
