"""The signs of a blankett: which rows stand with the opposite sign, and the one place where they are turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_contracts.blankett import Blankett
from data_contracts.kommun import Kommun, RadTyp, Uppstallning
from transforms.conversion import Converted
from transforms.typed_rows import Frames, Row

Turned = frozenset[tuple[str, str, str]]
"""Table, enhet and row code of each row whose amounts change sign."""
_SERIES = ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos")


def turned_rows(blankett: Blankett, keys: Mapping[str, Sequence[str]], kommun: Kommun) -> Turned:
    """The rows to turn: those that the blankett lists, and where it writes costs without sign, the costs.

    A sum of costs alone is a cost; so is the net cost of a verksamhet. Incomes, and results that may be either, are never turned but
    by name. Investments stand without sign here as there.

    Source: the kommun's own blankett (``blanketter/*.yaml``, tecken and vand_rader).

    Args:
        keys: the row keys that were read, by table.
    """
    turned: set[tuple[str, str, str]] = set()
    for tabell, listed in keys.items():
        for key in listed:
            enhet, _, rad = key.partition("|")
            costs = blankett.tecken == "kostnader_utan_tecken" and _is_cost(kommun, tabell, enhet, rad)
            if costs or rad in blankett.vand_rader:
                turned.add((tabell, enhet, rad))
    return frozenset(turned)


def _is_cost(kommun: Kommun, tabell: str, enhet_kod: str, rad: str) -> bool:
    enhet = next((one for one in kommun.enheter if one.kod == enhet_kod), None)
    if enhet is None or tabell == "drift_verksamhet":
        return enhet is not None
    return tabell == "drift" and rad in _costs(kommun.uppstallning(enhet.drift))


def _costs(uppstallning: Uppstallning) -> set[str]:
    """The cost rows, and the sums of nothing else."""
    costs = {rad.kod for rad in uppstallning.poster if rad.typ is RadTyp.KOSTNAD}
    for summa in uppstallning.summation_order():
        if set(summa.delar) <= costs:
            costs.add(summa.kod)
    return costs


def turn_signs(converted: Converted, turned: Turned) -> Converted:
    """The frames with the amounts of those rows turned; places and raw texts stay as they were."""
    if not turned:
        return converted
    frames = converted.frames
    rows = {tabell: [_turned(row, tabell, turned) for row in frames.rows(tabell)] for tabell in frames}
    return Converted(Frames(frames.columns, rows), converted.findings)


def _turned(row: Row, tabell: str, turned: Turned) -> Row:
    if (tabell, str(row.get("enhet")), str(row.get("kod"))) not in turned:
        return row
    return {**row, **{serie: -row[serie] for serie in _SERIES if row[serie] is not None}}
