"""The log's guard: triggers by which the database itself refuses to change, remove or put in a line of the log.

A migration that rebuilds the table ``events`` sets the guard again (SQLite drops a table's triggers with it).
"""

from __future__ import annotations

import sqlalchemy as sa

_REFUSED = "E925 Granskningsloggen ändras inte: händelser läggs bara till, sist"
_TRIGGERS = {
    "sqlite": {
        "events_no_update": "BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, '{refused}'); END",
        "events_no_delete": "BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, '{refused}'); END",
        "events_only_last": (
            "BEFORE INSERT ON events WHEN NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM events) "
            "OR NEW.forra <> COALESCE((SELECT hash FROM events ORDER BY id DESC LIMIT 1), '{start}') "
            "BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        ),
    },
    "postgresql": {
        "events_no_change": "BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_refuse()",
        "events_no_truncate": "BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()",
        "events_only_last": "BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_follow()",
    },
}
_FUNCTIONS = (
    "CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '{refused}'; END $$",
    "CREATE OR REPLACE FUNCTION events_follow() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM events) "
    "OR NEW.forra <> COALESCE((SELECT hash FROM events ORDER BY id DESC LIMIT 1), '{start}') "
    "THEN RAISE EXCEPTION '{refused}'; END IF; RETURN NEW; END $$",
)
_SET = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'events'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ),
}


def set_guard(connection: sa.Connection) -> None:
    """Put up the triggers that are not there."""
    kind = connection.dialect.name
    if kind == "postgresql":
        for function in _FUNCTIONS:
            connection.exec_driver_sql(_filled(function))
    for name in missing_guard(connection):
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {_filled(_TRIGGERS[kind][name])}")


def missing_guard(connection: sa.Connection) -> tuple[str, ...]:
    """Names of the triggers that should be there and are not, or are switched off."""
    there = set(connection.exec_driver_sql(_SET[connection.dialect.name]).scalars())
    return tuple(name for name in _TRIGGERS[connection.dialect.name] if name not in there)


def _filled(text: str) -> str:
    return text.format(refused=_REFUSED, start="0" * 64)
