"""Make a table refuse UPDATE, DELETE, TRUNCATE and, on SQLite, INSERT OR REPLACE; for migrations.

SQLite lets INSERT OR REPLACE slip past UPDATE and DELETE triggers, so a guard looks before every insert.
On PostgreSQL the triggers fire ALWAYS, so a replica role does not switch them off; the function they call
is made by the ledger's own migration, which every caller's migration depends on.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def protect(editor: BaseDatabaseSchemaEditor, table: str, same: str) -> None:
    """Put the triggers on ``table``; ``same`` is SQL true for a row that ``NEW`` would replace."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION ledger_insert_only()"
            )
            cursor.execute(
                f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION ledger_insert_only()"
            )
            for trigger in ("rows", "whole"):
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}")
            return
        for act in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT raise(ABORT, 'ledger: {act} on {table} is refused'); END"
            )
        cursor.execute(
            f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT raise(ABORT, 'UNIQUE constraint failed: {table}'); END"
        )
