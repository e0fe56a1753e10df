"""Open data: the same figures as JSON and as CSV that a program of tables reads back, with nothing in it that can become a formula."""

from __future__ import annotations

import csv
import io
import json

from transforms.open_data import figures_csv, figures_json
from transforms.view_types import Spar, SparIndata

INPUTS = (SparIndata("a", "+", "A", "1"), SparIndata("b", "\u2212", "B", "2"))
TRAILS = (
    Spar("2026-04/A/drift/x/prognos", 'Rad; med "tecken"', "\u22121,00 kr", "=1+1", "", INPUTS, "", -100, "öre"),
    Spar("2026-04/A/volymer/y/utfall", "Barn", "visas inte", "", "", (), "", None, "barn"),
)


def test_csv_reads_back_as_what_json_says() -> None:
    text = figures_csv(TRAILS)
    assert text.startswith("\ufeffid;namn;")
    first, second = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    one, two = json.loads(figures_json(TRAILS, "Prov", "2026-04"))["siffror"]
    assert (first["id"], first["namn"], first["varde"]) == (one["id"], one["namn"], str(one["varde"]))
    assert (second["varde"], two["varde"]) == ("", None)
    assert first["indata"] == "a − b"
    assert text.count("\r\n") == 3


def test_no_text_of_the_csv_can_become_a_formula_and_a_negative_value_stays_a_number() -> None:
    (first, _) = csv.DictReader(io.StringIO(figures_csv(TRAILS)), delimiter=";")
    assert first["formel"] == "'=1+1"
    assert first["varde"] == "-100"
