"""Schedules, worked out from the kommun's one calendar. ``rodatraden schemalagg`` serves them; ``prefect.yaml`` deploys the same."""

from __future__ import annotations

from dataclasses import dataclass

from data_contracts.kommun import Kalender


@dataclass(frozen=True, slots=True)
class Schema:
    """One schedule: which flow, and when (cron in the kommun's time zone)."""

    flow: str
    namn: str
    cron: str
    tidszon: str


def schedules(kalender: Kalender) -> tuple[Schema, ...]:
    """Collecting and mails at the calendar's times on weekdays; closing on its day of the month after the period.

    Which mails a day asks for, and that a red day asks for none, is worked out when the flow runs (``transforms.notices``).

    Example:
        >>> schedules(Kalender(retur_senast_arbetsdag=7, stangning_dag=12, hamtning_tider=("07:00",)))[0].cron
        '0 7 * * 1-5'
    """
    collect = tuple(
        Schema("collect-returns", f"Hämta returer {time}", f"{_minute_hour(time)} * * 1-5", kalender.tidszon)
        for time in kalender.hamtning_tider
    )
    remind = Schema(
        "remind-returns",
        "Skicka mallar och påminnelser",
        f"{_minute_hour(kalender.utskick_tid)} * * 1-5",
        kalender.tidszon,
    )
    send = Schema(
        "send-reports",
        "Sänd fastställda rapporter",
        f"{_minute_hour(kalender.utskick_tid)} * * 1-5",
        kalender.tidszon,
    )
    months = ",".join(str(month) for month in sorted(month % 12 + 1 for month in kalender.perioder))
    close = Schema(
        "close-month",
        "Stäng månaden",
        f"{_minute_hour(kalender.stangning_tid)} {kalender.stangning_dag} {months} *",
        kalender.tidszon,
    )
    return (*collect, remind, close, send)


def _minute_hour(time: str) -> str:
    hour, minute = time.split(":")
    return f"{int(minute)} {int(hour)}"
