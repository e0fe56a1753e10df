"""Arrivals: which file or mail came which way, from whom, and whether it has been answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what came before it came through the home's inbox and is known by its bytes."""
    texts = ("kommun", "vag", "plats", "marke", "avsandare", "amne", "message_id", "brev", "fil", "sha256")
    op.create_table(
        "leveranser",
        sa.Column("id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("retur_id", sa.Integer),
        sa.Column("inkom", sa.Text, nullable=False),
        sa.Column("svar", sa.Text, nullable=False),
        sa.Column("orsak", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_leveranser"),
        sa.ForeignKeyConstraint(["retur_id"], ["returer.id"], name="fk_leveranser_retur_id"),
        sa.UniqueConstraint("kommun", "vag", "plats", "marke", name="uq_leveranser_kommun_vag_plats_marke"),
        sa.CheckConstraint("svar IN ('nej', 'vantar', 'klart')", name=op.f("ck_leveranser_svar")),
    )
    op.create_index("ix_leveranser_retur_id", "leveranser", ["retur_id"])
    op.create_index("ix_leveranser_kommun_svar", "leveranser", ["kommun", "svar"])
