"""The same closing again: reports made anew from what the store keeps, and held against the stored ones."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters.environment import copy_code
from adapters.store import Closing, ReportRecord, Store, as_of, stored_time
from flows.home import CHECKOUT
from flows.reclosing import RESULT, Uppdrag
from flows.steps.environment import environment_now, environment_of
from flows.workplace import Workplace
from transforms.environment import KONFIGURATION, Miljo, Miljoskillnad, differences
from transforms.period import Period

_TIMEOUT_S = 3600


class OmkorningsFel(RuntimeError):
    """E987: the closing can't be made again: no such version, or its environment was not kept. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Omkord:
    """One report made again.

    Attributes:
        record: the stored version.
        filer: its files as made again, by name.
        skiljer: which of 'siffror', 'vy', 'innehållshash', 'pdf', 'html', 'spår' and 'xlsx' are not what they were; empty when all are.
    """

    record: ReportRecord
    filer: Mapping[str, bytes]
    skiljer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Omkorning:
    """What came of it: the reports, and in what the present environment differs from the one that they were made in."""

    rapporter: tuple[Omkord, ...]
    miljo: tuple[Miljoskillnad, ...]

    @property
    def is_same(self) -> bool:
        """True when every byte is what it was."""
        return not any(one.skiljer for one in self.rapporter)


def wanted(workplace: Workplace, period: Period, version: int | None, kod: str | None) -> tuple[ReportRecord, ...]:
    """The stored versions to make again: of every report of the period, or of one; the newest where no version is named.

    Raises:
        OmkorningsFel: E987, there is none.
    """
    own = [one for one in workplace.store.all_reports(workplace.kommun.kod) if one.period == str(period)]
    if kod is not None:
        own = [one for one in own if one.kod.casefold() == kod.casefold()]
    newest = {one.kod: one for one in sorted(own, key=lambda one: one.version)}
    found = tuple(newest.values()) if version is None else tuple(one for one in own if one.version == version)
    if not found:
        what = f"version {version} " if version is not None else ""
        there = ", ".join(f"{one.kod or 'kommunen'} {one.version}" for one in own) or "inga"
        raise OmkorningsFel(f"E987 Det finns ingen rapport {what}för {period.text}. Versioner som finns: {there}.")
    return found


def rebuild(workplace: Workplace, records: Sequence[ReportRecord]) -> Omkorning:
    """Make the closings of those reports again, each in a folder and a process of its own.

    Raises:
        OmkorningsFel: E987, the closing's environment was not kept, or it can't be made again at all.
        ObjektFel: E901, E902, E927: bytes that it stood on are gone or changed.
    """
    made: list[Omkord] = []
    differing: dict[str, Miljoskillnad] = {}
    for closing_id in dict.fromkeys(one.closing_id for one in records):
        closing = workplace.store.closing(closing_id)
        kept = environment_of(workplace, closing)
        if kept is None:
            raise OmkorningsFel(
                f"E987 Stängning {closing.id} ({closing.period}) gjordes innan miljön sparades, så den kan inte göras om likadant."
            )
        now = environment_now(workplace, Period.parse(closing.period))
        differing |= {str(one): one for one in differences(kept, now)}
        made.extend(_again(workplace, closing, kept, [one for one in records if one.closing_id == closing_id]))
    return Omkorning(tuple(made), tuple(differing.values()))


def _again(workplace: Workplace, closing: Closing, kept: Miljo, records: Sequence[ReportRecord]) -> Iterable[Omkord]:
    with tempfile.TemporaryDirectory(prefix="rodatraden-") as name:
        folder = Path(name)
        program, home, out = folder / "program", folder / "hem", folder / "ut"
        out.mkdir()
        _lay_out_program(workplace, kept, program, home)
        _fill_store(workplace, closing, home)
        order = Uppdrag(
            closing.period,
            closing.slag,
            closing.fingerprint,
            closing.started.isoformat(),
            workplace.hem.objekt,
            {one.kod: (one.version, one.tillstand) for one in records},
        )
        _run(program, home, order, out, closing)
        told = json.loads((out / RESULT).read_text(encoding="utf-8"))
        figures = _logged_figures(workplace, closing)
        return [compared(one, told, figures, out) for one in records]


def _lay_out_program(workplace: Workplace, kept: Miljo, program: Path, home: Path) -> None:
    """The present code beside the contracts and templates of then, and the kommun's own files of then."""
    copy_code(CHECKOUT, program)
    for place, sha256 in kept.filer.items():
        own = place.startswith(KONFIGURATION)
        target = home / place.removeprefix(KONFIGURATION) if own else program / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(workplace.objects.get(sha256))
    (program / "requirements").mkdir()
    (program / "requirements" / "core.txt").write_bytes((CHECKOUT / "requirements" / "core.txt").read_bytes())
    (home / "installningar.yaml").write_text(f"processer: {workplace.hem.processer}\n", encoding="utf-8")


def _fill_store(workplace: Workplace, closing: Closing, home: Path) -> None:
    """A database as it was when the closing was started."""
    revision, rows = workplace.store.dump()
    (home / "lager").mkdir(parents=True)
    with Store(f"sqlite:///{home / 'lager' / 'rodatraden.db'}") as store:
        store.restore(revision, as_of(rows, closing, stored_time(closing.started)))


def _run(program: Path, home: Path, order: Uppdrag, out: Path, closing: Closing) -> None:
    """The closing in a process that knows nothing but that program and that home."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RODATRADEN_")}
    environment = {**inherited, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "flows.reclosing", str(home), json.dumps(asdict(order)), str(out)]
    done = subprocess.run(
        words, cwd=program, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["inget besked"])[-1]
        raise OmkorningsFel(f"E987 Stängning {closing.id} ({closing.period}) går inte att göra om: {last}")


def _logged_figures(workplace: Workplace, closing: Closing) -> str:
    """What the audit log says that the closing's figures were; '' when it does not."""
    events: Iterable[Mapping[str, Any]] = (link.detaljer for link in workplace.store.journal("stangning_klar"))
    return next((str(told.get("siffror", "")) for told in events if told["closing_id"] == closing.id), "")


def compared(record: ReportRecord, told: Mapping[str, Any], figures: str, out: Path) -> Omkord:
    """A report made again beside the stored one.

    Args:
        told: what the process that made it says: hash of the figures, and per kod of view and content.
        figures: the hash that the log has of the closing's figures; '' when it has none.
        out: where its files lie.
    """
    made = told["rapporter"].get(record.kod)
    if made is None:
        return Omkord(record, {}, ("rapporten görs inte",))
    files = {name: (out / name).read_bytes() for name in record.filer}
    same = {
        "siffror": figures in ("", told["siffror"]),
        "vy": made["vy"] == record.view_json,
        "innehållshash": made["innehallshash"] == record.innehallshash,
    }
    names = ("pdf", "html", "spår", "xlsx")
    for name, content, sha256 in zip(names, files.values(), record.filer.values(), strict=True):
        same[name] = hashlib.sha256(content).hexdigest() == sha256
    return Omkord(record, files, tuple(name for name, holds in same.items() if not holds))
