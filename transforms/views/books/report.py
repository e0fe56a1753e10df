"""Delårsrapport and årsredovisning: cover, the year in short, the chapters in their order, and how the report has been checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from data_contracts.bokslutsregler import Del, Kapitel
from transforms.belopp import belopp_text
from transforms.book_types import Avstamningspost, Bok, Boksektion, Kravpost, Omslag
from transforms.figures import Figure
from transforms.ledger.reconciliation import Avstamningsrad, Utfall
from transforms.statements.balance_requirement import BALANSKRAV, RESULTAT
from transforms.statements.closing import AVVIKELSE
from transforms.statements.key_ratios import NYCKELTAL
from transforms.statements.requirements import judge_requirements, open_requirements
from transforms.view_types import Mening, Nyckeltal, Tal, Underlag
from transforms.views.books.charts import equity_chart, result_chart
from transforms.views.books.context import ARSREDOVISNING, BooksContext
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
        period_text=str(context.period.year) if context.is_annual else f"januari\u2013{context.period.text}",
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
        else f"Januari\u2013{context.period.text}",
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
    charts = (result_chart(context), equity_chart(context)) if context.is_annual else ()
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
    known = [goal for goal in context.mal if goal.bedomning]
    met, of = sum(goal.bedomning == "uppnatt" for goal in known), len(known)
    if context.malkapitel is not None:
        met, of = context.malkapitel.uppfyllda, context.malkapitel.antal
    if not of:
        return ()
    name = "bok_mal" if context.is_annual else "bok_mal_delar"
    return (context.wording.sentence(name, antal=str(met), alla=str(of)),)


def _cards(context: BooksContext) -> list[Nyckeltal]:
    """Four key figures: the result, balanskravsresultat, income, and soliditet where the statements give it."""
    cards = []
    column = "utfall"
    for matt, rad, namn in (
        ("resultatrakning", "arets_resultat", "Årets resultat" if context.is_annual else "Periodens resultat"),
        (BALANSKRAV, RESULTAT, "Balanskravsresultat"),
        ("resultatrakning", "intakter", "Verksamhetens intäkter"),
    ):
        figure = context.figure(matt, rad, (column, None))
        if figure is not None:
            cards.append(_card(context, namn, figure, matt, rad))
    soliditet = context.figure(NYCKELTAL, "soliditet", (column, None))
    if soliditet is not None and soliditet.varde is not None:
        before = context.figure(NYCKELTAL, "soliditet", ("bokslut", context.period.year - 1))
        cards.append(
            Nyckeltal(
                "Soliditet", tal(soliditet, context.unit), "procent", _compared(context, before, "procent"), Mening(())
            )
        )
    return cards


def _card(context: BooksContext, namn: str, figure: Figure, matt: str, rad: str) -> Nyckeltal:
    before = context.figure(matt, rad, ("bokslut", context.period.year - 1))
    deviation = context.figure(matt, rad, (AVVIKELSE, None))
    lage, text = "neutral", ""
    if rad in ("arets_resultat", RESULTAT) and figure.varde is not None:
        lage = "plus" if figure.varde > 0 else "minus" if figure.varde < 0 else "noll"
        text = {"plus": "överskott", "minus": "underskott", "noll": "noll"}[lage]
    sentence = Mening(())
    if deviation is not None and deviation.varde is not None:
        sentence = context.wording.sentence(
            "bok_kort_budget", avvikelse=tal(deviation, context.unit, plus=True), enhet_belopp=context.unit
        )
    return Nyckeltal(
        namn, tal(figure, context.unit), context.unit, _compared(context, before, context.unit), sentence, lage, text
    )


def _compared(context: BooksContext, before: Figure | None, unit: str) -> str:
    if before is None or before.varde is None:
        return ""
    shown: Tal = tal(before, context.unit)
    return f"{context.period.year - 1}: {shown.text}\u00a0{unit}"


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
        kolumn=str(year) if year is not None else context.heading(serie) if serie else context.period.text,
        vanster=_amount(check.vanster, unit),
        hoger=_amount(check.hoger, unit),
        skillnad=_amount(check.differens, unit),
        lage=lage,
        lage_text=text,
        referens=check.referens,
        skal="" if accepted is None else f"{accepted.skal} ({accepted.roll}, {accepted.tid[:10]})",
    )


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
            namn="Bokslut" if not retur.forvaltning else retur.forvaltning,
            fil=retur.fil,
            mottagen=retur.mottagen,
            version=str(retur.version),
            sha256=retur.sha256,
            status="godkänd" if retur.status == "godkand" else retur.status,
        )
        for retur in context.underlag
    )
