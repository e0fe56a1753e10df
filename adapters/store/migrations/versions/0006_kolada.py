"""The cache of values from Kolada, every version of each."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; nothing has been fetched before them."""
    op.create_table(
        "kolada_hamtningar",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.Column("adress", sa.Text, nullable=False),
        sa.Column("antal", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kolada_hamtningar"),
    )
    op.create_table(
        "kolada_varden",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kommun", sa.Text, nullable=False),
        sa.Column("nyckeltal", sa.Text, nullable=False),
        sa.Column("omrade", sa.Text, nullable=False),
        sa.Column("ar", sa.Integer, nullable=False),
        sa.Column("kon", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("varde", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("hamtning_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kolada_varden"),
        sa.ForeignKeyConstraint(["hamtning_id"], ["kolada_hamtningar.id"], name="fk_kolada_varden_hamtning_id"),
        sa.UniqueConstraint(
            "kommun",
            "nyckeltal",
            "omrade",
            "ar",
            "kon",
            "version",
            name="uq_kolada_varden_kommun_nyckeltal_omrade_ar_kon_version",
        ),
    )
