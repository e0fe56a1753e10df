"""The written texts of a closing of the books against its figures: what a text says that its section's figures do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun, Namnd, RadTyp
from data_contracts.textord import Textord
from transforms.belopp import belopp_text, procent_text
from transforms.figures import KOMMUNEN, Figure, FigureIndex
from transforms.matt import SERIER
from transforms.statements.sums import AVRUNDNING, REDOVISAD
from transforms.text_check import Fact, Judgement, Section, Verdict, check_text
from transforms.written_text import WrittenText

_BOOKS = ("resultatrakning", "balansrakning", "balanskrav", "nyckeltal")
"""Statements that a text speaks of by its rows' names. Those of the kassaflöde are changes under the same names as balances."""
_OF_ALL = {
    "utfall": "utfall",
    "budget": "budget",
    "prognos": "prognos",
    "avvikelse_bokslut": "avvikelse_helar",
    "avvikelse_helar": "avvikelse_helar",
    "avvikelse_period": "avvikelse_period",
    "utfall_fg_ar": "utfall_fg_ar",
}
_LARGER_IS_WORSE = ("Verksamhetens kostnader", "Avskrivningar", "Finansiella kostnader")
_RESULT = "arets_resultat"


def book_section(figures: FigureIndex, organisation: str, year: int, unit: str) -> Section:
    """What a text on the whole may say: the statements' rows this year, against budget and last year, and the nyckeltal."""
    facts = [fact for figure in figures for fact in _facts_of(figure, organisation, year)]
    return Section(tuple(facts), organisation, year, unit)


def _facts_of(figure: Figure, organisation: str, year: int) -> Iterator[Fact]:
    if figure.enhet != KOMMUNEN or figure.matt not in _BOOKS or figure.varde is None:
        return
    if figure.rad.endswith((REDOVISAD, AVRUNDNING)):
        return
    serie = "utfall_fg_ar" if (figure.serie, figure.vardear) == ("bokslut", year - 1) else _OF_ALL.get(figure.serie, "")
    if not serie or (figure.vardear is not None and serie != "utfall_fg_ar"):
        return
    dearer = -1 if figure.namn in _LARGER_IS_WORSE else 1
    if figure.enhet_matt == "ore":
        yield Fact(figure.figure_id, organisation, figure.namn, serie, figure.varde, hogre_ar_battre=dearer)
        if (figure.matt, figure.rad) == ("resultatrakning", _RESULT):
            yield Fact(figure.figure_id, organisation, "", serie, figure.varde)
    elif figure.enhet_matt == "%":
        yield Fact(
            figure.figure_id, organisation, figure.namn, serie, figure.varde * 10 ** (2 - figure.decimaler), "bp"
        )


def namnd_section(figures: FigureIndex, kommun: Kommun, namnd: Namnd, year: int) -> Section:
    """What a text of a nämnd may say: its enheter's drift, utfall, budget and prognos, and the avvikelser."""
    facts: list[Fact] = []
    for enhet in map(kommun.enhet, namnd.enheter):
        uppstallning = kommun.uppstallning(enhet.drift)
        for rad in uppstallning.rader:
            for serie in ("utfall", "budget", "prognos", "avvikelse_helar", "avvikelse_period", "utfall_fg_ar"):
                figure = figures.get(enhet.kod, "drift", rad.kod, serie)
                if figure is None or figure.varde is None:
                    continue
                name = "" if rad.kod == uppstallning.resultatrad else rad.namn
                dearer = -1 if rad.typ is RadTyp.KOSTNAD else 1
                facts.append(Fact(figure.figure_id, enhet.namn, name, serie, figure.varde, hogre_ar_battre=dearer))
    first = kommun.enhet(namnd.enheter[0]).namn
    return Section(tuple(facts), first, year, namnd.rapportenhet)


def text_findings(
    texts: Iterable[WrittenText],
    sections: Mapping[str, Section],
    whole: Section,
    words: Textord,
    felkoder: Mapping[str, Felkod],
) -> tuple[tuple[Finding, ...], int]:
    """What contradicts the figures (E880–E883), and how many numbers no figure could be found for.

    Each block is read by itself, so that a number's words are those of its own paragraph.

    Args:
        texts: the written texts of the report.
        sections: those with figures of their own, by the text's section; other texts are of the whole.
    """
    findings: list[Finding] = []
    unknown = 0
    for text in texts:
        section = sections.get(text.sektion, whole)
        for block in text.block:
            for judged in check_text(block.text, section, words):
                if judged.verdict is Verdict.OKAND:
                    unknown += 1
                elif judged.verdict is not Verdict.STAMMER:
                    findings.append(_finding(judged, text, section, felkoder))
    return tuple(findings), unknown


def _finding(judged: Judgement, text: WrittenText, section: Section, felkoder: Mapping[str, Felkod]) -> Finding:
    fact = judged.fact
    if fact is None:
        what = shown = "siffrorna i avsnittet"
    else:
        what = f"{fact.rad or section.enhet}, {SERIER.get(fact.serie, fact.serie).lower()}"
        shown = (
            f"{belopp_text(fact.varde, section.unit)} {section.unit}"
            if fact.slag == "ore"
            else procent_text(fact.varde)
        )
    return felkoder[judged.verdict.value].finding(
        file=text.fil or text.sektion, cell=f"avsnitt {text.sektion}", found=judged.text, vad=what, vantat=shown
    )
