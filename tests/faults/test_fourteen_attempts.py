"""Attack A19: whoever owns the tables tries fourteen ways to change the past; each is refused, or named by ``verify``.

The superuser of the test cluster is the strongest of the three roles in the table of attempts, so what passes for it passes for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import checking, checkpoints, rows, store
from qianshao.core.ledger.models import Entry

pytestmark = [pytest.mark.fault, pytest.mark.database, pytest.mark.django_db]

Attempt = tuple[str, ...]
_UPDATE = "UPDATE ledger_entry SET body = 'forged' WHERE eid = 3"
_SWALLOW = "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"

POSTGRES: dict[str, Attempt] = {
    "update": (_UPDATE,),
    "delete": ("DELETE FROM ledger_entry WHERE eid = 3",),
    "truncate": ("TRUNCATE ledger_leaf",),
    "upsert": (
        "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE eid = 3"
        " ON CONFLICT (eid) DO UPDATE SET body = 'forged'",
    ),
    "replica role": ("SET LOCAL session_replication_role = replica", _UPDATE),
    "disable the trigger": ("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_rows", _UPDATE),
    "disable and enable again, not always": (
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_rows",
        "ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_rows",
    ),
    "replace the function": (
        "CREATE OR REPLACE FUNCTION ledger_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        _UPDATE,
    ),
    "alter type using": (
        "ALTER TABLE ledger_entry ALTER body TYPE bytea USING CASE WHEN eid = 3 THEN 'forged'::bytea ELSE body END",
    ),
    "rule that swallows": ("CREATE RULE gone AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",),
    "trigger that swallows": (
        _SWALLOW,
        "CREATE TRIGGER aa BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION swallow()",
    ),
    "row security that hides": (
        "ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY hide ON ledger_entry USING (eid <> 3)",
    ),
    "drop and make again": (
        "CREATE TABLE other AS SELECT eid, stream, sseq, idem, CASE WHEN eid = 3 THEN 'forged'::bytea ELSE body END AS body"
        " FROM ledger_entry",
        "DROP TABLE ledger_entry",
        "ALTER TABLE other RENAME TO ledger_entry",
    ),
    "edit the catalogue": (
        "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'ledger_entry_rows'",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_rows",
        _UPDATE,
        "ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_rows",
    ),
}
SQLITE: dict[str, Attempt] = {
    "update": (_UPDATE,),
    "delete": ("DELETE FROM ledger_entry WHERE eid = 3",),
    "upsert": (
        "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE eid = 3"
        " ON CONFLICT (eid) DO UPDATE SET body = 'forged'",
    ),
    "insert or replace": (
        "INSERT OR REPLACE INTO ledger_entry SELECT eid, stream, sseq, idem, 'forged' FROM ledger_entry WHERE eid = 3",
    ),
    "replace by the place": (
        "INSERT OR REPLACE INTO ledger_entry SELECT 999, stream, sseq, NULL, 'forged' FROM ledger_entry WHERE eid = 3",
    ),
    "replace without recursive triggers": (
        "PRAGMA recursive_triggers = OFF",
        "INSERT OR REPLACE INTO ledger_entry SELECT eid, stream, sseq, idem, 'forged' FROM ledger_entry WHERE eid = 3",
    ),
    "drop the trigger": ("DROP TRIGGER ledger_entry_update", _UPDATE),
    "drop the trigger and put it back": (
        "DROP TRIGGER ledger_entry_update",
        _UPDATE,
        "CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry"
        " BEGIN SELECT raise(ABORT, 'ledger: UPDATE on ledger_entry is refused'); END",
    ),
    "a weaker trigger": (
        "DROP TRIGGER ledger_entry_delete",
        "CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry WHEN 0 BEGIN SELECT 1; END",
    ),
    "trigger that swallows": (
        "CREATE TRIGGER aa BEFORE INSERT ON ledger_entry BEGIN SELECT raise(IGNORE); END",
    ),
    "swap the table": (
        "CREATE TABLE other AS SELECT eid, stream, sseq, idem, CASE WHEN eid = 3 THEN 'forged' ELSE body END AS body"
        " FROM ledger_entry",
        "DROP TABLE ledger_entry",
        "ALTER TABLE other RENAME TO ledger_entry",
    ),
    "forget the last entry": (
        "DROP TRIGGER ledger_entry_delete",
        "DROP TRIGGER ledger_leaf_delete",
        "DELETE FROM ledger_entry WHERE eid = 12",
        "DELETE FROM ledger_leaf WHERE seq = 11",
    ),
    "give an entry another place": (
        "DROP TRIGGER ledger_leaf_update",
        "UPDATE ledger_leaf SET seq = 100 WHERE seq = 4",
    ),
    "rewrite the frontier": ("UPDATE ledger_head SET size = 11",),
}


def tried(attempt: Attempt) -> bool:
    """Whether the database let all of it happen."""
    numbers = list(Entry.objects.order_by("eid").values_list("eid", flat=True))

    def meant(found: re.Match[str]) -> str:
        """The third entry's number; a sequence goes on where the test before left it."""
        return f"{found[1]}{numbers[int(found[2]) - 1]}"

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in attempt:
                cursor.execute(re.sub(r"(eid (?:=|<>) )(\d+)", meant, statement))
    except DatabaseError:
        return False
    return True


def outcome(attempt: Attempt) -> tuple[str, str]:
    """Refused, or let through and named (with what ``verify`` said), or let through unnoticed."""
    if not tried(attempt):
        return "refused", ""
    result = checking.verify()
    said = "；".join([*result.faults, *map(str, result.findings)])
    return ("unnoticed" if result.sound else "named"), said


@pytest.mark.parametrize("name", sorted(POSTGRES.keys() | SQLITE.keys()))
def test_each_attempt_is_refused_or_named(name: str, ledger: list[Receipt], now: datetime) -> None:
    attempts = POSTGRES if connection.vendor == "postgresql" else SQLITE
    if name not in attempts:
        pytest.skip(f"not an attempt on {connection.vendor}")
    checkpoints.make(now)
    assert checking.verify().sound

    found, said = outcome(attempts[name])

    assert found in ("refused", "named"), name
    if "'forged'" in str(attempts[name]) and found == "named":
        assert "entry 2 (stream" in said or "ledger_entry" in said
    assert len(attempts) == 14


def test_what_plain_clients_try_is_refused_and_not_only_named(ledger: list[Receipt]) -> None:
    plain = ["update", "delete", "upsert"]
    attempts = POSTGRES if connection.vendor == "postgresql" else SQLITE
    plain += (
        ["truncate", "replica role"]
        if connection.vendor == "postgresql"
        else ["insert or replace", "replace by the place", "replace without recursive triggers"]
    )

    assert [outcome(attempts[name])[0] for name in plain] == ["refused"] * len(plain)


def test_a_swallowed_insert_is_an_error_for_the_writer_too(
    ledger: list[Receipt], receive: Callable[[int], Receipt]
) -> None:
    attempts = POSTGRES if connection.vendor == "postgresql" else SQLITE
    assert tried(attempts["trigger that swallows"])

    with pytest.raises(rows.Swallowed):
        receive(40)

    assert Entry.objects.count() == 12


def test_a_rewritten_past_with_every_hash_made_again_is_found_by_the_anchor(
    ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    """The owner empties the tables and writes another past through the product's own code, signing with its own key."""
    checkpoints.make(now)
    bodies = [
        (entry.stream, entry.sseq, bytes(entry.idem) if entry.idem else None, bytes(entry.body))
        for entry in Entry.objects.order_by("eid")
    ]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_leaf", "ledger_checkpoint", "ledger_dayheads", "ledger_head"):
            if table != "ledger_head":
                drop = "DROP TRIGGER {0}_rows ON {0}" if postgres else "DROP TRIGGER {0}_delete"
                cursor.execute(drop.format(table))
            cursor.execute(f"DELETE FROM {table}")
    store.write([store.Row(*row) for row in bodies[:6]])
    store.seal_all()
    result = checking.verify()

    assert result.older_than == 12
    assert any("latest.txt" in fault for fault in result.faults)
