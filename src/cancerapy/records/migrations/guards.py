"""Triggers that refuse what must never happen to a row, in SQLite and in PostgreSQL.

A guarded table can be inserted into. Its rows are updated or deleted only where a condition holds;
without one, never.
"""

from alembic import op


def guard(table: str, reason: str, *, may_update: str = "", may_delete: str = "") -> None:
    """Refuse updates and deletions of a table's rows.

    Args:
        table: Its name.
        reason: What the database says, without quotes.
        may_update: Condition in SQL on ``OLD`` and ``NEW`` under which a row may be updated.
        may_delete: Condition on ``OLD`` under which a row may be deleted.
    """
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(table, reason, {"update": may_update, "delete": may_delete})
    else:
        _guard_postgresql(table, reason, may_update, may_delete)


def unguard(table: str) -> None:
    """Remove the guard of a table, before the table is changed or dropped."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute(f"DROP TRIGGER {table}_guard ON {table}")
    op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute(f"DROP FUNCTION {table}_refuse()")


def _guard_sqlite(table: str, reason: str, allowed: dict[str, str]) -> None:
    for act, condition in allowed.items():
        when = f"WHEN NOT ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
        )


def _guard_postgresql(table: str, reason: str, may_update: str, may_delete: str) -> None:
    passes = ""
    for act, condition, row in (("UPDATE", may_update, "NEW"), ("DELETE", may_delete, "OLD")):
        if condition:
            passes += f"IF TG_OP = '{act}' THEN IF {condition} THEN RETURN {row}; END IF; END IF; "
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {passes}RAISE EXCEPTION '{reason}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
