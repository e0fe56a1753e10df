"""The chapters of the two reports: what each holds beside its written text. A chapter without content is not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data_contracts.bokslutsregler import Kapitel
from transforms.book_types import Bokrad, Boksektion, Boktabell
from transforms.figures import Figure
from transforms.matt import DRIFT
from transforms.period_budget import PERIODBUDGET
from transforms.statements.balance_requirement import BALANSKRAV, RESERV_HOGST, RESULTAT, UB
from transforms.statements.closing import with_tax
from transforms.statements.consolidation import KONCERNEN
from transforms.statements.deviations import AVVIKELSE, AVVIKELSE_HELAR, AVVIKELSE_PERIOD
from transforms.statements.entered import column_of
from transforms.summation import result_of
from transforms.view_types import Kolumn, Mening, Sektion
from transforms.views.books.context import BooksContext
from transforms.views.books.goals import goal_table, sick_leave_table, staff_table
from transforms.views.books.namnder import enhet_tables
from transforms.views.books.tables import (
    amount_in_words,
    deficit_table,
    investment_table,
    noter_tables,
    nyckeltal_table,
    statement_table,
)
from transforms.views.context import tal

RR_AR = ("utfall", "budget", AVVIKELSE, "bokslut")
RR_DELAR = ("utfall", PERIODBUDGET, AVVIKELSE_PERIOD, "utfall_fg_ar", "budget", "prognos", AVVIKELSE_HELAR)
"""Source: RKR R17: the same period last year, the year's budget and prognos."""
BR = ("utfall", "bokslut")
BALANSKRAV_AR = ("utfall", "prognos", "bokslut", "bokslut_2")


def chapter(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    """The sections of one chapter, the chapter itself first; none when there is nothing to show."""
    build = _CHAPTERS.get(kapitel.kod, _written_only)
    sections = build(context, kapitel)
    return sections if any(_has_content(section) for section in sections) else ()


def _has_content(section: Boksektion) -> bool:
    return bool(
        section.texter or section.meningar or section.punkter or section.tabeller or section.kort or section.mal
    )


def _section(
    context: BooksContext,
    kapitel: Kapitel,
    *tables: Boktabell | None,
    sentences: tuple[Mening, ...] = (),
    points: tuple[Mening, ...] = (),
) -> tuple[Boksektion, ...]:
    text = context.texter.get(kapitel.kod)
    return (
        Boksektion(
            kapitel.kod,
            kapitel.rubrik,
            niva=3,
            meningar=sentences,
            punkter=points,
            tabeller=tuple(table for table in tables if table is not None),
            texter=() if text is None else (text,),
        ),
    )


def _written_only(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    return _section(context, kapitel)


def _overview(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    form = context.forms.get("fem_ar")
    table = None
    if form is not None and context.settings.fem_ar is not None:
        serier = tuple(s for s in context.settings.fem_ar.kolumner if context.is_used("fem_ar", s))
        table = statement_table(context, form, serier, id="fem-ar-tabell", rubrik="Fem år i sammandrag")
    return _section(context, kapitel, table if table and table.rader else None)


def _economy(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    return _section(context, kapitel, sentences=result_sentences(context))


def result_sentences(context: BooksContext) -> tuple[Mening, ...]:
    """The year's result in words: a verdict for the year, for the delår what is booked and what is expected."""
    result = _result(context, "utfall")
    if result is None or result.varde is None:
        return (context.wording.sentence("bok_resultat_saknas"),)
    said = [_booked(context, result)]
    said += _against_budget(context) if context.is_annual else _expected(context)
    return tuple(said)


def _against_budget(context: BooksContext) -> list[Mening]:
    deviation, sentence = _result(context, AVVIKELSE), context.wording.sentence
    if deviation is None or deviation.varde is None:
        return []
    if not deviation.varde:
        return [sentence("bok_mot_budget_noll")]
    shown = tal(deviation, context.unit, plus=True)
    return [sentence("bok_mot_budget", avvikelse=shown, enhet_belopp=context.unit)]


def _expected(context: BooksContext) -> list[Mening]:
    """The part of the year against its own budget, or that there is none; and what the year is expected to come to."""
    sentence, unit, said = context.wording.sentence, context.unit, list[Mening]()
    part, forecast, whole = (_result(context, serie) for serie in (AVVIKELSE_PERIOD, "prognos", AVVIKELSE_HELAR))
    if part is not None and part.varde is not None:
        shown = tal(part, unit, plus=True)
        said.append(sentence("bok_mot_periodbudget", avvikelse=shown, enhet_belopp=unit))
    elif _result(context, "budget") is not None:
        said.append(sentence("bok_utan_periodbudget"))
    if forecast is not None:
        said.append(sentence("bok_prognos", prognos=amount_in_words(forecast, unit), ar=str(context.period.year)))
    if whole is not None and whole.varde:
        said.append(sentence("bok_prognos_mot_budget", avvikelse=tal(whole, unit, plus=True), enhet_belopp=unit))
    return said


def _result(context: BooksContext, serie: str) -> Figure | None:
    return context.figure("resultatrakning", "arets_resultat", (serie, None))


def _booked(context: BooksContext, result: Figure) -> Mening:
    before = context.figure("resultatrakning", "arets_resultat", column_of("bokslut", context.period.year))
    shown, sentence = amount_in_words(result, context.unit), context.wording.sentence
    if not context.is_annual:
        return sentence("bok_resultat_delar", resultat=shown, period=context.period.text)
    if before is None or before.varde is None:
        return sentence("bok_resultat", resultat=shown, ar=str(context.period.year))
    return sentence(
        "bok_resultat_fg", resultat=shown, ar=str(context.period.year), fore=amount_in_words(before, context.unit),
        fg=str(context.period.year - 1),
    )  # fmt: skip


def _good_economy(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    """The entered goals, which are the finansiella where there is a målplan, and the plan's: måltavla, tree and each of fullmäktige's."""
    goals = context.malkapitel
    own = _section(context, kapitel, goal_table(context), nyckeltal_table(context))
    return own if goals is None else (*own, *(_as_chapter(section) for section in goals.sektioner))


def _as_chapter(section: Sektion) -> Boksektion:
    return Boksektion(
        section.id, section.rubrik, niva=3, meningar=section.meningar, punkter=section.punkter, mal=section.mal
    )


def _balanskrav(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    form = context.forms[BALANSKRAV]
    serier = context.columns(BALANSKRAV, BALANSKRAV_AR)
    if not context.is_annual:
        serier = tuple(serie for serie in serier if serie in ("prognos", "utfall"))
    table = statement_table(context, form, serier, id="balanskrav-tabell", rubrik="Balanskravsutredning")
    deficits = deficit_table(context) if context.is_annual else None
    return _section(context, kapitel, table if table.rader else None, deficits, sentences=balanskrav_sentences(context))


def balanskrav_sentences(context: BooksContext) -> tuple[Mening, ...]:
    """Whether balanskravet is met, what is left to restore, and how much may be reserved."""
    sentence, unit = context.wording.sentence, context.unit
    column = ("utfall", None) if context.is_annual else ("prognos", None)
    result = context.figure(BALANSKRAV, RESULTAT, column)
    if result is None or result.varde is None:
        return ()
    tense = "" if context.is_annual else "_delar"
    state = "uppfyllt" if result.varde >= 0 else "inte"
    said = [sentence(f"bok_balanskrav_{state}{tense}", resultat=amount_in_words(result, unit))]
    left = context.figure(BALANSKRAV, UB, column)
    if context.is_annual and left is not None and left.varde is not None:
        said.append(
            sentence("bok_underskott_inget")
            if not left.varde
            else sentence("bok_underskott_kvar", kvar=amount_in_words(left, unit))
        )
    limit = context.figure(BALANSKRAV, RESERV_HOGST, column)
    if limit is not None and limit.varde:
        said.append(sentence("bok_reserv", hogst=amount_in_words(limit, unit)))
    return tuple(said)


def _staff(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    return _section(context, kapitel, staff_table(context), sick_leave_table(context))


def _statement(
    matt: str, serier: tuple[str, ...], rubrik: str
) -> Callable[[BooksContext, Kapitel], tuple[Boksektion, ...]]:
    def build(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
        form = context.forms.get(matt)
        if form is None:
            return _section(context, kapitel)
        shown = context.columns(matt, serier if context.is_annual or serier is not RR_AR else RR_DELAR)
        table = statement_table(
            context, form, shown, id=f"{matt}-tabell", rubrik=f"{rubrik}, {context.settings.organisation}",
            on_day=matt == "balansrakning",
        )  # fmt: skip
        return _section(context, kapitel, table if table.rader else None)

    return build


def _group(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    """The koncern's statements, when they have been consolidated; beside them last year's, where those are entered."""
    tables = []
    for matt, rubrik in (
        ("resultatrakning", "Resultaträkning"), ("balansrakning", "Balansräkning"), ("kassaflode", "Kassaflödesanalys"),
    ):  # fmt: skip
        if context.is_used(matt, "utfall", KONCERNEN):
            form = with_tax(context.forms[matt]) if matt == "resultatrakning" else context.forms[matt]
            serier = tuple(serie for serie in BR if context.is_used(matt, serie, KONCERNEN))
            table = statement_table(
                context, form, serier, id=f"koncern-{matt}-tabell",
                rubrik=f"{rubrik}, den kommunala koncernen", enhet=KONCERNEN, on_day=matt == "balansrakning",
            )  # fmt: skip
            tables.append(table)
    return _section(context, kapitel, *tables)


def _noter(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    """The head of the noter, then a section for each: written ones first, in the order of their numbers."""
    sections = list(_section(context, kapitel))
    tables = {id: (heading, table) for id, heading, table in noter_tables(context)}
    for note in sorted(context.settings.noter, key=lambda note: note.nummer):
        id = f"not-{note.kod}"
        heading, table = tables.get(id, (f"Not {note.nummer} {note.rubrik}", None))
        text = context.texter.get(id)
        if table is not None or text is not None:
            sections.append(
                Boksektion(
                    id,
                    heading,
                    niva=3,
                    tabeller=() if table is None else (table,),
                    texter=() if text is None else (text,),
                )
            )
    return tuple(sections)


def _investments(context: BooksContext, kapitel: Kapitel) -> tuple[Boksektion, ...]:
    table = investment_table(context)
    spent = context.figure("kassaflode", "investeringar", ("utfall", None))
    none = spent is not None and spent.varde == 0
    said = (context.wording.sentence("bok_inga_investeringar"),) if table is None and none else ()
    return _section(context, kapitel, table, sentences=said)


_CHAPTERS: Mapping[str, Callable[[BooksContext, Kapitel], tuple[Boksektion, ...]]] = {
    "oversikt": _overview,
    "forhallanden": _economy,
    "hushallning": _good_economy,
    "balanskrav": _balanskrav,
    "personal": _staff,
    "resultatrakning": _statement("resultatrakning", RR_AR, "Resultaträkning"),
    "balansrakning": _statement("balansrakning", BR, "Balansräkning"),
    "kassaflode": _statement("kassaflode", BR, "Kassaflödesanalys"),
    "driftredovisning": _statement("driftredovisning", RR_AR, "Driftredovisning"),
    "koncern": _group,
    "noter": _noter,
    "investeringar": _investments,
}


def namnd_sections(context: BooksContext) -> tuple[Boksektion, ...]:
    """One section per nämnd: its written text, how its enheter ended against budget, and each enhet's own tables; none when no month is
    closed."""
    if context.namnder is None:
        return ()
    sections = []
    for namnd in context.kommun.namnder:
        text = context.texter.get(f"namnd-{namnd.kod.lower()}")
        table = _namnd_table(context, namnd.kod)
        if text is not None or table is not None:
            own = [
                one
                for kod in namnd.enheter
                for one in enhet_tables(context, context.namnder, context.kommun.enhet(kod))
            ]
            sections.append(
                Boksektion(
                    f"namnd-{namnd.kod.lower()}", namnd.namn, niva=3, texter=() if text is None else (text,),
                    tabeller=(*(() if table is None else (table,)), *own),
                )
            )  # fmt: skip
    return tuple(sections)


_NAMND_YEAR = {"budget": "Budget", "utfall": "Utfall", "avvikelse_period": "Avvikelse"}
_NAMND_PART = {
    "budget": "Budget helår",
    "utfall": "Utfall perioden",
    "prognos": "Prognos helår",
    "avvikelse_helar": "Avvikelse helår",
}


def _namnd_table(context: BooksContext, kod: str) -> Boktabell | None:
    """The result of a nämnd's enheter as the month's closing has them: the year's utfall against budget, of a part the prognos too.

    A year whose closing has no avvikelse of the period is shown as a part is.
    """
    namnd, figures = context.kommun.namnd(kod), context.namnder
    if figures is None:
        return None
    enheter = [context.kommun.enhet(one) for one in namnd.enheter]

    def found(serie: str) -> list[Figure | None]:
        return [result_of(figures, enhet, "drift", serie, context.kommun) for enhet in enheter]

    is_whole = context.is_annual and any(figure is not None for figure in found("avvikelse_period"))
    words = _NAMND_YEAR if is_whole else _NAMND_PART
    columns = {serie: found(serie) for serie in words}
    rows = []
    for place, enhet in enumerate(enheter):
        own = [(serie, column[place]) for serie, column in columns.items()]
        if any(figure is not None and figure.varde is not None for _, figure in own):
            cells = tuple(tal(f, context.unit, plus=serie.startswith("avvikelse")) for serie, f in own)
            rows.append(Bokrad(enhet.namn, cells))
    if not rows:
        return None
    return Boktabell(
        id=f"namnd-{kod.lower()}-tabell",
        rubrik=f"Driftens resultat, {namnd.namn}",
        enhet=context.unit,
        teckenregel=DRIFT.sign_rule("avvikelse_period" if is_whole else "avvikelse_helar"),
        radrubrik="Enhet",
        kolumner=tuple(Kolumn(serie, word) for serie, word in words.items()),
        rader=tuple(rows),
    )
