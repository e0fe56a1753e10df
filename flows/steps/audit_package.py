"""The package for revisorerna: everything that a closing's reports stand on, in one ZIP that can be read and checked without the system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adapters.audit_package import verifier
from adapters.objects import ObjektFel
from adapters.rendering.audit_package import render_index
from adapters.store import Closing
from adapters.zip_package import packed
from flows.steps.package_basis import EVENT, PackageBasis, plain_json
from flows.steps.package_index import overview_of
from flows.steps.package_sources import sources_of
from flows.steps.package_tables import tables_of
from flows.steps.publication import internal_files
from flows.workplace import Workplace
from transforms.audit_chain import Lank
from transforms.schemas import FIGURES, rows_of

__all__ = ["EVENT", "Paket", "build_package"]


@dataclass(frozen=True, slots=True)
class Paket:
    """The package: its bytes, the manifest's sha256, and how many files and figures it holds."""

    innehall: bytes
    manifest: str
    filer: int
    siffror: int


def build_package(workplace: Workplace, closing: Closing) -> Paket:
    """The package of a closing. The same store gives the same bytes.

    Raises:
        ObjektFel: E901, E902, something that the reports stand on is gone or changed.
    """
    basis = PackageBasis(workplace, closing)
    files = dict(_files(basis))
    manifest = plain_json(
        {
            "format": 1,
            "kommun": workplace.kommun.namn,
            "period": closing.period,
            "logghuvud": basis.head,
            "filer": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    )
    content = packed({**files, "manifest.json": manifest})
    return Paket(content, hashlib.sha256(manifest).hexdigest(), len(files) + 1, len(basis.frame(closing)))


def _files(basis: PackageBasis) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest."""
    sources = sources_of(basis)
    yield "verify.py", verifier()
    yield "data/logg.json", plain_json([_plain_link(link) for link in basis.links])
    yield from _report_files(basis)
    yield from _figure_files(basis)
    yield from _source_files(basis, sources)
    yield from _rule_files(basis)
    yield from _kept_files(basis)
    data = tables_of(basis, sources)
    for name, content in data.items():
        yield f"data/{name}.json", plain_json(content)
    reading = internal_files(basis.workplace, basis.closing, basis.views) if basis.views else ()
    for name, content in reading:
        if name.endswith(".html") or name.startswith("spar/"):
            yield f"lasning/{name}", content
    yield "index.html", render_index(overview_of(basis, data))


def _report_files(basis: PackageBasis) -> Iterator[tuple[str, bytes]]:
    for one in basis.reports:
        for name, key in one.filer.items():
            yield f"rapporter/{name}", basis.objects.get(key)
        yield f"vyer/{one.rapport_id}.json", basis.objects.get(one.view_json)


def _figure_files(basis: PackageBasis) -> Iterator[tuple[str, bytes]]:
    for closing in basis.closings:
        rows = [[row[name] for name in FIGURES.columns] for row in rows_of(basis.frame(closing))]
        yield f"data/siffror-{closing.id}.json", plain_json({"kolumner": list(FIGURES.columns), "rader": rows})


def _source_files(basis: PackageBasis, sources: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    for sha256, source in sources.items():
        if not source["gallrad"]:
            yield str(source["fil"]), basis.objects.get(sha256)


def _rule_files(basis: PackageBasis) -> Iterator[tuple[str, bytes]]:
    """Configuration, contracts, templates and wording that applied; the typefaces stand in the list alone."""
    kept = basis.environment(basis.closing.id)
    if kept is None:
        return
    yield "data/miljo.json", basis.objects.get(basis.closing.miljo)
    for place, sha256 in kept.filer.items():
        if "/typsnitt/" not in place:
            yield f"regler/{place}", basis.objects.get(sha256)


def _kept_files(basis: PackageBasis) -> Iterator[tuple[str, bytes]]:
    """Receipts of the period's returns, settled editions of its reports, and evidence of its cases."""
    ids = {one.rapport_id for one in basis.reports}
    for link in basis.links:
        files = link.detaljer.get("filer")
        if not isinstance(files, Mapping):
            continue
        if link.detaljer.get("retur_id") in basis.returns:
            yield from _named(basis, f"kvittenser/{link.nr}", files)
        elif link.detaljer.get("rapport_id") in ids:
            yield from _named(basis, f"utgavor/{link.nr}", files)
    evidence = {one.underlag: one.underlag_sha256 for one in basis.decisions if one.underlag_sha256}
    yield from _named(basis, "arenden", evidence)


def _named(basis: PackageBasis, folder: str, files: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for name, sha256 in files.items():
        try:
            yield f"{folder}/{name}", basis.objects.get(str(sha256))
        except ObjektFel as error:
            if not str(error).startswith("E927"):
                raise


def _plain_link(link: Lank) -> dict[str, Any]:
    return {**asdict(link), "tid": link.tid.isoformat(timespec="microseconds"), "detaljer": dict(link.detaljer)}
