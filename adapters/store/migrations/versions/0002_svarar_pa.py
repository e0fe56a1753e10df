"""Returns tell which earlier return they answer: a mended rättelsebok names the sha256 of the one it was made for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the returns that are there answer none."""
    op.add_column("returer", sa.Column("svarar_pa", sa.Text))
