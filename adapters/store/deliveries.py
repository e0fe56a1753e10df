"""Arrivals: which file or mail came which way, from whom, and whether it has been answered."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel, inserted_id, write_event
from adapters.store.records import LeveransRecord, Svar
from adapters.store.tables import leveranser

ANSWERED = "leverans_besvarad"
"""The event of an answer; it holds the verdict that was told."""
_FIELDS = tuple(name for name in LeveransRecord.__dataclass_fields__ if name != "is_new")


class DeliveryStore(Database):
    """The arrivals of every way in, each remembered once."""

    def record_delivery(
        self,
        *,
        kommun: str,
        vag: str,
        plats: str,
        marke: str,
        inkom: dt.datetime,
        fil: str = "",
        sha256: str = "",
        retur_id: int | None = None,
        avsandare: str = "",
        amne: str = "",
        message_id: str = "",
        brev: str = "",
        svar: Svar = Svar.NEJ,
        orsak: str = "",
    ) -> LeveransRecord:
        """Remember an arrival. One that is known stands as it was; ``is_new`` tells which."""
        key = {"kommun": kommun, "vag": vag, "plats": plats, "marke": marke}
        values = {
            "inkom": inkom, "fil": fil, "sha256": sha256, "retur_id": retur_id, "avsandare": avsandare, "amne": amne,
            "message_id": message_id, "brev": brev, "svar": svar.value, "orsak": orsak,
        }  # fmt: skip
        with self._write() as connection:
            known = self._deliveries(connection, *(leveranser.c[name] == value for name, value in key.items()))
            if known:
                return known[0]
            made = inserted_id(connection.execute(leveranser.insert().values(**key, **values)))
            told = {"leverans_id": made, "vag": vag, "plats": plats, "avsandare": avsandare, "sha256": sha256}
            write_event(connection, inkom, "leverans", told)
            (record,) = self._deliveries(connection, leveranser.c.id == made)
            return LeveransRecord(**{name: getattr(record, name) for name in _FIELDS}, is_new=True)

    def find_delivery(self, kommun: str, vag: str, plats: str, marke: str) -> LeveransRecord | None:
        """The arrival at that place with that mark, or None when it has not been taken in."""
        key = {"kommun": kommun, "vag": vag, "plats": plats, "marke": marke}
        with self._read() as connection:
            found = self._deliveries(connection, *(leveranser.c[name] == value for name, value in key.items()))
        return found[0] if found else None

    def deliveries_at(self, kommun: str, vag: str, plats: str) -> tuple[LeveransRecord, ...]:
        """All that came at one place: a mail's attachments, then the mail itself."""
        key = {"kommun": kommun, "vag": vag, "plats": plats}
        with self._read() as connection:
            return self._deliveries(connection, *(leveranser.c[name] == value for name, value in key.items()))

    def has_come_before(self, kommun: str, vag: str, brev: str, plats: str) -> bool:
        """Whether the same mail has been taken in from another place of the mailbox, which then has been numbered anew."""
        same = (leveranser.c.kommun == kommun, leveranser.c.vag == vag, leveranser.c.brev == brev)
        with self._read() as connection:
            return bool(self._deliveries(connection, *same, leveranser.c.plats != plats))

    def deliveries_of(self, retur_id: int) -> tuple[LeveransRecord, ...]:
        """Every time that a version has arrived, oldest first."""
        with self._read() as connection:
            return self._deliveries(connection, leveranser.c.retur_id == retur_id)

    def unanswered(self, kommun: str) -> tuple[LeveransRecord, ...]:
        """The arrivals that wait for an answer, oldest first."""
        with self._read() as connection:
            return self._deliveries(connection, leveranser.c.kommun == kommun, leveranser.c.svar == Svar.VANTAR.value)

    def answered_by_mail(self, kommun: str) -> tuple[LeveransRecord, ...]:
        """The arrivals of returns that have been answered, oldest first."""
        done = (
            leveranser.c.kommun == kommun,
            leveranser.c.svar == Svar.KLART.value,
            leveranser.c.retur_id.is_not(None),
        )
        with self._read() as connection:
            return self._deliveries(connection, *done)

    def settle_answer(self, leverans_id: int, svar: Svar, orsak: str, *, tid: dt.datetime, omdome: str = "") -> None:
        """The arrival has been answered, with that verdict, or is not going to be. Raises LagringsFel E907 when there is none."""
        with self._write() as connection:
            if not self._deliveries(connection, leveranser.c.id == leverans_id):
                raise LagringsFel(f"E907 Det finns ingen leverans med nummer {leverans_id}. Kontrollera numret.")
            change = leveranser.update().where(leveranser.c.id == leverans_id)
            connection.execute(change.values(svar=svar.value, orsak=orsak))
            told = {"leverans_id": leverans_id, "svar": svar.value, "orsak": orsak, "omdome": omdome}
            write_event(connection, tid, ANSWERED, told)

    def _deliveries(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[LeveransRecord, ...]:
        query = sa.select(*(leveranser.c[name] for name in _FIELDS)).where(*conditions).order_by(leveranser.c.id)
        rows = connection.execute(query).mappings().all()
        return tuple(LeveransRecord(**{**row, "svar": Svar(row["svar"])}) for row in rows)
