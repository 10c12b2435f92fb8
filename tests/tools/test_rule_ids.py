"""The table of rule ids in docs/openness.md: every test it names is there, and every id is named once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SINGLE = [
    "PRO-1",
    "PRO-2",
    "APP-COR-1",
    "APP-COR-2",
    "APP-COR-3",
    "APP-REP-0",
    "APP-REP-1",
    "APP-EXT-1",
    "APP-TP-1",
    "APP-TP-2",
    "APP-JNT-1",
    "APP-MASS-1",
    "APP-FEE-1",
    "APP-FIX-1",
    "AR-DEPT",
    "AR-GOV",
    "REV-1",
    "REV-2",
    "SUIT-1",
    "CNT-1",
    "CNT-2",
    "CNT-3",
    "CNT-4",
    "CNT-5",
    "CNT-6",
    "CNT-7",
    "CNT-8",
    "I1",
    "I2",
    "I3",
    "I4",
    "I5",
    "I6",
    "I7",
    "I8",
    "I9",
    "I10",
    "INT-1",
    "INT-2",
    "INT-3",
    "INT-4",
    "INT-5",
    "INT-6",
    "INT-7",
    "OPN-1",
    "W1",
    "W2",
    "W3",
    "W4",
    "W5",
    "W6",
    "N1",
    "N2",
]


def rows() -> list[tuple[str, str]]:
    """Rule ids and the test of every line of the table."""
    text = (ROOT / "docs" / "openness.md").read_text(encoding="utf-8")
    table = text.partition("## Every rule id")[2].partition("\n## ")[0]
    return [
        (ids, test) for ids, _where, test in re.findall(r"^\| ([^|]+) \| ([^|]+) \| `(\w+)` \|$", table, re.M)
    ]


def test_every_test_the_table_names_is_there() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert [test for _ids, test in rows() if f"def test_{test}(" not in written] == []


def test_every_rule_id_stands_in_one_line() -> None:
    named = Counter(
        found for ids, _test in rows() for found in re.findall(r"[A-Z]+(?:-[A-Z]+)?-?\d+|AR-\w+", ids)
    )

    assert {rule: named[rule] for rule in SINGLE if named[rule] != 1} == {}
