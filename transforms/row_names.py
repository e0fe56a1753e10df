"""What enheter and rows are called, for findings: people know them by name, the workbook by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data_contracts.kommun import Kommun
from transforms.enhet_rows import ROWS_OF_ENHET
from transforms.figures import KOMMUNEN
from transforms.per_kommun import once_per_kommun
from transforms.template_rows import HELHET

WHOLE = "helheten"
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names by code: of enheter, and of rows by (table, enhet, code)."""

    enheter: Mapping[str, str] = field(default_factory=dict)
    rader: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def enhet(self, kod: str) -> str:
        """The enhet's name; an unknown code as it stands."""
        return self.enheter.get(kod, kod)

    def rad(self, tabell: str, enhet: str, kod: str, own: str = "") -> str:
        """The row's name; the code of a row that the kommun does not have, with the sender's own name for it (``own``)."""
        if kod == HELHET:
            return WHOLE
        if name := self.rader.get((tabell, enhet, kod)):
            return name
        called = " ".join(own.split())[:MAX_NAME]
        return f"{kod} {called}".strip() if called.casefold() != kod.casefold() else kod


NAMELESS = RowNames()
"""Everything by its code."""


@once_per_kommun
def row_names(kommun: Kommun) -> RowNames:
    """The names in the kommun's configuration, as its templates write them."""
    rader: dict[tuple[str, str, str], str] = {}
    for enhet in kommun.enheter:
        for tabell, uppstallning in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
            if uppstallning is not None:
                rader |= {(tabell, enhet.kod, rad.kod): rad.namn for rad in kommun.uppstallning(uppstallning).rader}
        for tabell, rows_of in ROWS_OF_ENHET.items():
            rader |= {(tabell, enhet.kod, row.kod): _label(row.labels) for row in rows_of(kommun, enhet)}
    enheter = {KOMMUNEN: kommun.namn, **{enhet.kod: enhet.namn for enhet in kommun.enheter}}
    if kommun.bokslut is not None:
        enheter |= {foretag.kod: foretag.namn for foretag in kommun.bokslut.foretag}
    return RowNames(enheter, {key: name for key, name in rader.items() if name})


def _label(labels: Mapping[str, str]) -> str:
    """What a row is called; one of several utförare with whose it is."""
    parts = (labels.get("benamning", ""), labels.get("utforare_namn", ""))
    return ", ".join(part for part in parts if part)
