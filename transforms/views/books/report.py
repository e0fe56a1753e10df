"""Delårsrapport and årsredovisning: cover, the year in short, the chapters in their order, and how the report has been checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from data_contracts.bokslutsregler import ARSREDOVISNING, Del, Kapitel
from transforms.belopp import belopp_text
from transforms.book_types import Avstamningspost, Bok, Boksektion, Kravpost, Omslag
from transforms.figures import Figure
from transforms.ledger.reconciliation import Avstamningsrad, Utfall
from transforms.period import Period
from transforms.statements.balance_requirement import BALANSKRAV, RESULTAT
from transforms.statements.deviations import AVVIKELSE, AVVIKELSE_HELAR, AVVIKELSE_PERIOD
from transforms.statements.entered import column_of
from transforms.statements.key_ratios import NYCKELTAL
from transforms.statements.requirements import judge_requirements, open_requirements
from transforms.view_types import Mening, Nyckeltal, Underlag
from transforms.views.books.charts import equity_chart, namnd_chart, result_chart
from transforms.views.books.context import BooksContext
from transforms.views.books.goals import goals_named
from transforms.views.books.sections import balanskrav_sentences, chapter, namnd_sections, result_sentences
from transforms.views.context import tal
from transforms.views.trail import build_trails, shown_figures

TITLES = {ARSREDOVISNING: "Årsredovisning", "delarsrapport": "Delårsrapport"}

EarlierFigure = Callable[[str], Figure | None]


def build_book(context: BooksContext, earlier: EarlierFigure) -> Bok:
    """The whole report as one view."""
    parts = next(rapport.delar for rapport in context.regler.rapporter if rapport.kod == context.rapport)
    sections = [section for part in parts for section in _part(context, part)]
    requirements = judge_requirements(
        context.regler.krav, context.regler.noter, context.rapport, sections, context.books.figures,
        context.settings.uppgifter, context.godtaganden,
    )  # fmt: skip
    sections = [_with_requirements(context, section, requirements) for section in sections]
    title = f"{TITLES[context.rapport]} {context.period.year}"
    cards = _cards(context)
    return Bok(
        id=f"{context.rapport}-{context.period if not context.is_annual else context.period.year}",
        kod=context.rapport.upper(),
        slag=TITLES[context.rapport],
        kommun=context.kommun.namn,
        namn=context.kommun.namn,
        period_text=str(context.period.year) if context.is_annual else context.period.span_text,
        titel=f"{context.kommun.namn}: {title.lower()}",
        marke=context.kommun.marke,
        accentfarg=context.kommun.profil.accentfarg,
        nyckeltal=(),
        sektioner=tuple(sections),
        spar=build_trails(
            shown_figures(cards, sections), context.books.figures, context.kommun, _looked_up(context, earlier), {}
        ),
        underlag_tid=max(
            (retur.mottagen_iso for retur in context.underlag),
            default=f"{context.period.last_day.isoformat()}T00:00:00+00:00",
        ),
        omslag=_cover(context, title),
    )


def _looked_up(context: BooksContext, earlier: EarlierFigure) -> EarlierFigure:
    """Figures of the goals as they may be published, before those of other closings."""
    goals = context.malkapitel
    return earlier if goals is None else lambda figure_id: goals.figures.by_id(figure_id) or earlier(figure_id)


def _cover(context: BooksContext, title: str) -> Omslag:
    decided = "bok_omslag_ar" if context.is_annual else "bok_omslag_delar"
    return Omslag(
        rubrik=title,
        organisation=context.kommun.namn,
        period=f"1 januari\u201331 december {context.period.year}"
        if context.is_annual
        else context.period.span_text.capitalize(),
        ledord=context.settings.ledord,
        beslut=context.wording.sentence(decided, organ=context.settings.beslutande).text,
    )


def _part(context: BooksContext, part: Del) -> list[Boksektion]:
    """A part: its heading on a new page, and its chapters; nothing when none of them has content."""
    if part.kod == "korthet":
        return [_in_short(context, part)]
    if part.kod == "namnderna":
        chapters = list(namnd_sections(context))
    elif part.kod == "kontroll":
        chapters = _control(context, part.kapitel)
    else:
        order = {kod: place for place, kod in enumerate(context.settings.kapitel)}
        listed = sorted(part.kapitel, key=lambda kapitel: order.get(kapitel.kod, -1)) if order else part.kapitel
        chapters = [section for kapitel in listed for section in chapter(context, kapitel)]
    if not chapters:
        return []
    return [Boksektion(part.kod, part.rubrik, niva=2, ny_sida=True), *chapters]


def _in_short(context: BooksContext, part: Del) -> Boksektion:
    points = (*result_sentences(context), *balanskrav_sentences(context), *_goal_sentences(context))
    charts = (namnd_chart(context), *((result_chart(context), equity_chart(context)) if context.is_annual else ()))
    text = context.texter.get(part.kod)
    return Boksektion(
        part.kod,
        part.rubrik,
        niva=2,
        punkter=points,
        diagram=tuple(chart for chart in charts if chart is not None),
        texter=() if text is None else (text,),
        kort=tuple(_cards(context)),
        ny_sida=True,
    )


def _goal_sentences(context: BooksContext) -> tuple[Mening, ...]:
    """How many goals are met, or expected to be: the målplan's, and those entered in the workbook."""
    planned, known = context.malkapitel, [goal for goal in context.own_goals if goal.bedomning]
    counted = [(goals_named(context).lower(), sum(goal.bedomning == "uppnatt" for goal in known), len(known))]
    if planned is not None:
        counted.insert(0, ("mål", planned.uppfyllda, planned.antal))
    name = "bok_mal" if context.is_annual else "bok_mal_delar"
    return tuple(
        context.wording.sentence(name, antal=str(met), alla=str(of), slag=slag) for slag, met, of in counted if of
    )


def _cards(context: BooksContext) -> list[Nyckeltal]:
    """Four or five key figures, each beside what it can be compared with; soliditet where the statements give it.

    A part of the year is compared with the same part: of last year, and of the budget where it is spread over the months. The year's
    budget is compared with the year's prognos.
    """
    made = _annual_cards(context) if context.is_annual else _interim_cards(context)
    return [card for card in (*made, _solidity_card(context)) if card is not None]


_RESULT, _INCOME = ("resultatrakning", "arets_resultat"), ("resultatrakning", "intakter")


def _annual_cards(context: BooksContext) -> tuple[Nyckeltal | None, ...]:
    against = ("utfall", "bok_kort_budget", AVVIKELSE)
    return (
        _card(context, "Årets resultat", _RESULT, *against),
        _card(context, "Balanskravsresultat", (BALANSKRAV, RESULTAT), *against),
        _card(context, "Verksamhetens intäkter", _INCOME, *against),
    )


def _interim_cards(context: BooksContext) -> tuple[Nyckeltal | None, ...]:
    part = ("utfall", "bok_kort_period", AVVIKELSE_PERIOD)
    whole = ("prognos", "bok_kort_prognos", AVVIKELSE_HELAR)
    return (
        _card(context, f"Resultat {context.period.short_span_text}", _RESULT, *part),
        _card(context, f"Resultat helår {context.period.year}, prognos", _RESULT, *whole),
        _card(context, f"Balanskravsresultat helår {context.period.year}, prognos", (BALANSKRAV, RESULTAT), *whole),
        _card(context, f"Verksamhetens intäkter {context.period.short_span_text}", _INCOME, *part),
    )


def _solidity_card(context: BooksContext) -> Nyckeltal | None:
    figure = context.figure(NYCKELTAL, "soliditet", ("utfall", None))
    if figure is None or figure.varde is None:
        return None
    compared = _compared(context, NYCKELTAL, "soliditet", "bokslut", "procent", on_day=True)
    name = "Soliditet" if context.is_annual else f"Soliditet {context.period.short_last_day_text}"
    return Nyckeltal(name, tal(figure, context.unit), "procent", compared, Mening(()))


def _card(
    context: BooksContext, namn: str, row: tuple[str, str], serie: str, sentence: str, avvikelse: str
) -> Nyckeltal | None:
    """One row in one column, beside last year's, with its avvikelse in a sentence where there is one."""
    figure = context.figure(*row, (serie, None))
    if figure is None:
        return None
    deviation, said = context.figure(*row, (avvikelse, None)), Mening(())
    if deviation is not None and deviation.varde is not None:
        shown = tal(deviation, context.unit, plus=True)
        said = context.wording.sentence(sentence, avvikelse=shown, enhet_belopp=context.unit)
    lage, text = "neutral", ""
    if row[1] in ("arets_resultat", RESULTAT) and figure.varde is not None:
        lage = "plus" if figure.varde > 0 else "minus" if figure.varde < 0 else "noll"
        text = {"plus": "överskott", "minus": "underskott", "noll": "noll"}[lage]
    before = "utfall_fg_ar" if serie == "utfall" and not context.is_annual else "bokslut"
    compared = _compared(context, *row, before, context.unit)
    return Nyckeltal(namn, tal(figure, context.unit), context.unit, compared, said, lage, text)


def _compared(context: BooksContext, matt: str, rad: str, serie: str, unit: str, *, on_day: bool = False) -> str:
    """Last year's in words: '2024: 5 013 tkr', 'jan–aug 2025: 3 100 tkr', '31 dec 2025: 41,2 procent'; nothing when there is none."""
    before = context.figure(matt, rad, column_of(serie, context.period.year))
    if before is None or before.varde is None:
        return ""
    year = context.period.year - 1
    named = str(year)
    if serie == "utfall_fg_ar":
        named = Period(year, context.period.month).short_span_text
    elif on_day and not context.is_annual:
        named = Period(year, 12).short_last_day_text
    return f"{named}: {tal(before, context.unit).text}\u00a0{unit}"


def _control(context: BooksContext, kapitel: Iterable[Kapitel]) -> list[Boksektion]:
    """How the report has been checked: comparisons, requirements (filled in last) and what it stands on."""
    built = {
        "avstamning": lambda chapter: Boksektion(
            chapter.kod, chapter.rubrik, niva=3, meningar=(context.wording.sentence("bok_avstamning"),),
            avstamning=tuple(_compared_post(context, one) for one in context.avstamningar),
        ),
        "kravlista": lambda chapter: Boksektion(chapter.kod, chapter.rubrik, niva=3),
        "underlag": lambda chapter: Boksektion(chapter.kod, chapter.rubrik, niva=3, underlag=_sources(context)),
    }  # fmt: skip
    return [built[chapter.kod](chapter) for chapter in kapitel if chapter.kod in built]


_JUDGED = {
    Utfall.STAMMER: ("stammer", "Stämmer"),
    Utfall.INOM_TOLERANS: ("avrundning", "Inom tolerans"),
    Utfall.ACCEPTERAD: ("godtagen", "Skiljer sig, godtaget"),
    Utfall.AVVIKER: ("skiljer", "Skiljer sig"),
    Utfall.SAKNAS: ("saknas", "Uppgift saknas"),
}


def _compared_post(context: BooksContext, row: Avstamningsrad) -> Avstamningspost:
    check, unit, accepted = row.kontroll, context.unit, row.acceptans
    lage, text = _JUDGED[row.utfall]
    serie, year = context.compared_columns.get(check.id, ("", None))
    return Avstamningspost(
        id=check.id,
        namn=check.namn,
        kolumn=str(year) if year is not None else _compared_column(context, serie),
        vanster=_amount(check.vanster, unit),
        hoger=_amount(check.hoger, unit),
        skillnad=_amount(check.differens, unit),
        lage=lage,
        lage_text=text,
        referens=check.referens,
        skal="" if accepted is None else f"{accepted.skal} ({accepted.roll}, {accepted.tid[:10]})",
    )


def _compared_column(context: BooksContext, serie: str) -> str:
    """A column in the narrow column of the matrix; '' is the ledger's own, what has moved up to the period."""
    if context.is_annual:
        return context.heading(serie) if serie else context.period.text
    return context.period.short_span_text if serie in ("", "utfall") else context.heading(serie)


def _amount(ore: int | None, unit: str) -> str:
    return "uppgift saknas" if ore is None else belopp_text(ore, unit)


def _with_requirements(context: BooksContext, section: Boksektion, krav: Sequence[Kravpost]) -> Boksektion:
    if section.id != "kravlista":
        return section
    missing = len(open_requirements(krav))
    name = "bok_krav_saknas" if missing else "bok_krav_alla"
    said = context.wording.sentence(name, **({"antal": str(missing)} if missing else {}))
    return Boksektion(section.id, section.rubrik, niva=3, meningar=(said,), krav=tuple(krav))


def _sources(context: BooksContext) -> tuple[Underlag, ...]:
    return tuple(
        Underlag(
            namn=retur.forvaltning,
            fil=retur.fil,
            mottagen=retur.mottagen,
            version=str(retur.version),
            sha256=retur.sha256,
            status="godkänd" if retur.status == "godkand" else retur.status,
        )
        for retur in context.underlag
    )
