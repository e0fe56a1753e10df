"""The finished PDF read back: all its text, each number with its passport, and a stop when a number is nobody's."""

from __future__ import annotations

import dataclasses
import io

import pikepdf
import pypdfium2
import pytest

from adapters.rendering import RenderingError, check_numbers, render_report
from adapters.rendering.html import printable_text
from adapters.rendering.readback import UnreadablePdf, read_back
from tests.sample_report import sample_report, sample_state
from transforms.book_types import Bok, Omslag
from transforms.passport import Stycke, unaccounted
from transforms.view_types import Rapport, Tal

REPORT, STATE = sample_report(), sample_state()
PERSONAL = "2026-04/SBN/drift/personal/prognos"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_report(REPORT, STATE).pdf


def squeezed(text: str) -> str:
    return "".join(sorted("".join(text.split())))


def test_the_text_read_back_is_what_another_reader_finds_on_each_page(pdf: bytes) -> None:
    count, pieces = read_back(pdf)
    document = pypdfium2.PdfDocument(pdf)
    theirs = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert count == len(theirs)
    for number, text in enumerate(theirs, start=1):
        ours = "".join(piece.text for piece in pieces if piece.sida == number)
        assert squeezed(ours) == squeezed(text)


def test_every_number_of_the_view_stands_with_its_id_in_the_pdf(pdf: bytes) -> None:
    _, pieces = read_back(pdf)
    marked = {(piece.siffra, "".join(piece.text.split())) for piece in pieces if piece.siffra}
    printed = {
        (cell.figure_id, "".join(cell.text.split()))
        for sektion in REPORT.sektioner
        for tabell in sektion.tabeller
        for rad in tabell.rader
        for cell in rad.celler
        if cell.figure_id
    }
    assert printed <= marked
    pictures = {name for piece in pieces for name in piece.siffror}
    assert pictures == {text.figure_id for s in REPORT.sektioner for d in s.diagram for text in d.bred.texter} - {""}


def stray(report: Rapport, **changes: object) -> Rapport:
    return dataclasses.replace(report, **changes)


def test_r108_a_number_that_the_view_does_not_have_stops_the_report(pdf: bytes) -> None:
    check_numbers(pdf, REPORT, STATE)
    first = next(tabell for sektion in REPORT.sektioner for tabell in sektion.tabeller)
    row = next(rad for rad in first.rader if rad.celler and rad.celler[0].figure_id)
    changed = dataclasses.replace(row, celler=(dataclasses.replace(row.celler[0], text="4 711"), *row.celler[1:]))

    def with_row(report: Rapport) -> Rapport:
        tables = lambda s: tuple(  # noqa: E731
            dataclasses.replace(t, rader=tuple(changed if r is row else r for r in t.rader)) for t in s.tabeller
        )
        sections = tuple(dataclasses.replace(s, tabeller=tables(s), diagram=()) for s in report.sektioner)
        return dataclasses.replace(report, sektioner=sections, nyckeltal=())

    with pytest.raises(RenderingError, match=r"R108 .*går inte att härleda"):
        check_numbers(pdf, with_row(REPORT), STATE)


def test_r108_another_state_than_the_printed_one_stops_the_report(pdf: bytes) -> None:
    with pytest.raises(RenderingError, match=r"R108 .*på sidan 1"):
        check_numbers(pdf, REPORT, sample_state(version=7))


def test_a_file_of_another_engine_is_not_believed() -> None:
    out = io.BytesIO()
    with pikepdf.new() as other:
        other.add_blank_page()
        other.save(out)
    with pytest.raises((UnreadablePdf, ValueError)):
        read_back(out.getvalue())


@pytest.mark.parametrize(
    ("piece", "accounted"),
    [
        (Stycke(1, "utan tal"), True),
        (Stycke(2, "sida 2 (5)"), True),
        (Stycke(2, "sida 3 (5)"), False),
        (Stycke(1, "12 345"), False),
        (Stycke(1, "−89 760", siffra=PERSONAL), True),
        (Stycke(1, "−89 761", siffra=PERSONAL), False),
        (Stycke(1, "−89 760", siffra="2026-04/SBN/drift/kop/prognos"), False),
        (Stycke(1, "−89 760"), False),
        (Stycke(1, "Underskottet beror på en snörik vinter 3.", fritext=True), False),
        (Stycke(1, REPORT.period_text), True),
        (Stycke(1, "−89 760", siffror=(PERSONAL,), bild=True), True),
        (Stycke(1, "−89 760", bild=True), False),
    ],
)
def test_what_accounts_for_a_number(piece: Stycke, accounted: bool) -> None:
    assert (unaccounted([piece], 5, REPORT, STATE, printable_text) == ()) is accounted


def test_written_text_counts_inside_its_span_alone() -> None:
    sections = REPORT.sektioner
    place, section = next((n, s) for n, s in enumerate(sections) if s.avvikelser)
    post = dataclasses.replace(section.avvikelser[0], orsak="Två ärenden kostar 17 tkr mer.")
    changed = dataclasses.replace(section, avvikelser=(post,))
    report = dataclasses.replace(REPORT, sektioner=(*sections[:place], changed, *sections[place + 1 :]))
    inside = Stycke(1, "kostar 17 tkr", fritext=True)
    assert unaccounted([inside], 5, report, STATE) == ()
    assert unaccounted([dataclasses.replace(inside, fritext=False)], 5, report, STATE)
    assert isinstance(post.avvikelse, Tal)


@pytest.mark.parametrize(
    ("text", "accounted"),
    [(", sida 93", True), ("sida 93", True), ("93.", True), (", sida 97", False), ("sida 97", False)],
)
def test_a_book_refers_to_its_pages_and_to_no_others(text: str, accounted: bool) -> None:
    shared = {field.name: getattr(REPORT, field.name) for field in dataclasses.fields(Rapport)}
    book = Bok(**shared | {"sektioner": (), "nyckeltal": (), "spar": ()}, omslag=Omslag("", "", "", "", ""))
    assert (unaccounted([Stycke(2, text)], 94, book, STATE) == ()) is accounted
