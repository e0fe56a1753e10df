"""The avvikelseregister: what each closing saw over the limits, and what people have decided on the cases."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables; closings before them have seen nothing."""
    op.create_table(
        "avvikelser",
        sa.Column("closing_id", sa.Integer, nullable=False),
        sa.Column("arende_id", sa.Text, nullable=False),
        sa.Column("ordning", sa.Integer, nullable=False),
        sa.Column("innehall", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("closing_id", "arende_id", name="pk_avvikelser"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name="fk_avvikelser_closing_id"),
    )
    op.create_table(
        "arendebeslut",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("arende_id", sa.Text, nullable=False),
        sa.Column("slag", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("datum", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("konto", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("underlag", sa.Text, nullable=False),
        sa.Column("underlag_sha256", sa.Text, nullable=False),
        sa.Column("paragraf", sa.Text, nullable=False),
        sa.Column("belopp_ore", sa.BigInteger),
        sa.Column("tid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arendebeslut"),
        sa.CheckConstraint("slag IN ('beslut', 'effekt', 'stangd', 'oppnad')", name=op.f("ck_arendebeslut_slag")),
    )
    op.create_index("ix_arendebeslut_kommun_arende_id", "arendebeslut", ["kommun", "arende_id"])
