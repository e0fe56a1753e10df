"""Decided målplaner, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; before it the plan was only a file."""
    op.create_table(
        "malplaner",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("ar", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("las", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_malplaner"),
        sa.UniqueConstraint("kommun", "ar", "version", name="uq_malplaner_kommun_ar_version"),
    )
