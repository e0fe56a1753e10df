"""Published sick leave and årsarbetare come out of ``transforms.personal``, every cell to the printed digit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from data_contracts.kommun import Finansiering
from data_contracts.personal import FORMER, GRUPPER, INDELNINGAR, TOTALT, Arsarbetare, Personal
from tests.figure_examples import small_kommun
from tests.kommuner.printed import BACKTESTS, read_yaml
from transforms.belopp import antal_text, divide_half_away
from transforms.figures import INLAMNAD, KOMMUNEN, Figure, FigureIndex
from transforms.personal import ARSARBETARE, HELA, PERSONAL, compute_personal
from transforms.personal_checks import are_shares_of_a_whole, is_plausible, is_within

PRINTED: Any = read_yaml(BACKTESTS / "personal.yaml")
MEASURES = ("sjukfranvaro", "sjukfranvaro_lang")


def kommun(*, decimaler: int = 1, arsarbetare: Arsarbetare | None = None) -> Any:
    """One enhet, A, that reports staff."""
    personal = Personal(enheter=("A",), decimaler=decimaler, arsarbetare=arsarbetare or Arsarbetare())
    return small_kommun(("A", Finansiering.SKATT)).model_copy(update={"personal": personal})


def entered(rad: str, serie: str, printed: str, matt: str = PERSONAL) -> Figure:
    """A figure as a return gives it: in hundredths, from the text that the source prints."""
    varde = int(Decimal(printed.replace(",", ".")) * 100)
    return Figure("2026-04", "A", matt, rad, serie, rad, varde, INLAMNAD, "timmar", 2)


def computed(figures: list[Figure], **options: Any) -> FigureIndex:
    return FigureIndex([*figures, *compute_personal(FigureIndex(figures), kommun(**options))])


def savsjo() -> Iterator[Any]:
    for row in PRINTED["savsjo"]["rader"]:
        yield pytest.param(row, id=f"{row['namn']}-{row['ar']}")


def shares_of(row: Any) -> dict[str, str]:
    """Our two percentages of a row, as printed."""
    figures = computed([entered(TOTALT, serie, row[serie]) for serie in ("sjuktid", "ordinarie_tid", "sjuktid_lang")])
    found = {serie: figures.get("A", PERSONAL, TOTALT, serie) for serie in MEASURES}
    return {serie: antal_text(f.varde, f.decimaler) for serie, f in found.items() if f and f.varde is not None}


def listed(row: Any) -> dict[str, str]:
    """The percentages of a row that are known to differ, and what ours are."""
    return {
        known["serie"]: known["vart"]
        for known in PRINTED["savsjo"]["avvikande"]
        if (known["namn"], known["ar"]) == (row["namn"], row["ar"])
    }


@pytest.mark.parametrize("row", list(savsjo()))
def test_savsjo_hours_give_the_printed_percentages(row: Any) -> None:
    assert shares_of(row) == {**{serie: row[serie] for serie in MEASURES}, **listed(row)}


def test_savsjo_cells_that_differ_are_listed_once_and_explained_by_the_rounding_of_the_hours() -> None:
    for known in PRINTED["savsjo"]["avvikande"]:
        (row,) = (r for r in PRINTED["savsjo"]["rader"] if (r["namn"], r["ar"]) == (known["namn"], known["ar"]))
        assert row[known["serie"]] == known["tryckt"] != known["vart"] == shares_of(row)[known["serie"]]
        over, under = (Decimal(row[name].replace(",", ".")) for name in ("sjuktid_lang", "sjuktid"))
        lowest = (over - Decimal("0.05")) / (under + Decimal("0.05")) * 100
        assert lowest < Decimal(known["tryckt"].replace(",", ".")) + Decimal("0.05") < over / under * 100


def test_savsjo_is_whole() -> None:
    """Seven units in five years: no row of the source has been left out."""
    rows = PRINTED["savsjo"]["rader"]
    assert len(rows) == 35
    assert len({row["namn"] for row in rows}) * len({row["ar"] for row in rows}) == 35


def test_savsjo_long_share_stands_on_sick_time_not_on_working_time() -> None:
    """The error class that the backtest must be able to see: divided by working time, no row gives the printed share."""
    for row in PRINTED["savsjo"]["rader"]:
        wrong = [
            entered(TOTALT, "sjuktid", row["ordinarie_tid"]),
            entered(TOTALT, "ordinarie_tid", row["ordinarie_tid"]),
        ]
        figure = computed([*wrong, entered(TOTALT, "sjuktid_lang", row["sjuktid_lang"])]).get(
            "A", PERSONAL, TOTALT, MEASURES[1]
        )
        assert figure is not None
        assert figure.varde is not None
        assert antal_text(figure.varde, figure.decimaler) != row["sjukfranvaro_lang"]


def test_each_measure_has_the_numerator_and_denominator_of_the_definition() -> None:
    hours = [
        entered(grupp, serie, str(1000 - 100 * place + 7 * len(serie)))
        for grupp in GRUPPER
        for place, serie in enumerate(("ordinarie_tid", "sjuktid", "sjuktid_lang"))
    ]
    figures = computed(hours)
    for matt in PRINTED["skr"]["matt"]:
        figure = figures.get("A", PERSONAL, matt["grupp"], matt["serie"])
        assert figure is not None
        inputs = [figures.by_id(figure_id) for _, figure_id in figure.indata]
        assert [(f.rad, f.serie) for f in inputs if f] == [
            (matt["grupp"], matt["taljare"]),
            (matt["grupp"], matt["namnare"]),
        ]
        assert [sign for sign, _ in figure.indata] == [1, 0]
    assert len(PRINTED["skr"]["matt"]) == 7


def per_ten_thousand(printed: str, rad: str, year: str) -> list[Figure]:
    """Hours that give exactly a printed percentage with two decimals: that many of 10 000 ordinary hours (or sick, for lang)."""
    suffix = "" if year == "2014" else "_fg_ar"
    if rad == "lang":
        return [entered(TOTALT, f"sjuktid_lang{suffix}", printed)]
    return [entered(rad, f"sjuktid{suffix}", printed), entered(rad, f"ordinarie_tid{suffix}", "100,00")]


def test_malmo_change_is_in_procentenheter() -> None:
    for row in PRINTED["malmo"]["rader"]:
        rad, serie = (TOTALT, "sjukfranvaro_lang") if row["rad"] == "lang" else (row["rad"], "sjukfranvaro")
        hours = [f for year in ("2014", "2013") for f in per_ten_thousand(row[year], row["rad"], year)]
        if row["rad"] == "lang":
            hours += [
                entered(TOTALT, f"{name}{suffix}", "100,00")
                for name in ("sjuktid", "ordinarie_tid")
                for suffix in ("", "_fg_ar")
            ]
        figures = computed(hours, decimaler=2)
        now, before, change = (
            figures.get("A", PERSONAL, rad, name) for name in (serie, f"{serie}_fg_ar", f"andring_{serie}")
        )
        assert now is not None
        assert before is not None
        assert change is not None
        assert [antal_text(f.varde or 0, 2) for f in (now, before, change)] == [
            row["2014"],
            row["2013"],
            row["andring"],
        ]
        assert change.enhet_matt == "procentenheter"


def test_malmo_share_of_sick_pay() -> None:
    """Not one of the statutory measures, but the same quotient: 147,5 of 172,4 mnkr is 85,6 %."""
    paid = PRINTED["malmo"]["sjuklon_mnkr"]
    tiondelar = [int(paid[name].replace(",", "")) for name in ("dag_1_14", "totalt")]
    assert antal_text(divide_half_away(tiondelar[0] * 1000, tiondelar[1]), 1) == paid["andel"]


def test_malmo_other_measure_is_not_the_statutory_one() -> None:
    volume, statutory = PRINTED["malmo"]["sjukfranvarovolym"], PRINTED["malmo"]["rader"][0]
    assert volume["2014"] != statutory["2014"]
    cents = {year: int(volume[year].replace(",", "")) for year in ("2014", "2013")}
    assert antal_text(cents["2014"] - cents["2013"], 2) == volume["andring"]


@pytest.mark.parametrize("year", ["2025", "2024", "2023"])
def test_tolkformedling_vast_has_nothing_implausible(year: str) -> None:
    rows = PRINTED["tolkformedling_vast_sjukfranvaro"]["rader"]
    shares = {row["rad"]: Fraction(int(row[year].replace(",", "")), 1000) for row in rows}
    for groups in INDELNINGAR.values():
        parts = [shares[grupp] for grupp in groups]
        assert is_within(shares[TOTALT], parts)
        assert not are_shares_of_a_whole(parts)
    assert all(is_plausible(share, 2500) for rad, share in shares.items() if rad != "lang")


def test_tolkformedling_vast_with_ages_as_shares_of_the_whole_is_found() -> None:
    """The same table with the error that the checks are for."""
    ages = [Fraction(part, 1000) for part in (150, 450, 401)]
    assert are_shares_of_a_whole(ages)
    assert not is_within(Fraction(71, 1000), ages)
    assert [is_plausible(share, 2500) for share in ages] == [True, False, False]


@pytest.mark.parametrize("row", PRINTED["tolkformedling_vast_arsarbetare"]["rader"], ids=lambda row: str(row["ar"]))
def test_tolkformedling_vast_arsarbetare_add_up(row: Any) -> None:
    figures = computed([entered(form, "arsarbetare", row[form], ARSARBETARE) for form in FORMER])
    total = figures.get("A", ARSARBETARE, HELA, "arsarbetare")
    assert total is not None
    assert total.varde is not None
    assert antal_text(divide_half_away(total.varde, 10), 1) == row["totalt"]


def test_tolkformedling_vast_change_of_arsarbetare() -> None:
    rows = {row["ar"]: row for row in PRINTED["tolkformedling_vast_arsarbetare"]["rader"]}
    figures = computed(
        [entered(form, "arsarbetare", rows[2025][form], ARSARBETARE) for form in FORMER]
        + [entered(form, "arsarbetare_fg_ar", rows[2024][form], ARSARBETARE) for form in FORMER]
    )
    change = figures.get("A", ARSARBETARE, HELA, "andring_arsarbetare")
    assert change is not None
    assert change.varde is not None
    printed = PRINTED["tolkformedling_vast_arsarbetare"]["minskning_2025"]
    assert antal_text(divide_half_away(-change.varde, 10), 1) == printed


def test_arsarbetare_from_worked_hours() -> None:
    defined = Arsarbetare(
        slag="arbetad_tid", timmar_per_ar=1700, text="Arbetade timmar delade med 1 700 timmar.", referens="påhittad"
    )
    figures = computed([entered(form, "arbetad_tid", "1700,00", ARSARBETARE) for form in FORMER], arsarbetare=defined)
    total = figures.get("A", ARSARBETARE, HELA, "arsarbetare")
    assert total is not None
    assert (total.varde, total.decimaler) == (30, 1)


def test_the_kommun_is_weighted_and_never_a_mean_of_shares() -> None:
    """Two schools of Sävsjö: the share of both is Σ hours ÷ Σ hours, which the mean of their printed shares is not."""
    rows = [
        row
        for row in PRINTED["savsjo"]["rader"]
        if row["ar"] == 2024 and row["namn"] in ("Rörviks skola", "Vrigstad skola")
    ]
    personal = Personal(enheter=("A", "B"))
    two = small_kommun(("A", Finansiering.SKATT), ("B", Finansiering.SKATT)).model_copy(update={"personal": personal})
    hours = []
    for kod, row in zip("AB", rows, strict=True):
        for serie in ("sjuktid", "ordinarie_tid"):
            figure = entered(TOTALT, serie, row[serie])
            hours.append(Figure("2026-04", kod, PERSONAL, TOTALT, serie, "", figure.varde, INLAMNAD, "timmar", 2))
    total = FigureIndex(compute_personal(FigureIndex(hours), two)).get(KOMMUNEN, PERSONAL, TOTALT, "sjukfranvaro")
    assert total is not None
    assert total.varde == 54
    assert (83 + 18) // 2 == 50
