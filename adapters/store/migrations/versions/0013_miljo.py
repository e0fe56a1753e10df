"""What each closing was made with: configuration, contracts, templates, program and libraries, as an object."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; '' for closings whose environment was not kept."""
    op.add_column("closings", sa.Column("miljo", sa.Text, nullable=False, server_default=""))
