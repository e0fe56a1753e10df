"""The section Avstämning mot huvudboken: each thing held against another, the difference, and who accepted it and why."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.belopp import belopp_text
from transforms.ledger.reconciliation import Avstamningsrad, Utfall
from transforms.view_types import Kolumn, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import SAKNAS, ReportContext

_COLUMNS = (
    Kolumn("vanster", "Redovisat"),
    Kolumn("hoger", "Jämförs med"),
    Kolumn("skillnad", "Skillnad"),
    Kolumn("lage", "Läge"),
)


def avstamning_section(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Sektion, ...]:
    """The avstämningsmatris of the enheter's nämnder, or the whole of it for the kommun; nothing without a ledger."""
    rows = _rows_of(context, enheter)
    if not rows:
        return ()
    text = context.wording.text
    table = Tabell(
        id="avstamning-matris",
        rubrik=text("tabell_avstamning"),
        enhet="kr",
        teckenregel=text("teckenregel_avstamning"),
        radrubrik="Avstämning",
        kolumner=_COLUMNS,
        rader=tuple(_row(row) for row in rows),
    )
    first = rows[0].kontroll
    said = context.wording.sentence(
        "avstamning_intro", tolerans=belopp_text(first.tolerans_ore, "kr"), referens=first.referens
    )
    return (Sektion("avstamning", text("rubrik_avstamning"), meningar=(said,), tabeller=(table,)),)


def _rows_of(context: ReportContext, enheter: Sequence[Enhet]) -> list[Avstamningsrad]:
    if len(enheter) == len(context.kommun.enheter):
        return list(context.avstamningar)
    namnder = {context.kommun.namnd_of(enhet.kod).kod for enhet in enheter}
    return [row for row in context.avstamningar if namnder & set(row.kontroll.namnder)]


def _row(row: Avstamningsrad) -> Tabellrad:
    check, accepted = row.kontroll, row.acceptans
    said = "" if accepted is None else f"Accepterad av {accepted.roll} {accepted.tid[:10]}: {accepted.skal}"
    cells = (
        _tal(check.vanster, check.vanster_id),
        _tal(check.hoger, check.hoger_id),
        _tal(check.differens, check.differens_id),
        Tal(row.utfall.value if row.utfall is not Utfall.SAKNAS else ""),
    )
    return Tabellrad(check.namn, cells, not_text=said)


def _tal(ore: int | None, figure_id: str) -> Tal:
    if ore is None:
        return Tal(SAKNAS, figure_id, saknas=True)
    return Tal(belopp_text(ore, "kr"), figure_id, ore=ore)
