"""What the first page of a package shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.store import ReportRecord
from flows.steps.approve import standing
from flows.steps.deadlines import local_time
from flows.steps.edition import EVENT as EDITION_MADE
from flows.steps.edition import edition_told
from flows.steps.package_basis import PackageBasis
from flows.workplace import load_wording
from transforms.approval import BEHORIGHET
from transforms.audit_chain import Lank
from transforms.audit_package import Fil, Granskning, Handelse, Rapportlage, build_overview, details_text
from transforms.environment import KONFIGURATION
from transforms.view_types import Rapport


def overview_of(basis: PackageBasis, data: Mapping[str, Any]) -> Granskning:
    """What the index page shows."""
    rules = basis.environment(basis.closing.id)
    return build_overview(
        basis.workplace.kommun,
        basis.period,
        [_shown(basis, record, view) for record, view in basis.views],
        data,
        [_event(basis, link) for link in basis.links if _concerns(basis, link)],
        _rules_listed(rules.filer if rules is not None else {}),
        basis.head,
    )


def _shown(basis: PackageBasis, record: ReportRecord, view: Rapport) -> Rapportlage:
    """Where the report stands by the log, and the files of its newest settled edition."""
    made = [
        link for link in basis.links if link.vad == EDITION_MADE and edition_told(link).rapport_id == record.rapport_id
    ]
    own = [link for link in made if link.detaljer["version"] == record.version]
    settled = tuple(f"utgavor/{own[-1].nr}/{name}" for name in edition_told(own[-1]).filer) if own else ()
    return Rapportlage(record.version, standing(basis.workplace, record, basis.links).tillstand.value, view, settled)


def _rules_listed(places: Iterable[str]) -> tuple[Fil, ...]:
    own = sorted(place for place in places if place.startswith((KONFIGURATION, "data_contracts/")))
    return tuple(Fil(place.rpartition("/")[2], f"regler/{place}") for place in own)


def _event(basis: PackageBasis, link: Lank) -> Handelse:
    local = local_time(basis.workplace.kommun.kalender, link.tid)
    words = load_wording("granskning.handelser").patterns
    return Handelse(
        link.nr,
        f"{local:%Y-%m-%d kl. %H.%M}",
        link.anvandare,
        link.roll,
        link.vad,
        words.get(link.vad, link.vad),
        details_text(link.detaljer),
    )


def _concerns(basis: PackageBasis, link: Lank) -> bool:
    """True for events on this period, its returns and its reports, and on who may do what."""
    told = link.detaljer
    return (
        link.vad == BEHORIGHET
        or told.get("period") == basis.closing.period
        or told.get("retur_id") in basis.returns
        or str(told.get("rapport_id", "")) in {one.rapport_id for one in basis.reports}
    )
