"""The first schema: returns, findings, evidence, closings, figures, reports, journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    _create_returns()
    _create_closings()
    _create_figures()
    _create_evidence()
    _create_reports()


def _create_returns() -> None:
    """Returned workbooks, their findings, and where they lie as read."""
    op.create_table(
        "returer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("kedja", sa.Text, nullable=False),
        sa.Column("forvaltning", sa.Text),
        sa.Column("period", sa.Text),
        sa.Column("ar", sa.Integer),
        sa.Column("kontrakt_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fil", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("storlek", sa.BigInteger, nullable=False),
        sa.Column("mottagen", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("ersatt_av", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_returer"),
        sa.UniqueConstraint("kommun", "kedja", "version", name="uq_returer_kommun_kedja_version"),
        sa.UniqueConstraint("kommun", "kedja", "sha256", name="uq_returer_kommun_kedja_sha256"),
        sa.CheckConstraint("status IN ('mottagen', 'godkand', 'stoppad', 'ersatt')", name=op.f("ck_returer_status")),
        sa.ForeignKeyConstraint(["ersatt_av"], ["returer.id"], name="fk_returer_ersatt_av"),
    )
    op.create_index("ix_returer_kommun_period", "returer", ["kommun", "period"])
    op.create_index("ix_returer_kommun_sha256", "returer", ["kommun", "sha256"])
    op.create_table(
        "findings",
        sa.Column("retur_id", sa.Integer, nullable=False),
        sa.Column("ordning", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("cell", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("forvaltning", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("retur_id", "ordning", name="pk_findings"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_findings_retur_id"),
    )
    op.create_table(
        "interpretations",
        sa.Column("retur_id", sa.Integer, nullable=False),
        sa.Column("program_key", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("retur_id", "program_key", name="pk_interpretations"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_interpretations_retur_id"),
    )


def _create_closings() -> None:
    """Closings and the returns they stand on."""
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("finished", sa.Text),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("summary", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_closings"),
        sa.CheckConstraint("status IN ('pagar', 'klar', 'misslyckad')", name=op.f("ck_closings_status")),
    )
    op.create_index("ix_closings_kommun_period_status", "closings", ["kommun", "period", "status"])
    op.create_table(
        "closing_returns",
        sa.Column("closing_id", sa.Integer, nullable=False),
        sa.Column("retur_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("closing_id", "retur_id", name="pk_closing_returns"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_closing_returns_closing_id"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_closing_returns_retur_id"),
    )


def _create_figures() -> None:
    """Figures of a closing, one row per figure id."""
    op.create_table(
        "figures",
        sa.Column("closing_id", sa.Integer, nullable=False),
        sa.Column("ordning", sa.Integer, nullable=False),
        sa.Column("figure_id", sa.Text, nullable=False),
        sa.Column("period", sa.Text),
        sa.Column("enhet", sa.Text),
        sa.Column("matt", sa.Text),
        sa.Column("rad", sa.Text),
        sa.Column("serie", sa.Text),
        sa.Column("namn", sa.Text),
        sa.Column("grupp", sa.Text),
        sa.Column("vardear", sa.BigInteger),
        sa.Column("varde", sa.BigInteger),
        sa.Column("enhet_matt", sa.Text),
        sa.Column("decimaler", sa.BigInteger),
        sa.Column("slag", sa.Text),
        sa.Column("formel", sa.Text),
        sa.Column("indata", sa.Text),
        sa.Column("retur_sha256", sa.Text),
        sa.Column("fil", sa.Text),
        sa.Column("blad", sa.Text),
        sa.Column("cell", sa.Text),
        sa.Column("ravarde", sa.Text),
        sa.PrimaryKeyConstraint("closing_id", "figure_id", name="pk_figures"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_figures_closing_id"),
    )


def _create_evidence() -> None:
    """Runs of the contracts' rules, and the journal."""
    op.create_table(
        "contract_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("closing_id", sa.Integer),
        sa.Column("tid", sa.Text, nullable=False),
        sa.Column("nyckel", sa.Text, nullable=False),
        sa.Column("rules_run", sa.Integer, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract_runs"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_contract_runs_closing_id"),
    )
    op.create_table(
        "contract_run_returns",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("retur_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "retur_id", name="pk_contract_run_returns"),
        sa.ForeignKeyConstraint(["run_id"], ["contract_runs.id"], name="fk_contract_run_returns_run_id"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_contract_run_returns_retur_id"),
    )
    op.create_index("ix_contract_run_returns_retur_id", "contract_run_returns", ["retur_id"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.Column("vad", sa.Text, nullable=False),
        sa.Column("detaljer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )


def _create_reports() -> None:
    """Rendered reports and the closings that gave them."""
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("closing_id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("kod", sa.Text, nullable=False),
        sa.Column("rapport_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("innehallshash", sa.Text, nullable=False),
        sa.Column("tillstand", sa.Text, nullable=False),
        sa.Column("view_json", sa.Text, nullable=False),
        sa.Column("pdf_sha256", sa.Text, nullable=False),
        sa.Column("html_sha256", sa.Text, nullable=False),
        sa.Column("spar_sha256", sa.Text, nullable=False),
        sa.Column("xlsx_sha256", sa.Text, nullable=False),
        sa.Column("filhash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("kommun", "period", "kod", "version", name="uq_reports_kommun_period_kod_version"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_reports_closing_id"),
    )
    op.create_table(
        "closing_reports",
        sa.Column("closing_id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("closing_id", "report_id", name="pk_closing_reports"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_closing_reports_closing_id"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_closing_reports_report_id"),
    )
