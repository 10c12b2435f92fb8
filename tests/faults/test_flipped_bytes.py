"""Any byte of an entry flipped, in the database or in the export: the entry that broke is named."""

from __future__ import annotations

import importlib.util
import io
import random
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import checking, exporting
from qianshao.core.ledger.keys import office_key
from qianshao.core.ledger.models import Entry, Leaf

pytestmark = [pytest.mark.fault, pytest.mark.database, pytest.mark.django_db]
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_ledger.py"


def put(table: str, column: str, key: str, number: int, raw: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [raw, number])


def unguard() -> None:
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_leaf"):
            postgres = connection.vendor == "postgresql"
            cursor.execute(
                f"DROP TRIGGER {table}_rows ON {table}" if postgres else f"DROP TRIGGER {table}_update"
            )


@pytest.mark.slow
def test_every_byte_of_an_entry_in_the_database(ledger: list[Receipt]) -> None:
    unguard()
    leaf = Leaf.objects.get(seq=7)
    body = bytes(Entry.objects.get(eid=leaf.eid).body)
    missed = []
    for place in range(len(body)):
        changed = bytearray(body)
        changed[place] ^= 1 << place % 8
        put("ledger_entry", "body", "eid", leaf.eid, bytes(changed))
        if 7 not in {finding.seq for finding in checking.verify().findings}:
            missed.append(place)
    put("ledger_entry", "body", "eid", leaf.eid, body)

    assert missed == []
    assert checking.verify().findings == []


@pytest.mark.parametrize("column", ["sha256", "sm3"])
def test_every_byte_of_a_leaf_hash_in_the_database(column: str, ledger: list[Receipt]) -> None:
    unguard()
    true = bytes(getattr(Leaf.objects.get(seq=4), column))
    for place in range(32):
        put("ledger_leaf", column, "seq", 4, true[:place] + bytes([true[place] ^ 0x10]) + true[place + 1 :])

        assert [finding.seq for finding in checking.verify().findings] == [4]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_ledger", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def status(tool: ModuleType, raw: bytes) -> tuple[int, list[Any]]:
    """What the standalone verifier would exit with, under the office's own public key."""
    check = tool.Check(None, [office_key(signed_before=True).stated().plain()])
    try:
        check.run(iter(raw.splitlines(keepends=True)))
    except tool.Tampered as error:
        return 1, [*check.findings, str(error)]
    except (tool.Unreadable, KeyError, ValueError):
        return 2, []
    return (1 if check.findings else 0), check.findings


def exports(ledger: list[Receipt], now: datetime) -> dict[str, bytes]:
    """The three kinds of export of this ledger."""
    made = {}
    for name in ("all", "period", "duty"):
        sink = io.BytesIO()
        if name == "duty":
            exporting.duty(sink, ledger[2].stream, now=now)
        else:
            exporting.whole(sink, now=now, start=5 if name == "period" else 0)
        made[name] = sink.getvalue()
    return made


@pytest.mark.slow
def test_a_sample_of_all_bytes_of_the_exports(tool: ModuleType, ledger: list[Receipt], now: datetime) -> None:
    chance = random.Random(11)
    for name, raw in exports(ledger, now).items():
        assert status(tool, raw) == (0, []), name
        for place in chance.sample(range(len(raw)), 400):
            changed = bytearray(raw)
            changed[place] ^= chance.choice((1, 0x20, 0x80, 0xFF))
            assert status(tool, bytes(changed))[0] != 0, (name, place)


def test_lines_cut_dropped_doubled_and_swapped(
    tool: ModuleType, ledger: list[Receipt], now: datetime
) -> None:
    for name, raw in exports(ledger, now).items():
        lines = raw.splitlines(keepends=True)
        for number in range(len(lines)):
            changed = {
                "dropped": lines[:number] + lines[number + 1 :],
                "doubled": lines[: number + 1] + lines[number:],
                "swapped": [*lines[:number], *reversed(lines[number : number + 2]), *lines[number + 2 :]],
                "cut": [*lines[:number], lines[number][: len(lines[number]) // 2]],
            }
            for what, made in changed.items():
                if made != lines:
                    assert status(tool, b"".join(made))[0] != 0, (name, what, number)


def test_a_changed_entry_of_the_export_is_named_with_its_stream_and_number(
    tool: ModuleType, ledger: list[Receipt], now: datetime
) -> None:
    raw = exports(ledger, now)["all"]
    lines = raw.splitlines(keepends=True)
    lines[8] = lines[8].replace("请核实办理".encode(), "请核实处理".encode())

    code, findings = status(tool, b"".join(lines))

    entry = Entry.objects.get(eid=Leaf.objects.get(seq=7).eid)
    assert code == 1
    assert (findings[0]["entry"], findings[0]["stream"], findings[0]["number"]) == (
        7,
        entry.stream,
        entry.sseq,
    )
