"""The journal becomes a hash-chained log that the database itself refuses to change; what it held is chained in its order."""

import datetime as dt
import json

import sqlalchemy as sa
from alembic import op

from adapters.store.log_guard import set_guard
from transforms.audit_chain import START, link_hash

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ADDED = ("anvandare", "roll", "forra", "hash")


def upgrade() -> None:
    """Add who acted and the chain; number the lines without gaps; then set the guard."""
    for name in _ADDED:
        op.add_column("events", sa.Column(name, sa.Text))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, tid, vad, detaljer FROM events ORDER BY id")).all()
    before = START
    for nr, (row_id, tid, vad, detaljer) in enumerate(rows, start=1):
        link = {
            "nr": nr,
            "tid": dt.datetime.fromisoformat(tid),
            "anvandare": "",
            "roll": "",
            "vad": vad,
            "detaljer": json.loads(detaljer),
            "forra": before,
        }
        before = link_hash(**link)
        connection.execute(
            sa.text(
                "UPDATE events SET id = :nr, anvandare = '', roll = '', forra = :forra, hash = :hash WHERE id = :row_id"
            ),
            {"nr": nr, "forra": link["forra"], "hash": before, "row_id": row_id},
        )
    with op.batch_alter_table("events") as batch:
        for name in _ADDED:
            batch.alter_column(name, existing_type=sa.Text(), nullable=False)
        batch.create_index("ix_events_vad", ["vad"])
    set_guard(connection)
