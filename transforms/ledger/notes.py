"""Noter out of the ledger: what a row of the statements is made of, by the konton and groups of Kommun-Bas that have a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from data_contracts.bokslutsinstallning import Notuppgift
from data_contracts.bokslutsregler import Notkrav
from data_contracts.huvudboksplan import Huvudboksplan
from data_contracts.kommunbas import Kontogrupp, Kontoplan
from data_contracts.uppstallningsform import Formrad
from transforms.figures import BERAKNAD, KOMMUNEN, Figure
from transforms.ledger.statements import BOKKONTO, Place, place_of
from transforms.period import Period

NOTER = "noter"
EGNA = "egna"
"""The note's row for konton that the kommun's own table places, where Kommun-Bas by table has no name for them."""
SUMMA_RAD = "summa"


def notes_by_table(
    noter: Sequence[Notuppgift], register: Iterable[Notkrav], plan: Huvudboksplan, chart: Kontoplan
) -> tuple[Notuppgift, ...]:
    """The kommun's noter, those without rows of their own filled from the table when the register says which row they specify.

    A row per konto or group of Kommun-Bas that belongs to the statement's row, in order of number, then the kommun's own konton, and
    their sum. Noter with rows of the kommun's own, and written ones, are as they were.

    Source: LKBR 9 kap.; ``data_contracts/bokslut/noter.yaml`` (which row a note specifies); ``data_contracts/kommunbas.yaml``.
    """
    places = _places(register)
    return tuple(
        note if note.rader or note.kod not in places else _filled(note, places[note.kod], plan, chart) for note in noter
    )


def _places(register: Iterable[Notkrav]) -> dict[str, Place]:
    return {note.kod: (note.rad.form, note.rad.rad) for note in register if note.rad is not None}


def _filled(note: Notuppgift, place: Place, plan: Huvudboksplan, chart: Kontoplan) -> Notuppgift:
    rows = [Formrad(kod=_row_kod(group), namn=group.namn) for group in _groups(place, chart)]
    if any((part.form, part.rad) == place for part in plan.rakenskaper):
        rows.append(Formrad(kod=EGNA, namn="Konton enligt kommunens egen kontoplan"))
    if not rows:
        return note
    total = Formrad(kod=SUMMA_RAD, namn="Summa", delar=tuple(row.kod for row in rows), stil="total")
    return note.model_copy(update={"rader": (*rows, total), "summa": SUMMA_RAD})


def _groups(place: Place, chart: Kontoplan) -> list[Kontogrupp]:
    lines = {kod: (line.uppstallning, line.formrad) for kod, line in chart.rader.items()}
    return [chart.konton[kod] for kod in sorted(chart.konton) if lines.get(chart.konton[kod].rad) == place]


def _row_kod(group: Kontogrupp) -> str:
    return f"k{group.kod}"


def note_figures(
    figures: Iterable[Figure],
    noter: Sequence[Notuppgift],
    register: Iterable[Notkrav],
    plan: Huvudboksplan,
    chart: Kontoplan,
    period: Period,
) -> tuple[Figure, ...]:
    """Per note by table, column and group: Σ the konton of the statement's row that fall under the group. Signs as the statement's.

    A group whose konton have no balance has no figure.

    Args:
        figures: the books out of the ledger (``statements.books_from_ledger``), with a figure per konto.
    """
    places = _places(register)
    by_table = {note.kod: places[note.kod] for note in noter if note.kod in places and _is_by_table(note)}
    groups: dict[tuple[str, str, str, int | None], list[Figure]] = {}
    for figure in figures:
        konto, _, place = figure.rad.partition(".")
        if figure.matt != BOKKONTO or not figure.varde:
            continue
        for kod, wanted in by_table.items():
            if place == ".".join(wanted):
                rad = f"{kod}.{_row_of(konto, plan, chart)}"
                groups.setdefault((kod, rad, figure.serie, figure.vardear), []).append(figure)
    names = {f"{note.kod}.{rad.kod}": rad.namn for note in noter for rad in note.rader}
    return tuple(
        _figure(period, rad, names, serie, vardear, parts) for (_, rad, serie, vardear), parts in groups.items()
    )


def _is_by_table(note: Notuppgift) -> bool:
    own = [rad.kod for rad in note.rader]
    return own[-1:] == [SUMMA_RAD] and all(kod == EGNA or (kod[:1] == "k" and kod[1:].isdigit()) for kod in own[:-1])


def _row_of(konto: str, plan: Huvudboksplan, chart: Kontoplan) -> str:
    """The note's row of a konto: that of its group where Kommun-Bas places it as the kommun does, else the kommun's own konton."""
    group = chart.group_of(konto)
    line = None if group is None else chart.rader.get(group.rad)
    same = line is not None and (line.uppstallning, line.formrad) == place_of(konto, plan, chart)
    return _row_kod(group) if group is not None and same else EGNA


def _figure(
    period: Period, rad: str, names: Mapping[str, str], serie: str, vardear: int | None, parts: Sequence[Figure]
) -> Figure:
    return Figure(
        period=str(period), enhet=KOMMUNEN, matt=NOTER, rad=rad, serie=serie, vardear=vardear, namn=names.get(rad, rad),
        varde=sum(part.varde or 0 for part in parts), slag=BERAKNAD, formel="summan av kontona i huvudboken",
        indata=tuple((1, part.figure_id) for part in parts),
    )  # fmt: skip
