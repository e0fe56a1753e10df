"""Mails that the calendar asks for: templates, reminders, late notices, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; nothing has been sent before it."""
    op.create_table(
        "utskick",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("forvaltning", sa.Text, nullable=False),
        sa.Column("slag", sa.Text, nullable=False),
        sa.Column("mottagare", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("planerad", sa.Text, nullable=False),
        sa.Column("andrad", sa.Text, nullable=False),
        sa.Column("forsok", sa.Integer, nullable=False),
        sa.Column("fel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_utskick"),
        sa.UniqueConstraint(
            "kommun",
            "period",
            "forvaltning",
            "slag",
            "mottagare",
            name="uq_utskick_kommun_period_forvaltning_slag_mottagare",
        ),
        sa.CheckConstraint("status IN ('planerad', 'sands', 'skickad', 'osaker')", name=op.f("ck_utskick_status")),
    )
