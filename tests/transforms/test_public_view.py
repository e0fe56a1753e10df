"""The public view: what is held back, what is withheld in words, and that nothing of the sender's own is left."""

from __future__ import annotations

from dataclasses import replace

from data_contracts.kommun import Finansiering, Kommun, Volym
from tests.figure_examples import small_kommun
from transforms.avvikelse import compute_avvikelser
from transforms.figures import BERAKNAD, DIVISOR, INLAMNAD, Figure, FigureIndex
from transforms.public_view import UNDANHALLEN, UNDANHALLEN_RAD, hidden_figures, public_text, publish_figures

SHA = "a" * 64


def kommun_with(*volymer: Volym) -> Kommun:
    kommun = small_kommun(("A", Finansiering.SKATT))
    (enhet,) = kommun.enheter
    return kommun.model_copy(update={"enheter": (enhet.model_copy(update={"volymer": volymer}),)})


KOMMUN = kommun_with(
    Volym(kod="placerade", namn="Placerade barn", matt_enhet="barn", personuppgift=True),
    Volym(kod="timmar", namn="Timmar", matt_enhet="timmar"),
)


def volume(rad: str, serie: str, varde: int | None, **values: object) -> Figure:
    return Figure(
        period="2026-04", enhet="A", matt="volymer", rad=rad, serie=serie, namn=rad, varde=varde, slag=INLAMNAD,
        enhet_matt="barn", decimaler=0, retur_sha256=SHA, fil="Anna Andersson.xlsx", blad="Volymer", cell="C7", ravarde="7", **values,
    )  # fmt: skip


def nothing(figure_id: str) -> None:
    return None


def with_avvikelser(*entered: Figure) -> FigureIndex:
    return FigureIndex([*entered, *compute_avvikelser(FigureIndex(entered))])


def test_the_utfall_of_few_persons_is_held_back_with_the_avvikelse_that_would_tell_it() -> None:
    index = with_avvikelser(
        *(volume(r, s, v) for r in ("placerade", "timmar") for s, v in (("utfall", 7), ("periodbudget", 9)))
    )
    hidden = hidden_figures(index, nothing, KOMMUN)
    assert hidden == {"2026-04/A/volymer/placerade/utfall", "2026-04/A/volymer/placerade/avvikelse_period"}


def test_a_larger_group_and_a_plan_are_published() -> None:
    index = with_avvikelser(
        volume("placerade", "utfall", 11), volume("placerade", "prognos", 3), volume("placerade", "budget", 4)
    )
    assert hidden_figures(index, nothing, KOMMUN) == frozenset()


def test_the_limit_is_the_kommuns_own() -> None:
    strict = KOMMUN.model_copy(update={"smatal": KOMMUN.smatal.model_copy(update={"hogst_personer": 20})})
    assert hidden_figures(FigureIndex([volume("placerade", "utfall", 11)]), nothing, strict)


def staff(rad: str, serie: str, varde: int | None, enhet: str = "A", **values: object) -> Figure:
    return Figure(
        "2026-04", enhet, "personal", rad, serie, rad, varde, INLAMNAD, enhet_matt="timmar", decimaler=1, **values
    )


def test_the_sick_leave_of_a_small_group_takes_its_shares_and_one_more_group_of_the_division_with_it() -> None:
    persons = {"totalt": 60, "kvinnor": 52, "man": 8, "hogst_29": 15, "fran_30_till_49": 25, "minst_50": 20}
    entered = [staff(rad, "anstallda", antal) for rad, antal in persons.items()]
    entered += [
        staff(rad, serie, antal * 10) for rad, antal in persons.items() for serie in ("sjuktid", "ordinarie_tid")
    ]
    shares = [
        replace(
            staff(rad, "sjukfranvaro", 10), enhet_matt="%", slag="beraknad",
            indata=((1, f"2026-04/A/personal/{rad}/sjuktid"), (DIVISOR, f"2026-04/A/personal/{rad}/ordinarie_tid")),
        )
        for rad in persons
    ]  # fmt: skip
    hidden = hidden_figures(FigureIndex([*entered, *shares]), nothing, KOMMUN)
    rows = {figure_id.split("/")[3] for figure_id in hidden}
    assert rows == {"man", "kvinnor"}
    assert len(hidden) == 2 * 4


def test_a_group_of_unknown_size_is_held_back() -> None:
    assert hidden_figures(FigureIndex([staff("totalt", "sjuktid", 100)]), nothing, KOMMUN)


def test_an_earlier_closings_figure_that_tells_a_hidden_one_is_held_back_too() -> None:
    earlier = replace(volume("placerade", "utfall", 7), period="2025-04")
    carried = volume("placerade", "utfall_fg_ar", 7, indata=((1, earlier.figure_id),))
    view = publish_figures(
        FigureIndex([carried]), {earlier.figure_id: earlier}.get, {SHA: "retur-fa-2026-04.xlsx"}, KOMMUN
    )
    assert view.skyddade == {carried.figure_id, earlier.figure_id}
    published = view.of(earlier)
    assert published is not None
    assert (published.varde, published.skyddad) == (None, True)


def test_nothing_of_the_senders_own_is_left() -> None:
    index = FigureIndex([volume("timmar", "utfall", 700), volume("egen", "utfall", 70, grupp="x")])
    view = publish_figures(index, nothing, {SHA: "retur-fa-2026-04.xlsx"}, KOMMUN)
    assert {(figure.fil, figure.ravarde) for figure in view.figures} == {("retur-fa-2026-04.xlsx", "")}
    assert [figure.varde for figure in view.figures] == [700, 70]


def test_an_own_row_named_after_a_person_is_withheld_in_words() -> None:
    own = replace(volume("egen", "utfall", 70, grupp="x"), namn="Bostad åt 121212-1212")
    view = publish_figures(FigureIndex([own]), nothing, {}, KOMMUN)
    assert [(figure.namn, figure.fil) for figure in view.figures] == [(UNDANHALLEN_RAD, "retur")]
    assert view.undanhallna == 1


def test_a_written_text_with_personal_data_is_withheld_and_another_is_not() -> None:
    assert [public_text(text) for text in ("Mejla anna@exempel.se.", "Färre barn.")] == [UNDANHALLEN, "Färre barn."]


def survey(serie: str, varde: int | None) -> Figure:
    return Figure("2026-04", "A", "enkater", "nojd", serie, "Nöjda", varde, INLAMNAD, "%", 0)


def test_the_answers_of_few_persons_are_held_back_and_so_is_the_indikator_taken_from_them() -> None:
    copied = Figure(
        "2026-04", "A", "indikatorer", "nojda", "utfall", "Nöjda", 79, BERAKNAD, "%", 0,
        indata=((1, "2026-04/A/enkater/nojd/utfall"),),
    )  # fmt: skip
    few = FigureIndex([survey("utfall", 79), survey("utfall_man", 70), survey("svarande", 10), copied])
    assert hidden_figures(few, nothing, KOMMUN) == {
        "2026-04/A/enkater/nojd/utfall", "2026-04/A/enkater/nojd/utfall_man", "2026-04/A/indikatorer/nojda/utfall",
    }  # fmt: skip
    many = FigureIndex([survey("utfall", 79), survey("svarande", 11), copied])
    assert hidden_figures(many, nothing, KOMMUN) == frozenset()
    unknown = FigureIndex([survey("utfall", 79), survey("svarande", None), copied])
    assert hidden_figures(unknown, nothing, KOMMUN) == frozenset(), "a national survey that does not tell its answers"
