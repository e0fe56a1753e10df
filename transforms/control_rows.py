"""Rows of the control tables: what is compared across rows, sheets and the budget register, one row per comparison.

What is compared with earlier months stands in ``transforms.plausibility``.

Each row keeps the place that its finding points at. A comparison that can't be made (a part is missing) has a missing operand and is
then not judged; it is never made with zero in its stead, but for the sheet's own arithmetic (``sum_rows``), where Excel adds blanks as 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from data_contracts.kommun import RadTyp
from transforms.avvikelse import must_be_explained
from transforms.belopp import ORE_PER_UNIT, antal_text, exact_text
from transforms.control_sheets import (
    ALL,
    EXPECTED,
    IN_AMOUNTS,
    ORIGIN,
    UPPSTALLDA,
    Block,
    Row,
    Sheets,
    declared_rows,
    int_of,
    not_applicable,
    text_of,
)
from transforms.matt import MATT
from transforms.template_rows import HELHET

_OF_NETTOKOSTNAD = (RadTyp.INTAKT, RadTyp.KOSTNAD)
_OF_THIS_YEAR = ("periodbudget", "utfall", "prognos")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


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
                    "tecken_vantat": 0 if serie == "budget" else sheets.expected_sign(block, row),
                    **_stated(sheets, block, row, serie),
                }  # fmt: skip


def volume_rows(sheets: Sheets) -> Iterator[Row]:
    """``volymtal``: every volume cell."""
    for block in sheets.blocks("volymer"):
        for row in block.rows.values():
            for serie in sheets.serier("volymer"):
                yield block.place(row, serie) | {
                    "serie": serie, "varde": int_of(row[serie]), **_stated(sheets, block, row, serie)
                }  # fmt: skip


def _stated(sheets: Sheets, block: Block, row: Row, serie: str) -> Row:
    """Whether the cell holds a number, nothing, or "ej tillämpligt" (and then whether the row holds no amounts); and for
    föregående prognos, the prognos of the latest closing."""
    none = not_applicable(row, serie)
    stated = "ej tillämpligt" if none else "tomt" if int_of(row[serie]) is None else "tal"
    others = [sheets.budget(block, row), *(int_of(row[other]) for other in _OF_THIS_YEAR)]
    place = (block.enhet.kod, block.tabell, row["kod"])
    return {
        "lamnad": stated, "rad_utan_belopp": ("nej" if any(others) else "ja") if none else None,
        "stangd_prognos": sheets.earlier.prognoser.get(place) if serie == "fg_prognos" else None,
    }  # fmt: skip


def sum_rows(sheets: Sheets) -> Iterator[Row]:
    """``summor``: every sum cell against the sum of what is entered in its rows, blanks as 0: the sheet's own arithmetic.

    A number written as text is a number to us but a blank to the sheet's formulas: a sum that leaves just those out is right too.
    A sum with a part that could not be read is not judged: what the part should be, nobody knows, and the part has its own finding.
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
                beraknad = None if block.unread(addends, serie) else sum(seen if varde == sum(seen) else given)
                yield block.place(row, serie) | {
                    "serie": serie, "varde": varde, "beraknad": beraknad,
                    "tolerans": len(given) * ORE_PER_UNIT[row["belopp_enhet"]], "delar_lamnade": "ja" if given else "nej",
                    "formel_hel": None if varde is None else _formula_whole(block, row, serie),
                }  # fmt: skip


def _formula_whole(block: Block, row: Row, serie: str) -> str | None:
    """Whether the sum cell holds a formula that takes in the cell of every part; None in a blankett, which need not have any."""
    if not isinstance(row.get("formler"), str):
        return None
    formula = formulas_of(row).get(serie, "")
    areas = [
        (_column(left), int(top), _column(right or left), int(bottom or top))
        for left, top, right, bottom in _REFERENCE.findall(formula)
    ]
    rader = block.uppstallning.rad(row["kod"]).delar if block.uppstallning else ()
    cells = [text_of(block.rows[part].get(f"{serie}_cell")) for part in rader if part in block.rows]
    parts = [(_column(found[1]), int(found[2])) for found in map(_CELL.fullmatch, cells) if found]
    single = {(left, top) for left, top, right, bottom in areas if (left, top) == (right, bottom)}
    wide = [area for area in areas if area[:2] != area[2:]]
    inside = all(
        (column, line) in single
        or any(left <= column <= right and top <= line <= bottom for left, top, right, bottom in wide)
        for column, line in parts
    )
    return "ja" if formula and inside else "nej"


def formulas_of(row: Row) -> Mapping[str, str]:
    """The formulas behind the row's numbers, by column."""
    lines = text_of(row.get("formler")).splitlines()
    return {name: f"={formula}" for name, _, formula in (line.partition("=") for line in lines)}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def verksamhet_rows(sheets: Sheets) -> Iterator[Row]:
    """``verksamhetssummor``: per enhet and serie Σ verksamheter against the nettokostnad (intäkter + kostnader) of the sheet Drift.

    Missing, and so not compared, when a verksamhet or an intäkt or kostnad is missing, or when Drift holds no such rows. Föregående
    prognos is not compared: the template fills it in, and not on the sender's own rows.
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
            if serie == "fg_prognos":
                continue
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
    """``budgetrader``: the sheet's budget of every entered row against the register's; and where the kommun takes the period's budget
    from the register, that of the sheet against the register's. None at all when there is no register."""
    if sheets.budgets is None:
        return
    for block in sheets.blocks(*UPPSTALLDA):
        for row in block.posts:
            own, register = int_of(row["budget"]), sheets.budget(block, row)
            if own is not None or register is not None:
                yield block.place(row, "budget") | {
                    "varde": own, "registrets_budget": register,
                    "i_registret": "nej" if register is None else "ja", "i_returen": "nej" if own is None else "ja",
                    "periodbudget": None, "registrets_periodbudget": None,
                }  # fmt: skip
            if sheets.periodbudgets is not None and (said := int_of(row["periodbudget"])) is not None:
                place = (block.enhet.kod, block.tabell, row["kod"])
                yield block.place(row, "periodbudget") | {
                    "varde": None, "registrets_budget": None, "i_registret": "nej", "i_returen": "nej",
                    "periodbudget": said, "registrets_periodbudget": sheets.periodbudgets.get(place),
                }  # fmt: skip


def expected_rows(sheets: Sheets) -> Iterator[Row]:
    """``vantade_rader``: every row that the enheter of the return's förvaltning are to report, and whether it is on the sheet.

    Where nothing at all of an enhet is there, one row for the whole enhet. And every own row with amounts in the förvaltning's latest
    earlier return, and whether it is still there.
    """
    files = {row["retur"]: row for listed in sheets.rows.values() for row in listed}
    present: dict[tuple[str, str, str], set[str]] = {}
    for tabell in EXPECTED:
        for row in sheets.rows[tabell]:
            present.setdefault((tabell, row["retur"], row["enhet"]), set()).add(row["kod"])
    for retur, origin in files.items():
        forvaltning = next(
            (f for f in sheets.kommun.forvaltningar if f.kod == sheets.forvaltning_of_retur.get(retur)), None
        )
        for enhet in forvaltning.enheter if forvaltning else ():
            for tabell in EXPECTED:
                declared = [
                    kod
                    for kod, typ in declared_rows(sheets.kommun, enhet, tabell).items()
                    if typ not in ("summa", "rubrik")
                ]
                there = present.get((tabell, retur, enhet), set())
                named = declared if there & set(declared) else ["Alla rader"] if declared else []
                states = [(kod, {"rad_finns": "ja" if kod in there else "nej"}) for kod in named]
                own = _own_rows_before(sheets, retur, enhet, tabell) if tabell in ALL else []
                states += [(kod, {"egen_rad_finns": "ja" if kod in there else "nej"}) for kod in own]
                for kod, state in states:
                    yield {
                        **{name: origin.get(name) for name in ORIGIN}, "radnr": None, "cell": "", "ra": "", "tabell": tabell,
                        "blad": sheets.contract.table(tabell).sheet, "enhet": enhet, "kod": kod, **state,
                    }  # fmt: skip


def _own_rows_before(sheets: Sheets, retur: str, enhet: str, tabell: str) -> list[str]:
    """Codes of the sender's own rows that held amounts in the latest earlier return."""
    latest = sheets.earlier.latest(sheets.forvaltning_of_retur.get(retur, ""))
    declared = declared_rows(sheets.kommun, enhet, tabell)
    rows = latest.rows.get(tabell, {}) if latest else {}
    return [
        kod
        for (of, kod), row in rows.items()
        if of == enhet
        and kod not in declared
        and not row.get("nyckel")
        and any(int_of(row[serie]) for serie in _OF_THIS_YEAR)
    ]


def avvikelse_rows(sheets: Sheets) -> Iterator[Row]:
    """``avvikelser``: per entered row and per resultatrad the full year's avvikelse, whether it must be explained, and the comment.

    drift and volymer: prognos − budget; investeringar: budget − prognos. A row is explained by a comment on itself, on a sum that it
    is part of, or on the whole enhet (helhet); the resultatrad also by the comments on its parts. Rows whose avvikelse is missing are
    left out.
    """
    comments = {(r["retur"], r["enhet"], r["avser"], r["kod"]): r for r in sheets.rows["kommentarer"]}
    for block in sheets.blocks(*UPPSTALLDA, "volymer"):
        grans = sheets.kommun.gransvarde(block.tabell, sheets.period.last_day)
        for row, prognos, budget in sheets.judged(block):
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
