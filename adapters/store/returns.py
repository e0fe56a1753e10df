"""Returned workbooks: versions, which one counts, findings and evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel, inserted_id, write_event
from adapters.store.records import ContractRun, ReturRecord, ReturStatus, Versionsval
from adapters.store.tables import contract_run_returns, contract_runs, findings, interpretations, returer, versionsval
from data_contracts.findings import Finding, Severity
from transforms.approval import VERSION_VALD
from transforms.audit_chain import canonical

_FINDING_FIELDS = tuple(Finding.__dataclass_fields__)
_RETUR_FIELDS = tuple(name for name in ReturRecord.__dataclass_fields__ if name != "is_new")


_NOT_BOOKS = sa.or_(returer.c.forvaltning.is_(None), returer.c.forvaltning != "")
"""The workbook of the books has a period but no förvaltning, and is no return."""


class ReturnStore(Database):
    """Returned workbooks and budget registers, each with its chain of versions."""

    def register_retur(
        self,
        *,
        kommun: str,
        forvaltning: str | None,
        period: str | None,
        kontrakt_id: str,
        fil: str,
        sha256: str,
        storlek: int,
        mottagen: dt.datetime,
        ar: int | None = None,
        svarar_pa: str | None = None,
    ) -> ReturRecord:
        """Register received bytes as the next version of their chain (kommun, förvaltning, period; for a register kommun, year).

        Bytes that the chain already has are the version they were: ``is_new`` is False and nothing changes. A workbook that did
        not tell whose it is (None) is a chain of its own.

        Args:
            svarar_pa: sha256 of the return that the workbook says that it answers (``answered``).
        """
        chain = _chain(forvaltning, period, ar, sha256)
        with self._write() as connection:
            versions = self._versions(connection, kommun, chain)
            for known in versions:
                if known.sha256 == sha256:
                    return known
            version = max((known.version for known in versions), default=0) + 1
            values = {
                "kommun": kommun, "forvaltning": forvaltning, "period": period, "ar": ar, "kontrakt_id": kontrakt_id,
                "version": version, "fil": fil, "sha256": sha256, "storlek": storlek, "mottagen": mottagen,
                "status": ReturStatus.MOTTAGEN.value, "svarar_pa": svarar_pa,
            }  # fmt: skip
            retur_id = inserted_id(connection.execute(returer.insert().values(kedja=chain, **values)))
            write_event(
                connection,
                mottagen,
                "retur_mottagen",
                {"retur_id": retur_id, "fil": fil, "sha256": sha256, "version": version},
            )
            return replace(self._one(connection, retur_id), is_new=True)

    def accept_retur(self, retur_id: int, found: Sequence[Finding] = (), *, tid: dt.datetime) -> ReturRecord:
        """Accept a version, with the findings that do not stop it. The newest accepted version counts; older ones become replaced."""
        return self._judge(retur_id, ReturStatus.GODKAND, found, tid)

    def stop_retur(self, retur_id: int, found: Sequence[Finding], *, tid: dt.datetime) -> ReturRecord:
        """Stop a version, with the findings. Were it the one that counted, the accepted version before it counts again."""
        return self._judge(retur_id, ReturStatus.STOPPAD, found, tid)

    def retur(self, retur_id: int) -> ReturRecord:
        """The version with that id. Raises LagringsFel E907 when there is none."""
        with self._read() as connection:
            return self._one(connection, retur_id)

    def all_returns(self, kommun: str) -> tuple[ReturRecord, ...]:
        """Every version of every return and register, in the order they came."""
        with self._read() as connection:
            return tuple(sorted(self._select(connection, returer.c.kommun == kommun), key=lambda retur: retur.id))

    def interpretations_of(self, retur_id: int) -> tuple[str, ...]:
        """sha256 of every reading of a return, whichever program read it."""
        query = sa.select(interpretations.c.sha256).where(interpretations.c.retur_id == retur_id).distinct()
        with self._read() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def find_retur(self, kommun: str, sha256: str) -> ReturRecord | None:
        """The newest registration of those bytes, or None when they have never come in."""
        with self._read() as connection:
            found = self._select(connection, returer.c.kommun == kommun, returer.c.sha256 == sha256)
        return max(found, key=lambda retur: retur.id, default=None)

    def current_returns(self, kommun: str, period: str) -> tuple[ReturRecord, ...]:
        """The accepted return that counts of each förvaltning, by förvaltning."""
        with self._read() as connection:
            found = self._select(
                connection,
                returer.c.kommun == kommun,
                returer.c.period == period,
                _NOT_BOOKS,
                returer.c.status == ReturStatus.GODKAND.value,
            )
        return tuple(sorted(found, key=lambda retur: retur.forvaltning or ""))

    def returns_for(self, kommun: str, period: str) -> tuple[ReturRecord, ...]:
        """Every version of every return of the period, whatever its status, by förvaltning and version."""
        with self._read() as connection:
            found = self._select(connection, returer.c.kommun == kommun, returer.c.period == period, _NOT_BOOKS)
        return tuple(sorted(found, key=lambda retur: (retur.forvaltning or "", retur.version)))

    def current_register(self, kommun: str, ar: int) -> ReturRecord | None:
        """The accepted budget register that counts for the year, or None."""
        chain = self.register_chain(kommun, ar)
        return next((retur for retur in chain if retur.status is ReturStatus.GODKAND), None)

    def current_books(self, kommun: str, period: str) -> ReturRecord | None:
        """The accepted workbook of the period's closing of the books that counts, or None."""
        chain = self.books_chain(kommun, period)
        return next((retur for retur in chain if retur.status is ReturStatus.GODKAND), None)

    def books_chain(self, kommun: str, period: str) -> tuple[ReturRecord, ...]:
        """Every version of the period's workbook of the books, oldest first."""
        with self._read() as connection:
            return self._versions(connection, kommun, _chain("", period, None, ""))

    def retur_chain(self, kommun: str, forvaltning: str, period: str) -> tuple[ReturRecord, ...]:
        """Every version that the förvaltning sent for the period, oldest first."""
        with self._read() as connection:
            return self._versions(connection, kommun, _chain(forvaltning, period, None, ""))

    def answered(self, retur_id: int) -> tuple[ReturRecord, ...]:
        """The returns that a workbook answers, oldest first: the one that it names, the one that that one names, and so on.

        Empty for a workbook that answers none. A name that no return of its chain of versions has ends the line.
        """
        with self._read() as connection:
            retur = self._one(connection, retur_id)
            same = sa.select(returer.c.kedja).where(returer.c.id == retur_id)
            versions = self._versions(connection, retur.kommun, str(connection.execute(same).scalar_one()))
        earlier = {version.sha256: version for version in versions}
        line: list[ReturRecord] = []
        while retur.svarar_pa in earlier and earlier[retur.svarar_pa].version < retur.version:
            retur = earlier[retur.svarar_pa]
            line.insert(0, retur)
        return tuple(line)

    def register_chain(self, kommun: str, ar: int) -> tuple[ReturRecord, ...]:
        """Every version of the year's budget register, oldest first."""
        with self._read() as connection:
            return self._versions(connection, kommun, _chain("", "", ar, ""))

    def findings_for(self, retur_id: int) -> tuple[Finding, ...]:
        """The findings of the version's latest judgement, in order."""
        query = sa.select(*(findings.c[name] for name in _FINDING_FIELDS)).where(findings.c.retur_id == retur_id)
        with self._read() as connection:
            rows = connection.execute(query.order_by(findings.c.ordning)).mappings().all()
        return tuple(Finding(**{**row, "severity": Severity(row["severity"])}) for row in rows)

    def save_interpretation(self, retur_id: int, program_key: str, sha256: str) -> None:
        """Remember where in the object store the return lies as read by that program; the newest reading counts."""
        key = (interpretations.c.retur_id == retur_id, interpretations.c.program_key == program_key)
        values = {"retur_id": retur_id, "program_key": program_key, "sha256": sha256}
        with self._write() as connection:
            connection.execute(interpretations.delete().where(*key))
            connection.execute(interpretations.insert().values(**values))

    def find_interpretation(self, retur_id: int, program_key: str) -> str | None:
        """The sha256 of the return as read by that program, or None when it has not read it."""
        key = (interpretations.c.retur_id == retur_id, interpretations.c.program_key == program_key)
        with self._read() as connection:
            found: str | None = connection.execute(sa.select(interpretations.c.sha256).where(*key)).scalar()
        return found

    def save_contract_run(
        self,
        *,
        retur_ids: Sequence[int],
        evidence: Any,
        rules_run: int,
        tid: dt.datetime,
        nyckel: str = "",
        closing_id: int | None = None,
    ) -> int:
        """Keep the evidence (plain JSON) of one run of the rules over these returns; the run's id.

        ``nyckel``: hash of what the judgement stood on, see ``judged_returns``.
        """
        values = {"closing_id": closing_id, "tid": tid, "nyckel": nyckel, "rules_run": rules_run, "evidence": evidence}
        with self._write() as connection:
            run_id = inserted_id(connection.execute(contract_runs.insert().values(**values)))
            if retur_ids:
                connection.execute(
                    contract_run_returns.insert(),
                    [{"run_id": run_id, "retur_id": retur_id} for retur_id in sorted(set(retur_ids))],
                )
            proof = hashlib.sha256(canonical(json.loads(json.dumps(evidence), parse_float=str)).encode()).hexdigest()
            details = {"run_id": run_id, "returer": sorted(set(retur_ids)), "regler": rules_run, "bevis": proof}
            write_event(connection, tid, "regler_provade", details)
        return run_id

    def judged_returns(self, nyckel: str) -> frozenset[int]:
        """The returns whose latest judgement stood on that key, so that judging them again would give the same.

        A return judged under it and then under another is not among them: what is kept is the later judgement.
        """
        link = contract_run_returns
        latest = (
            sa.select(link.c.retur_id, sa.func.max(link.c.run_id).label("run_id")).group_by(link.c.retur_id).subquery()
        )
        query = sa.select(latest.c.retur_id).join(contract_runs, contract_runs.c.id == latest.c.run_id)
        with self._read() as connection:
            return frozenset(connection.execute(query.where(contract_runs.c.nyckel == nyckel)).scalars())

    def contract_runs_for(self, retur_id: int) -> tuple[ContractRun, ...]:
        """The runs that judged a return, oldest first."""
        link = contract_run_returns
        with self._read() as connection:
            runs = (
                sa.select(contract_runs)
                .join(link, link.c.run_id == contract_runs.c.id)
                .where(link.c.retur_id == retur_id)
            )
            rows = connection.execute(runs.order_by(contract_runs.c.id)).mappings().all()
            judged = sa.select(link).where(link.c.run_id.in_([row["id"] for row in rows])).order_by(link.c.retur_id)
            links = connection.execute(judged).all()
        return tuple(
            ContractRun(**row, retur_ids=tuple(retur for run, retur in links if run == row["id"])) for row in rows
        )

    def _judge(self, retur_id: int, status: ReturStatus, found: Sequence[Finding], tid: dt.datetime) -> ReturRecord:
        """Set the status, replace the findings and settle which version of the chain counts.

        The log hears of it when the status is another, and when the codes found are: rules may have come since.
        """
        codes = sorted({item.code for item in found})
        with self._write() as connection:
            before = self._one(connection, retur_id)
            known = sa.select(findings.c.code).where(findings.c.retur_id == retur_id).distinct()
            is_told = sorted(connection.execute(known).scalars()) == codes
            self._replace_findings(connection, retur_id, found)
            is_accepted = before.status in (ReturStatus.GODKAND, ReturStatus.ERSATT)
            is_same = before.status is status or (is_accepted and status is ReturStatus.GODKAND)
            if not is_same:
                change = returer.update().where(returer.c.id == retur_id)
                connection.execute(change.values(status=status.value, ersatt_av=None))
                self._settle_chain(connection, retur_id)
            if not (is_same and is_told):
                write_event(connection, tid, f"retur_{status.value}", {"retur_id": retur_id, "fel": codes})
            return self._one(connection, retur_id)

    def _replace_findings(self, connection: sa.Connection, retur_id: int, found: Sequence[Finding]) -> None:
        connection.execute(findings.delete().where(findings.c.retur_id == retur_id))
        if found:
            rows = [{**asdict(item), "severity": item.severity.value} for item in found]
            connection.execute(
                findings.insert(), [{"retur_id": retur_id, "ordning": place, **row} for place, row in enumerate(rows)]
            )

    def choose_version(self, retur_id: int, *, skal: str, roll: str, konto: str, tid: dt.datetime) -> Versionsval:
        """Let this accepted version count instead of the newest one, until a newer one than there is now is accepted.

        Raises:
            LagringsFel: E907, there is no such version, or it is not accepted.
        """
        with self._write() as connection:
            record = self._one(connection, retur_id)
            if record.status not in (ReturStatus.GODKAND, ReturStatus.ERSATT):
                raise LagringsFel(f"E907 Version {record.version} är {record.status} och kan inte räknas.")
            chain = self._chain_of(connection, retur_id)
            newest = max(one.version for one in self._versions(connection, record.kommun, chain))
            values = {
                "retur_id": retur_id,
                "version": record.version,
                "senast": newest,
                "skal": skal,
                "roll": roll,
                "konto": konto,
            }
            insert = versionsval.insert().values(kommun=record.kommun, kedja=chain, tid=tid, **values)
            made = inserted_id(connection.execute(insert))
            self._settle_chain(connection, retur_id)
            write_event(connection, tid, VERSION_VALD, {**values, "val_id": made})
            return Versionsval(id=made, tid=tid, **values)  # type: ignore[arg-type]

    def choice_of(self, retur_id: int) -> Versionsval | None:
        """The choice by which a version of this one's chain counts; None when the newest accepted one does."""
        with self._read() as connection:
            record = self._one(connection, retur_id)
            chain = self._chain_of(connection, retur_id)
            return self._choice(connection, record.kommun, chain, self._versions(connection, record.kommun, chain))

    def _chain_of(self, connection: sa.Connection, retur_id: int) -> str:
        return str(connection.execute(sa.select(returer.c.kedja).where(returer.c.id == retur_id)).scalar_one())

    def _choice(
        self, connection: sa.Connection, kommun: str, chain: str, versions: Sequence[ReturRecord]
    ) -> Versionsval | None:
        """The chain's latest choice, where it holds: the chosen version is accepted, and none newer than those known then is."""
        fields = tuple(Versionsval.__dataclass_fields__)
        same = (versionsval.c.kommun == kommun, versionsval.c.kedja == chain)
        query = sa.select(*(versionsval.c[name] for name in fields)).where(*same).order_by(versionsval.c.id.desc())
        row = connection.execute(query.limit(1)).mappings().one_or_none()
        accepted = [one for one in versions if one.status in (ReturStatus.GODKAND, ReturStatus.ERSATT)]
        if row is None or row["retur_id"] not in {one.id for one in accepted}:
            return None
        newest = max(one.version for one in accepted)
        return Versionsval(**row) if row["version"] != newest and newest <= row["senast"] else None

    def _settle_chain(self, connection: sa.Connection, retur_id: int) -> None:
        """Of the chain's accepted versions the chosen one counts, else the newest, and has replaced the others."""
        kommun, chain = self._one(connection, retur_id).kommun, self._chain_of(connection, retur_id)
        versions = self._versions(connection, kommun, chain)
        accepted = [one.id for one in versions if one.status in (ReturStatus.GODKAND, ReturStatus.ERSATT)]
        choice = self._choice(connection, kommun, chain, versions)
        counting = choice.retur_id if choice is not None else accepted[-1] if accepted else None
        for version_id in accepted:
            counts = version_id == counting
            status = ReturStatus.GODKAND if counts else ReturStatus.ERSATT
            values = {"status": status.value, "ersatt_av": None if counts else counting}
            connection.execute(returer.update().where(returer.c.id == version_id).values(**values))

    def _one(self, connection: sa.Connection, retur_id: int) -> ReturRecord:
        found = self._select(connection, returer.c.id == retur_id)
        if not found:
            raise LagringsFel(f"E907 Det finns ingen retur med nummer {retur_id}. Kontrollera numret.")
        return found[0]

    def _versions(self, connection: sa.Connection, kommun: str, chain: str) -> tuple[ReturRecord, ...]:
        found = self._select(connection, returer.c.kommun == kommun, returer.c.kedja == chain)
        return tuple(sorted(found, key=lambda retur: retur.version))

    def _select(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[ReturRecord, ...]:
        query = sa.select(*(returer.c[name] for name in _RETUR_FIELDS)).where(*conditions)
        rows = connection.execute(query).mappings().all()
        return tuple(ReturRecord(**{**row, "status": ReturStatus(row["status"])}) for row in rows)


def _chain(forvaltning: str | None, period: str | None, ar: int | None, sha256: str) -> str:
    """What the versions are versions of."""
    if forvaltning and period:
        return f"retur/{period}/{forvaltning}"
    if ar is not None and forvaltning == "":
        return f"register/{ar}"
    if period and forvaltning == "":
        return f"bokslut/{period}"
    return f"okand/{sha256}"
