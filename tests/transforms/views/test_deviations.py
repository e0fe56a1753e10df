"""Avvikelser in a report: which rows are over the limit, and where their explanation is found."""

from __future__ import annotations

from dataclasses import replace

from data_contracts.kommun import Finansiering, Kommun
from flows.workplace import load_wording
from tests.figure_examples import figures, grans, small_kommun
from transforms.avvikelse import compute_avvikelser
from transforms.figures import FigureIndex
from transforms.period import Period
from transforms.summation import sum_kommun, sum_rows
from transforms.views.closing_sections import closing_sections
from transforms.views.context import Forklaring, ReportContext, ReturInfo
from transforms.views.deviations import avvikelser_of, avvikelser_of_kommun, general_comments
from transforms.views.gaps import gap_sentences

KOMMUN = small_kommun(("A", Finansiering.SKATT), ("B", Finansiering.SKATT), granser=(grans(tkr=1),))


def context(
    text: str, forklaringar: dict[str, Forklaring] | None = None, kommun: Kommun = KOMMUN, *, returned: str = "AB"
) -> ReportContext:
    index = figures(text)
    index = FigureIndex([*index, *sum_rows(index, kommun)])
    index = FigureIndex([*index, *sum_kommun(index, kommun, 2026)])
    index = FigureIndex([*index, *compute_avvikelser(index)])
    return ReportContext(
        kommun=kommun,
        period=Period(2026, 4),
        figures=index,
        forklaringar={("A", "drift", rad): said for rad, said in (forklaringar or {}).items()},
        returer=tuple(
            ReturInfo(f"F{kod}", f"{kod}.xlsx", "2026-05-04 10:00", "2026-05-04T08:00:00+00:00", 1, "0" * 64, "godkand")
            for kod in returned
        ),
        wording=load_wording(),
    )


OVER = """
    A intakter budget 0
    A intakter prognos 0
    A personal budget -10000
    A personal prognos -12000
    A ovrigt budget -10000
    A ovrigt prognos -10500
"""


def posts(forklaringar: dict[str, Forklaring] | None = None) -> dict[str, tuple[str, bool, bool]]:
    said = context(OVER, forklaringar)
    return {
        post.rad_namn: (post.orsak, post.forklaring_saknas, post.atgard_saknas)
        for post in avvikelser_of(said, KOMMUN.enhet("A"), "tkr")
    }


def test_rows_over_the_limit_and_the_result_stand_largest_first() -> None:
    assert list(posts()) == ["Resultat", "Personal"]


def test_without_any_comment_the_explanation_is_missing() -> None:
    assert posts()["Personal"] == ("", True, True)


def test_the_rows_own_comment_goes_first() -> None:
    said = {"personal": Forklaring("Fler vikarier.", "Färre vikarier."), "helhet": Forklaring("Allmänt.", "")}
    assert posts(said)["Personal"] == ("Fler vikarier.", False, False)


def test_a_sums_comment_explains_its_parts_by_reference() -> None:
    orsak, missing, _ = posts({"kostnader": Forklaring("Dyrare.", "")})["Personal"]
    assert (orsak, missing) == ("Förklaras i kommentaren till Kostnader.", False)


def test_the_comment_on_the_whole_explains_rows_in_a_table() -> None:
    said = context(OVER, {"helhet": Forklaring("Allmänt.", "")})
    rows = avvikelser_of(said, KOMMUN.enhet("A"), "tkr")
    assert {(post.rad_namn, post.i_helheten, post.forklaring_saknas) for post in rows} == {
        ("Resultat", True, False),
        ("Personal", True, False),
    }
    blocks, table = closing_sections(said, KOMMUN.enheter, rows, ())[:2]
    assert blocks.avvikelser == ()
    assert [rad.namn for rad in table.tabeller[0].rader] == ["A, drift: Resultat", "A, drift: Personal"]


def test_the_end_result_is_explained_by_its_parts() -> None:
    said = posts({"personal": Forklaring("Fler vikarier.", "Färre.")})
    assert said["Resultat"][:2] == ("Förklaras av kommentarerna till raderna.", False)


def test_the_kommuns_report_quotes_the_comment_on_the_whole() -> None:
    (post,) = avvikelser_of_kommun(context(OVER, {"helhet": Forklaring("Allmänt.", "Vi bromsar.")}), "tkr")
    assert (post.rad_namn, post.enhet_namn, post.orsak, post.atgard) == ("A", "Resultat", "Allmänt.", "Vi bromsar.")
    assert post.ord == "underskott"


def test_comments_on_rows_within_the_limit_stand_beside_the_table() -> None:
    said = context(
        OVER,
        {
            "helhet": Forklaring("Allmänt.", ""),
            "ovrigt": Forklaring("Litet.", ""),
            "personal": Forklaring("Stort.", ""),
        },
    )
    assert [(c.rubrik, c.orsak) for c in general_comments(said, KOMMUN.enhet("A"), "drift")] == [
        ("Kommentar", "Allmänt."),
        ("Övrigt", "Litet."),
    ]


def test_a_missing_avvikelse_is_not_judged() -> None:
    said = context(OVER.replace("-12000", "?"))
    assert avvikelser_of(said, KOMMUN.enhet("A"), "tkr") == ()


def gaps(text: str, *, returned: str = "AB") -> list[str]:
    said = context(text, returned=returned)
    return [sentence.text for sentence in gap_sentences(said, said.kommun.enheter)]


def test_gaps_name_the_förvaltning_whose_return_is_missing() -> None:
    said = gaps(OVER, returned="B")
    assert "FA har inte lämnat någon godkänd retur för april 2026." in said


def test_gaps_name_single_rows_that_are_blank() -> None:
    said = gaps(OVER.replace("A ovrigt prognos -10500", "A ovrigt prognos ?"))
    assert "Drift: prognos helår saknas för ovrigt (A)." in said


def test_gaps_tell_of_a_stopped_return() -> None:
    stopped = replace(context(OVER).returer[0], status="stoppad", antal_fel=3, version=2)
    said = replace(context(OVER), returer=(stopped,))
    texts = [sentence.text for sentence in gap_sentences(said, said.kommun.enheter[:1])]
    assert texts[0] == "Returen A.xlsx från FA är stoppad och ingår inte. Fel i den: 3."
    assert "FA har inte lämnat någon godkänd retur för april 2026." in texts
