"""The database itself refuses to change what was recorded, and ``verify`` names a guard that was taken away."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import checking, checkpoints, insert_only, rows, store
from qianshao.core.ledger.models import Entry, Leaf

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TABLES = ["ledger_entry", "ledger_leaf", "ledger_checkpoint", "ledger_dayheads"]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def contents() -> list[object]:
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found.append(
                [
                    tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                    for row in cursor.fetchall()
                ]
            )
        return found


@pytest.mark.parametrize("table", TABLES)
def test_update_delete_and_truncate_are_refused(table: str, ledger: list[Receipt], now: datetime) -> None:
    checkpoints.make(now)
    before = contents()
    column = {"ledger_entry": "sseq = sseq + 1", "ledger_leaf": "eid = eid + 100"}.get(table, "size = 0")
    attempts = [f"UPDATE {table} SET {column}", f"DELETE FROM {table}"]
    if connection.vendor == "postgresql":
        attempts.append(f"TRUNCATE {table}")

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
            sql(attempt)

    assert contents() == before


@pytest.mark.parametrize("clash", ["eid", "place"])
def test_upserts_and_replacing_inserts_are_refused(clash: str, ledger: list[Receipt]) -> None:
    before = contents()
    first = Entry.objects.order_by("eid").first()
    assert first is not None
    eid, sseq = (first.eid, 99) if clash == "eid" else (9999, first.sseq)
    values = f"({eid}, '{first.stream}', {sseq}, NULL, {chr(39)}forged{chr(39)})"
    columns = "(eid, stream, sseq, idem, body)"
    target = "(eid)" if clash == "eid" else "(stream, sseq)"
    upsert = f"INSERT INTO ledger_entry {columns} VALUES {values} ON CONFLICT {target} DO UPDATE SET body = excluded.body"
    replace = f"INSERT OR REPLACE INTO ledger_entry {columns} VALUES {values}"

    for attempt in [upsert, *([replace] if connection.vendor == "sqlite" else [])]:
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(attempt)

    assert contents() == before


def test_the_guards_stand_after_migration() -> None:
    assert list(insert_only.problems()) == []


def test_a_missing_or_foreign_trigger_is_named(ledger: list[Receipt]) -> None:
    postgres = connection.vendor == "postgresql"
    sql("DROP TRIGGER ledger_entry_rows ON ledger_entry" if postgres else "DROP TRIGGER ledger_entry_update")
    if postgres:
        sql("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
        sql("CREATE TRIGGER zz BEFORE INSERT ON ledger_leaf FOR EACH ROW EXECUTE FUNCTION swallow()")
    else:
        sql("CREATE TRIGGER zz BEFORE INSERT ON ledger_leaf BEGIN SELECT raise(IGNORE); END")

    result = checking.verify()

    said = "；".join(result.faults)
    assert "ledger_entry_rows" in said or "ledger_entry_update" in said
    assert "外来的触发器 zz" in said
    assert not result.sound


def test_inserts_that_somebody_lets_vanish_are_noticed_at_once(ledger: list[Receipt]) -> None:
    if connection.vendor == "postgresql":
        sql("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
        sql("CREATE TRIGGER zz BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION swallow()")
    else:
        sql("CREATE TRIGGER zz BEFORE INSERT ON ledger_entry BEGIN SELECT raise(IGNORE); END")
    for count in (1, 30):
        with pytest.raises(rows.Swallowed, match="拦截写入"), transaction.atomic():
            store.write([store.Row(f"s{number}", 1, None, b"{}") for number in range(count)])

    assert Entry.objects.count() == Leaf.objects.count() == 12
