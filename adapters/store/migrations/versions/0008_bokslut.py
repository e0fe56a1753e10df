"""Closings of the books beside those of months, and what is accepted in them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every closing before it is a month's; nothing has been accepted."""
    op.add_column("closings", sa.Column("slag", sa.Text, nullable=False, server_default="manad"))
    op.create_table(
        "godtaganden",
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("vad", sa.Text, nullable=False),
        sa.Column("skal", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kommun", "period", "vad", name="pk_godtaganden"),
    )
