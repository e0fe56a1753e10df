"""Deliveries of settled reports: the outbox, one row per content, recipient and channel."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TEXTS = (
    "kommun",
    "period",
    "rapport_id",
    "innehallshash",
    "kanal",
    "mottagare",
    "roll",
    "nyckel",
    "status",
    "planerad",
    "andrad",
    "fel",
)


def upgrade() -> None:
    """Create the table; nothing has been sent before it."""
    op.create_table(
        "sandningar",
        sa.Column("id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _TEXTS[:3]),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _TEXTS[3:11]),
        sa.Column("forsok", sa.Integer, nullable=False),
        sa.Column("fel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sandningar"),
        sa.UniqueConstraint(
            "kommun", "rapport_id", "version", "innehallshash", "kanal", "mottagare", name="uq_sandningar_nyckel"
        ),
        sa.CheckConstraint(
            "status IN ('planerad', 'sands', 'levererad', 'nekad', 'osaker', 'installd')",
            name=op.f("ck_sandningar_status"),
        ),
    )
    op.create_index("ix_sandningar_kommun_period", "sandningar", ["kommun", "period"])
