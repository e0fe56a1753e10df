"""A facts file is read strictly: every kind of fault gives E012 with file, line and field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.fact_files import FactsError, load_facts
from transforms.fact_values import Facts

GOOD = """\
period: "2026-04"
kallor:
  k1: {titel: Titel, adress: adress, enhet: tkr}
saknas: [BUF]
register:
  budget:
    - {enhet: TEN, avser: drift, rad: personal, belopp: "-57 455", organ: KF, paragraf: § 1, beslutsdatum: 2025-11-24, kalla: k1}
  anslagsforandringar:
    - {lopnummer: "1", enhet: TEN, avser: drift, rad: personal, benamning: Mer, belopp: "5", kalla: k1}
returer:
  TEF:
    inlamning: {roll: Ekonom, datum: 2026-05-18, status: klar}
    drift:
      - {enhet: TEN, rad: personal, prognos: "\u221256\u00a0595,5", kalla: k1}
    kommentarer:
      - {enhet: TEN, avser: drift, kod: helhet, orsak: Frånvaro., klardatum: 2026-06-30, kalla: k1, omskriven: true}
"""


def load(tmp_path: Path, text: str) -> Facts:
    path = tmp_path / "2026-04.yaml"
    path.write_text(text, encoding="utf-8")
    return load_facts(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    facts = load(tmp_path, GOOD)
    assert str(facts.period) == "2026-04"
    assert facts.saknas == ("BUF",)
    assert facts.budget[0].belopp == Decimal(-57455)
    assert facts.budget[0].beslut.beslutsdatum == dt.date(2025, 11, 24)
    assert facts.anslagsforandringar[0].lopnummer == "1"
    retur = facts.retur("TEF")
    assert retur is not None
    assert retur.rader[0].varden == (("prognos", Decimal("-56595.5")),)
    assert retur.kommentarer[0].omskriven
    assert retur.kommentarer[0].klardatum == dt.date(2026, 6, 30)
    assert not facts.kalla("k1").utgift_negativ


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("titel: Titel", "titul: Titel", 3, "fältet 'titul' är okänt"),
        ("saknas:", "saknade:", 4, "fältet 'saknade' är okänt"),
        ("rad: personal, prognos", "rad: personal, prognas", 14, "fältet 'prognas' är okänt"),
        ("prognos: \"\u221256\u00a0595,5\"", "budget: \"1\"", 14, "fältet 'budget' är okänt"),
        (", prognos: \"\u221256\u00a0595,5\"", "", 14, "raden har inget värde"),
        ("\"\u221256\u00a0595,5\"", "\"ca 56\"", 14, "'ca 56' är inget tal"),
        ("\"\u221256\u00a0595,5\"", "-56595", 14, "ska vara text inom citattecken"),
        ("\"\u221256\u00a0595,5\"", "\"\"", 14, "det som inte är känt utelämnas"),
        ("enhet: tkr}", "enhet: Mkr}", 3, "ska vara kr, tkr eller mnkr"),
        ("orsak: Frånvaro.", "orsak: \"\"", 16, "varken orsak eller åtgärd"),
        ("kod: helhet, ", "", 16, "fältet 'kod' saknas"),
        ("avser: drift, kod", "avser: personal, kod", 16, "fältet 'avser' ska vara"),
        ("kalla: k1, omskriven", "kalla: k2, omskriven", 16, "källan 'k2' står inte under kallor"),
        ("omskriven: true", "omskriven: ja", 16, "ska vara true eller false"),
        ("klardatum: 2026-06-30", "klardatum: i juni", 16, "ska vara ett datum"),
        ("datum: 2026-05-18, ", "", 12, "fältet 'datum' saknas"),
        ("saknas: [BUF]", "saknas: [TEF]", 4, "både lämnar retur och står under saknas"),
        ("\"2026-04\"", "\"2026-13\"", 1, "ska skrivas som år och månad"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    with pytest.raises(FactsError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    text = str(caught.value)
    assert text.startswith("E012 ")
    assert f"2026-04.yaml, rad {line}," in text
    assert message in text
    assert text.endswith("Rätta faktafilen och kör igen.")


@pytest.mark.parametrize("text", ["period: [", 'period: "2026-04"\nperiod: "2026-05"\n'])
def test_broken_yaml_and_doubled_fields_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FactsError, match=r"E012 .*inte giltig YAML"):
        load(tmp_path, text)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"E012 .*ska vara en uppsättning fält"):
        load(tmp_path, "")
