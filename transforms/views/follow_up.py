"""Sections on surveys and synpunkter, on the utförare side by side, and the list of procurements."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.figures import Figure
from transforms.follow_up_figures import ENKATER, SYNPUNKTER, UPPHANDLINGAR
from transforms.view_types import Kolumn, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal, year_text
from transforms.views.providers import provider_tables


def follow_up_sections(context: ReportContext, enheter: Sequence[Enhet]) -> list[Sektion]:
    """What the users say, the utförare, and the procurements of these enheter; a section that has no rows does not appear."""
    own = [enhet.kod for enhet in enheter]
    text = context.wording.text
    parts = (
        ("anvandare", "rubrik_anvandare", (*_surveys(context, own), *_opinions(context, own))),
        ("utforare", "rubrik_utforare", provider_tables(context, own)),
        ("upphandlingar", "rubrik_upphandlingar", _procurements(context, enheter)),
    )
    return [Sektion(id, text(rubrik), tabeller=tables) for id, rubrik, tables in parts if tables]


def _latest(context: ReportContext, enhet: str, matt: str, rad: str, serie: str) -> Figure | None:
    """The figure of the row, whatever year it is of."""
    found = context.figures.series(enhet, matt, serie)
    return next((figure for figure in found if figure.rad == rad), None)


def _said(context: ReportContext, table: str, enhet: str, kod: str) -> str:
    return context.texter.get((table, enhet, kod), {}).get("kommentar", "")


def _surveys(context: ReportContext, own: Sequence[str]) -> tuple[Tabell, ...]:
    rows = []
    for fraga in context.kommun.uppfoljning.enkater:
        if fraga.enhet in own:
            utfall, women, men, answered, asked = (
                _latest(context, fraga.enhet, ENKATER, fraga.kod, serie)
                for serie in ("utfall", "utfall_kvinnor", "utfall_man", "svarande", "tillfragade")
            )
            cells = (Tal(year_text(context, utfall)), *(tal(f, "") for f in (utfall, women, men, answered, asked)))
            note = _said(context, ENKATER, fraga.enhet, fraga.kod)
            rows.append(Tabellrad(f"{fraga.namn}, {fraga.matt_enhet}", cells, not_text=note))
    if not rows:
        return ()
    columns = (
        Kolumn("ar", "Värdeår"), Kolumn("utfall", "Resultat"), Kolumn("kvinnor", "Kvinnor"), Kolumn("man", "Män"),
        Kolumn("svarande", "Svarande"), Kolumn("tillfragade", "Tillfrågade"),
    )  # fmt: skip
    return (
        Tabell(
            "tabell-enkater", context.wording.text("tabell_enkater"), "varje rad i sin enhet",
            context.wording.text("enkat_teckenregel"), "Fråga", columns, tuple(rows),
        ),
    )  # fmt: skip


def _opinions(context: ReportContext, own: Sequence[str]) -> tuple[Tabell, ...]:
    asked = context.kommun.uppfoljning.synpunkter
    rows = []
    reporting = [kod for kod in (asked.enheter if asked else ()) if kod in own]
    for kod in reporting:
        for tema in asked.teman if asked else ():
            figures = [_latest(context, kod, SYNPUNKTER, tema.kod, s) for s in ("forslag", "synpunkter", "klagomal")]
            unit = f"{context.kommun.enhet(kod).namn}: " if len(reporting) > 1 else ""
            note = _said(context, SYNPUNKTER, kod, tema.kod)
            rows.append(Tabellrad(f"{unit}{tema.namn}", tuple(tal(figure, "") for figure in figures), not_text=note))
    if not rows:
        return ()
    columns = (
        Kolumn("forslag", "Förbättrings\u00adförslag"),
        Kolumn("synpunkter", "Synpunkter"),
        Kolumn("klagomal", "Klagomål"),
    )
    return (
        Tabell(
            "tabell-synpunkter", context.wording.text("tabell_synpunkter"), "antal",
            context.wording.text("synpunkt_teckenregel"), "Tema", columns, tuple(rows),
        ),
    )  # fmt: skip


def _procurements(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Tabell, ...]:
    rows = []
    for enhet in enheter:
        for figure in context.figures.series(enhet.kod, UPPHANDLINGAR, "varde"):
            said = context.texter.get((UPPHANDLINGAR, enhet.kod, figure.rad), {})
            term = "–".join(said[name] for name in ("avtal_fran", "avtal_till") if said.get(name))
            cells = (Tal(said.get("forfarande", "")), Tal(said.get("lage", "")), tal(figure, "tkr"), Tal(term))
            supplier = f" Leverantör: {said['leverantor']}." if said.get("leverantor") else ""
            rows.append(Tabellrad(said.get("benamning", figure.namn), cells, not_text=f"{figure.rad}.{supplier}"))
    if not rows:
        return ()
    columns = (
        Kolumn("forfarande", "Förfarande"),
        Kolumn("lage", "Läge"),
        Kolumn("varde", "Värde, tkr"),
        Kolumn("avtal", "Avtalstid"),
    )
    return (
        Tabell(
            "tabell-upphandlingar", context.wording.text("tabell_upphandlingar"), "tkr",
            context.wording.text("upphandling_teckenregel"), "Upphandling", columns, tuple(rows),
        ),
    )  # fmt: skip
