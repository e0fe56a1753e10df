"""The store: returns, findings, closings, figures, reports and the journal, in SQLite or PostgreSQL behind one URL.

``Store`` is what flows use; it takes and gives frozen dataclasses (``records``), never rows. Only this package imports SQLAlchemy,
Alembic and psycopg.
"""

from adapters.store.records import (
    Closing,
    ClosingStatus,
    ContractRun,
    Event,
    FoundFigure,
    LeveransRecord,
    NewReport,
    ReportRecord,
    ReturRecord,
    ReturStatus,
    Svar,
    UtskickRecord,
    UtskickStatus,
)
from adapters.store.store import LagringsFel, Store

__all__ = [
    "Closing",
    "ClosingStatus",
    "ContractRun",
    "Event",
    "FoundFigure",
    "LagringsFel",
    "LeveransRecord",
    "NewReport",
    "ReportRecord",
    "ReturRecord",
    "ReturStatus",
    "Store",
    "Svar",
    "UtskickRecord",
    "UtskickStatus",
]
