"""Step 7a, approve: review, settle and recall a report, by the acting account's role and key, in order and with four eyes."""

from __future__ import annotations

import datetime as dt
import os
import pwd
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from adapters.signing import NyckelFel, Signer
from adapters.store import MANAD, SLAG, ReportRecord
from data_contracts.behorighet import Konto, Steg
from flows.home import CHECKOUT
from flows.rights import demand
from flows.workplace import Workplace
from transforms.approval import (
    ATERKALLAD,
    FASTSTALLD,
    GRANSKAD,
    OPPNAD,
    Lagesbild,
    OrdningsFel,
    check_complete,
    check_recall,
    check_review,
    check_settle,
    is_locked,
    signatures_of,
    signed_text,
    state_of,
)
from transforms.audit_chain import Lank
from transforms.book_types import Bok
from transforms.report_diff import Skillnad, compare_reports
from transforms.view_types import Rapport

KEY_VARIABLE = "RODATRADEN_NYCKEL"
UNTOLD = "vad som skiljer kan inte räknas upp, för den förra versionen är gjord av ett tidigare program"


class LastPeriod(RuntimeError):
    """E938: the period is closed. The message is Swedish."""


class VyFel(RuntimeError):
    """E929: what the report shows was stored by an earlier program, in a form that this one can't read. The message is Swedish."""


def key_path() -> Path:
    """Where the acting account's key lies: named by the environment, else in the account's own folder."""
    named = os.environ.get(KEY_VARIABLE)
    return Path(named) if named else Path(pwd.getpwuid(os.getuid()).pw_dir) / ".config/rodatraden/nyckel.pem"


def slag_of(report: ReportRecord) -> str:
    """The kind of closing that gives the report: the month's, or that of the books."""
    return report.kod.lower() if report.kod.lower() in SLAG else MANAD


def reports_of(workplace: Workplace, period: str, slag: Sequence[str] = SLAG) -> tuple[ReportRecord, ...]:
    """The reports of the period's newest finished closings: the month's, and those of the books."""
    return tuple(report for one in slag for report in workplace.store.reports_for(workplace.kommun.kod, period, one))


def report_of(workplace: Workplace, period: str, kod: str) -> ReportRecord:
    """The report of the period's newest closing.

    Raises:
        OrdningsFel: E935, there is none.
    """
    for report in reports_of(workplace, period):
        if report.kod == kod:
            return report
    raise OrdningsFel(
        f"E935 Det finns ingen rapport för {kod or 'kommunen'} {period}. Gör den först: rodatraden stang {period}"
    )


def standing(workplace: Workplace, report: ReportRecord, links: tuple[Lank, ...] | None = None) -> Lagesbild:
    """Where the report stands by the log."""
    taken = signatures_of(workplace.store.journal() if links is None else links, report.rapport_id)
    return state_of(report.version, report.innehallshash, taken)


@cache
def _views(kind: type[Rapport]) -> TypeAdapter[Rapport]:
    return TypeAdapter(kind)


def view_of(workplace: Workplace, report: ReportRecord, *, own_period: str = "") -> Rapport:
    """What the report shows; with the ids of its own period's figures written as those of ``own_period``, where it is given.

    Raises:
        VyFel: E929.
    """
    kind = Rapport if slag_of(report) == MANAD else Bok
    text = workplace.objects.get(report.view_json)
    if own_period:
        text = text.replace(f'"figure_id":"{report.period}/'.encode(), f'"figure_id":"{own_period}/'.encode())
    try:
        return _views(kind).validate_json(text)
    except ValidationError as error:
        raise VyFel(
            f"E929 {report.rapport_id} version {report.version} är gjord av en tidigare version av programmet och kan inte läsas av "
            f"den här. Filerna ligger kvar oförändrade. Stäng {report.period} igen för att få rapporten på nytt."
        ) from error


def differences_between(workplace: Workplace, earlier: ReportRecord, report: ReportRecord) -> Skillnad:
    """What a reader of the earlier version finds different; a sentence when that can't be told, since the version is too old."""
    try:
        before = view_of(workplace, earlier)
    except VyFel:
        return Skillnad((), (), (UNTOLD,))
    return compare_reports(before, view_of(workplace, report), same_hash=False)


def version_of(workplace: Workplace, report: ReportRecord, version: int) -> ReportRecord | None:
    """Another version of the report; None when there is none."""
    wanted = (report.rapport_id, version)
    every = workplace.store.all_reports(workplace.kommun.kod)
    return next((one for one in every if (one.rapport_id, one.version) == wanted), None)


def review(workplace: Workplace, report: ReportRecord, sett: str, now: dt.datetime) -> Lank:
    """Someone has read exactly this content and found it right.

    Args:
        sett: the innehållshash as it is printed on what was read.

    Raises:
        BehorighetsFel: E933. NyckelFel: E934. OrdningsFel: E935, E936.
    """
    konto = demand(workplace, Steg.GRANSKA, now, report.kod)
    check_review(standing(workplace, report), report.innehallshash, sett)
    return _sign(workplace, konto, GRANSKAD, about(report), now)


def settle(workplace: Workplace, report: ReportRecord, now: dt.datetime) -> Lank:
    """Someone else settles what was reviewed. Raises as ``review``, and OrdningsFel E937, E951."""
    konto = demand(workplace, Steg.FASTSTALLA, now, report.kod)
    check_settle(standing(workplace, report), workplace.aktor.anvandare, fyra_ogon=workplace.behorighet.fyra_ogon)
    check_complete(open_questions(workplace, report))
    return _sign(workplace, konto, FASTSTALLD, about(report), now)


def open_questions(workplace: Workplace, report: ReportRecord) -> tuple[str, ...]:
    """What a report of the books lacks or does not agree in, and nobody has accepted; none for a month's."""
    closing = workplace.store.last_closing(workplace.kommun.kod, report.period, slag_of(report))
    summary = {} if closing is None or closing.summary is None else closing.summary
    return (*summary.get("saknas", ()), *summary.get("skiljer", ())) if slag_of(report) != MANAD else ()


def recall(workplace: Workplace, report: ReportRecord, skal: str, now: dt.datetime) -> Lank:
    """Review and settlement no longer hold, whatever the reason given. Raises as ``review``."""
    konto = demand(workplace, Steg.ATERKALLA, now, report.kod)
    check_recall(standing(workplace, report), skal)
    return _sign(workplace, konto, ATERKALLAD, {**about(report), "skal": skal}, now)


def open_period(workplace: Workplace, period: str, skal: str, now: dt.datetime) -> Lank:
    """A closed period may be closed again. Raises as ``recall``; OrdningsFel E935 also when it is not closed."""
    konto = demand(workplace, Steg.OPPNA, now)
    if not any(locked(workplace, period, slag) for slag in SLAG):
        raise OrdningsFel(f"E935 {period} är inte låst: ingen rapport är fastställd.")
    if not skal.strip():
        raise OrdningsFel("E935 Ange varför med --skal. Skälet står i granskningsloggen.")
    return _sign(workplace, konto, OPPNAD, {"period": period, "skal": skal}, now)


def locked(workplace: Workplace, period: str, slag: str = MANAD) -> bool:
    """True when some report that such a closing would change is settled and the period has not been opened since.

    The books stand on their month: once they are settled the month is locked too, but a settled month does not keep its books from
    being closed.
    """
    links = workplace.store.journal()
    reports = reports_of(workplace, period, SLAG if slag == MANAD else (slag,))
    return is_locked(links, period, [standing(workplace, report, links) for report in reports])


def demand_open(workplace: Workplace, period: str, slag: str = MANAD) -> None:
    """Raises LastPeriod E938 when the period is closed."""
    if locked(workplace, period, slag):
        raise LastPeriod(
            f"E938 {period} är låst: en rapport är fastställd. En ny stängning kräver ett beslut: "
            f'rodatraden oppna {period} --skal "…"'
        )


def changed_since(workplace: Workplace, report: ReportRecord) -> Skillnad | None:
    """What differs from what was signed, when a signature no longer holds; None when none has been broken."""
    broken = standing(workplace, report).bruten
    if broken is None:
        return None
    earlier = version_of(workplace, report, broken.version)
    if earlier is None:
        return None
    return differences_between(workplace, earlier, report)


def record_decision(
    workplace: Workplace, report: ReportRecord, vad: str, details: Mapping[str, Any], now: dt.datetime
) -> Lank:
    """A political decision (BESLUT) or the revisorer's assessment (BEDOMNING) about exactly this content, signed by who records it.

    Raises:
        BehorighetsFel: E933. NyckelFel: E934. OrdningsFel: E935, the report is not settled.
    """
    konto = demand(workplace, Steg.BESLUT, now, report.kod)
    if standing(workplace, report).faststalld is None:
        raise OrdningsFel("E935 Rapporten är inte fastställd. Beslut och bedömningar gäller en fastställd rapport.")
    return _sign(workplace, konto, vad, {**about(report), **details}, now)


def about(report: ReportRecord) -> dict[str, Any]:
    """The report as the log's events tell of it."""
    return {
        "rapport_id": report.rapport_id,
        "kod": report.kod,
        "period": report.period,
        "version": report.version,
        "innehallshash": report.innehallshash,
    }


def _sign(workplace: Workplace, konto: Konto, steg: str, details: dict[str, Any], now: dt.datetime) -> Lank:
    signer = Signer(key_path(), (workplace.hem.path, CHECKOUT))
    if konto.nyckel != signer.public:
        raise NyckelFel(
            f"E934 Nyckeln i {key_path()} är inte den som kontot {konto.anvandare} har i behorighet.yaml. "
            f'Be den som förvaltar filen att skriva in: nyckel: "{signer.public}"'
        )
    details = {**details, "referens": workplace.behorighet.referens}
    text = signed_text(steg, details, konto.anvandare, konto.roll, now)
    return workplace.store.record_event(now, steg, {**details, "nyckel": signer.public, "signatur": signer.sign(text)})
