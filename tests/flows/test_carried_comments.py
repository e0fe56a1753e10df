"""Last month's comments stand in the next month's template, where the sender changes them; what an åtgärd has given is asked anew."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pandas as pd

from adapters.workbook_template import write_template
from flows.steps.compute import comments_of
from flows.steps.template import return_template, uncommented_template
from flows.workplace import open_workplace
from tests.closings import APRIL, Closed
from transforms.carried_comments import CarriedComment, carried_cells, carried_comments
from transforms.period import Period
from transforms.template_rows import HELHET, RowKind, TemplateRow, row_key

MAY = Period(2026, 5)


def sheet_rows(content: bytes) -> dict[tuple[str, str, str], dict[str, object]]:
    """The rows of the sheet Kommentarer that have a text, by key."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Kommentarer"]
    columns = {cell.value: cell.column for cell in sheet[6] if cell.value}
    rows = (
        {name: sheet.cell(line, place).value for name, place in columns.items()} for line in range(7, sheet.max_row + 1)
    )
    return {(row["enhet"], row["avser"], row["kod"]): row for row in rows if row["orsak"] or row["atgard"]}


def test_the_next_template_has_this_months_comments_and_nothing_that_is_new_each_month(lingonby: Closed) -> None:
    with open_workplace(lingonby.hem) as workplace:
        closing = workplace.store.last_closing("lingonby", str(APRIL))
        assert closing is not None
        own = {key: row for key, row in comments_of(workplace, closing).items() if key[0] in ("SBN", "VA", "MAL")}
        template = return_template(workplace, "SBF", MAY)
        assert template == return_template(workplace, "SBF", MAY)
        assert sheet_rows(uncommented_template(workplace, "SBF", MAY)) == {}
    shown = sheet_rows(template)
    said = {key for key, row in own.items() if row[["orsak", "atgard"]].notna().any()}
    assert set(shown) == said
    assert len(said) > 2
    for key, row in shown.items():
        assert row["orsak"] == (own[key]["orsak"] if pd.notna(own[key]["orsak"]) else None)
        assert row["uppnadd_effekt"] is None
    assert any(isinstance(row["klardatum"], dt.datetime) for row in shown.values())


def test_an_amount_is_in_the_templates_unit_and_a_row_without_words_is_no_comment() -> None:
    blank = dict.fromkeys(("orsak", "atgard", "klardatum", "orsakskategori", "ansvarig", "lovad_effekt"))
    rows = [
        {**blank, "enhet": "SBN", "avser": "drift", "kod": "personal", "orsak": "Vakanser", "lovad_effekt": 120_000_00},
        {**blank, "enhet": "SBN", "avser": "drift", "kod": "lokaler", "lovad_effekt": 1},
        {**blank, "enhet": "BUN", "avser": "drift", "kod": "personal", "orsak": "En annan förvaltnings"},
    ]
    (only,) = carried_comments(rows, ("SBN",), "tkr")
    assert (only.kod, dict(only.cells)) == ("personal", {"orsak": "Vakanser", "lovad_effekt": Decimal(120)})


def test_comments_take_the_row_of_their_enhet_or_free_rows() -> None:
    rows = (TemplateRow(RowKind.POST, "SBN", row_key("SBN", "drift", HELHET)), TemplateRow(RowKind.FRI))
    comments = [CarriedComment("SBN", "drift", kod, {"orsak": kod}) for kod in ("personal", HELHET)]
    assert carried_cells(rows, comments) == {
        (0, "orsak"): HELHET,
        (1, "enhet"): "SBN",
        (1, "avser"): "drift",
        (1, "kod"): "personal",
        (1, "orsak"): "personal",
    }


def test_no_comment_is_dropped_however_many_there_are(lingonby: Closed) -> None:
    """Forty comments on a sheet of twenty-four free rows: every one stands in the template, and free rows are left for new ones."""
    with open_workplace(lingonby.hem) as workplace:
        kommun, contract = workplace.kommun, workplace.manadsretur
        comments = [CarriedComment("SBN", "drift", f"rad{place}", {"orsak": f"Orsak {place}"}) for place in range(40)]
        full = write_template(contract, kommun, "SBF", MAY, {}, comments)
        few = write_template(contract, kommun, "SBF", MAY, {}, comments[:3])
        none = write_template(contract, kommun, "SBF", MAY, {})
    assert [row["orsak"] for row in sheet_rows(full).values()] == [f"Orsak {place}" for place in range(40)]
    lines = {name: openpyxl.load_workbook(io.BytesIO(made))["Kommentarer"].max_row for name, made in
             (("full", full), ("few", few), ("none", none))}  # fmt: skip
    free = contract.table("kommentarer").free_rows
    assert lines["few"] == lines["none"]
    assert lines["full"] == lines["none"] + 40 - free + free // 2
