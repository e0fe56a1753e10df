"""Kommun-Bas as a table: which line of the statements an account belongs to, per year. The table is ``kommunbas.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Modell, Namn


class Kalla(Modell):
    """Where a row of the table is taken from."""

    titel: Namn
    adress: Namn


class Uppstallningsrad(Modell):
    """A line of the resultaträkning or balansräkning. ``tecken``: what the ledger's debit + credit − is multiplied by to be printed;
    ``formrad``: its row in the form of the law (``bokslut/former.yaml``)."""

    kod: Namn
    namn: Namn
    uppstallning: Literal["resultatrakning", "balansrakning"]
    tecken: Literal[-1, 1]
    formrad: Namn


class Kontogrupp(Modell):
    """A class (one digit), group (two), account (three) or sub-account (four) of the chart. ``rad`` is '' for what is in no statement.

    The note follows from the row: ``bokslut/noter.yaml`` says which row a note specifies.
    """

    kod: str = Field(pattern=r"^\d{1,4}$")
    namn: Namn
    rad: str
    nettokostnad: bool
    kalla: Namn


class Kontoplansversion(Modell):
    """The rows that one version adds or changes; it holds from its year on, over those before it."""

    version: Namn
    galler_fran: int = Field(ge=1995, le=2100)
    konton: tuple[Kontogrupp, ...]


class KommunBas(Modell):
    """The whole table."""

    kallor: dict[str, Kalla]
    rader: tuple[Uppstallningsrad, ...]
    versioner: tuple[Kontoplansversion, ...]

    @model_validator(mode="after")
    def _connected(self) -> KommunBas:
        lines = {line.kod for line in self.rader}
        for version in self.versioner:
            codes = [row.kod for row in version.konton]
            for row in version.konton:
                if row.kalla not in self.kallor:
                    raise ValueError(f"{version.version}, konto {row.kod}: källan {row.kalla} finns inte")
                if row.rad and row.rad not in lines:
                    raise ValueError(f"{version.version}, konto {row.kod}: raden {row.rad} finns inte")
                if codes.count(row.kod) != 1:
                    raise ValueError(f"{version.version}: kontot {row.kod} står två gånger")
        return self

    def chart(self, ar: int) -> Kontoplan:
        """The chart of that year: of each code the row of the newest version that holds then."""
        rows: dict[str, Kontogrupp] = {}
        for version in sorted(self.versioner, key=lambda version: version.galler_fran):
            if version.galler_fran <= ar:
                rows |= {row.kod: row for row in version.konton}
        return Kontoplan(ar, rows, {line.kod: line for line in self.rader})


@dataclass(frozen=True, slots=True)
class Kontoplan:
    """The chart of one year."""

    ar: int
    konton: Mapping[str, Kontogrupp]
    rader: Mapping[str, Uppstallningsrad]

    def group_of(self, konto: str) -> Kontogrupp | None:
        """The row that an account of any length falls under; None when no row with a source does.

        The chart's own positions are looked up in the table: sub-account (four digits), account, group, class (one), the narrowest first.

        Source: Kommun-Bas: kontoklass, kontogrupp, konto, underkonto (BAS 21, see ``kommunbas.yaml``).
        """
        return next((self.konton[konto[:digits]] for digits in (4, 3, 2, 1) if konto[:digits] in self.konton), None)

    def line_of(self, konto: str) -> Uppstallningsrad | None:
        """The line of the statements, or None when the account is unknown or in no statement."""
        group = self.group_of(konto)
        return None if group is None else self.rader.get(group.rad)


def parse_kommunbas(raw: Mapping[str, Any]) -> KommunBas:
    """The table from parsed YAML. Raises ``pydantic.ValidationError`` when it is not whole."""
    return KommunBas.model_validate(raw)
