"""The tables, the same on SQLite and PostgreSQL. A change here needs a migration (``migrations/versions``) and a new ``HEAD``."""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from adapters.store.records import ClosingStatus, ReturStatus, SandningStatus, Svar, UtskickStatus
from transforms.deviation_register import Handling
from transforms.schemas import FIGURES

HEAD = "0013"
"""The newest migration."""


class SafeText(TypeDecorator[str]):
    """Text from outside: what no database takes (NUL, halves of surrogate pairs, as in odd file names) is kept as a visible escape."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """The text, with what cannot be stored escaped."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return value.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


class JsonText(TypeDecorator[Any]):
    """Plain JSON as canonical text: sorted keys, no NaN."""

    impl = SafeText
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """The value as canonical JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=True, sort_keys=True, allow_nan=False)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """The value back."""
        return None if value is None else json.loads(value)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time as ISO text in UTC with microseconds, so that order of text is order of time on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> str | None:
        """ISO text; ValueError for a time without a zone."""
        if value is None:
            return None
        return stored_time(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.datetime | None:
        """An aware time in UTC."""
        return None if value is None else dt.datetime.fromisoformat(value)


def stored_time(value: dt.datetime) -> str:
    """A time as the database keeps it; ValueError for one without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"the time {value} has no zone")
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


returer = sa.Table(
    "returer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("kedja", SafeText, nullable=False),
    sa.Column("forvaltning", SafeText),
    sa.Column("period", SafeText),
    sa.Column("ar", sa.Integer),
    sa.Column("kontrakt_id", SafeText, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("fil", SafeText, nullable=False),
    sa.Column("sha256", SafeText, nullable=False),
    sa.Column("storlek", sa.BigInteger, nullable=False),
    sa.Column("mottagen", UtcTime, nullable=False),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("ersatt_av", sa.Integer, sa.ForeignKey("returer.id")),
    sa.Column("svarar_pa", SafeText),
    sa.UniqueConstraint("kommun", "kedja", "version"),
    sa.UniqueConstraint("kommun", "kedja", "sha256"),
    sa.Index(None, "kommun", "period"),
    sa.Index(None, "kommun", "sha256"),
    _one_of("status", ReturStatus),
)
"""``kedja`` names what the versions are versions of: a förvaltning's period, a register's year, or unknown bytes by themselves.

``svarar_pa``: the sha256 of the return that the workbook, a mended rättelsebok, says that it answers.
"""

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), primary_key=True),
    sa.Column("ordning", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", SafeText, nullable=False),
    sa.Column("severity", SafeText, nullable=False),
    sa.Column("message", SafeText, nullable=False),
    sa.Column("advice", SafeText, nullable=False),
    sa.Column("file", SafeText, nullable=False),
    sa.Column("sheet", SafeText, nullable=False),
    sa.Column("cell", SafeText, nullable=False),
    sa.Column("found", SafeText, nullable=False),
    sa.Column("forvaltning", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
)

interpretations = sa.Table(
    "interpretations",
    metadata,
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), primary_key=True),
    sa.Column("program_key", SafeText, primary_key=True),
    sa.Column("sha256", SafeText, nullable=False),
)
"""A return as read by one program and configuration: where in the object store."""

closings = sa.Table(
    "closings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("started", UtcTime, nullable=False),
    sa.Column("finished", UtcTime),
    sa.Column("fingerprint", SafeText, nullable=False),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("summary", JsonText),
    sa.Column("slag", SafeText, nullable=False, server_default="manad"),
    sa.Column("miljo", SafeText, nullable=False, server_default=""),
    sa.Index(None, "kommun", "period", "status"),
    _one_of("status", ClosingStatus),
)

closing_returns = sa.Table(
    "closing_returns",
    metadata,
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id"), primary_key=True),
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), primary_key=True),
)

contract_runs = sa.Table(
    "contract_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id")),
    sa.Column("tid", UtcTime, nullable=False),
    sa.Column("nyckel", SafeText, nullable=False),
    sa.Column("rules_run", sa.Integer, nullable=False),
    sa.Column("evidence", JsonText, nullable=False),
)

contract_run_returns = sa.Table(
    "contract_run_returns",
    metadata,
    sa.Column("run_id", sa.Integer, sa.ForeignKey("contract_runs.id"), primary_key=True),
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), primary_key=True, index=True),
)

figures = sa.Table(
    "figures",
    metadata,
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id"), primary_key=True),
    sa.Column("ordning", sa.Integer, nullable=False),
    *(
        sa.Column(
            name, sa.BigInteger if dtype == "Int64" else SafeText, primary_key=name == "figure_id", autoincrement=False
        )
        for name, dtype in FIGURES.columns.items()
    ),
)
"""One row per closing and figure: ``closing_id``, the row's place, and every column of ``schemas.FIGURES``."""

godtaganden = sa.Table(
    "godtaganden",
    metadata,
    sa.Column("kommun", SafeText, primary_key=True),
    sa.Column("period", SafeText, primary_key=True),
    sa.Column("vad", SafeText, primary_key=True),
    sa.Column("skal", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("tid", SafeText, nullable=False),
)
"""What someone has accepted in a closing of the books, with the reason: a missing requirement, a difference."""

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id"), nullable=False),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("kod", SafeText, nullable=False),
    sa.Column("rapport_id", SafeText, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("innehallshash", SafeText, nullable=False),
    sa.Column("tillstand", SafeText, nullable=False),
    sa.Column("view_json", SafeText, nullable=False),
    sa.Column("pdf_sha256", SafeText, nullable=False),
    sa.Column("html_sha256", SafeText, nullable=False),
    sa.Column("spar_sha256", SafeText, nullable=False),
    sa.Column("xlsx_sha256", SafeText, nullable=False),
    sa.Column("filhash", SafeText, nullable=False),
    sa.UniqueConstraint("kommun", "period", "kod", "version"),
)

closing_reports = sa.Table(
    "closing_reports",
    metadata,
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id"), primary_key=True),
    sa.Column("report_id", sa.Integer, sa.ForeignKey("reports.id"), primary_key=True),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("tid", UtcTime, nullable=False),
    sa.Column("vad", SafeText, nullable=False),
    sa.Column("detaljer", JsonText, nullable=False),
    sa.Column("anvandare", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("forra", SafeText, nullable=False),
    sa.Column("hash", SafeText, nullable=False),
    sa.Index(None, "vad"),
)
"""The audit log: ``transforms.audit_chain`` says what ``forra`` and ``hash`` are, ``log_guard`` keeps every line as it is."""

utskick = sa.Table(
    "utskick",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("forvaltning", SafeText, nullable=False),
    sa.Column("slag", SafeText, nullable=False),
    sa.Column("mottagare", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("planerad", UtcTime, nullable=False),
    sa.Column("andrad", UtcTime, nullable=False),
    sa.Column("forsok", sa.Integer, nullable=False),
    sa.Column("fel", SafeText, nullable=False),
    sa.UniqueConstraint("kommun", "period", "forvaltning", "slag", "mottagare"),
    _one_of("status", UtskickStatus),
)
"""One row per mail that the calendar asks for: its key is why no mail goes out twice."""

leveranser = sa.Table(
    "leveranser",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("vag", SafeText, nullable=False),
    sa.Column("plats", SafeText, nullable=False),
    sa.Column("marke", SafeText, nullable=False),
    sa.Column("avsandare", SafeText, nullable=False),
    sa.Column("amne", SafeText, nullable=False),
    sa.Column("message_id", SafeText, nullable=False),
    sa.Column("brev", SafeText, nullable=False),
    sa.Column("fil", SafeText, nullable=False),
    sa.Column("sha256", SafeText, nullable=False),
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), index=True),
    sa.Column("inkom", UtcTime, nullable=False),
    sa.Column("svar", SafeText, nullable=False),
    sa.Column("orsak", SafeText, nullable=False),
    sa.UniqueConstraint("kommun", "vag", "plats", "marke"),
    sa.Index(None, "kommun", "svar"),
    _one_of("svar", Svar),
)
"""Every arrival by every way in: where it lay, who sent it, which return it became, and whether it has been answered."""

kolada_hamtningar = sa.Table(
    "kolada_hamtningar",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("tid", UtcTime, nullable=False),
    sa.Column("adress", SafeText, nullable=False),
    sa.Column("antal", sa.Integer, nullable=False),
)
"""One row per answer from Kolada; ``antal``: how many values were new or revised."""

kolada_varden = sa.Table(
    "kolada_varden",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("nyckeltal", SafeText, nullable=False),
    sa.Column("omrade", SafeText, nullable=False),
    sa.Column("ar", sa.Integer, nullable=False),
    sa.Column("kon", SafeText, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("varde", SafeText, nullable=False),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("sha256", SafeText, nullable=False),
    sa.Column("hamtning_id", sa.Integer, sa.ForeignKey("kolada_hamtningar.id"), nullable=False),
    sa.UniqueConstraint("kommun", "nyckeltal", "omrade", "ar", "kon", "version"),
)
"""The cache: one row per value and version, with the page of the answer it came on. ``varde``: decimal text, '' for none."""

huvudbocker = sa.Table(
    "huvudbocker",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("fil", SafeText, nullable=False),
    sa.Column("sha256", SafeText, nullable=False),
    sa.Column("mottagen", UtcTime, nullable=False),
    sa.Column("program_key", SafeText, nullable=False),
    sa.Column("ar", sa.Integer),
    sa.Column("till_period", SafeText),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("fynd", JsonText, nullable=False),
    sa.UniqueConstraint("kommun", "sha256"),
    _one_of("status", ReturStatus),
)
"""Files of the ledger, each with its judgement by one program: the year, the last month it covers, and its findings."""

acceptanser = sa.Table(
    "acceptanser",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("kontroll", SafeText, nullable=False),
    sa.Column("differens_ore", sa.BigInteger, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("skal", SafeText, nullable=False),
    sa.Column("tid", UtcTime, nullable=False),
    sa.UniqueConstraint("kommun", "period", "kontroll", "differens_ore"),
)
"""Differences of the avstämning that a person has accepted: role, reason, time. Never changed or removed."""

versionsval = sa.Table(
    "versionsval",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("kedja", SafeText, nullable=False),
    sa.Column("retur_id", sa.Integer, sa.ForeignKey("returer.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("senast", sa.Integer, nullable=False),
    sa.Column("skal", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("konto", SafeText, nullable=False),
    sa.Column("tid", UtcTime, nullable=False),
    sa.Index(None, "kommun", "kedja"),
)
"""Choices of version; of a chain the latest counts, as long as no version newer than ``senast`` is accepted."""

avvikelser = sa.Table(
    "avvikelser",
    metadata,
    sa.Column("closing_id", sa.Integer, sa.ForeignKey("closings.id"), primary_key=True),
    sa.Column("arende_id", SafeText, primary_key=True),
    sa.Column("ordning", sa.Integer, nullable=False),
    sa.Column("innehall", JsonText, nullable=False),
)
"""What a closing saw of each row over the limits: at most one row per closing and case. ``innehall``: a whole observation."""

arendebeslut = sa.Table(
    "arendebeslut",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("arende_id", SafeText, nullable=False),
    sa.Column("slag", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("datum", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("konto", SafeText, nullable=False),
    sa.Column("text", SafeText, nullable=False),
    sa.Column("underlag", SafeText, nullable=False),
    sa.Column("underlag_sha256", SafeText, nullable=False),
    sa.Column("paragraf", SafeText, nullable=False),
    sa.Column("belopp_ore", sa.BigInteger),
    sa.Column("tid", UtcTime, nullable=False),
    sa.Index(None, "kommun", "arende_id"),
    _one_of("slag", Handling),
)
"""Decisions on cases of the avvikelseregister, in order. Never changed or removed."""

sandningar = sa.Table(
    "sandningar",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("period", SafeText, nullable=False),
    sa.Column("rapport_id", SafeText, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("innehallshash", SafeText, nullable=False),
    sa.Column("kanal", SafeText, nullable=False),
    sa.Column("mottagare", SafeText, nullable=False),
    sa.Column("roll", SafeText, nullable=False),
    sa.Column("nyckel", SafeText, nullable=False),
    sa.Column("status", SafeText, nullable=False),
    sa.Column("planerad", UtcTime, nullable=False),
    sa.Column("andrad", UtcTime, nullable=False),
    sa.Column("forsok", sa.Integer, nullable=False),
    sa.Column("fel", SafeText, nullable=False),
    sa.UniqueConstraint(
        "kommun", "rapport_id", "version", "innehallshash", "kanal", "mottagare", name="uq_sandningar_nyckel"
    ),
    sa.Index(None, "kommun", "period"),
    _one_of("status", SandningStatus),
)
"""The outbox of reports: one row per report content, recipient and channel; that key is why nobody gets two."""

malplaner = sa.Table(
    "malplaner",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kommun", SafeText, nullable=False),
    sa.Column("ar", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("las", SafeText, nullable=False),
    sa.Column("sha256", SafeText, nullable=False),
    sa.Column("tid", UtcTime, nullable=False),
    sa.UniqueConstraint("kommun", "ar", "version"),
)
"""Decided målplaner, a row per version, frozen as they were decided."""
