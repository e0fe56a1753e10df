"""A person's choice of which version of a return counts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; before it the newest accepted version always counted."""
    op.create_table(
        "versionsval",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("kedja", sa.Text, nullable=False),
        sa.Column("retur_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("senast", sa.Integer, nullable=False),
        sa.Column("skal", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("konto", sa.Text, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versionsval"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_versionsval_retur_id"),
    )
    op.create_index("ix_versionsval_kommun_kedja", "versionsval", ["kommun", "kedja"])
