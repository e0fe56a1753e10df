"""What people have fixed: beside the rule's state, at most once per goal, with a reason; and what is implausible is marked."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.malbedomning import Malbedomning, Malbedomningar
from data_contracts.malplan import Regel
from tests.contracts.retur_example import PERIOD, provby, sound_retur
from tests.goal_examples import plan, regel
from transforms.conversion import convert, volume_decimals
from transforms.figures import INLAMNAD, Figure, FigureIndex
from transforms.goal_assessment import ALLT_GRONT, OMFORMULERAT, SKILLNAD, UTAN_MATVARDE, Rapportlage, assess
from transforms.goal_figures import figures_of_goals
from transforms.goal_given import Faststalld, Givet, Sagt, doubled_assessments, given_of, published
from transforms.goal_sources import figures_from_sources
from transforms.goal_states import Lage, Rapporttyp
from transforms.goal_wording import delivery_text

RAPPORT = Rapportlage(2026, Rapporttyp.MANAD, dt.date(2026, 4, 30))


def own(mal: str, lage: str = "uppfylld", **more: object) -> Malbedomning:
    return Malbedomning.model_validate(
        {
            "mal": mal,
            "period": "2026-04",
            "lage": lage,
            "skal": "Enligt styrelsen.",
            "roll": "VD",
            "datum": "2026-05-18",
            **more,
        }
    )


def frames():  # type: ignore[no-untyped-def]
    book = sound_retur()
    return convert(
        book.raw("r"), load_contract("manadsretur"), load_felkoder(), unit="tkr", decimals=volume_decimals(provby())
    ).frames


def test_a_return_and_the_kommuns_own_file_fix_assessments_with_role_and_day() -> None:
    found = given_of(frames(), provby().malplan(2026), (own("vision"), own("vision", period="2026-03")), PERIOD)
    assert [(item.mal, item.lage, item.roll, item.tid, item.kalla) for item in found.malbedomningar] == [
        ("franvaro", Lage.DELVIS, "förvaltningsekonom", "2026-05-08", "fil r.xlsx, blad Målbedömning, cell E7"),
        ("vision", Lage.UPPFYLLD, "VD", "2026-05-18", "malplan"),
    ]
    assert doubled_assessments(found, load_felkoder()["E728"]) == ()


def test_two_assessments_of_one_goal_are_told_of_and_none_counts() -> None:
    found = given_of(frames(), provby().malplan(2026), (own("franvaro"),), PERIOD)
    (finding,) = doubled_assessments(found, load_felkoder()["E728"])
    assert "blad Målbedömning, cell E7; malplan" in finding.message
    figures = FigureIndex(figures_of_goals(frames(), provby().malplan(2026), PERIOD))
    bild = assess(provby().malplan(2026), figures, found, RAPPORT)["franvaro"]
    assert (bild.faststalld, len(bild.faststallda)) == (None, 2)


def test_two_assessments_in_the_file_and_one_without_a_reason_are_refused() -> None:
    with pytest.raises(ValidationError, match="E728"):
        Malbedomningar(schema_version=1, bedomningar=(own("a"), own("a")))
    assert Malbedomningar(schema_version=1, bedomningar=(own("a"), own("b"), own("a", period="2026-03")))
    with pytest.raises(ValidationError):
        own("a", skal="")


def test_a_bolags_goal_is_fixed_by_its_vd_and_counts_in_the_goal_above() -> None:
    made = plan(
        ("v", "vision", None), ("kf", "fullmaktigemal", "v"), ("b", "bolagsmal", "kf"),
        regler=[{"kod": "alla", "namn": "Alla", "strategi": "alla", "referens": "prov"}], regel_per_niva={"fullmaktigemal": "alla"},
    )  # fmt: skip
    fixed = given_of({}, made, (own("b", "ej uppfylld"),), PERIOD)
    bilder = assess(made, FigureIndex(()), fixed, RAPPORT)
    assert (bilder["b"].gallande, bilder["b"].faststalld.roll) == (Lage.EJ, "VD")
    assert bilder["kf"].beraknad.lage is Lage.EJ


def test_what_is_implausible_is_marked() -> None:
    made = provby().malplan(2026)
    figures = FigureIndex(figures_of_goals(frames(), made, PERIOD))
    fixed = (Faststalld("franvaro", Lage.UPPFYLLD, "Bra.", "chef", "2026-05-08", "prov"),)
    unmeasured = assess(made, FigureIndex(()), Givet(malbedomningar=fixed), RAPPORT, frozenset({"franvaro"}))[
        "franvaro"
    ]
    assert unmeasured.marken == (UTAN_MATVARDE, OMFORMULERAT)
    rule = made.model_copy(update={"regler": (_all(),), "regel_per_niva": {"fullmaktigemal": "alla"}})
    assert SKILLNAD in assess(rule, figures, Givet(malbedomningar=(_worse(),)), RAPPORT)["franvaro"].marken
    green = assess(rule, _with_complaints(figures), Givet(), RAPPORT)["franvaro"]
    assert green.marken == (ALLT_GRONT,)
    said = Givet(sagt={"sjuk": Sagt(None, "Friskvården hjälper.", "chef", "2026-05-08")})
    assert assess(rule, _with_complaints(figures), said, RAPPORT)["franvaro"].marken == ()


def _all() -> Regel:
    return regel("alla", kod="alla")


def _worse() -> Faststalld:
    return Faststalld("franvaro", Lage.EJ, "Det räcker inte.", "chef", "2026-05-08", "prov")


def _with_complaints(figures: FigureIndex) -> FigureIndex:
    """The same with a utfall of klagomål that is within the målvärde."""
    counted = Figure(str(PERIOD), "X", "synpunkter", "bemotande", "klagomal", "Bemötande", 0, INLAMNAD, "klagomål", 0)
    everything = FigureIndex([*figures, counted])
    return FigureIndex([*everything, *figures_from_sources(everything, provby(), PERIOD)])


def test_what_is_published_holds_no_personal_data() -> None:
    said = {"i": Sagt(None, "Ring 070-123 45 67.", "chef", "")}
    fixed = (Faststalld("m", Lage.EJ, "Mejla anna@exempel.se", "chef", "", "prov", "Ring 070-123 45 67."),)
    public = published(Givet(said, {"l": ("nej", "Ring 070-123 45 67.")}, fixed))
    texts = [
        public.sagt["i"].kommentar,
        public.leveranser["l"][1],
        public.malbedomningar[0].skal,
        public.malbedomningar[0].atgard,
    ]
    assert all(text.startswith("Texten hålls inne") for text in texts)


def test_a_leverans_whose_day_has_come_is_late_until_it_is_delivered() -> None:
    days = {"forbi": "2026-03-31", "senare": "2026-10-01", "fardig": "2026-03-31", "utan": None, "tyst": "2026-03-31"}
    made = plan(
        ("v", "vision", None), ("kf", "fullmaktigemal", "v"),
        aktiviteter=[
            {
                "kod": "a", "namn": "a", "enhet": "X", "ansvarig": "chef", "leder_till": "kf",
                "leveranser": [{"kod": kod, "namn": kod, "klar": klar} for kod, klar in days.items()],
            }
        ],
    )  # fmt: skip
    given = Givet(leveranser={kod: ("ja" if kod == "fardig" else "nej", "skäl") for kod in days if kod != "tyst"})
    shown = assess(made, FigureIndex(()), given, RAPPORT)["kf"].leveranser
    assert {one.kod: delivery_text(one.levererad, one.klar, late=one.forsenad) for one in shown} == {
        "forbi": "försenat, skulle ha varit klart 2026-03-31",
        "senare": "inte levererat än, ska vara klart 2026-10-01",
        "fardig": "levererat",
        "utan": "inte levererat än",
        "tyst": "uppgift saknas",
    }
