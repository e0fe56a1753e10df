"""Last month's comments in the next month's template: copied forward, so that the sender changes what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from data_contracts.contract import Contract
from transforms.belopp import from_ore
from transforms.control_sheets import text_of
from transforms.template_rows import CellValue, RowKind, TemplateRow, row_key

KOMMENTARER = "kommentarer"
_TEXTS = ("orsak", "atgard", "orsakskategori", "ansvarig")
_DUE, _PROMISED = "klardatum", "lovad_effekt"


@dataclass(frozen=True, slots=True)
class CarriedComment:
    """A comment of last month's return: what it is about, and what its cells hold, by column."""

    enhet: str
    avser: str
    kod: str
    cells: Mapping[str, CellValue]


def carried_comments(
    rows: Iterable[Mapping[str, object]], enheter: Iterable[str], unit: str
) -> tuple[CarriedComment, ...]:
    """The comments of the enheter, in the order of the return: cause, åtgärd, its date, its kind, who answers, and what it is to give.

    What the åtgärd has given so far (``uppnadd_effekt``) is not copied: it is new every month. A row with neither cause nor åtgärd is no
    comment. That a cause is word for word last month's is told when the return comes (E408).

    Args:
        rows: the sheet Kommentarer as read; amounts in öre.
        unit: kr, tkr or mnkr, the template's.
    """
    known, made = set(enheter), list[CarriedComment]()
    for row in rows:
        cells: dict[str, CellValue] = {name: str(row[name]) for name in _TEXTS if text_of(row[name]).strip()}
        if row["enhet"] not in known or not {"orsak", "atgard"} & set(cells):
            continue
        if text_of(row[_DUE]).strip():
            cells[_DUE] = dt.date.fromisoformat(str(row[_DUE]))
        if text_of(row[_PROMISED]).strip():
            cells[_PROMISED] = from_ore(int(str(row[_PROMISED])), unit)
        made.append(CarriedComment(str(row["enhet"]), str(row["avser"]), str(row["kod"]), cells))
    return tuple(made)


def with_room(contract: Contract, rows: Sequence[TemplateRow], comments: Sequence[CarriedComment]) -> Contract:
    """The contract with free rows on the sheet for every comment that is copied forward, and half as many as ever for new ones.

    Args:
        rows: the sheet's rows by the contract as it is, which say which comments have a row of their own.
    """
    own = {row.key for row in rows if row.kind is RowKind.POST}
    taken = sum(_key(comment) not in own for comment in comments)
    tables = (
        replace(table, free_rows=max(table.free_rows, taken + table.free_rows // 2))
        if table.name == KOMMENTARER
        else table
        for table in contract.tables
    )
    return replace(contract, tables=tuple(tables))


def carried_cells(rows: Sequence[TemplateRow], comments: Iterable[CarriedComment]) -> dict[tuple[int, str], CellValue]:
    """Where the comments stand on the sheet: on the row of a whole enhet, or on free rows with their keys, of which ``with_room`` makes
    enough."""
    own = {row.key: place for place, row in enumerate(rows) if row.kind is RowKind.POST}
    free = iter([place for place, row in enumerate(rows) if row.kind is RowKind.FRI])
    values: dict[tuple[int, str], CellValue] = {}
    for comment in comments:
        place, named = own.get(_key(comment)), dict[str, CellValue]()
        if place is None:
            place = next(free)
            named = {"enhet": comment.enhet, "avser": comment.avser, "kod": comment.kod}
        values |= {(place, name): value for name, value in {**named, **comment.cells}.items()}
    return values


def _key(comment: CarriedComment) -> str:
    return row_key(comment.enhet, comment.avser, comment.kod)
