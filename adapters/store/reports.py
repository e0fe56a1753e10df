"""Reports: versions per content, and which of them a closing gave."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace

import sqlalchemy as sa

from adapters.store.closings import MANAD, ClosingStore
from adapters.store.database import LagringsFel, inserted_id, write_event
from adapters.store.records import NewReport, ReportRecord
from adapters.store.tables import closing_reports, reports

_FIELDS = tuple(name for name in ReportRecord.__dataclass_fields__ if name != "is_new")


class ReportStore(ClosingStore):
    """Rendered reports. A report's version counts up per kommun, period and kod each time its content hash changes."""

    def next_report_version(self, kommun: str, period: str, kod: str, innehallshash: str) -> int:
        """The version that a report with that content has (unchanged) or will get (changed): the number to print in it."""
        with self._read() as connection:
            newest = self._newest_report(connection, kommun, period, kod)
        if newest is None:
            return 1
        return newest.version if newest.innehallshash == innehallshash else newest.version + 1

    def find_report_by_hash(self, kommun: str, period: str, kod: str, innehallshash: str) -> ReportRecord | None:
        """The newest report of that kod when its content is this, so that it need not be rendered again; else None.

        An older version with the same content does not count: it has another version number printed in it.
        """
        with self._read() as connection:
            newest = self._newest_report(connection, kommun, period, kod)
        return newest if newest is not None and newest.innehallshash == innehallshash else None

    def save_report(self, closing_id: int, report: NewReport, *, tid: dt.datetime) -> ReportRecord:
        """Save a rendered report as given by this closing. Unchanged content is the report it was: ``is_new`` is False.

        Raises:
            LagringsFel: E907, the version printed in it is not the next one: another closing came between.
        """
        with self._write() as connection:
            newest = self._newest_report(connection, report.kommun, report.period, report.kod)
            if newest is not None and newest.innehallshash == report.innehallshash:
                self._link(connection, closing_id, newest.id)
                return newest
            due = 1 if newest is None else newest.version + 1
            if report.version != due:
                raise LagringsFel(
                    f"E907 Rapporten {report.rapport_id} är framställd som version {report.version}, men nästa version är {due}: "
                    "en annan stängning hann före. Kör stängningen igen."
                )
            report_id = inserted_id(
                connection.execute(reports.insert().values(closing_id=closing_id, **asdict(report)))
            )
            self._link(connection, closing_id, report_id)
            details = {
                "report_id": report_id,
                "rapport_id": report.rapport_id,
                "version": due,
                "innehallshash": report.innehallshash,
                "filhash": report.filhash,
            }
            write_event(connection, tid, "rapport_sparad", details)
            return replace(self._select_reports(connection, reports.c.id == report_id)[0], is_new=True)

    def keep_report(self, closing_id: int, report_id: int) -> None:
        """This closing too gives that report, unchanged."""
        with self._write() as connection:
            self._link(connection, closing_id, report_id)

    def reports_of(self, closing_id: int) -> tuple[ReportRecord, ...]:
        """The reports that a closing gave, the kommun's first, then by kod."""
        with self._read() as connection:
            linked = sa.select(closing_reports.c.report_id).where(closing_reports.c.closing_id == closing_id)
            return self._select_reports(connection, reports.c.id.in_(linked))

    def reports_for(self, kommun: str, period: str, slag: str = MANAD) -> tuple[ReportRecord, ...]:
        """The reports of the period's newest finished closing of that kind; none when there is no such closing."""
        closing = self.last_closing(kommun, period, slag)
        return () if closing is None else self.reports_of(closing.id)

    def all_reports(self, kommun: str) -> tuple[ReportRecord, ...]:
        """Every version of every report, in the order they were made."""
        with self._read() as connection:
            found = self._select_reports(connection, reports.c.kommun == kommun)
        return tuple(sorted(found, key=lambda report: report.id))

    def _link(self, connection: sa.Connection, closing_id: int, report_id: int) -> None:
        link = {"closing_id": closing_id, "report_id": report_id}
        known = sa.select(closing_reports).filter_by(**link)
        if connection.execute(known).first() is None:
            connection.execute(closing_reports.insert().values(**link))

    def _newest_report(self, connection: sa.Connection, kommun: str, period: str, kod: str) -> ReportRecord | None:
        same = (reports.c.kommun == kommun, reports.c.period == period, reports.c.kod == kod)
        return max(self._select_reports(connection, *same), key=lambda report: report.version, default=None)

    def _select_reports(
        self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]
    ) -> tuple[ReportRecord, ...]:
        query = sa.select(*(reports.c[name] for name in _FIELDS)).where(*conditions)
        found = [ReportRecord(**row) for row in connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda report: report.kod))
