"""Where a row of the ledger belongs in the kommun's tables: ansvar to enhet, konto to row, projekt to investering. By table only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.huvudboksplan import Huvudboksplan, Kodintervall
from data_contracts.kommun import Kommun
from data_contracts.kommunbas import Kontoplan
from transforms.belopp import belopp_text
from transforms.ledger.frames import LEDGER
from transforms.period import Period


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of the ledger with its place. ``rad`` '' for an account that no row takes; ``enhet`` '' for an unknown ansvar.

    ``matt``: drift or investeringar; '' for balance accounts that are in neither. ``ledger_ore``: debit + credit −.
    """

    enhet: str
    matt: str
    rad: str
    konto: str
    motpart_enhet: str
    ledger_ore: int
    fil: str
    sha256: str
    rader: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the ledger's result rows the tables take in: |öre| placed of |öre| in all, and accounts."""

    placed_ore: int
    total_ore: int
    konton: int
    konton_okanda: tuple[str, ...]

    @property
    def share_bp(self) -> int:
        """Hundredths of a percent of the turnover that is placed; 10 000 when the ledger is empty."""
        return 10_000 if not self.total_ore else self.placed_ore * 10_000 // self.total_ore


class Placer:
    """Places codes by the kommun's tables; each code is looked up once."""

    def __init__(self, kommun: Kommun, plan: Huvudboksplan) -> None:
        self._kommun, self._plan = kommun, plan
        self.enhet_of = cache(lambda ansvar: _first(plan.ansvar, ansvar, "enhet"))
        self.motpart_of = cache(lambda motpart: _first(plan.interna_motparter, motpart, "enhet"))
        self.row_of = cache(self._row)
        self.project_of = cache(self._project)

    def _row(self, enhet: str, konto: str) -> str:
        rows = self._drift_rows(enhet)
        for part in self._plan.konton:
            if part.rad in rows and (not part.enheter or enhet in part.enheter) and part.holds(konto):
                return part.rad
        return ""

    def _drift_rows(self, enhet: str) -> frozenset[str]:
        uppstallning = self._kommun.uppstallning(self._kommun.enhet(enhet).drift)
        return frozenset(rad.kod for rad in uppstallning.poster)

    def _project(self, projekt: str) -> tuple[str, str]:
        for part in self._plan.projekt:
            if part.holds(projekt):
                return part.enhet, part.rad
        return "", ""

    def is_investment(self, konto: str) -> bool:
        """True for an account that investments are booked on."""
        return any(part.holds(konto) for part in self._plan.investeringskonton)


def _first(parts: Iterable[Kodintervall], kod: str, name: str) -> str:
    return next((str(getattr(part, name)) for part in parts if part.holds(kod)), "")


def place(ledger: pd.DataFrame, kommun: Kommun, chart: Kontoplan, period: Period) -> tuple[Placed, ...]:
    """Each row of the year up to and with the period, with its place.

    A row on an investment account with a project is investering; a row of a result account is drift; the rest of the balance sheet is
    in neither. A result account is one of class 3–8 of Kommun-Bas.

    Source: kommun.yaml, huvudbok; data_contracts/kommunbas.yaml.
    Args:
        ledger: ``frames.LEDGER``.
    """
    plan = kommun.huvudbok
    if plan is None:
        return ()
    placer = Placer(kommun, plan)
    placed: list[Placed] = []
    for row in LEDGER.check(ledger).to_dict("records"):
        if row["ar"] != period.year or row["period"] > str(period):
            continue
        placed.append(_place(row, placer, chart))
    return tuple(placed)


def _place(row: Mapping[object, object], placer: Placer, chart: Kontoplan) -> Placed:
    konto, ansvar, projekt = str(row["konto"]), str(row["ansvar"]), str(row["projekt"])
    enhet, matt, rad = placer.enhet_of(ansvar), "", ""
    if placer.is_investment(konto) and projekt:
        own, rad = placer.project_of(projekt)
        matt, enhet = "investeringar", own or enhet
    elif is_result_account(konto):
        matt, rad = "drift", placer.row_of(enhet, konto) if enhet else ""
    return Placed(
        enhet=enhet,
        matt=matt,
        rad=rad,
        konto=konto,
        motpart_enhet=placer.motpart_of(str(row["motpart"])),
        ledger_ore=int(str(row["ledger_ore"])),
        fil=str(row["fil"]),
        sha256=str(row["sha256"]),
        rader=tuple(int(line) for line in str(row["rader"]).split(",") if line),
    )


def is_result_account(konto: str) -> bool:
    """True for an account of class 3 to 8.

    Source: Kommun-Bas: klass 1 tillgångar, 2 eget kapital och skulder, 3 intäkter, 4–7 kostnader, 8 övriga intäkter och kostnader
    (Heby 2015, see ``data_contracts/kommunbas.yaml``).
    Example:
        >>> is_result_account("5021"), is_result_account("1930")
        (True, False)
    """
    return konto[:1] in ("3", "4", "5", "6", "7", "8")


def coverage(placed: Iterable[Placed], chart: Kontoplan) -> Coverage:
    """How much of the ledger's drift the kommun's tables place, and which accounts Kommun-Bas by table does not know."""
    rows = [row for row in placed if is_result_account(row.konto)]
    accounts = sorted({row.konto for row in rows})
    return Coverage(
        placed_ore=sum(abs(row.ledger_ore) for row in rows if row.rad),
        total_ore=sum(abs(row.ledger_ore) for row in rows),
        konton=len(accounts),
        konton_okanda=tuple(konto for konto in accounts if chart.group_of(konto) is None),
    )


def placement_findings(
    placed: Iterable[Placed], chart: Kontoplan, felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """What could not be placed: unknown ansvar (E820), accounts that no row takes (E821), projects (E822), accounts without source (E823).

    Each code once, with the whole amount that it carries and the first line that it stands on.
    """
    groups: dict[tuple[str, str], list[Placed]] = {}
    for row in placed:
        if row.matt == "drift" and not row.enhet:
            groups.setdefault(("E820", row.konto), []).append(row)
        elif row.matt == "drift" and not row.rad:
            groups.setdefault(("E821", f"{row.enhet} {row.konto}"), []).append(row)
        elif row.matt == "investeringar" and not row.rad:
            groups.setdefault(("E822", row.konto), []).append(row)
        if row.matt == "drift" and chart.group_of(row.konto) is None:
            groups.setdefault(("E823", row.konto), []).append(row)
    return tuple(
        felkoder[code].finding(
            file=rows[0].fil,
            cell=f"rad {rows[0].rader[0]}" if rows[0].rader else "",
            found=what,
            belopp=belopp_text(sum(row.ledger_ore for row in rows), "kr"),
        )
        for (code, what), rows in sorted(groups.items())
    )
