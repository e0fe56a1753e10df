"""What the store gives out and takes in: frozen dataclasses. Times are aware and in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from data_contracts.findings import Finding
from transforms.figures import Figure


class ReturStatus(StrEnum):
    """Where a returned workbook stands."""

    MOTTAGEN = "mottagen"
    """Stored and registered, not yet judged."""
    GODKAND = "godkand"
    """Accepted; of its chain this is the version that counts."""
    STOPPAD = "stoppad"
    """At least one finding stops it."""
    ERSATT = "ersatt"
    """Accepted, but a newer accepted version counts."""


class ClosingStatus(StrEnum):
    """Where a closing stands."""

    PAGAR = "pagar"
    KLAR = "klar"
    MISSLYCKAD = "misslyckad"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One kept version of a year's målplan. ``las``: its lock; ``sha256``: its canonical JSON in the object store."""

    ar: int
    version: int
    las: str
    sha256: str
    tid: dt.datetime


@dataclass(frozen=True, slots=True)
class Aktor:
    """Who acts: the operating system's account, and the role that the kommun has given it; '' when it has given it none."""

    anvandare: str
    roll: str = ""


SYSTEM = Aktor("system")
"""The program itself, where nobody is named."""


@dataclass(frozen=True, slots=True)
class ReturRecord:
    """One version of one returned workbook (or budget register).

    Attributes:
        forvaltning, period: None when the workbook did not tell; '' for a budget register, which has a year (``ar``) instead.
        kontrakt_id: '' when the workbook did not tell.
        version: 1, 2, … per kommun, förvaltning and period (per year for a register).
        storlek: bytes.
        ersatt_av: id of the accepted version that took its place.
        svarar_pa: sha256 of the return that this workbook, a mended rättelsebok, says that it answers; None for others.
        is_new: False when ``register_retur`` found the same bytes already registered.
    """

    id: int
    kommun: str
    forvaltning: str | None
    period: str | None
    ar: int | None
    kontrakt_id: str
    version: int
    fil: str
    sha256: str
    storlek: int
    mottagen: dt.datetime
    status: ReturStatus
    ersatt_av: int | None
    svarar_pa: str | None = None
    is_new: bool = field(default=False, compare=False)

    @property
    def kedja_kand(self) -> bool:
        """True when the workbook told whose it is, so that it has a place in a chain of versions."""
        return bool(self.forvaltning and self.period) or (self.forvaltning == "" and bool(self.period or self.ar))


@dataclass(frozen=True, slots=True)
class Versionsval:
    """A person's choice of which version of a return counts, instead of the newest accepted one.

    Attributes:
        senast: the newest version there was then; an accepted version that is newer ends the choice.
        konto: the operating system's account; roll: its role by behorighet.yaml.
    """

    id: int
    retur_id: int
    version: int
    senast: int
    skal: str
    roll: str
    konto: str
    tid: dt.datetime


class Svar(StrEnum):
    """Whether a delivery is answered with a mail."""

    NEJ = "nej"
    """It did not come by mail, or is not to be answered; ``orsak`` says why."""
    VANTAR = "vantar"
    KLART = "klart"


@dataclass(frozen=True, slots=True)
class LeveransRecord:
    """One arrival: a file in a folder, an attachment of a mail, or a mail itself (``nummer`` '').

    Attributes:
        vag: the way in by name.
        plats: name in the folder, or place in the mailbox; with ``marke`` (what changes when the file does; the attachment's number) it
            tells the arrival from every other of that way.
        avsandare: the address that the mail says that it is from, '' for what came another way or named none.
        brev: sha256 of the whole mail, ''.
        sha256: of the file; '' for a mail itself.
        retur_id: the version that the file became or was already; None for a mail itself.
    """

    id: int
    kommun: str
    vag: str
    plats: str
    marke: str
    avsandare: str
    amne: str
    message_id: str
    brev: str
    fil: str
    sha256: str
    retur_id: int | None
    inkom: dt.datetime
    svar: Svar
    orsak: str
    is_new: bool = field(default=False, compare=False)

    @property
    def by_mail(self) -> bool:
        """True when it came as a mail."""
        return bool(self.brev)


class UtskickStatus(StrEnum):
    """Where a mail stands. It is sent at most once: from SANDS it never goes back to PLANERAD unless it surely did not leave."""

    PLANERAD = "planerad"
    SANDS = "sands"
    """A process has taken it and is talking to the mail server."""
    SKICKAD = "skickad"
    OSAKER = "osaker"
    """The process ended, or the server fell silent, while it was being sent: it may have gone out."""


@dataclass(frozen=True, slots=True)
class UtskickRecord:
    """One mail to one recipient about one förvaltning's return for one period.

    Attributes:
        slag: ``transforms.notices.Slag``.
        andrad: when it came to its status; for SKICKAD when it was sent.
        forsok: how many times a server has been asked to take it.
        fel: why the latest attempt did not succeed; '' when it did or there was none.
    """

    id: int
    kommun: str
    period: str
    forvaltning: str
    slag: str
    mottagare: str
    roll: str
    status: UtskickStatus
    planerad: dt.datetime
    andrad: dt.datetime
    forsok: int
    fel: str


class SandningStatus(StrEnum):
    """Where a delivery stands. From SANDS it never goes back to PLANERAD unless it surely did not leave."""

    PLANERAD = "planerad"
    SANDS = "sands"
    """A process has taken it and is making it."""
    LEVERERAD = "levererad"
    """The mail server has taken it, or the files lie in their folder."""
    NEKAD = "nekad"
    """The mail server refused it for good."""
    OSAKER = "osaker"
    """The process ended, or the server's answer was lost, while it was being sent: it may have come."""
    INSTALLD = "installd"
    """Never made: the report was recalled or got another content first."""


@dataclass(frozen=True, slots=True)
class SandningRecord:
    """One settled report to one recipient by one channel.

    Attributes:
        kanal: epost, publicering or diarium. nyckel: 32 hex digits made of the key; the mail's Message-ID.
        andrad: when it came to its status. forsok: how many times it has been taken.
        fel: why the latest attempt did not succeed; '' when it did or there was none.
    """

    id: int
    kommun: str
    period: str
    rapport_id: str
    version: int
    innehallshash: str
    kanal: str
    mottagare: str
    roll: str
    nyckel: str
    status: SandningStatus
    planerad: dt.datetime
    andrad: dt.datetime
    forsok: int
    fel: str


@dataclass(frozen=True, slots=True)
class ContractRun:
    """Evidence of one run of a contract's rules over one or more returns.

    ``nyckel``: hash of program, configuration and whatever else the judgement stood on. ``evidence``: plain JSON.
    """

    id: int
    closing_id: int | None
    retur_ids: tuple[int, ...]
    tid: dt.datetime
    nyckel: str
    rules_run: int
    evidence: Any


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of one period. ``fingerprint``: hash of all that went in; ``summary``: plain JSON, None until finished; ``slag``: manad,
    or the report that the books are closed for; ``miljo``: sha256 of what it was made with, '' when that was not kept."""

    id: int
    kommun: str
    period: str
    started: dt.datetime
    finished: dt.datetime | None
    fingerprint: str
    status: ClosingStatus
    summary: Mapping[str, Any] | None
    retur_ids: tuple[int, ...]
    slag: str = "manad"
    miljo: str = ""


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure and the closing that it stands in."""

    closing: Closing
    figure: Figure


@dataclass(frozen=True, slots=True)
class NewReport:
    """A rendered report to save. ``kod`` is the nämnd's code, '' for the kommun; the ``…_sha256`` point into the object store.

    ``version`` is the number printed in it (``Store.next_report_version``); ``filhash`` is the hash over the files sent.
    """

    kommun: str
    period: str
    kod: str
    rapport_id: str
    version: int
    innehallshash: str
    view_json: str
    pdf_sha256: str
    html_sha256: str
    spar_sha256: str
    xlsx_sha256: str
    filhash: str
    tillstand: str = "utkast"

    @property
    def filer(self) -> dict[str, str]:
        """sha256 of the four files by name, in the order that ``filhash`` is made in."""
        return {
            f"{self.rapport_id}.pdf": self.pdf_sha256,
            f"{self.rapport_id}.html": self.html_sha256,
            f"{self.rapport_id}-spar.html": self.spar_sha256,
            f"{self.rapport_id}.xlsx": self.xlsx_sha256,
        }


@dataclass(frozen=True, slots=True)
class ReportRecord(NewReport):
    """A saved report; ``closing_id`` is the closing that first made it."""

    id: int = 0
    closing_id: int = 0
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A file of the ledger as judged: ``ar`` and ``till_period`` (the last month it covers) are None when it could not be told."""

    id: int
    kommun: str
    fil: str
    sha256: str
    mottagen: dt.datetime
    program_key: str
    ar: int | None
    till_period: str | None
    status: ReturStatus
    fynd: tuple[Finding, ...]
