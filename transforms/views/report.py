"""The two month reports: one per nämnd, one for the whole kommun. Each function reads as the report's table of contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from data_contracts.kommun import Enhet, Namnd
from transforms.figures import KOMMUNEN, RESULTAT, SKATT, Figure
from transforms.matt import DRIFT, INVESTERING
from transforms.view_types import Avvikelsepost, Kommentar, Mening, Nyckeltal, Rapport, Sektion, Tabell, Tal
from transforms.views.closing_sections import closing_sections
from transforms.views.context import ReportContext
from transforms.views.deviation_cases import register_sections
from transforms.views.deviations import avvikelser_of, avvikelser_of_kommun, general_comments
from transforms.views.follow_up import follow_up_sections
from transforms.views.forecasts import forecast_sections, kommun_forecast_sections
from transforms.views.goals import goal_sections
from transforms.views.internal_control import internal_control_sections
from transforms.views.kolada import kolada_sections
from transforms.views.personal import personal_sections
from transforms.views.pictures import avvikelse_charts, budget_charts, investering_chart, namnd_chart, summary_charts
from transforms.views.summary import (
    count_sentences,
    drift_card,
    drift_sentences,
    group_card,
    investering_card,
    investering_sentence,
    kommun_sentences,
    missing_return_sentences,
)
from transforms.views.tables import (
    drift_tables,
    investering_tables,
    kommun_table,
    kommun_volym_tables,
    verksamhet_tables,
    volym_tables,
)
from transforms.views.trail import build_trails, shown_figures

FILNAMN = {"Månadsrapport": "manadsrapport", "Resultatdialog": "resultatdialog", "Kort om läget": "kort-om-laget"}
"""What each kind of report is called in its files' names."""
EarlierFigure = Callable[[str], Figure | None]


def build_namnd_report(context: ReportContext, namnd: Namnd, earlier: EarlierFigure) -> Rapport:
    """Månadsrapport of one nämnd: its enheter's drift, investeringar and volymer, avvikelser, gaps, method and underlag."""
    enheter = [context.kommun.enhet(kod) for kod in namnd.enheter]
    unit = namnd.rapportenhet
    posts = tuple(post for enhet in enheter for post in avvikelser_of(context, enhet, unit))
    sections: list[Sektion] = [_namnd_summary(context, enheter, posts, unit)]
    for enhet in enheter:
        sections.extend(_enhet_sections(context, enhet, unit, several=len(enheter) > 1))
    sections.extend(forecast_sections(context, namnd))
    sections.append(_volymer(context, enheter, [table for enhet in enheter for table in volym_tables(context, enhet)]))
    sections.extend(follow_up_sections(context, enheter))
    sections.extend(personal_sections(context, namnd))
    sections.extend(internal_control_sections(context, enheter))
    sections.extend(kolada_sections(context, namnd.kod))
    sections.extend(goal_sections(context, enheter, unit))
    sections.extend(closing_sections(context, enheter, posts, register_sections(context, enheter, unit, kommun=False)))
    cards = [drift_card(context, enhet, unit) for enhet in enheter]
    cards.extend(card for enhet in enheter if (card := investering_card(context, enhet, unit)) is not None)
    newest = newest_input_of(context, enheter)
    return assemble(context, (namnd.kod, namnd.namn, "titel_namnd"), newest, cards[:6], sections, earlier)


def build_kommun_report(context: ReportContext, earlier: EarlierFigure) -> Rapport:
    """Månadsrapport of the whole kommun: result and investeringar per nämnd, and every avvikelse over the limit.

    Where no enhet has investeringar there is nothing about them.
    """
    kommun, unit = context.kommun, context.kommun.kommun_rapportenhet
    enheter = list(kommun.enheter)
    posts = avvikelser_of_kommun(context, unit)
    invests = context.figures.get(KOMMUNEN, INVESTERING.kod, RESULTAT, "prognos") is not None
    cards = [
        group_card(context, KOMMUNEN, DRIFT, "Kommunens resultat", unit),
        group_card(context, SKATT, DRIFT, "Skattefinansierad verksamhet", unit),
        *([group_card(context, KOMMUNEN, INVESTERING, "Investeringar", unit)] if invests else []),
        _returns_card(context),
    ]
    sections = [
        _kommun_summary(context, posts, unit),
        _kommun_drift(context, unit),
        *([_kommun_investeringar(context, unit)] if invests else []),
        *kommun_forecast_sections(context, unit),
        _volymer(context, enheter, kommun_volym_tables(context)),
        *follow_up_sections(context, enheter),
        *personal_sections(context, None),
        *internal_control_sections(context, enheter),
        *kolada_sections(context, None),
        *goal_sections(context, None, unit),
        *closing_sections(
            context,
            enheter,
            posts,
            register_sections(context, enheter, unit, kommun=True),
            context.wording.sentence("rader_i_namndernas"),
        ),
    ]
    newest = newest_input_of(context, enheter)
    return assemble(context, ("", kommun.namn, "titel_kommun"), newest, cards, sections, earlier)


def newest_input_of(context: ReportContext, enheter: Sequence[Enhet]) -> str:
    """When the newest of the returns that a report stands on was received; the period's last day when there is none."""
    received = (retur.mottagen_iso for retur in context.returns_of(enheter))
    return max(received, default=f"{context.period.last_day.isoformat()}T00:00:00+00:00")


def assemble(
    context: ReportContext,
    subject: tuple[str, str, str],
    newest_input: str,
    cards: Sequence[Nyckeltal],
    sections: Sequence[Sektion],
    earlier: EarlierFigure,
    slag: str = "Månadsrapport",
) -> Rapport:
    """The whole report. ``subject``: code ('' for the kommun), name and the wording of the title."""
    kommun, period, (kod, namn, title) = context.kommun, context.period, subject
    shown = shown_figures(cards, sections)
    return Rapport(
        id=f"{FILNAMN[slag]}-{period}-{(kod or 'kommunen').lower()}",
        kod=kod,
        slag=slag,
        kommun=kommun.namn,
        namn=namn,
        period_text=period.text,
        titel=context.wording.sentence(title, namn=namn, period=period.text).text,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        nyckeltal=tuple(cards),
        sektioner=tuple(sections),
        spar=build_trails(shown, context.figures, kommun, earlier, context.trails),
        underlag_tid=newest_input,
    )


def _namnd_summary(
    context: ReportContext, enheter: Sequence[Enhet], posts: Sequence[Avvikelsepost], unit: str
) -> Sektion:
    sentences: list[Mening] = [*missing_return_sentences(context, enheter)]
    for enhet in enheter:
        sentences.extend(drift_sentences(context, enhet, unit))
    for enhet in enheter:
        invest = investering_sentence(context, enhet, unit)
        if invest is not None:
            sentences.append(invest)
    sentences.extend(count_sentences(context, enheter, posts))
    return Sektion(
        "sammanfattning",
        context.wording.text("rubrik_sammanfattning"),
        punkter=tuple(sentences),
        diagram=summary_charts(context, enheter, unit),
    )


def _kommun_summary(context: ReportContext, posts: Sequence[Avvikelsepost], unit: str) -> Sektion:
    enheter = list(context.kommun.enheter)
    sentences = [
        *missing_return_sentences(context, enheter),
        *kommun_sentences(context, unit),
        *count_sentences(context, enheter, posts),
    ]
    return Sektion(
        "sammanfattning",
        context.wording.text("rubrik_sammanfattning"),
        punkter=tuple(sentences),
        diagram=(namnd_chart(context, unit),),
    )


def _enhet_sections(context: ReportContext, enhet: Enhet, unit: str, *, several: bool) -> list[Sektion]:
    """Drift, drift per verksamhet and investeringar of one enhet."""
    suffix = f": {enhet.namn}" if several else ""
    kod = enhet.kod.lower()
    tables = drift_tables(context, enhet, unit)
    sections = [
        Sektion(
            f"drift-{kod}",
            context.wording.text("rubrik_drift") + suffix,
            meningar=drift_sentences(context, enhet, unit),
            diagram=(
                *(avvikelse_charts(context, enhet, unit) if several else ()),
                *budget_charts(context, enhet, unit),
            ),
            tabeller=tables,
            kommentarer=general_comments(context, enhet, "drift"),
        )
    ]
    if per_verksamhet := verksamhet_tables(context, enhet, unit):
        sections.append(
            Sektion(f"verksamhet-{kod}", context.wording.text("rubrik_verksamhet") + suffix, tabeller=per_verksamhet)
        )
    sentence = investering_sentence(context, enhet, unit)
    sections.append(
        Sektion(
            f"investeringar-{kod}",
            context.wording.text("rubrik_investeringar") + suffix,
            meningar=(sentence,)
            if sentence is not None
            else (Mening((enhet.investeringar_not,)),)
            if enhet.investeringar_not
            else (),
            tabeller=investering_tables(context, enhet, unit),
            kommentarer=general_comments(context, enhet, "investeringar"),
        )
    )
    return [section for section in sections if section.tabeller or section.meningar or section.kommentarer]


def _kommun_drift(context: ReportContext, unit: str) -> Sektion:
    return Sektion(
        "drift",
        context.wording.text("rubrik_drift"),
        tabeller=(kommun_table(context, DRIFT, unit),),
    )


def _kommun_investeringar(context: ReportContext, unit: str) -> Sektion:
    return Sektion(
        "investeringar",
        context.wording.text("rubrik_investeringar"),
        diagram=(investering_chart(context, unit),),
        tabeller=(kommun_table(context, INVESTERING, unit),),
    )


def _named(enhet: Enhet, comments: Sequence[Kommentar]) -> tuple[Kommentar, ...]:
    return tuple(Kommentar(enhet.namn, comment.orsak, comment.atgard) for comment in comments)


def _returns_card(context: ReportContext) -> Nyckeltal:
    """Card: how many of the förvaltningar have an accepted return in the closing."""
    alla = len(context.kommun.forvaltningar)
    with_return = sum(
        context.has_return(context.kommun.enhet(forvaltning.enheter[0])) for forvaltning in context.kommun.forvaltningar
    )
    state = "noll" if with_return == alla else "saknas"
    text = "alla har lämnat" if with_return == alla else f"{alla - with_return} saknas"
    return Nyckeltal(
        "Godkända returer",
        Tal(f"{with_return} av {alla}"),
        "",
        "av kommunens förvaltningar",
        Mening((f"{with_return} av {alla} förvaltningar har lämnat en godkänd retur.",)),
        state,
        text,
    )


def _volymer(context: ReportContext, enheter: Sequence[Enhet], tables: Sequence[Tabell]) -> Sektion:
    comments = tuple(c for enhet in enheter for c in _named(enhet, general_comments(context, enhet, "volymer")))
    text = () if tables else (context.wording.sentence("volymer_inga"),)
    return Sektion(
        "volymer", context.wording.text("rubrik_volymer"), meningar=text, tabeller=tuple(tables), kommentarer=comments
    )
