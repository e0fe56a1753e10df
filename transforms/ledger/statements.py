"""The books out of the ledger: resultaträkning, balansräkning and the kassaflöde that follows, each amount down to lines of the file.

Which row an account belongs to is said by the kommun's own table (kommun.yaml: huvudbok, rakenskaper) and else by Kommun-Bas, for accounts
that have a source. An account that neither takes in is a finding, and stands in no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data_contracts.bokslutsregler import Kassaflodesrad
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.huvudboksplan import Huvudboksplan
from data_contracts.kommunbas import Kontoplan
from data_contracts.uppstallningsform import Form
from transforms.belopp import belopp_text
from transforms.figures import BERAKNAD, HUVUDBOK, KOMMUNEN, Figure, FigureIndex
from transforms.formulas import SUMMA
from transforms.ledger.balances import LedgerFrames
from transforms.ledger.figures import RAD
from transforms.ledger.frames import BALANCES, LEDGER, result_signed
from transforms.ledger.placement import is_result_account
from transforms.period import Period
from transforms.schemas import rows_of
from transforms.statements.cash_flow import cash_flow
from transforms.statements.sums import Kolumn

BOKKONTO = "rakenskapskonto"
"""The mått of one konto of the books: rad is konto, form and row."""
RESULTATRAKNING, BALANSRAKNING, KASSAFLODE = "resultatrakning", "balansrakning", "kassaflode"
ARETS_RESULTAT = "arets_resultat"
INTERNA = "interna poster"
"""Stands where a konto does for the posts between the kommun's own, which go out against each other."""
UTFALL: Kolumn = ("utfall", None)

Place = tuple[str, str]
"""Form and row."""


@dataclass(slots=True)
class _Saldo:
    """What an account comes to in one column, and the lines that it stands on."""

    ledger_ore: int
    lines: set[int]
    fil: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LedgerBooks:
    """The books as the ledger has them: figures of konton and rows, and what has no row."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]


def books_from_ledger(
    frames: LedgerFrames,
    plan: Huvudboksplan,
    chart: Kontoplan,
    forms: Mapping[str, Form],
    kassaflode: Sequence[Kassaflodesrad],
    period: Period,
    felkoder: Mapping[str, Felkod],
) -> LedgerBooks:
    """The rows of the statements in the columns utfall and last year's bokslut.

    Resultaträkning: what moved up to the period, income +, cost −, without posts between the kommun's own (by motpart). Balansräkning:
    opening balance and what has moved; assets as debit, equity and liabilities as credit; årets resultat is that of the
    resultaträkning. Last year's balances are the opening ones; last year's results are there when the file has them. Kassaflöde: changes
    between the two balances, by rule. A row that the tables place accounts on is zero when none of them has moved; others have no figure.

    Source: LKBR 4 kap. 4 § (ingående balans = utgående), 5, 6 and 8 kap.; docs/beslut/0027-rakenskaper-ur-huvudboken.md.
    """
    before: Kolumn = ("bokslut", period.year - 1)
    columns = {UTFALL: _closing(frames, plan, period), before: _opening(frames, period)}
    made: list[Figure] = []
    unplaced: dict[str, int] = {}
    outside: dict[str, int] = {}
    for column, saldon in columns.items():
        if not saldon:
            continue
        groups: dict[Place, list[tuple[str, _Saldo]]] = {}
        for konto, saldo in sorted(saldon.items()):
            place = ("", "") if konto == INTERNA else place_of(konto, plan, chart)
            told = unplaced if place is None else outside
            if (place is None or not place[1]) and column == UTFALL:
                told[konto] = saldo.ledger_ore
            elif place is not None and place[1]:
                groups.setdefault(place, []).append((konto, saldo))
        has_results = any(is_result_account(konto) for konto in saldon)
        for form in (RESULTATRAKNING, BALANSRAKNING):
            if form == BALANSRAKNING or has_results:
                made += _rows(form, forms[form], groups, _placed_rows(plan, chart), column, period)
    made = [*_without_empty_result(made), *_result_of_the_year(made, forms, period)]
    made += cash_flow(FigureIndex(made), forms[KASSAFLODE], kassaflode, KOMMUNEN, period)
    return LedgerBooks(tuple(made), _findings(unplaced, outside, frames, felkoder))


def place_of(konto: str, plan: Huvudboksplan, chart: Kontoplan) -> Place | None:
    """Form and row of an account: by the kommun's own table first, then by Kommun-Bas. Row '' for what is in no statement by table;
    None for an account that no table knows."""
    own = next((part for part in plan.rakenskaper if part.holds(konto)), None)
    if own is not None:
        return own.form, own.rad
    group = chart.group_of(konto)
    if group is None:
        return None
    line = chart.rader.get(group.rad)
    return ("", "") if line is None else (line.uppstallning, line.formrad)


def _placed_rows(plan: Huvudboksplan, chart: Kontoplan) -> frozenset[Place]:
    """Every row that some account is placed on."""
    own = {(part.form, part.rad) for part in plan.rakenskaper}
    lines = (chart.rader[group.rad] for group in chart.konton.values() if group.rad)
    return frozenset(own | {(line.uppstallning, line.formrad) for line in lines})


def _closing(frames: LedgerFrames, plan: Huvudboksplan, period: Period) -> dict[str, _Saldo]:
    """Per konto, the opening balance and what has moved up to the period; result accounts without internal posts."""
    saldon: dict[str, _Saldo] = {}
    for row in rows_of(BALANCES.check(frames.balances)):
        if row["slag"] == "ib" and row["ar"] == period.year:
            _add(saldon, row)
    for row in rows_of(LEDGER.check(frames.ledger)):
        internal = row["motpart"] and any(part.holds(row["motpart"]) for part in plan.interna_motparter)
        if row["ar"] == period.year and row["period"] <= str(period):
            if internal and is_result_account(row["konto"]):
                row = {**row, "konto": INTERNA}
            _add(saldon, row)
    return saldon


def _opening(frames: LedgerFrames, period: Period) -> dict[str, _Saldo]:
    """Per konto, last year's closing: the year's opening balances, and last year's results where the file has them."""
    saldon: dict[str, _Saldo] = {}
    for row in rows_of(BALANCES.check(frames.balances)):
        if (row["slag"], row["ar"]) in (("ib", period.year), ("res", period.year - 1)):
            _add(saldon, row)
    return saldon


def _add(saldon: dict[str, _Saldo], row: Mapping[str, object]) -> None:
    saldo = saldon.setdefault(str(row["konto"]), _Saldo(0, set(), str(row["fil"]), str(row["sha256"])))
    saldo.ledger_ore += int(str(row["ledger_ore"]))
    saldo.lines |= {int(line) for line in str(row["rader"]).split(",") if line}


_ASSETS = "tillgangar"


def _is_asset(form: Form, rad: str) -> bool:
    """True for a row that the assets are summed of."""
    wanted, waiting = set[str](), [_ASSETS]
    while waiting:
        kod = waiting.pop()
        wanted.add(kod)
        waiting += [part for each in form.rader if each.kod == kod for part in each.delar]
    return rad in wanted


def _rows(
    kod: str,
    form: Form,
    groups: Mapping[Place, Sequence[tuple[str, _Saldo]]],
    placed: frozenset[Place],
    column: Kolumn,
    period: Period,
) -> list[Figure]:
    """A figure per konto, and per row the sum of its konton."""
    made: list[Figure] = []
    for rad in form.poster:
        if (kod, rad.kod) not in placed:
            continue
        debit = kod == BALANSRAKNING and _is_asset(form, rad.kod)
        parts = [
            _konto(period, konto, f"{konto}.{kod}.{rad.kod}", saldo, column, debit=debit)
            for konto, saldo in groups.get((kod, rad.kod), ())
        ]
        made += [*parts, _row(period, kod, rad.kod, rad.namn, column, parts)]
    return made


def _konto(period: Period, konto: str, rad: str, saldo: _Saldo, column: Kolumn, *, debit: bool) -> Figure:
    serie, vardear = column
    return Figure(
        period=str(period), enhet=KOMMUNEN, matt=BOKKONTO, rad=rad, serie=serie, vardear=vardear, namn=f"konto {konto}",
        varde=saldo.ledger_ore if debit else result_signed(saldo.ledger_ore), slag=HUVUDBOK, retur_sha256=saldo.sha256,
        fil=saldo.fil, cell=RAD + ", ".join(str(line) for line in sorted(saldo.lines)),
        ravarde="debet plus" if debit else "kredit plus", formel="summan av raderna i huvudboken",
    )  # fmt: skip


def _row(period: Period, form: str, rad: str, namn: str, column: Kolumn, parts: Sequence[Figure]) -> Figure:
    serie, vardear = column
    return Figure(
        period=str(period), enhet=KOMMUNEN, matt=form, rad=rad, serie=serie, vardear=vardear, namn=namn,
        varde=sum(part.varde or 0 for part in parts), slag=BERAKNAD if parts else HUVUDBOK,
        formel="summan av kontona i huvudboken" if parts else "inget konto på raden har något saldo",
        indata=tuple((1, part.figure_id) for part in parts),
    )  # fmt: skip


def _without_empty_result(made: Sequence[Figure]) -> list[Figure]:
    """Without the row of årets resultat while its account is empty: last year's has been moved from it, and this year's not yet to it."""
    return [f for f in made if (f.matt, f.rad, f.serie, f.varde) != (BALANSRAKNING, ARETS_RESULTAT, "utfall", 0)]


def _result_of_the_year(made: Sequence[Figure], forms: Mapping[str, Form], period: Period) -> list[Figure]:
    """Årets resultat of the balansräkning: that of the resultaträkning, until the ledger has moved it to eget kapital."""
    index = FigureIndex(_without_empty_result(made))
    if index.get(KOMMUNEN, BALANSRAKNING, ARETS_RESULTAT, "utfall") is not None:
        return []
    rows = [f for f in made if (f.matt, f.serie) == (RESULTATRAKNING, "utfall")]
    if not rows:
        return []
    namn = next(rad.namn for rad in forms[BALANSRAKNING].rader if rad.kod == ARETS_RESULTAT)
    return [
        Figure(
            period=str(period), enhet=KOMMUNEN, matt=BALANSRAKNING, rad=ARETS_RESULTAT, serie="utfall", namn=namn,
            varde=sum(row.varde or 0 for row in rows), slag=BERAKNAD, formel=SUMMA,
            indata=tuple((1, row.figure_id) for row in rows),
        )
    ]  # fmt: skip


def _findings(
    unplaced: Mapping[str, int], outside: Mapping[str, int], frames: LedgerFrames, felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """E846 for each konto with an amount that no table gives a row; E848 when what stands in no statement does not go out."""
    fil = next((str(row["fil"]) for row in rows_of(frames.ledger)[:1]), "")
    found = [
        felkoder["E846"].finding(file=fil, found=konto, belopp=belopp_text(ore, "kr"))
        for konto, ore in sorted(unplaced.items())
        if ore
    ]
    internal, rest = outside.get(INTERNA, 0), sum(ore for konto, ore in outside.items() if konto != INTERNA)
    others = ", ".join(sorted(konto for konto in outside if konto != INTERNA))
    found += [
        felkoder["E848"].finding(file=fil, found=what, belopp=belopp_text(ore, "kr"))
        for what, ore in ((INTERNA, internal), (others, rest))
        if ore
    ]
    return tuple(found)


def with_ledger(entered: Iterable[Figure], ledger: LedgerBooks, felkoder: Mapping[str, Felkod]) -> LedgerBooks:
    """The workbook's figures with the ledger's in their place; where the workbook says another amount, it is told (E847).

    What the ledger has no row for is the workbook's: noter, budget, years further back.
    """
    own = {figure.key: figure for figure in ledger.figures}
    kept: list[Figure] = []
    findings = list(ledger.findings)
    for figure in entered:
        from_ledger = own.get(figure.key)
        if from_ledger is None:
            kept.append(figure)
        elif figure.varde is not None and figure.varde != from_ledger.varde:
            findings.append(
                felkoder["E847"].finding(
                    file=figure.fil, sheet=figure.blad, cell=figure.cell, found=figure.ravarde, rad=figure.namn,
                    huvudbok=belopp_text(from_ledger.varde or 0, "kr"),
                )
            )  # fmt: skip
    return LedgerBooks((*kept, *ledger.figures), tuple(findings))
