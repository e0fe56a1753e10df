"""Texts of the books against the books' figures: what contradicts them is found in its section, what agrees is not."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_felkoder, load_textord
from tests.statement_examples import FG, UTFALL, YEAR, entered
from transforms.book_text import book_section, text_findings
from transforms.figures import FigureIndex
from transforms.written_text import Block, BlockKind, Run, WrittenText

FIGURES = FigureIndex([
    *entered("resultatrakning", {"arets_resultat": 315_000, "avskrivningar": -1_686_000}, UTFALL),
    *entered("resultatrakning", {"arets_resultat": -2_100_000}, FG),
    *entered("kassaflode", {"avskrivningar": 1_686_000}, UTFALL),
])  # fmt: skip
WHOLE = book_section(FIGURES, "Förbundet", YEAR, "tkr")


def text(*paragraphs: str, sektion: str = "oversikt") -> WrittenText:
    blocks = tuple(Block(BlockKind.STYCKE, (Run(paragraph),)) for paragraph in paragraphs)
    return WrittenText(sektion, blocks, f"{sektion}.md", "0" * 64)


def found(*paragraphs: str) -> list[str]:
    findings, _ = text_findings([text(*paragraphs)], {}, WHOLE, load_textord(), load_felkoder())
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Årets resultat blev 315 tkr.", []),
        ("Årets resultat blev 351 tkr.", ["E880"]),
        ("Årets resultat blev 315 mnkr.", ["E881"]),
        ("Årets resultat blev 315 tkr, mot ett underskott på 2 100 tkr föregående år.", []),
        ("Överskott som är större än 100 tkr betalas ut till medlemmarna.", []),
        ("Direktionen har bestämt att eget kapital ska vara minst 22 mnkr.", []),
    ],
)
def test_a_text_is_held_against_the_statements(said, codes):
    assert found(said) == codes


def test_a_finding_names_its_file_its_section_and_the_figure_that_it_contradicts():
    findings, _ = text_findings([text("Årets resultat blev 351 tkr.")], {}, WHOLE, load_textord(), load_felkoder())
    assert (findings[0].file, findings[0].cell) == ("oversikt.md", "avsnitt oversikt")
    assert "315\u00a0tkr" in findings[0].message.replace(" ", "\u00a0")


def test_a_number_that_no_figure_is_found_for_is_counted_and_not_called_wrong():
    findings, unknown = text_findings(
        [text("Förbundet har 41 medlemmar och checkkrediten är 10 mnkr.")], {}, WHOLE, load_textord(), load_felkoder()
    )
    assert findings == ()
    assert unknown == 1


def test_a_section_with_figures_of_its_own_is_held_against_those():
    other = book_section(
        FigureIndex(entered("resultatrakning", {"arets_resultat": 7_000_000}, UTFALL)), "Nämnden", YEAR, "tkr"
    )
    said = text("Årets resultat blev 7 000 tkr.", sektion="namnd-ks")
    words, codes = load_textord(), load_felkoder()
    assert text_findings([said], {"namnd-ks": other}, WHOLE, words, codes)[0] == ()
    assert len(text_findings([said], {}, WHOLE, words, codes)[0]) == 1
