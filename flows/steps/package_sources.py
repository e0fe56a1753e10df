"""Everything that the figures of a package were read from, and every return of the period that was stopped or replaced."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from adapters.csv_reader import looks_like_csv
from adapters.sie import is_sie
from flows.steps.gallring import EVENT as GALLRAD
from flows.steps.package_basis import PackageBasis
from flows.steps.report import file_names
from transforms.figures import RATTELSE, Figure
from transforms.kolada import SIDA

_KINDS = {"xlsx": ".xlsx", "csv": ".csv", "sie": ".se", "kolada": ".json", "rattelser": ".yaml"}


def sources_of(basis: PackageBasis) -> dict[str, dict[str, Any]]:
    """By sha256: everything that a figure was read from, and every return of the period that was stopped or replaced."""
    names = file_names(basis.workplace, basis.closing)
    names |= {
        one.sha256: f"bokslut-{one.period}" for one in basis.records if one.kontrakt_id == basis.workplace.bokslut.id
    }
    buried = {str(link.detaljer["sha256"]) for link in basis.links if link.vad == GALLRAD}
    returns = {one.sha256: one for one in basis.store.all_returns(basis.workplace.kommun.kod)}
    units = {one.kod: one.returenhet for one in basis.workplace.kommun.forvaltningar}
    wanted = {fig.retur_sha256: fig for closing in basis.closings for fig in basis.figures(closing)}
    own = {one.sha256 for one in basis.records}
    own_units = ("", basis.workplace.bokslut.id)
    sources: dict[str, dict[str, Any]] = {}
    for sha256 in sorted((set(wanted) | own) - {""}):
        record = returns.get(sha256)
        kind = _kind(basis, sha256, wanted.get(sha256), buried)
        unit = units.get(record.forvaltning or "", "tkr") if record is not None else "tkr"
        sources[sha256] = {
            "fil": f"underlag/{sha256}{_KINDS[kind]}",
            "namn": names.get(sha256) or (record.fil if record is not None else SIDA),
            "slag": kind,
            "enheter": ["kr", "tkr", "mnkr"] if record is None or record.kontrakt_id in own_units else [unit],
            "egen_blankett": record is not None and record.kontrakt_id == "",
            "gallrad": sha256 in buried,
            "status": "" if record is None else record.status.value,
            "version": 0 if record is None else record.version,
        }
    return sources


def _kind(basis: PackageBasis, sha256: str, figure: Figure | None, buried: Container[str]) -> str:
    if figure is not None and figure.slag == RATTELSE:
        return "rattelser"
    if figure is not None and figure.fil == SIDA:
        return "kolada"
    if sha256 in buried:
        return "xlsx"
    content = basis.objects.get(sha256)
    return "sie" if is_sie(content) else "csv" if looks_like_csv(content) else "xlsx"
