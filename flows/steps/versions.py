"""Which version of a return counts: the newest accepted one, or the one that somebody with the right has chosen."""

from __future__ import annotations

from adapters.store import ReturRecord, ReturStatus
from flows.steps.deadlines import local_time
from flows.workplace import Workplace
from transforms.versions import counting_sentence

ACCEPTED = (ReturStatus.GODKAND, ReturStatus.ERSATT)


class VersionsFel(RuntimeError):
    """The choice can't be made. E915: there is no such version, or it is not accepted. The message is Swedish."""


def accepted_version(workplace: Workplace, forvaltning: str, period: str, version: int) -> ReturRecord:
    """The version to choose.

    Raises:
        VersionsFel: E915, there is none, or it is not accepted.
    """
    chain = workplace.store.retur_chain(workplace.kommun.kod, forvaltning, period)
    for record in chain:
        if record.version == version and record.status in ACCEPTED:
            return record
    raise VersionsFel(
        f"E915 {forvaltning} har ingen godkänd version {version} för {period}. "
        f"Se versionerna med: rodatraden valj-version {period} {forvaltning}"
    )


def why_it_counts(workplace: Workplace, record: ReturRecord) -> str:
    """Which version of a return's chain counts and why, for its receipt; '' when only one has been accepted."""
    if not (record.forvaltning and record.period):
        return ""
    chain = workplace.store.retur_chain(record.kommun, record.forvaltning, record.period)
    accepted = [one for one in chain if one.status in ACCEPTED]
    counting = next((one for one in accepted if one.status is ReturStatus.GODKAND), None)
    if counting is None or len(accepted) < 2:
        return ""
    return _sentence(workplace, counting, accepted[-1].version)


def chosen_sentence(workplace: Workplace, record: ReturRecord) -> str:
    """The choice by which a version counts, in words; '' when it counts because it is the newest."""
    if not (record.forvaltning and record.period) or workplace.store.choice_of(record.id) is None:
        return ""
    return why_it_counts(workplace, record)


def _sentence(workplace: Workplace, counting: ReturRecord, newest: int) -> str:
    val = workplace.store.choice_of(counting.id)
    if val is None:
        return counting_sentence(counting.version, newest, None)
    day = local_time(workplace.kommun.kalender, val.tid).date()
    return counting_sentence(counting.version, newest, (val.roll, day, val.skal))
