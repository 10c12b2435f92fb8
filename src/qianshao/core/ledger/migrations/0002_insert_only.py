"""The database itself refuses to change or remove what was recorded (reliability: triggers and how they fall).

SQLite lets INSERT OR REPLACE slip past UPDATE and DELETE triggers, so a guard looks before every insert.
On PostgreSQL the triggers fire ALWAYS, so a replica role does not switch them off, and TRUNCATE is refused.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = {
    "ledger_entry": "eid = NEW.eid OR (stream = NEW.stream AND sseq = NEW.sseq)"
    " OR (NEW.idem IS NOT NULL AND idem = NEW.idem)",
    "ledger_leaf": "seq = NEW.seq OR eid = NEW.eid",
    "ledger_checkpoint": "id = NEW.id",
}


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    with editor.connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute("CREATE SEQUENCE ledger_eid")
            cursor.execute(
                "CREATE FUNCTION ledger_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME; END $$"
            )
        for table, same in TABLES.items():
            if vendor == "postgresql":
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
                continue
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


class Migration(migrations.Migration):
    dependencies = (("ledger", "0001_initial"),)
    operations = (migrations.RunPython(guard, migrations.RunPython.noop),)
