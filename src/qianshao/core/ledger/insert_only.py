"""Make a table refuse UPDATE, DELETE, TRUNCATE and, on SQLite, INSERT OR REPLACE; and see whether it still does.

SQLite lets INSERT OR REPLACE slip past UPDATE and DELETE triggers, so a guard looks before every insert.
On PostgreSQL the triggers fire ALWAYS, so a replica role does not switch them off; the function they call
is made by the ledger's own migration, which every caller's migration depends on. Whoever owns the tables can take the
guards away; ``problems`` then names what is gone, and what was put there instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.translation import gettext as _

PROTECTED = {
    "ledger_entry": "eid = NEW.eid OR (stream = NEW.stream AND sseq = NEW.sseq)"
    " OR (NEW.idem IS NOT NULL AND idem = NEW.idem)",
    "ledger_leaf": "seq = NEW.seq OR eid = NEW.eid",
    "ledger_checkpoint": "id = NEW.id",
    "ledger_leafblock": "number = NEW.number",
    "ledger_dayheads": "id = NEW.id",
    "files_storedfile": "sha256 = NEW.sha256",
    "accounts_trail": "id = NEW.id",
}
"""Every protected table, and SQL true for a row that ``NEW`` would replace."""

_UNIQUE = {
    "ledger_entry": [{"eid"}, {"idem"}, {"stream", "sseq"}],
    "ledger_leaf": [{"seq"}, {"eid"}],
    "ledger_leafblock": [{"number"}],
    "ledger_checkpoint": [{"id"}],
    "ledger_dayheads": [{"id"}],
    "files_storedfile": [{"sha256"}],
    "accounts_trail": [{"id"}],
}
_FUNCTION = " BEGIN RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME; END "
# pg_trigger.tgtype: BEFORE 2, and ROW 1, DELETE 8, UPDATE 16; or TRUNCATE 32.
_TYPES = {"rows": 2 | 1 | 8 | 16, "whole": 2 | 32}


def _sqlite_triggers(table: str, same: str) -> dict[str, str]:
    made = {
        f"{table}_{act.lower()}": f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table}"
        f" BEGIN SELECT raise(ABORT, 'ledger: {act} on {table} is refused'); END"
        for act in ("UPDATE", "DELETE")
    }
    made[f"{table}_replace"] = (
        f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
        f" BEGIN SELECT raise(ABORT, 'UNIQUE constraint failed: {table}'); END"
    )
    return made


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
        for statement in _sqlite_triggers(table, same).values():
            cursor.execute(statement)


def problems() -> Iterator[str]:
    """What no longer stands guard, or stands where nothing should, one sentence each."""
    yield from _postgres() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table, keys in _UNIQUE.items():
            if table not in tables:
                yield _("表 {table} 不存在").format(table=table)
                continue
            constraints = connection.introspection.get_constraints(cursor, table).values()
            there = [
                set(found["columns"]) for found in constraints if found["unique"] or found["primary_key"]
            ]
            if any(key not in there for key in keys):
                yield _("表 {table} 缺少唯一约束").format(table=table)


def _sqlite() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        there: dict[str, dict[str, str]] = {}
        for table, name, sql in cursor.fetchall():
            there.setdefault(table, {})[name] = sql
    for table, same in PROTECTED.items():
        yield from _differences(table, _sqlite_triggers(table, same), there.get(table, {}))


def _postgres() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgenabled::text, t.tgtype::int, p.proname::text,"
            " t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgnargs = 0"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal",
            [list(PROTECTED)],
        )
        there: dict[str, dict[str, object]] = {}
        for table, name, *state in cursor.fetchall():
            there.setdefault(table, {})[name] = tuple(state)
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace"
            " AND (c.relrowsecurity OR EXISTS (SELECT 1 FROM pg_policy y WHERE y.polrelid = c.oid)"
            " OR EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)) ORDER BY 1",
            [list(PROTECTED)],
        )
        bent = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname = 'ledger_insert_only' AND pronamespace = current_schema()::regnamespace"
        )
        source = [row[0] for row in cursor.fetchall()]
    for table in PROTECTED:
        expected = {
            f"{table}_{name}": ("A", kind, "ledger_insert_only", True) for name, kind in _TYPES.items()
        }
        yield from _differences(table, expected, there.get(table, {}))
    for table in bent:
        yield _("表 {table} 上有改写规则或行级安全策略，可能吞掉或隐藏记录").format(table=table)
    if source != [_FUNCTION]:
        yield _("触发器函数 ledger_insert_only 被替换")


def _differences(table: str, expected: Mapping[str, object], there: Mapping[str, object]) -> Iterator[str]:
    for name, stated in expected.items():
        if name not in there:
            yield _("表 {table} 的触发器 {name} 不在了").format(table=table, name=name)
        elif there[name] != stated:
            yield _("表 {table} 的触发器 {name} 被改动或停用").format(table=table, name=name)
    for name in there.keys() - expected.keys():
        yield _("表 {table} 上有外来的触发器 {name}").format(table=table, name=name)
