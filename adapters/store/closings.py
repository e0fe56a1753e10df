"""Closings and their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel, inserted_id, write_event
from adapters.store.records import Closing, ClosingStatus, FoundFigure
from adapters.store.tables import closing_returns, closings, figures
from transforms.figure_id import parse_figure_id
from transforms.figures import figures_hash, from_row
from transforms.schemas import FIGURES

MANAD = "manad"
"""The kind of closing that the returns of a month give; others are closings of the books."""
SLAG = (MANAD, "delarsrapport", "arsredovisning")


class ClosingStore(Database):
    """Closings of periods, and the figures that each gave."""

    def start_closing(
        self,
        kommun: str,
        period: str,
        *,
        started: dt.datetime,
        fingerprint: str,
        retur_ids: Sequence[int],
        slag: str = MANAD,
        miljo: str = "",
    ) -> Closing:
        """A new closing, under way, standing on these returns.

        Args:
            slag: manad, or the report that the books are closed for.
            miljo: sha256 of the kept environment.
        """
        values = {"kommun": kommun, "period": period, "started": started, "fingerprint": fingerprint, "slag": slag}
        values["miljo"] = miljo
        with self._write() as connection:
            insert = closings.insert().values(status=ClosingStatus.PAGAR.value, **values)
            closing_id = inserted_id(connection.execute(insert))
            if retur_ids:
                links = [{"closing_id": closing_id, "retur_id": retur_id} for retur_id in sorted(set(retur_ids))]
                connection.execute(closing_returns.insert(), links)
            write_event(
                connection,
                started,
                "stangning_paborjad",
                {"closing_id": closing_id, "kommun": kommun, "period": period, "miljo": miljo},
            )
            return self._closing(connection, closing_id)

    def finish_closing(self, closing_id: int, *, finished: dt.datetime, summary: Mapping[str, Any]) -> Closing:
        """The closing is done; from now on it is what the period's figures and reports are read from."""
        return self._end(closing_id, ClosingStatus.KLAR, finished, summary)

    def fail_closing(self, closing_id: int, *, finished: dt.datetime, summary: Mapping[str, Any]) -> Closing:
        """The closing could not be done; ``summary`` says why. The earlier closing still counts."""
        return self._end(closing_id, ClosingStatus.MISSLYCKAD, finished, summary)

    def closing(self, closing_id: int) -> Closing:
        """The closing with that id. Raises LagringsFel E907 when there is none."""
        with self._read() as connection:
            return self._closing(connection, closing_id)

    def last_closing(self, kommun: str, period: str, slag: str = MANAD) -> Closing | None:
        """The newest finished closing of the period, or None."""
        with self._read() as connection:
            return self._newest(connection, kommun, closings.c.period == period, closings.c.slag == slag)

    def closing_before(self, closing: Closing, period: str) -> Closing | None:
        """The month's finished closing that was the newest when ``closing`` was made: what it took figures of that period from."""
        before = sa.and_(closings.c.period == period, closings.c.id <= closing.id, closings.c.slag == MANAD)
        with self._read() as connection:
            return self._newest(connection, closing.kommun, before)

    def finished_closings(self, kommun: str) -> tuple[Closing, ...]:
        """Every finished closing, oldest first."""
        done = (closings.c.kommun == kommun, closings.c.status == ClosingStatus.KLAR.value)
        with self._read() as connection:
            ids = connection.execute(sa.select(closings.c.id).where(*done).order_by(closings.c.id)).scalars().all()
            return tuple(self._closing(connection, closing_id) for closing_id in ids)

    def previous_closing(self, kommun: str, period: str) -> Closing | None:
        """The newest finished closing of the latest earlier period (of any year), or None."""
        with self._read() as connection:
            return self._newest(connection, kommun, closings.c.period < period, closings.c.slag == MANAD)

    def save_figures(self, closing_id: int, frame: pd.DataFrame) -> None:
        """Save the closing's figures (``schemas.FIGURES``), in place of any it had.

        Raises:
            SchemaMismatch: E101, the frame is not of that form. LagringsFel: E907, the closing is finished or does not exist.
        """
        FIGURES.check(frame)
        with self._write() as connection:
            if self._closing(connection, closing_id).status is not ClosingStatus.PAGAR:
                raise LagringsFel(
                    f"E907 Stängning {closing_id} är avslutad, och dess siffror ändras inte. Gör en ny stängning."
                )
            connection.execute(figures.delete().where(figures.c.closing_id == closing_id))
            rows = [{"closing_id": closing_id, "ordning": place, **row} for place, row in enumerate(_records(frame))]
            if rows:
                connection.execute(figures.insert(), rows)

    def load_figures(self, closing_id: int) -> pd.DataFrame:
        """The closing's figures as saved: ``schemas.FIGURES``, in the same order, missing values kept."""
        with self._read() as connection:
            return _frame(connection, figures.c.closing_id == closing_id)

    def load_figures_of(self, closing_id: int, matt: str, serier: Sequence[str]) -> pd.DataFrame:
        """The closing's figures of one mått and some serier: ``schemas.FIGURES``."""
        with self._read() as connection:
            return _frame(
                connection, figures.c.closing_id == closing_id, figures.c.matt == matt, figures.c.serie.in_(serier)
            )

    def count_figures(self, closing_id: int) -> int:
        """How many figures the closing has."""
        counted = sa.select(sa.func.count()).select_from(figures).where(figures.c.closing_id == closing_id)
        with self._read() as connection:
            return int(connection.execute(counted).scalar_one())

    def find_figure(self, kommun: str, figure_id: str) -> FoundFigure | None:
        """The figure in the newest finished closing of its period, the month's before those of the books, or None.

        Raises:
            ValueError: the text is no figure id (Swedish).
        """
        period = parse_figure_id(figure_id).period
        with self._read() as connection:
            for slag in SLAG:
                closing = self._newest(connection, kommun, closings.c.period == period, closings.c.slag == slag)
                if closing is None:
                    continue
                asked = _figure_rows(figures.c.closing_id == closing.id, figures.c.figure_id == figure_id.strip())
                found = connection.execute(asked).mappings().one_or_none()
                if found is not None:
                    return FoundFigure(closing, from_row(dict(found)))
        return None

    def _end(
        self, closing_id: int, status: ClosingStatus, finished: dt.datetime, summary: Mapping[str, Any]
    ) -> Closing:
        with self._write() as connection:
            before = self._closing(connection, closing_id)
            if before.status is status:
                return before
            if before.status is not ClosingStatus.PAGAR:
                raise LagringsFel(
                    f"E907 Stängning {closing_id} är redan avslutad ({before.status}). Gör en ny stängning."
                )
            values = {"status": status.value, "finished": finished, "summary": dict(summary)}
            connection.execute(closings.update().where(closings.c.id == closing_id).values(**values))
            details = {"closing_id": closing_id, "kommun": before.kommun, "period": before.period}
            if status is ClosingStatus.KLAR:
                details["siffror"] = figures_hash(_frame(connection, figures.c.closing_id == closing_id))
            write_event(connection, finished, f"stangning_{status.value}", details)
            return self._closing(connection, closing_id)

    def _newest(self, connection: sa.Connection, kommun: str, *conditions: sa.ColumnElement[bool]) -> Closing | None:
        """The newest finished closing of the latest period that the conditions let through: the one begun last, whatever the clock said."""
        query = sa.select(closings.c.id).where(
            closings.c.kommun == kommun, *conditions, closings.c.status == ClosingStatus.KLAR.value
        )
        newest_first = query.order_by(closings.c.period.desc(), closings.c.id.desc())
        closing_id = connection.execute(newest_first.limit(1)).scalar()
        return None if closing_id is None else self._closing(connection, closing_id)

    def _closing(self, connection: sa.Connection, closing_id: int) -> Closing:
        row = connection.execute(sa.select(closings).where(closings.c.id == closing_id)).mappings().one_or_none()
        if row is None:
            raise LagringsFel(f"E907 Det finns ingen stängning med nummer {closing_id}. Kontrollera numret.")
        links = sa.select(closing_returns.c.retur_id).where(closing_returns.c.closing_id == closing_id)
        retur_ids = tuple(connection.execute(links.order_by(closing_returns.c.retur_id)).scalars())
        return Closing(**{**row, "status": ClosingStatus(row["status"])}, retur_ids=retur_ids)


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows with Python's own values: exact int, str or None. No value passes through a float."""
    columns = [[None if value is pd.NA else value for value in frame[name].astype(object)] for name in FIGURES.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(FIGURES.columns, values, strict=True))


def _frame(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> pd.DataFrame:
    """The figures that the conditions let through, in the order they were saved."""
    return FIGURES.frame([dict(row) for row in connection.execute(_figure_rows(*conditions)).mappings()])


def _figure_rows(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(*(figures.c[name] for name in FIGURES.columns)).where(*conditions).order_by(figures.c.ordning)
