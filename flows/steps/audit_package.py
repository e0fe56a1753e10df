"""The package for revisorerna: everything that a closing's reports stand on, in one ZIP that can be read and checked without the system."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from adapters.audit_package import verifier
from adapters.csv_reader import looks_like_csv
from adapters.objects import ObjektFel
from adapters.rendering.audit_package import render_index
from adapters.sie import is_sie
from adapters.store import MANAD, Closing, ReportRecord, ReturRecord
from adapters.zip_package import packed
from flows.steps.approve import UNTOLD, VyFel, standing, view_of
from flows.steps.compare import Led, compare_editions
from flows.steps.deadlines import local_time
from flows.steps.deviations import cases_of
from flows.steps.edition import EVENT as EDITION_MADE
from flows.steps.edition import edition_told
from flows.steps.environment import environment_of
from flows.steps.gallring import EVENT as GALLRAD
from flows.steps.goals import goals_of
from flows.steps.ledger import avstamningar
from flows.steps.publication import internal_files
from flows.steps.report import file_names
from flows.workplace import Workplace, load_wording
from transforms.approval import BEHORIGHET
from transforms.audit_chain import Huvud, Lank, plain
from transforms.audit_package import Fil, Granskning, Handelse, Rapportlage, build_overview, details_text
from transforms.deviation_register import arende_year
from transforms.environment import KONFIGURATION, Miljo
from transforms.figure_id import parse_figure_id
from transforms.figures import RATTELSE, Figure, FigureIndex, from_frame
from transforms.goal_thread import tree_lines
from transforms.kolada import SIDA
from transforms.period import Period
from transforms.schemas import FIGURES, rows_of
from transforms.view_types import Rapport

EVENT = "granskningspaket_gjort"
_PARTS = ("pdf", "html", "spar", "xlsx")
"""What ``verify.py`` calls the files of a report, in the order of ``ReportRecord.filer``."""
_KINDS = {"xlsx": ".xlsx", "csv": ".csv", "sie": ".se", "kolada": ".json", "rattelser": ".yaml"}


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
    package = _Package(workplace, closing)
    files = dict(package.files())
    manifest = _json(
        {
            "format": 1,
            "kommun": workplace.kommun.namn,
            "period": closing.period,
            "logghuvud": package.head,
            "filer": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    )
    content = packed({**files, "manifest.json": manifest})
    return Paket(content, hashlib.sha256(manifest).hexdigest(), len(files) + 1, len(package.frame(closing)))


class _Package:
    """Gathers the files of one closing's package. What several of them need is read once."""

    def __init__(self, workplace: Workplace, closing: Closing) -> None:
        self._workplace, self._closing = workplace, closing
        self._store, self._objects = workplace.store, workplace.objects
        self._period = Period.parse(closing.period)
        self._reports = sorted(self._store.reports_of(closing.id), key=lambda one: workplace.kommun.plats(one.kod))
        self._frames: dict[int, pd.DataFrame] = {}
        self._environments: dict[int, Miljo | None] = {}

    @property
    def head(self) -> str:
        """The log's head, as far as the package has it: ``17:ab12…``."""
        return str(Huvud(self._links[-1].nr, self._links[-1].hash))

    def frame(self, closing: Closing) -> pd.DataFrame:
        """The figures of a closing that the package holds."""
        if closing.id not in self._frames:
            self._frames[closing.id] = self._store.load_figures(closing.id)
        return self._frames[closing.id]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file but the manifest."""
        yield "verify.py", verifier()
        yield "data/logg.json", _json([_plain_link(link) for link in self._links])
        yield from self._report_files()
        yield from self._figure_files()
        yield from self._source_files()
        yield from self._rule_files()
        yield from self._kept_files()
        data = self._data()
        for name, content in data.items():
            yield f"data/{name}.json", _json(content)
        reading = internal_files(self._workplace, self._closing, self._views) if self._views else ()
        for name, content in reading:
            if name.endswith(".html") or name.startswith("spar/"):
                yield f"lasning/{name}", content
        yield "index.html", render_index(self._overview(data))

    @cached_property
    def _links(self) -> tuple[Lank, ...]:
        """The log up to its newest event that is not the making of a package, so that making one again gives the same bytes."""
        links = list(self._store.journal())
        while links and links[-1].vad == EVENT:
            links.pop()
        return tuple(links)

    @cached_property
    def _periods(self) -> dict[str, tuple[Closing, ...]]:
        """The closing of each month that the figures look back on, as it stood for this one; the books' before that of their month."""
        own = (self._closing,) if self._month in (None, self._closing) else (self._closing, self._month)
        found = {self._closing.period: own}
        waiting = list(own)
        while waiting:
            for figure in self._figures(waiting.pop()):
                for _, part in figure.indata:
                    period = parse_figure_id(part).period
                    before = None if period in found else self._store.closing_before(self._closing, period)
                    if before is not None:
                        found[period] = (before,)
                        waiting.append(before)
        return dict(sorted(found.items()))

    @cached_property
    def _closings(self) -> tuple[Closing, ...]:
        """Every closing whose figures the package holds."""
        return tuple(closing for listed in self._periods.values() for closing in listed)

    @cached_property
    def _month(self) -> Closing | None:
        """The month's closing that the reports stand on: this one, or what the books look at; None where there was none."""
        if self._closing.slag == MANAD:
            return self._closing
        return self._store.closing_before(self._closing, self._closing.period)

    def _figures(self, closing: Closing) -> tuple[Figure, ...]:
        return from_frame(self.frame(closing))

    @cached_property
    def _views(self) -> list[tuple[ReportRecord, Rapport]]:
        return [(record, view_of(self._workplace, record)) for record in self._reports]

    @cached_property
    def _returns(self) -> frozenset[int]:
        """The ids of the period's returns, and of its workbook of the books, in every version."""
        return frozenset(one.id for one in self._records)

    @cached_property
    def _records(self) -> tuple[ReturRecord, ...]:
        kommun, period = self._workplace.kommun.kod, self._closing.period
        books = () if self._closing.slag == MANAD else self._store.books_chain(kommun, period)
        return (*self._store.returns_for(kommun, period), *books)

    def _environment(self, closing_id: int) -> Miljo | None:
        if closing_id not in self._environments:
            closing = self._closing if closing_id == self._closing.id else self._store.closing(closing_id)
            self._environments[closing_id] = environment_of(self._workplace, closing)
        return self._environments[closing_id]

    def _report_files(self) -> Iterator[tuple[str, bytes]]:
        for one in self._reports:
            for name, key in one.filer.items():
                yield f"rapporter/{name}", self._objects.get(key)
            yield f"vyer/{one.rapport_id}.json", self._objects.get(one.view_json)

    def _figure_files(self) -> Iterator[tuple[str, bytes]]:
        for closing in self._closings:
            rows = [[row[name] for name in FIGURES.columns] for row in rows_of(self.frame(closing))]
            yield f"data/siffror-{closing.id}.json", _json({"kolumner": list(FIGURES.columns), "rader": rows})

    @cached_property
    def _sources(self) -> dict[str, dict[str, Any]]:
        """By sha256: everything that a figure was read from, and every return of the period that was stopped or replaced."""
        names = file_names(self._workplace, self._closing)
        names |= {
            one.sha256: f"bokslut-{one.period}"
            for one in self._records
            if one.kontrakt_id == self._workplace.bokslut.id
        }
        buried = {str(link.detaljer["sha256"]) for link in self._links if link.vad == GALLRAD}
        returns = {one.sha256: one for one in self._store.all_returns(self._workplace.kommun.kod)}
        units = {one.kod: one.returenhet for one in self._workplace.kommun.forvaltningar}
        wanted = {fig.retur_sha256: fig for closing in self._closings for fig in self._figures(closing)}
        own = {one.sha256 for one in self._records}
        own_units = ("", self._workplace.bokslut.id)
        sources: dict[str, dict[str, Any]] = {}
        for sha256 in sorted((set(wanted) | own) - {""}):
            record = returns.get(sha256)
            kind = self._kind(sha256, wanted.get(sha256), buried)
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

    def _kind(self, sha256: str, figure: Figure | None, buried: Container[str]) -> str:
        if figure is not None and figure.slag == RATTELSE:
            return "rattelser"
        if figure is not None and figure.fil == SIDA:
            return "kolada"
        if sha256 in buried:
            return "xlsx"
        content = self._objects.get(sha256)
        return "sie" if is_sie(content) else "csv" if looks_like_csv(content) else "xlsx"

    def _source_files(self) -> Iterator[tuple[str, bytes]]:
        for sha256, source in self._sources.items():
            if not source["gallrad"]:
                yield str(source["fil"]), self._objects.get(sha256)

    def _rule_files(self) -> Iterator[tuple[str, bytes]]:
        """Configuration, contracts, templates and wording that applied; the typefaces stand in the list alone."""
        kept = self._environment(self._closing.id)
        if kept is None:
            return
        yield "data/miljo.json", self._objects.get(self._closing.miljo)
        for place, sha256 in kept.filer.items():
            if "/typsnitt/" not in place:
                yield f"regler/{place}", self._objects.get(sha256)

    def _kept_files(self) -> Iterator[tuple[str, bytes]]:
        """Receipts of the period's returns, settled editions of its reports, and evidence of its cases."""
        ids = {one.rapport_id for one in self._reports}
        for link in self._links:
            files = link.detaljer.get("filer")
            if not isinstance(files, Mapping):
                continue
            if link.detaljer.get("retur_id") in self._returns:
                yield from self._named(f"kvittenser/{link.nr}", files)
            elif link.detaljer.get("rapport_id") in ids:
                yield from self._named(f"utgavor/{link.nr}", files)
        evidence = {one.underlag: one.underlag_sha256 for one in self._decisions if one.underlag_sha256}
        yield from self._named("arenden", evidence)

    def _named(self, folder: str, files: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        for name, sha256 in files.items():
            try:
                yield f"{folder}/{name}", self._objects.get(str(sha256))
            except ObjektFel as error:
                if not str(error).startswith("E927"):
                    raise

    @cached_property
    def _decisions(self) -> Sequence[Any]:
        return [
            one
            for one in self._store.decisions(self._workplace.kommun.kod)
            if arende_year(one.arende_id) == self._period.year and one.period <= self._closing.period
        ]

    def _data(self) -> dict[str, Any]:
        """The tables of the package, each by its name."""
        seen = {
            str(one.id): [plain(each) for each in self._store.observations(one.id)]
            for one in self._store.observed_closings(self._workplace.kommun.kod, self._period.year)
            if one.period < self._closing.period or (self._month is not None and one.id == self._month.id)
        }
        return {
            "stangning": {
                "stangning": self._closing.id,
                "kommun": self._workplace.kommun.kod,
                "period": self._closing.period,
                "perioder": {period: [closing.id for closing in listed] for period, listed in self._periods.items()},
            },
            "underlag": self._sources,
            "rapporter": [self._report_row(one) for one in self._reports],
            "avvikelser": {
                "sedda": seen,
                "beslut": [plain({**asdict(one), "kommun": self._workplace.kommun.kod}) for one in self._decisions],
                "arenden": [] if self._month is None else self._cases(self._month),
            },
            "fynd": self._findings(),
            "avstamning": []
            if self._month is None
            else [plain(row) for row in avstamningar(self._workplace, self._month)],
            "godtaganden": self._accepted(),
            "mal": self._goals(),
            "andringar": self._changes(),
        }

    def _cases(self, month: Closing) -> list[Any]:
        return [plain(case) for case in cases_of(self._workplace, self._period, month)]

    def _report_row(self, one: ReportRecord) -> dict[str, Any]:
        kept = self._environment(one.closing_id)
        return {
            "report_id": one.id,
            "rapport_id": one.rapport_id,
            "kod": one.kod,
            "version": one.version,
            "tillstand": one.tillstand,
            "innehallshash": one.innehallshash,
            "filhash": one.filhash,
            "stil": "" if kept is None else kept.stil,
            "filer": {part: f"rapporter/{name}" for part, name in zip(_PARTS, one.filer, strict=True)},
            "vy": f"vyer/{one.rapport_id}.json",
        }

    def _findings(self) -> list[dict[str, Any]]:
        """Every finding of every version of the period's returns, and of the register."""
        records = (*self._store.register_chain(self._workplace.kommun.kod, self._period.year), *self._records)
        return [
            {
                "retur": one.sha256,
                "retur_id": one.id,
                "version": one.version,
                "status": one.status.value,
                **plain(found),
            }
            for one in records
            for found in self._store.findings_for(one.id)
        ]

    def _accepted(self) -> dict[str, Any]:
        """What people have let stand: differences of the avstämning, gaps of the books, and other versions than the newest."""
        kommun, period = self._workplace.kommun.kod, self._closing.period
        choices = [self._store.choice_of(retur_id) for retur_id in self._closing.retur_ids]
        return {
            "avstamning": [plain(one) for one in self._store.acceptances(kommun, period)],
            "rakenskaper": [plain(one) for one in self._store.accepted(kommun, period)],
            "versionsval": [plain(one) for one in choices if one is not None],
        }

    def _goals(self) -> list[str]:
        if self._month is None:
            return []
        goals = goals_of(self._workplace, self._month, FigureIndex(self._figures(self._month)))
        return [] if goals is None else list(tree_lines(goals.plan, goals.bilder, goals.rapport.typ))

    def _changes(self) -> list[dict[str, Any]]:
        """What differs from the version before, report by report; nothing for a first version."""
        changed: list[dict[str, Any]] = []
        for one, view in self._views:
            if one.version > 1:
                changed.extend(self._changed(one, view))
        return changed

    def _changed(self, one: ReportRecord, view: Rapport) -> list[dict[str, Any]]:
        before, after = (Led(self._period, version, self._closing.slag) for version in (one.version - 1, one.version))
        try:
            compared = compare_editions(self._workplace, before, after, one.kod)
        except VyFel:
            return [{"titel": view.namn, "siffror": [], "texter_borta": [], "texter_nya": [UNTOLD]}]
        return [plain(asdict(each)) for each in compared.rapporter]

    def _overview(self, data: Mapping[str, Any]) -> Granskning:
        """What the index page shows."""
        rules = self._environment(self._closing.id)
        return build_overview(
            self._workplace.kommun,
            self._period,
            [self._shown(record, view) for record, view in self._views],
            data,
            [self._event(link) for link in self._links if self._concerns(link)],
            self._rules_listed(rules.filer if rules is not None else {}),
            self.head,
        )

    def _shown(self, record: ReportRecord, view: Rapport) -> Rapportlage:
        """Where the report stands by the log, and the files of its newest settled edition."""
        made = [
            link
            for link in self._links
            if link.vad == EDITION_MADE and edition_told(link).rapport_id == record.rapport_id
        ]
        own = [link for link in made if link.detaljer["version"] == record.version]
        settled = tuple(f"utgavor/{own[-1].nr}/{name}" for name in edition_told(own[-1]).filer) if own else ()
        return Rapportlage(
            record.version, standing(self._workplace, record, self._links).tillstand.value, view, settled
        )

    def _rules_listed(self, places: Iterable[str]) -> tuple[Fil, ...]:
        own = sorted(place for place in places if place.startswith((KONFIGURATION, "data_contracts/")))
        return tuple(Fil(place.rpartition("/")[2], f"regler/{place}") for place in own)

    def _event(self, link: Lank) -> Handelse:
        local = local_time(self._workplace.kommun.kalender, link.tid)
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

    def _concerns(self, link: Lank) -> bool:
        """True for events on this period, its returns and its reports, and on who may do what."""
        told = link.detaljer
        return (
            link.vad == BEHORIGHET
            or told.get("period") == self._closing.period
            or told.get("retur_id") in self._returns
            or str(told.get("rapport_id", "")) in {one.rapport_id for one in self._reports}
        )


def _plain_link(link: Lank) -> dict[str, Any]:
    return {**asdict(link), "tid": link.tid.isoformat(timespec="microseconds"), "detaljer": dict(link.detaljer)}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
