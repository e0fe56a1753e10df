"""Files of the ledger with their judgement, and the differences of the avstämning that a person has accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from adapters.store.database import Database, inserted_id, write_event
from adapters.store.records import LedgerRecord, ReturStatus
from adapters.store.tables import acceptanser, huvudbocker
from data_contracts.findings import Finding, Severity, stops
from transforms.approval import DIFFERENS
from transforms.ledger.reconciliation import Acceptans


class LedgerStore(Database):
    """The ledger's files and what has been accepted about them."""

    def save_ledger(
        self,
        *,
        kommun: str,
        fil: str,
        sha256: str,
        mottagen: dt.datetime,
        program_key: str,
        ar: int | None,
        till_period: str | None,
        fynd: Sequence[Finding],
    ) -> LedgerRecord:
        """Register a file of the ledger with its judgement; known bytes keep their place and time and get the new judgement."""
        judged = {
            "program_key": program_key,
            "ar": ar,
            "till_period": till_period,
            "status": (ReturStatus.STOPPAD if stops(tuple(fynd)) else ReturStatus.GODKAND).value,
            "fynd": [asdict(finding) for finding in fynd],
        }
        known = (huvudbocker.c.kommun == kommun, huvudbocker.c.sha256 == sha256)
        with self._write() as connection:
            found = self._ledgers(connection, *known)
            if found:
                connection.execute(huvudbocker.update().where(*known).values(**judged))
            else:
                values = {"kommun": kommun, "fil": fil, "sha256": sha256, "mottagen": mottagen, **judged}
                made = inserted_id(connection.execute(huvudbocker.insert().values(**values)))
                details = {"huvudbok_id": made, "fil": fil, "sha256": sha256, "status": judged["status"]}
                write_event(connection, mottagen, "huvudbok_mottagen", details)
            return self._ledgers(connection, *known)[0]

    def ledgers(self, kommun: str) -> tuple[LedgerRecord, ...]:
        """Every file of the kommun's ledger, oldest first."""
        with self._read() as connection:
            return self._ledgers(connection, huvudbocker.c.kommun == kommun)

    def _ledgers(self, connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[LedgerRecord, ...]:
        rows = connection.execute(sa.select(huvudbocker).where(*where).order_by(huvudbocker.c.id)).mappings()
        return tuple(_ledger(dict(row)) for row in rows)

    def accept_difference(self, kommun: str, period: str, acceptance: Acceptans, *, tid: dt.datetime) -> None:
        """Keep that a person accepts a difference. The same difference again is left as it was first accepted."""
        key = {
            "kommun": kommun,
            "period": period,
            "kontroll": acceptance.kontroll,
            "differens_ore": acceptance.differens_ore,
        }
        with self._write() as connection:
            same = sa.select(acceptanser.c.id).where(*(acceptanser.c[name] == value for name, value in key.items()))
            if connection.execute(same).scalar() is not None:
                return
            connection.execute(acceptanser.insert().values(**key, roll=acceptance.roll, skal=acceptance.skal, tid=tid))
            told = {**key, "roll": acceptance.roll, "skal": acceptance.skal}
            write_event(connection, tid, DIFFERENS, told)

    def acceptances(self, kommun: str, period: str) -> tuple[Acceptans, ...]:
        """Every difference of the period that has been accepted, in order."""
        own = (acceptanser.c.kommun == kommun, acceptanser.c.period == period)
        with self._read() as connection:
            rows = connection.execute(sa.select(acceptanser).where(*own).order_by(acceptanser.c.id)).mappings()
            return tuple(
                Acceptans(row["kontroll"], row["differens_ore"], row["roll"], row["skal"], row["tid"].isoformat())
                for row in rows
            )


def _ledger(row: dict[str, Any]) -> LedgerRecord:
    found = tuple(Finding(**{**one, "severity": Severity(one["severity"])}) for one in row["fynd"])
    return LedgerRecord(**{**row, "status": ReturStatus(row["status"]), "fynd": found})
