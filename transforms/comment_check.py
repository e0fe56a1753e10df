"""The numbers in a return's comments against its own figures: what contradicts them is found before the comment reaches a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import RadTyp
from data_contracts.textord import Textord
from transforms.belopp import belopp_text
from transforms.control_sheets import UPPSTALLDA, Block, Row, Sheets, text_of
from transforms.matt import MATT, SERIER
from transforms.template_rows import HELHET
from transforms.text_check import Fact, Judgement, Section, Verdict, check_text

_LEVELS = ("periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos")
_DIFFERENCES = {"avvikelse_helar": ("prognos", "budget"), "avvikelse_period": ("utfall", "periodbudget")}
_FOUND = (Verdict.FEL_TAL, Verdict.FEL_ENHET, Verdict.FEL_TECKEN, Verdict.FEL_AVRUNDNING)
_TEXTS = ("orsak", "atgard")


@dataclass(frozen=True, slots=True)
class CommentRules:
    """By what comments are read: the word list and the catalogue of codes."""

    words: Textord
    felkoder: Mapping[str, Felkod]


@dataclass(frozen=True, slots=True)
class _Enhet:
    """The figures of one enhet in one return: per table and row, and all of them; the blocks that they stand in."""

    blocks: Sequence[Block]
    rows: Mapping[tuple[str, str], Sequence[Fact]]
    every: tuple[Fact, ...]


def check_comments(sheets: Sheets, rules: CommentRules) -> dict[str, tuple[Finding, ...]]:
    """Per return (sha256), the numbers in its comments that its figures contradict: E880 number, E881 unit, E882 sign, E883 rounding.

    A comment is about its own row, its whole enhet when the code is helhet; other rows of the enhet by name. Amounts are the return's, the
    budget's the register's. Missing: a row without value is compared with nothing.
    """
    blocks: dict[tuple[str, str], list[Block]] = {}
    for block in sheets.blocks(*UPPSTALLDA):
        first = next(iter(block.rows.values()))
        blocks.setdefault((str(first["retur"]), block.enhet.kod), []).append(block)
    enheter: dict[tuple[str, str], _Enhet] = {}
    found: dict[str, list[Finding]] = {}
    for row in sheets.rows["kommentarer"]:
        key = str(row["retur"]), str(row["enhet"])
        if key in blocks and any(text_of(row[name]) for name in _TEXTS):
            if key not in enheter:
                enheter[key] = _figures_of(sheets, blocks[key])
            found.setdefault(key[0], []).extend(_of_comment(sheets, enheter[key], row, rules))
    return {retur: tuple(findings) for retur, findings in found.items()}


def _of_comment(sheets: Sheets, enhet: _Enhet, row: Row, rules: CommentRules) -> Iterator[Finding]:
    section = _section(sheets, enhet, row)
    for name in _TEXTS:
        text = text_of(row[name])
        for judged in check_text(text, section, rules.words) if text else ():
            if judged.verdict in _FOUND and judged.fact is not None:
                yield _finding(judged, judged.fact, row, name, rules, section.unit)


def _finding(judged: Judgement, fact: Fact, row: Row, column: str, rules: CommentRules, unit: str) -> Finding:
    plus = fact.serie in _DIFFERENCES
    return rules.felkoder[judged.verdict.value].finding(
        sheet=str(row["blad"]),
        cell=text_of(row.get(f"{column}_cell")),
        found=judged.text,
        vad=f"{fact.figure_id}, {SERIER[fact.serie].lower()},",
        vantat=f"{belopp_text(fact.varde, unit, plus=plus)} {unit}",
    )


def _figures_of(sheets: Sheets, blocks: Sequence[Block]) -> _Enhet:
    rows: dict[tuple[str, str], list[Fact]] = {}
    for block in blocks:
        for kod, namn in _names(block).items():
            values = _values(sheets, block, kod)
            higher = _higher(block, kod, values)
            rows.setdefault((block.tabell, kod), []).extend(
                Fact(namn, block.enhet.namn, namn, serie, value, hogre_ar_battre=higher)
                for serie, value in values.items()
            )
    return _Enhet(blocks, rows, tuple(fact for facts in rows.values() for fact in facts))


def _section(sheets: Sheets, enhet: _Enhet, row: Row) -> Section:
    """The figures of the enhet; those of the commented row stand also as what the text is about when it names no row."""
    own = {
        (
            block.tabell,
            (block.uppstallning.huvudrad if block.uppstallning else "") if row["kod"] == HELHET else row["kod"],
        )
        for block in enhet.blocks
        if block.tabell == row["avser"]
    }
    about = tuple(replace(fact, rad="") for key in sorted(own) for fact in enhet.rows.get(key, ()))
    whose = enhet.blocks[0].enhet
    unit = sheets.kommun.forvaltning_of(whose.kod).returenhet
    return Section(enhet.every + about, whose.namn, sheets.period.year, unit)


def _names(block: Block) -> dict[str, str]:
    """What each row is called; a row of investments also by the table."""
    rader = block.uppstallning.rader if block.uppstallning else ()
    declared = {rad.kod: rad.namn for rad in rader if rad.typ is not RadTyp.RUBRIK}
    own = {str(row["kod"]): text_of(row.get("namn")) for row in block.posts}
    return {kod: namn for kod, namn in {**own, **declared}.items() if namn}


def _values(sheets: Sheets, block: Block, kod: str) -> dict[str, int]:
    """Every known value of a row or sum in öre, and its avvikelser with their signs."""
    addends = block.addends(kod)
    known: dict[str, int | None] = {
        serie: block.total(addends, serie) for serie in _LEVELS if serie in sheets.serier(block.tabell)
    }
    known["budget"] = sheets.total_budget(block, kod)
    for serie, (later, earlier) in _DIFFERENCES.items():
        first, second = known.get(later), known.get(earlier)
        if first is not None and second is not None:
            known[serie] = (first - second) * MATT[block.tabell].direction
    return {serie: value for serie, value in known.items() if value is not None}


def _higher(block: Block, kod: str, values: Mapping[str, int]) -> int:
    """What "högre" means for the row's avvikelse: −1 for investments and costs (net costs too), +1 for income and results."""
    if block.tabell == "investeringar" or block.typ(kod) is RadTyp.KOSTNAD:
        return -1
    if block.typ(kod) is RadTyp.SUMMA and block.uppstallning is not None:
        kinds = {block.typ(part) for part in block.addends(kod)} - {None}
        is_cost = kinds == {RadTyp.KOSTNAD} or (RadTyp.BIDRAG not in kinds and kod != block.uppstallning.resultatrad)
        return -1 if is_cost and values.get("budget", 0) <= 0 else 1
    return 1
