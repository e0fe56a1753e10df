"""Is the return plausible beside its budget and the förvaltning's earlier returns of the year? Rows and columns that rules judge.

A comparison that can't be made, since there is no earlier return or no such row in it, is missing and is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data_contracts.kommun import RadTyp
from transforms.avvikelse import must_be_explained
from transforms.control_sheets import ALL, UPPSTALLDA, Block, Row, Sheets, int_of, text_of
from transforms.matt import MATT
from transforms.template_rows import HELHET

PPM = 1_000_000
_MIN_ROWS = 2
_NOT_RETURNED = ("budget", "fg_prognos")
_COMPARED = ("periodbudget", "utfall", "prognos")

Cells = list[tuple[Block, Row]]


def magnitude_rows(sheets: Sheets) -> Iterator[Row]:
    """``storleksordning``: per return, sheet and serie whether the amounts are of the size that the budget and last month let expect.

    - ``mot_budget``, ``mot_forra``: whether the median of the rows' |value| / |budget| (/ |last month|) is within 1/x to x, x as in
      rimlighet. kr in a tkr column gives about 1000. The second is not judged where the first fails.
    - ``omvant_bp``: share (bp) of rows with the sign opposite to the expected.
    - ``borta``: rows that had a value last month and are blank now; a cell that could not be read is not blank.

    Rows where either is zero or missing are left out; where none is left the figure is missing. Source: domain rule 4.3, no. 1 and 2.
    """
    columns: dict[tuple[str, str, str], Cells] = {}
    for block in sheets.blocks(*ALL):
        for row in block.posts:
            for serie in sheets.serier(block.tabell):
                if serie != "budget":
                    columns.setdefault((row["retur"], block.tabell, serie), []).append((block, row))
    limit = sheets.kommun.rimlighet.storlek_ganger
    for (_, tabell, serie), cells in columns.items():
        ratio = _budget_ratio(sheets, tabell, serie, cells)
        mot_budget = _within(ratio, limit)
        yield cells[0][0].range_of([row for _, row in cells], serie) | {
            "enhet": "", "kod": "", "serie": serie, "decimaler": 0, "kvot_ppm": ratio, "mot_budget": mot_budget,
            "mot_forra": None if mot_budget == "nej" else _within(_last_months_ratio(sheets, tabell, serie, cells), limit),
            "omvant_bp": _turned(sheets, serie, cells), "borta": _gone(sheets, tabell, serie, cells),
        }  # fmt: skip


def _budget_ratio(sheets: Sheets, tabell: str, serie: str, cells: Cells) -> int | None:
    """The median in millionths. Investments of fewer than three rows may be small beside their budget: only a high ratio counts."""
    pairs = [(int_of(row[serie]), sheets.budget(block, row)) for block, row in cells]
    ratios = [abs(value) * PPM // abs(budget) for value, budget in pairs if value and budget]
    middle = _median(ratios)
    few = tabell == "investeringar" and len(ratios) <= _MIN_ROWS
    return max(middle, PPM) if few and middle is not None else middle


def _last_months_ratio(sheets: Sheets, tabell: str, serie: str, cells: Cells) -> int | None:
    """The median in millionths; missing where fewer than two rows (of investments three) can be compared."""
    ratios = []
    for _, row in cells if serie not in _NOT_RETURNED else ():
        before = sheets.before(tabell, row)
        value, earlier = int_of(row[serie]), int_of(before[serie]) if before else None
        if value and earlier:
            ratios.append(abs(value) * PPM // abs(earlier))
    enough = len(ratios) >= _MIN_ROWS + (tabell == "investeringar")
    return _median(ratios) if enough else None


def _within(ratio: int | None, limit: int) -> str | None:
    return None if ratio is None else "ja" if PPM // limit <= ratio <= limit * PPM else "nej"


def _turned(sheets: Sheets, serie: str, cells: Cells) -> int | None:
    """The share (bp) of rows with the wrong sign; missing where fewer than two have an expected one."""
    expected = [(int_of(row[serie]), sheets.expected_sign(block, row)) for block, row in cells]
    signs = [value * sign < 0 for value, sign in expected if value and sign]
    return sum(signs) * 10_000 // len(signs) if len(signs) >= _MIN_ROWS else None


def _gone(sheets: Sheets, tabell: str, serie: str, cells: Cells) -> int | None:
    if serie in _NOT_RETURNED:
        return None
    blank = [row for _, row in cells if int_of(row[serie]) is None and not text_of(row.get(f"{serie}_ra")).strip()]
    before = [sheets.before(tabell, row) for row in blank]
    return sum(int_of(row[serie]) is not None for row in before if row)


def _median(values: list[int]) -> int | None:
    """The middle value, the lower one of two; None of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def forecast_rows(sheets: Sheets) -> Iterator[Row]:
    """``prognoser``: per enhet and sheet, whether the forecast is untouched.

    - ``orord``: it equals the budget on every row (two or more), though the outcome of the period differs from its budget on some row.
    - ``oforandrad``: it is the same on every row as in the returns before (rimlighet says how many), though the outcome of the period
      differs from its budget by more than the kommun's limit on some row. Not judged where ``orord`` says it already.
    """
    for block in sheets.blocks(*UPPSTALLDA):
        pairs = [(int_of(row["prognos"]), sheets.budget(block, row)) for row in block.posts]
        both = [(prognos, budget) for prognos, budget in pairs if prognos is not None and budget is not None]
        if len(both) < _MIN_ROWS:
            continue
        untouched = bool(_differing(block)) and all(prognos == budget for prognos, budget in both)
        yield block.range_of(block.posts, "prognos") | {
            "kod": "", "orord": "ja" if untouched else "nej",
            "oforandrad": None if untouched else _unchanged(sheets, block),
        }  # fmt: skip


def _differing(block: Block) -> list[tuple[int, int]]:
    """Utfall and periodbudget of the rows where both are given and differ."""
    pairs = [(int_of(row["utfall"]), int_of(row["periodbudget"])) for row in block.posts]
    return [
        (utfall, budget) for utfall, budget in pairs if utfall is not None and budget is not None and utfall != budget
    ]


def _unchanged(sheets: Sheets, block: Block) -> str | None:
    """Whether the forecasts of the last returns, this one among them, are alike; missing when there are too few returns."""
    forvaltning = sheets.forvaltning_of_retur.get(block.posts[0]["retur"], "")
    wanted = sheets.kommun.rimlighet.samma_prognos_returer - 1
    returns = sheets.earlier.returns.get(forvaltning, ())[:wanted]
    if len(returns) < wanted:
        return None
    grans = sheets.kommun.gransvarde(block.tabell, sheets.period.last_day)
    deviates = any(
        grans is None or must_be_explained(utfall - budget, budget, grans) for utfall, budget in _differing(block)
    )
    now = {row["kod"]: int_of(row["prognos"]) for row in block.posts if int_of(row["prognos"]) is not None}
    alike = all(now == _forecasts(retur.rows.get(block.tabell, {}), block, now) for retur in returns)
    return "ja" if deviates and alike and len(now) >= _MIN_ROWS else "nej"


def _forecasts(
    rows: Mapping[tuple[str, ...], Mapping[str, Any]], block: Block, koder: Mapping[str, object]
) -> dict[str, int | None]:
    found = {kod: rows.get((block.enhet.kod, kod)) for kod in koder}
    return {kod: int_of(row["prognos"]) if row else None for kod, row in found.items()}


def blocks_of_returns(sheets: Sheets) -> dict[str, list[Block]]:
    """The blocks with entered rows of each return, by sha256."""
    found: dict[str, list[Block]] = {}
    for block in sheets.blocks(*ALL):
        if block.posts:
            found.setdefault(str(block.posts[0]["retur"]), []).append(block)
    return found


def is_new(sheets: Sheets, blocks: Sequence[Block], row: Row) -> str | None:
    """For the cover's field period: whether any amount differs from the latest earlier return's; missing when that can't be told.

    Utfall is counted from January, so that two months with the same utfall on every row are the same file. A return without two rows
    of utfall can't be told from an unchanged one.

    Args:
        blocks: of the row's return.
    """
    latest = sheets.earlier.latest(sheets.forvaltning_of_retur.get(row["retur"], ""))
    if row["falt"] != "period" or latest is None:
        return None
    outcomes = 0
    for block in blocks:
        for own in block.posts:
            before = latest.row(block.tabell, own["enhet"], own["kod"])
            for serie in _COMPARED:
                value = int_of(own[serie])
                if value != (int_of(before[serie]) if before else None):
                    return "ja"
                outcomes += bool(serie == "utfall" and value)
    return "nej" if outcomes >= _MIN_ROWS else None


def comment_columns(sheets: Sheets, blocks: Sequence[Block], row: Row) -> Row:
    """For a comment: the sign of what it comments (``tecken``), and whether its orsak is new since last month (``orsak_ny``).

    Args:
        blocks: of the comment's return.
    """
    before = sheets.before("kommentarer", row, row["avser"])
    text = _plain(row["orsak"])
    earlier = _plain(before["orsak"]) if before else ""
    return {
        "tecken": _sign(sheets, blocks, row),
        "orsak_ny": ("nej" if text == earlier else "ja") if text and earlier else None,
    }


def _plain(value: object) -> str:
    return " ".join(text_of(value).split()).casefold()


def _sign(sheets: Sheets, blocks: Sequence[Block], row: Row) -> str | None:
    """plus or minus where the full year's avvikelse of what is commented is above or below zero, and the period's not the other way.

    Volymer and reglering are neither better nor worse.
    """
    place = (row["avser"], row["enhet"])
    block = next((block for block in blocks if (block.tabell, block.enhet.kod) == place), None)
    if block is None or block.tabell not in UPPSTALLDA:
        return None
    kod = block.uppstallning.huvudrad if row["kod"] == HELHET and block.uppstallning else row["kod"]
    return None if block.typ(kod) is RadTyp.REGLERING else _signs_of(sheets, block, kod)


def _signs_of(sheets: Sheets, block: Block, kod: str) -> str | None:
    addends, direction = block.addends(kod), MATT[block.tabell].direction
    year = _difference(block.total(addends, "prognos"), sheets.total_budget(block, kod))
    period = _difference(block.total(addends, "utfall"), block.total(addends, "periodbudget"))
    if not year or (period and year * period < 0):
        return None
    return "plus" if year * direction > 0 else "minus"


def _difference(later: int | None, earlier: int | None) -> int | None:
    return None if later is None or earlier is None else later - earlier
