"""Files of the ledger, and differences that a person has accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; there has been no ledger before them."""
    op.create_table(
        "huvudbocker",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("fil", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("mottagen", sa.Text, nullable=False),
        sa.Column("program_key", sa.Text, nullable=False),
        sa.Column("ar", sa.Integer),
        sa.Column("till_period", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("fynd", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_huvudbocker"),
        sa.UniqueConstraint("kommun", "sha256", name="uq_huvudbocker_kommun_sha256"),
        sa.CheckConstraint(
            "status IN ('mottagen', 'godkand', 'stoppad', 'ersatt')", name=op.f("ck_huvudbocker_status")
        ),
    )
    op.create_table(
        "acceptanser",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("kontroll", sa.Text, nullable=False),
        sa.Column("differens_ore", sa.BigInteger, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("skal", sa.Text, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acceptanser"),
        sa.UniqueConstraint(
            "kommun", "period", "kontroll", "differens_ore", name="uq_acceptanser_kommun_period_kontroll_differens_ore"
        ),
    )
