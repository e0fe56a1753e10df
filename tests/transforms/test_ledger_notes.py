"""Noter out of the ledger by table: rows named by Kommun-Bas, sums that are the statements' rows, and nothing where the table is silent."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_bokslutsregler, load_felkoder
from data_contracts.bokslutsinstallning import Bokslutsinstallning, Notuppgift
from data_contracts.uppstallningsform import Formrad
from tests.ledger_examples import APRIL, CHART, frames, ledger, lingonby
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.ledger.notes import EGNA, note_figures, notes_by_table
from transforms.ledger.statements import books_from_ledger
from transforms.statements.closing import Books, close_books, forms_of

RULES, CODES, PLAN = load_bokslutsregler(), load_felkoder(), lingonby().huvudbok
OWN = Notuppgift(kod="kostnader", rubrik="Kostnader", nummer=9, rader=(Formrad(kod="personal", namn="Personal"),))
SHORT = {
    "intakter": "resultatrakning/intakter",
    "skatteintakter": "resultatrakning/skatteintakter",
    "mark_byggnader": "balansrakning/mark_byggnader",
    "likvida_medel": "balansrakning/likvida_medel",
}


def noter(*extra: Notuppgift) -> tuple[Notuppgift, ...]:
    named = [Notuppgift(kod=kod, rubrik=kod, nummer=place) for place, kod in enumerate(SHORT, start=1)]
    written = Notuppgift(kod="redovisningsprinciper", rubrik="Redovisningsprinciper", nummer=8)
    return notes_by_table((*named, written, *extra), RULES.noter, PLAN, CHART)


@pytest.fixture(scope="module")
def books() -> Books:
    settings = Bokslutsinstallning(kalla="huvudbok", noter=noter())
    forms = forms_of(settings, RULES, APRIL.last_day)
    made = books_from_ledger(frames(ledger()), PLAN, CHART, forms, RULES.kassaflode, APRIL, CODES)
    notes = note_figures(made.figures, settings.noter, RULES.noter, PLAN, CHART, APRIL)
    return close_books((*made.figures, *notes), settings, RULES, APRIL, CODES)


def rows_of_note(figures: FigureIndex, kod: str) -> dict[str, int | None]:
    return {
        f.rad.partition(".")[2]: f.varde
        for f in figures
        if f.matt == "noter" and f.rad.startswith(f"{kod}.") and f.serie == "utfall"
    }


def test_a_notes_rows_are_the_konton_of_the_statements_row_and_sum_to_it(books):
    for kod, place in SHORT.items():
        form, _, rad = place.partition("/")
        rows = rows_of_note(books.figures, kod)
        assert rows.pop("summa") == books.figures.get(KOMMUNEN, form, rad, "utfall").varde == sum(rows.values())
    assert set(rows_of_note(books.figures, "intakter")) == {"k30", "k31", "k35", "k3", "summa"}
    assert set(rows_of_note(books.figures, "likvida_medel")) == {EGNA, "summa"}, "Kommun-Bas has no source for group 19"
    assert {"not_intakter/utfall", "not_mark_byggnader/utfall"} <= {one.id for one in books.avstamningar}
    assert [one.id for one in books.avstamningar if not one.is_agreed] == []


def test_rows_have_the_names_of_kommun_bas_and_end_in_konton(books):
    figure = books.figures.get(KOMMUNEN, "noter", "mark_byggnader.k117", "utfall")
    assert figure.namn == "Pågående ny-, till- och ombyggnad"
    assert [part for _, part in figure.indata] == [
        "2026-04/KOMMUNEN/rakenskapskonto/1171.balansrakning.mark_byggnader/utfall"
    ]
    assert books.figures.get(KOMMUNEN, "noter", "mark_byggnader.k111", "bokslut", 2025).varde == 24_000_000_00


def test_written_noter_and_those_with_rows_of_the_kommuns_own_are_as_they_were():
    made = {note.kod: note for note in noter(OWN)}
    assert made["kostnader"] == OWN
    assert made["redovisningsprinciper"].rader == ()
    assert made["skatteintakter"].summa == "summa"
