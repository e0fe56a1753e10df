"""The two month reports: one per nämnd, one for the whole kommun. Each function reads as the report's table of contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from data_contracts.kommun import Enhet, Namnd
from transforms.belopp import procent_text
from transforms.charts import ChartRow, PairRow, avvikelse_chart, budget_prognos_chart
from transforms.figures import KOMMUNEN, SKATT, Figure
from transforms.matt import DRIFT, INVESTERING, MATT
from transforms.summation import result_of
from transforms.view_types import Diagram, Kommentar, Mening, Nyckeltal, Rapport, Sektion, Tabell, Tal, Underlag
from transforms.views.context import ReportContext, tal
from transforms.views.deviations import avvikelser_of, entered_rows, general_comments
from transforms.views.gaps import gap_sentences
from transforms.views.summary import (
    count_sentences,
    drift_card,
    drift_sentences,
    group_card,
    investering_card,
    investering_sentence,
    is_settled,
    kommun_sentences,
    missing_return_sentences,
)
from transforms.views.tables import drift_tables, investering_tables, kommun_table, verksamhet_tables, volym_tables
from transforms.views.trail import build_trails, shown_figures

EarlierFigure = Callable[[str], Figure | None]


def build_namnd_report(context: ReportContext, namnd: Namnd, earlier: EarlierFigure) -> Rapport:
    """Månadsrapport of one nämnd: its enheter's drift, investeringar and volymer, avvikelser, gaps, method and underlag."""
    enheter = [context.kommun.enhet(kod) for kod in namnd.enheter]
    unit = namnd.rapportenhet
    sections: list[Sektion] = [_namnd_summary(context, enheter, unit)]
    for enhet in enheter:
        sections.extend(_enhet_sections(context, enhet, unit, several=len(enheter) > 1))
    sections.append(_volymer(context, enheter))
    sections.extend(_closing_sections(context, enheter, unit))
    cards = [drift_card(context, enhet, unit) for enhet in enheter]
    cards.extend(card for enhet in enheter if (card := investering_card(context, enhet, unit)) is not None)
    return _report(context, namnd.kod, namnd.namn, "titel_namnd", cards[:6], sections, earlier)


def build_kommun_report(context: ReportContext, earlier: EarlierFigure) -> Rapport:
    """Månadsrapport of the whole kommun: result and investeringar per nämnd, and every avvikelse over the limit."""
    kommun, unit = context.kommun, context.kommun.kommun_rapportenhet
    enheter = list(kommun.enheter)
    cards = [
        group_card(context, KOMMUNEN, DRIFT, "Kommunens resultat", unit),
        group_card(context, SKATT, DRIFT, "Skattefinansierad verksamhet", unit),
        group_card(context, KOMMUNEN, INVESTERING, "Investeringar", unit),
        _returns_card(context),
    ]
    sections = [
        _kommun_summary(context, unit),
        _kommun_drift(context, unit),
        _kommun_investeringar(context, unit),
        _volymer(context, enheter),
        *_closing_sections(context, enheter, unit),
    ]
    return _report(context, "", kommun.namn, "titel_kommun", cards, sections, earlier)


def _report(
    context: ReportContext,
    kod: str,
    namn: str,
    title: str,
    cards: Sequence[Nyckeltal],
    sections: Sequence[Sektion],
    earlier: EarlierFigure,
) -> Rapport:
    kommun, period = context.kommun, context.period
    shown = shown_figures(cards, sections)
    return Rapport(
        id=f"manadsrapport-{period}-{(kod or 'kommunen').lower()}",
        kod=kod,
        slag="Månadsrapport",
        kommun=kommun.namn,
        namn=namn,
        period_text=period.text,
        titel=context.wording.sentence(title, namn=namn, period=period.text).text,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        nyckeltal=tuple(cards),
        sektioner=tuple(sections),
        spar=build_trails(shown, context.figures, kommun, earlier),
        underlag_tid=max(
            (retur.mottagen_iso for retur in context.returer), default=f"{period.last_day.isoformat()}T00:00:00+00:00"
        ),
    )


def _namnd_summary(context: ReportContext, enheter: Sequence[Enhet], unit: str) -> Sektion:
    sentences: list[Mening] = [*missing_return_sentences(context, enheter)]
    for enhet in enheter:
        sentences.extend(drift_sentences(context, enhet, unit))
    for enhet in enheter:
        invest = investering_sentence(context, enhet, unit)
        if invest is not None:
            sentences.append(invest)
    posts = [post for enhet in enheter for post in avvikelser_of(context, enhet, unit)]
    sentences.extend(count_sentences(context, posts))
    return Sektion("sammanfattning", context.wording.text("rubrik_sammanfattning"), punkter=tuple(sentences))


def _kommun_summary(context: ReportContext, unit: str) -> Sektion:
    enheter = list(context.kommun.enheter)
    sentences = [*missing_return_sentences(context, enheter), *kommun_sentences(context, unit)]
    posts = [post for enhet in enheter for post in avvikelser_of(context, enhet, unit)]
    sentences.extend(count_sentences(context, posts))
    return Sektion(
        "sammanfattning",
        context.wording.text("rubrik_sammanfattning"),
        punkter=tuple(sentences),
        diagram=(_enhet_chart(context, "diagram-avvikelse-namnd", "drift", "kommun-drift", unit),),
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
            diagram=_drift_charts(context, enhet, unit, tables),
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


def _drift_charts(context: ReportContext, enhet: Enhet, unit: str, tables: Sequence[Tabell]) -> tuple[Diagram, ...]:
    """Avvikelse and budget–prognos per kostnadsslag; none for an enhet that reports a single row."""
    rows = list(entered_rows(context, enhet, "drift"))
    if len(rows) < 2 or not tables:
        return ()
    bars, pairs = [], []
    for rad, namn in rows:
        avvikelse, budget, prognos = (
            context.figures.get(enhet.kod, "drift", rad, s) for s in ("avvikelse_helar", "budget", "prognos")
        )
        bars.append(ChartRow(namn, avvikelse.varde if avvikelse else None, tal(avvikelse, unit, plus=True).text))
        pairs.append(
            PairRow(
                namn,
                budget.varde if budget else None,
                tal(budget, unit).text,
                prognos.varde if prognos else None,
                tal(prognos, unit).text,
            )
        )
    kod = enhet.kod.lower()
    return (
        avvikelse_chart(
            id=f"diagram-avvikelse-{kod}",
            rubrik=f"Avvikelse per kostnadsslag, {enhet.namn}",
            enhet=unit,
            rows=bars,
            alternativtext=_bar_text(context, bars, unit),
            tabell_id=tables[0].id,
        ),
        budget_prognos_chart(
            id=f"diagram-budget-{kod}",
            rubrik=f"Budget och prognos per kostnadsslag, {enhet.namn}",
            enhet=unit,
            rows=pairs,
            alternativtext=_pair_text(context, pairs, unit),
            tabell_id=tables[0].id,
        ),
    )


def _enhet_chart(context: ReportContext, chart_id: str, matt: str, table_id: str, unit: str) -> Diagram:
    """Avvikelse per enhet of the whole kommun, signed bars from a common zero."""
    rows = []
    for enhet in context.kommun.enheter:
        figure = result_of(context.figures, enhet, matt, "avvikelse_helar", context.kommun)
        if figure is not None:
            rows.append(ChartRow(enhet.namn, figure.varde, tal(figure, unit, plus=True).text))
    return avvikelse_chart(
        id=chart_id,
        rubrik="Avvikelse mot budget per nämnd",
        enhet=unit,
        rows=rows,
        alternativtext=_bar_text(context, rows, unit),
        tabell_id=table_id,
    )


def _bar_text(context: ReportContext, rows: Sequence[ChartRow], unit: str) -> str:
    known = [row for row in rows if row.ore is not None]
    if not known:
        return context.wording.text("alt_saknas")
    largest = max(known, key=lambda row: abs(row.ore or 0))
    if not largest.ore:
        return context.wording.sentence("alt_avvikelse_noll", enhet_belopp=unit).text
    plus, minus = sum((row.ore or 0) > 0 for row in known), sum((row.ore or 0) < 0 for row in known)
    return context.wording.sentence(
        "alt_avvikelse_storst",
        enhet_belopp=unit,
        namn=largest.namn,
        varde=largest.text,
        antal_plus=str(plus),
        antal_minus=str(minus),
    ).text


def _pair_text(context: ReportContext, rows: Sequence[PairRow], unit: str) -> str:
    known = [row for row in rows if row.budget_ore is not None and row.prognos_ore is not None]
    if not known:
        return context.wording.text("alt_saknas")
    largest = max(known, key=lambda row: abs(row.budget_ore or 0))
    return context.wording.sentence(
        "alt_budget_prognos",
        enhet_belopp=unit,
        namn=largest.namn,
        budget=largest.budget_text,
        prognos=largest.prognos_text,
    ).text


def _kommun_drift(context: ReportContext, unit: str) -> Sektion:
    return Sektion(
        "drift",
        context.wording.text("rubrik_drift"),
        tabeller=(kommun_table(context, DRIFT, unit),),
        kommentarer=tuple(
            comment
            for enhet in context.kommun.enheter
            for comment in _named(enhet, general_comments(context, enhet, "drift")[:1])
        ),
    )


def _kommun_investeringar(context: ReportContext, unit: str) -> Sektion:
    rows = []
    for enhet in context.kommun.enheter:
        budget, prognos = (
            result_of(context.figures, enhet, "investeringar", s, context.kommun) for s in ("budget", "prognos")
        )
        if budget is not None and prognos is not None:
            rows.append(
                PairRow(enhet.namn, budget.varde, tal(budget, unit).text, prognos.varde, tal(prognos, unit).text)
            )
    chart = budget_prognos_chart(
        id="diagram-investeringar",
        rubrik="Investeringar per nämnd, budget och prognos",
        enhet=unit,
        rows=rows,
        alternativtext=_pair_text(context, rows, unit),
        tabell_id="kommun-investeringar",
    )
    return Sektion(
        "investeringar",
        context.wording.text("rubrik_investeringar"),
        diagram=(chart,),
        tabeller=(kommun_table(context, INVESTERING, unit),),
        kommentarer=tuple(
            comment
            for enhet in context.kommun.enheter
            for comment in _named(enhet, general_comments(context, enhet, "investeringar")[:1])
        ),
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


def _volymer(context: ReportContext, enheter: Sequence[Enhet]) -> Sektion:
    tables = tuple(table for enhet in enheter for table in volym_tables(context, enhet))
    comments = tuple(c for enhet in enheter for c in _named(enhet, general_comments(context, enhet, "volymer")))
    text = () if tables else (context.wording.sentence("volymer_inga"),)
    return Sektion(
        "volymer", context.wording.text("rubrik_volymer"), meningar=text, tabeller=tables, kommentarer=comments
    )


def _closing_sections(context: ReportContext, enheter: Sequence[Enhet], unit: str) -> list[Sektion]:
    """The sections that end every report: avvikelser, gaps, method and underlag."""
    text = context.wording.text
    posts = tuple(post for enhet in enheter for post in avvikelser_of(context, enhet, unit))
    limits = (
        _limit_sentences(context)
        if posts
        else (context.wording.sentence("inga_avvikelser"), *_limit_sentences(context))
    )
    return [
        Sektion("avvikelser", text("rubrik_avvikelser"), meningar=limits, avvikelser=posts),
        Sektion("ej-rapporterat", text("rubrik_ej_rapporterat"), punkter=gap_sentences(context, tuple(enheter))),
        Sektion("metod", text("rubrik_metod"), punkter=_method(context, enheter)),
        Sektion("underlag", text("rubrik_underlag"), underlag=_underlag(context, enheter)),
    ]


def _limit_sentences(context: ReportContext) -> tuple[Mening, ...]:
    said = []
    for avser in ("drift", "investeringar", "volymer"):
        grans = context.grans(avser)
        if grans is None:
            continue
        name = "gransvarde_intro" if grans.belopp_tkr else "gransvarde_intro_procent"
        values = {"belopp": str(grans.belopp_tkr)} if grans.belopp_tkr else {}
        said.append(
            context.wording.sentence(
                name,
                **values,
                procent=procent_text(grans.procent_bp),
                avser=MATT[avser].namn.lower(),
                fran=grans.giltig_fran.isoformat(),
                referens=grans.referens,
            )
        )
    return tuple(said)


def _method(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Mening, ...]:
    turned = {enhet.investering_visas for enhet in enheter if enhet.investeringar is not None}
    names = ["metod_tecken_drift"]
    if "utgift_positiv" in turned:
        names.append("metod_tecken_investering")
    if "utgift_negativ" in turned and len(turned) == 1:
        names.append("metod_tecken_investering_negativ")
    if any(enhet.volymer for enhet in enheter):
        names.append("metod_tecken_volym")
    if any(is_settled(context, enhet) for enhet in enheter):
        names.append("metod_reglering")
    names.extend(["metod_fyra", "metod_avrundning", "metod_saknas", "metod_spar"])
    return tuple(context.wording.sentence(name) for name in names)


def _underlag(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Underlag, ...]:
    wanted = {context.kommun.forvaltning_of(enhet.kod).kod for enhet in enheter}
    names = {forvaltning.kod: forvaltning.namn for forvaltning in context.kommun.forvaltningar}
    return tuple(
        Underlag(
            names.get(retur.forvaltning, "Budgetregistret"),
            retur.fil,
            retur.mottagen,
            str(retur.version),
            retur.sha256,
            "godkänd" if retur.status == "godkand" else "stoppad, ingår inte",
        )
        for retur in context.returer
        if retur.forvaltning in wanted or not retur.forvaltning
    )
