"""The store: returns, findings, closings, figures, reports and the audit log, in SQLite or PostgreSQL behind one URL.

``Store`` is what flows use; it takes and gives frozen dataclasses (``records``), never rows. Only this package imports SQLAlchemy,
Alembic and psycopg.
"""

from adapters.store.as_of import as_of
from adapters.store.closings import MANAD, SLAG
from adapters.store.deliveries import ANSWERED
from adapters.store.deviations import decided_details, observations_hash
from adapters.store.records import (
    SYSTEM,
    Aktor,
    Closing,
    ClosingStatus,
    ContractRun,
    FoundFigure,
    LedgerRecord,
    LeveransRecord,
    NewReport,
    PlanRecord,
    ReportRecord,
    ReturRecord,
    ReturStatus,
    SandningRecord,
    SandningStatus,
    Svar,
    UtskickRecord,
    UtskickStatus,
    Versionsval,
)
from adapters.store.sendings import sending_key
from adapters.store.store import LagringsFel, Store
from adapters.store.tables import stored_time

__all__ = [
    "ANSWERED",
    "MANAD",
    "SLAG",
    "SYSTEM",
    "Aktor",
    "Closing",
    "ClosingStatus",
    "ContractRun",
    "FoundFigure",
    "LagringsFel",
    "LedgerRecord",
    "LeveransRecord",
    "NewReport",
    "PlanRecord",
    "ReportRecord",
    "ReturRecord",
    "ReturStatus",
    "SandningRecord",
    "SandningStatus",
    "Store",
    "Svar",
    "UtskickRecord",
    "UtskickStatus",
    "Versionsval",
    "as_of",
    "decided_details",
    "observations_hash",
    "sending_key",
    "stored_time",
]
