"""Rows of the control tables: what is compared across rows, sheets and the budget register, one row per comparison.

Each row keeps the place that its finding points at. A comparison that can't be made (a part is missing) has a missing operand and is
then not judged; it is never made with zero in its stead, but for the sheet's own arithmetic (``sum_rows``), where Excel adds blanks as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from data_contracts.kommun import RadTyp
from transforms.avvikelse import must_be_explained
from transforms.belopp import ORE_PER_UNIT, antal_text, exact_text
from transforms.control_sheets import ORIGIN, UPPSTALLDA, Block, Row, Sheets, declared_rows, int_of, text_of
from transforms.matt import MATT
from transforms.template_rows import HELHET

IN_AMOUNTS = ("drift", "drift_verksamhet", "investeringar")
ALL = (*IN_AMOUNTS, "volymer")
PPM = 1_000_000
_EXPECTED_SIGN = {RadTyp.INTAKT: 1, RadTyp.BIDRAG: 1, RadTyp.KOSTNAD: -1, RadTyp.UTGIFT: 1}
_OF_NETTOKOSTNAD = (RadTyp.INTAKT, RadTyp.KOSTNAD)
_MIN_ROWS = 2


def amount_rows(sheets: Sheets) -> Iterator[Row]:
    """``belopp``: every amount cell of the entered rows and the headings, with the sign that the row's type lets one expect.

    Intäkt, kommunbidrag and utgift +, kostnad −, others either. A row whose budget in the register has the other sign (utdebiterade
    personalkostnader among the costs) may have either.
    """
    for block in sheets.blocks(*IN_AMOUNTS):
        for row in block.rows.values():
            typ = block.typ(row["kod"])
            if typ is RadTyp.SUMMA:
                continue
            for serie in sheets.serier(block.tabell):
                value = int_of(row[serie])
                if typ is RadTyp.RUBRIK and value is None:
                    continue
                yield block.place(row, serie) | {
                    "serie": serie, "varde": value, "rad_typ": typ.value if typ else row["rad_slag"],
                    "tecken_vantat": 0 if serie == "budget" else _expected_sign(sheets, block, row),
                }  # fmt: skip


def _expected_sign(sheets: Sheets, block: Block, row: Row) -> int:
    typ = block.typ(row["kod"])
    sign = _EXPECTED_SIGN.get(typ, 0) if typ else 0
    return 0 if sign * (sheets.budget(block, row) or 0) < 0 else sign


def volume_rows(sheets: Sheets) -> Iterator[Row]:
    """``volymtal``: every volume cell."""
    for block in sheets.blocks("volymer"):
        for row in block.rows.values():
            for serie in sheets.serier("volymer"):
                yield block.place(row, serie) | {"serie": serie, "varde": int_of(row[serie])}


def sum_rows(sheets: Sheets) -> Iterator[Row]:
    """``summor``: every sum cell against the sum of what is entered in its rows, blanks as 0: the sheet's own arithmetic.

    A number written as text is a number to us but a blank to the sheet's formulas: a sum that leaves just those out is right too.
    Tolerance: one unit of the sheet per addend, since a typed sum may be made of rounded parts. Source: docs, domain rule 2.1.
    """
    for block in sheets.blocks(*UPPSTALLDA):
        for row in block.rows.values():
            if block.typ(row["kod"]) is not RadTyp.SUMMA:
                continue
            addends = block.addends(row["kod"])
            for serie in sheets.serier(block.tabell):
                given = [value for value in block.values(addends, serie) if value is not None]
                seen = [value for value in block.values(block.numeric(addends, serie), serie) if value is not None]
                varde = int_of(row[serie])
                yield block.place(row, serie) | {
                    "serie": serie, "varde": varde, "beraknad": sum(seen if varde == sum(seen) else given),
                    "tolerans": len(given) * ORE_PER_UNIT[row["belopp_enhet"]], "delar_lamnade": "ja" if given else "nej",
                }  # fmt: skip


def verksamhet_rows(sheets: Sheets) -> Iterator[Row]:
    """``verksamhetssummor``: per enhet and serie Σ verksamheter against the nettokostnad (intäkter + kostnader) of the sheet Drift.

    Missing, and so not compared, when a verksamhet or an intäkt or kostnad is missing, or when Drift holds no such rows.
    """
    drift = {(next(iter(b.rows.values()))["retur"], b.enhet.kod): b for b in sheets.blocks("drift")}
    for block in sheets.blocks("drift_verksamhet"):
        rows = list(block.rows.values())
        other = drift.get((rows[0]["retur"], block.enhet.kod))
        if other is None:
            continue
        parts = [verksamhet.kod for verksamhet in block.enhet.verksamheter]
        parts += [row["kod"] for row in rows if row["rad_slag"] == "fri"]
        costs = _nettokostnad_rows(other)
        for serie in sheets.serier(block.tabell):
            yield block.range_of(rows, serie) | {
                "kod": "", "serie": serie, "varde": block.total(parts, serie), "nettokostnad": other.total(costs, serie),
                "tolerans": (len(parts) + len(costs)) * ORE_PER_UNIT[rows[0]["belopp_enhet"]],
            }  # fmt: skip


def _nettokostnad_rows(block: Block) -> list[str]:
    """The entered rows of verksamhetens nettokostnad: intäkter and kostnader, and the sender's own rows in sums of only such rows."""
    if block.uppstallning is None:
        return []
    listed = [rad.kod for rad in block.uppstallning.rader if rad.typ in _OF_NETTOKOSTNAD]
    for summa in block.uppstallning.summor:
        types = {block.typ(kod) for kod in block.addends(summa.kod)} - {None}
        if types <= set(_OF_NETTOKOSTNAD):
            listed += [kod for kod in block.addends(summa.kod) if block.typ(kod) is None and kod not in listed]
    return listed


def budget_rows(sheets: Sheets) -> Iterator[Row]:
    """``budgetrader``: the sheet's budget of every entered row against the register's. None at all when there is no register."""
    if sheets.budgets is None:
        return
    for block in sheets.blocks(*UPPSTALLDA):
        for row in block.posts:
            own, register = int_of(row["budget"]), sheets.budget(block, row)
            if own is not None or register is not None:
                yield block.place(row, "budget") | {
                    "varde": own, "registrets_budget": register,
                    "i_registret": "nej" if register is None else "ja", "i_returen": "nej" if own is None else "ja",
                }  # fmt: skip


def magnitude_rows(sheets: Sheets) -> Iterator[Row]:
    """``storleksordning``: per return, sheet and serie the median of |value| / |budget| in millionths, and the share (bp) of rows with
    the sign opposite to the expected.

    kr in a tkr column gives about 1000. Rows where either is zero or missing are left out; where no row is left the figure is missing.
    Investments of fewer than three rows may be small beside their budget: there only a high ratio counts.
    """
    columns: dict[tuple[str, str, str], list[tuple[Block, Row]]] = {}
    for block in sheets.blocks(*IN_AMOUNTS):
        for row in block.posts:
            for serie in sheets.serier(block.tabell):
                if serie != "budget":
                    columns.setdefault((row["retur"], block.tabell, serie), []).append((block, row))
    for (_, tabell, serie), cells in columns.items():
        ratios, signs = [], []
        for block, row in cells:
            value, budget = int_of(row[serie]), sheets.budget(block, row)
            if value and budget:
                ratios.append(abs(value) * PPM // abs(budget))
            if value and _expected_sign(sheets, block, row):
                signs.append(value * _expected_sign(sheets, block, row) < 0)
        middle = _median(ratios)
        if tabell == "investeringar" and len(ratios) <= _MIN_ROWS and middle is not None:
            middle = max(middle, PPM)
        rows = [row for _, row in cells]
        yield cells[0][0].range_of(rows, serie) | {
            "enhet": "", "kod": "", "serie": serie, "kvot_ppm": middle,
            "omvant_bp": sum(signs) * 10_000 // len(signs) if len(signs) >= _MIN_ROWS else None,
        }  # fmt: skip


def _median(values: list[int]) -> int | None:
    """The middle value, the lower one of two; None of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def expected_rows(sheets: Sheets) -> Iterator[Row]:
    """``vantade_rader``: every row that the enheter of the return's förvaltning are to report, and whether it is on the sheet.

    Where nothing at all of an enhet is there, one row for the whole enhet.
    """
    files = {row["retur"]: row for listed in sheets.rows.values() for row in listed}
    for retur, origin in files.items():
        forvaltning = next(
            (f for f in sheets.kommun.forvaltningar if f.kod == sheets.forvaltning_of_retur.get(retur)), None
        )
        for enhet in forvaltning.enheter if forvaltning else ():
            for tabell in ALL:
                declared = [
                    kod
                    for kod, typ in declared_rows(sheets.kommun, enhet, tabell).items()
                    if typ not in ("summa", "rubrik")
                ]
                there = {row["kod"] for row in sheets.rows[tabell] if (row["retur"], row["enhet"]) == (retur, enhet)}
                named = declared if there & set(declared) else ["alla rader"] if declared else []
                for kod in named:
                    yield {
                        **{name: origin.get(name) for name in ORIGIN}, "radnr": None, "cell": "", "ra": "", "tabell": tabell,
                        "blad": sheets.contract.table(tabell).sheet, "enhet": enhet, "kod": kod,
                        "rad_finns": "ja" if kod in there else "nej",
                    }  # fmt: skip


def forecast_rows(sheets: Sheets) -> Iterator[Row]:
    """``prognoser``: per enhet and sheet, whether the forecast is untouched.

    Untouched: it equals the budget on every row (two or more), though the outcome of the period differs from its budget on some row.
    """
    for block in sheets.blocks(*UPPSTALLDA):
        pairs = [(int_of(row["prognos"]), sheets.budget(block, row)) for row in block.posts]
        both = [(prognos, budget) for prognos, budget in pairs if prognos is not None and budget is not None]
        if len(both) < _MIN_ROWS:
            continue
        differs = any(
            int_of(row["utfall"]) != int_of(row["periodbudget"])
            for row in block.posts
            if int_of(row["utfall"]) is not None and int_of(row["periodbudget"]) is not None
        )
        untouched = differs and all(prognos == budget for prognos, budget in both)
        yield block.range_of(block.posts, "prognos") | {"kod": "", "orord": "ja" if untouched else "nej"}


def avvikelse_rows(sheets: Sheets) -> Iterator[Row]:
    """``avvikelser``: per entered row and per resultatrad the full year's avvikelse, whether it must be explained, and the comment.

    drift and volymer: prognos − budget; investeringar: budget − prognos. A row is explained by a comment on itself, on a sum that it
    is part of, or on the whole enhet (helhet); the resultatrad also by the comments on its parts. Rows whose avvikelse is missing are left out.
    """
    comments = {(r["retur"], r["enhet"], r["avser"], r["kod"]): r for r in sheets.rows["kommentarer"]}
    for block in sheets.blocks(*UPPSTALLDA, "volymer"):
        grans = sheets.kommun.gransvarde(block.tabell, sheets.period.last_day)
        for row, prognos, budget in _judged(sheets, block):
            if prognos is None or budget is None:
                continue
            avvikelse = (prognos - budget) * MATT[block.tabell].direction
            found = [
                comments.get((row["retur"], block.enhet.kod, block.tabell, kod))
                for kod in _explained_by(block, row["kod"])
            ]
            orsaker = [text_of(comment["orsak"]) for comment in found if comment and text_of(comment["orsak"])]
            atgarder = [text_of(comment["atgard"]) for comment in found if comment and text_of(comment["atgard"])]
            yield block.place(row, "prognos") | {
                "avvikelse": _avvikelse_text(block, row, avvikelse), "tecken": _direction(block, row, avvikelse),
                "ska_forklaras": "ja" if must_be_explained(avvikelse, budget, grans) else "nej",
                "orsak": orsaker[0] if orsaker else None, "atgard": atgarder[0] if atgarder else None,
            }  # fmt: skip


def _judged(sheets: Sheets, block: Block) -> Iterator[tuple[Row, int | None, int | None]]:
    """Row, prognos and budget of the entered rows and of the resultatrad, the latter by our own sum."""
    for row in block.posts:
        yield row, int_of(row["prognos"]), sheets.budget(block, row)
    result = block.uppstallning.resultatrad if block.uppstallning else ""
    if result not in block.rows or block.typ(result) is not RadTyp.SUMMA:
        return
    addends = block.addends(result)
    budgets = [
        sheets.budget(block, block.rows[kod])
        for kod in addends
        if kod in block.rows and block.rows[kod]["rad_slag"] != "fri"
    ]
    known = [budget for budget in budgets if budget is not None]
    yield (
        block.rows[result],
        block.total(addends, "prognos"),
        sum(known) if len(known) == len(budgets) and known else None,
    )


def _explained_by(block: Block, kod: str) -> list[str]:
    """The codes whose comment explains a row: its own, sums that it is part of, the whole enhet; for a sum also its parts'."""
    sums = (
        [summa.kod for summa in block.uppstallning.summor if kod in block.addends(summa.kod)]
        if block.uppstallning
        else []
    )
    parts = block.addends(kod) if block.uppstallning and kod == block.uppstallning.resultatrad else []
    return [kod, *(summa for summa in sums if summa != kod), HELHET, *(part for part in parts if part != kod)]


def _direction(block: Block, row: Row, avvikelse: int) -> str:
    """minus is the worse side; volymer and reglering have none."""
    if block.tabell == "volymer" or block.typ(row["kod"]) is RadTyp.REGLERING:
        return "neutral"
    return ("noll", "plus", "minus")[(avvikelse > 0) - (avvikelse < 0)]


def _avvikelse_text(block: Block, row: Row, avvikelse: int) -> str:
    if block.tabell == "volymer":
        text = f"{antal_text(avvikelse, int_of(row['decimaler']) or 0)} {text_of(row['matt_enhet'])}".strip()
    else:
        text = f"{exact_text(avvikelse, row['belopp_enhet'])} {row['belopp_enhet']}"
    return f"+{text}" if avvikelse > 0 else text


CONTROL_ROWS: Mapping[str, Callable[[Sheets], Iterator[Row]]] = {
    "belopp": amount_rows,
    "volymtal": volume_rows,
    "summor": sum_rows,
    "verksamhetssummor": verksamhet_rows,
    "budgetrader": budget_rows,
    "storleksordning": magnitude_rows,
    "vantade_rader": expected_rows,
    "prognoser": forecast_rows,
    "avvikelser": avvikelse_rows,
}
