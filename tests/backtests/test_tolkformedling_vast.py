"""Tolkförmedling Väst 2025: indikator states by rule, goal verdicts fixed by the board, and the differences shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from data_contracts.malplan import Malplan
from tests.goal_examples import DAG
from tests.kommuner.printed import BACKTESTS, read_yaml
from transforms.figures import INLAMNAD, Figure, FigureIndex
from transforms.goal_assessment import SKILLNAD, Malbild, Rapportlage, assess
from transforms.goal_given import Faststalld, Givet
from transforms.goal_states import Lage, Rapporttyp

PRINTED = read_yaml(BACKTESTS / "tolkformedling_vast_2025.yaml")


def the_plan(strategi: str) -> Malplan:
    return Malplan.model_validate(
        {
            "schema_version": 1, "ar": 2025, "namn": "Verksamhetsmål 2025",
            "regler": [{"kod": "r", "namn": "regeln", "strategi": strategi, "referens": "prov"}],
            "regel_per_niva": {"namndmal": "r"},
            "mal": [{"kod": kod, "namn": kod, "niva": "namndmal", "agare": "direktionen"} for kod in PRINTED["mal"]],
            "indikatorer": [
                {
                    "kod": row["kod"], "namn": row["kod"], "mal": row["mal"], "enhet": "TV", "typ": "resultat",
                    "riktning": "lagre" if "<" in row["tecken"] else "hogre", "strikt": "=" not in row["tecken"],
                    "matt_enhet": "procent", "definition": "årsredovisningen", "malvarden": {2025: {"varde": row["malvarde"]}},
                    "historik": [{"ar": 2024, "varde": row["fore"]}],
                }
                for row in PRINTED["indikatorer"]
            ],
        }
    )  # fmt: skip


def judged(strategi: str) -> dict[str, Malbild]:
    figures = [
        Figure("2025-12", "TV", "indikatorer", row["kod"], "utfall", row["kod"], _tenths(row), INLAMNAD, "procent", 1)
        for row in PRINTED["indikatorer"]
    ]
    board = tuple(
        Faststalld(kod, Lage(row["dom"]), "direktionens bedömning", "direktionen", "2026-03", "årsredovisningen")
        for kod, row in PRINTED["mal"].items()
    )
    rapport = Rapportlage(2025, Rapporttyp.AR, DAG)
    return assess(the_plan(strategi), FigureIndex(figures), Givet(malbedomningar=board), rapport)


def _tenths(row: dict[str, Any]) -> int:
    return int(Decimal(str(row["utfall"])) * 10)


@pytest.mark.parametrize("row", PRINTED["indikatorer"], ids=lambda row: row["kod"])
def test_each_indikator_is_judged_by_its_operator(row: dict[str, Any]) -> None:
    bild = judged("alla")[row["mal"]]
    found = next(item for item in bild.indikatorer if item.indikator.kod == row["kod"])
    assert found.beraknad.lage.value == row["lage"]


def test_the_met_indikatorer_are_as_many_as_the_board_says() -> None:
    for kod, bild in judged("alla").items():
        assert (bild.beraknad.uppfyllda, bild.beraknad.antal) == (
            PRINTED["mal"][kod]["uppfyllda"],
            PRINTED["mal"][kod]["antal"],
        )


def test_the_boards_verdict_stands_and_the_differences_from_a_rule_of_all_are_shown() -> None:
    """Four goals of five are met by the board; by a rule of all, one is. One of two met gave both verdicts: no rule says that."""
    bilder = judged("alla")
    assert [kod for kod, bild in bilder.items() if bild.gallande is Lage.UPPFYLLD] == [
        "leverans",
        "tolkar",
        "arbetsgivare",
        "hallbar",
    ]
    assert [kod for kod, bild in bilder.items() if bild.beraknad.lage is Lage.UPPFYLLD] == ["hallbar"]
    assert [kod for kod, bild in bilder.items() if SKILLNAD in bild.marken] == [
        "leverans",
        "tolkar",
        "framkant",
        "arbetsgivare",
    ]


def test_the_same_part_met_gave_different_verdicts_so_the_rule_is_a_persons() -> None:
    shares = {(row["uppfyllda"], row["antal"], row["dom"]) for row in PRINTED["mal"].values()}
    assert {(1, 2, "uppfylld"), (1, 2, "ej uppfylld")} <= shares
    bilder = judged("manuell")
    assert {bild.beraknad.lage for bild in bilder.values()} == {None}
    assert all(SKILLNAD not in bild.marken for bild in bilder.values())
