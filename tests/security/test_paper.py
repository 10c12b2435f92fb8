"""docs/security.md promises nothing that is not there: every test it names exists, every row has a test or says so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAPER)


def test_every_test_it_names_exists() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).exists() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]

    assert missing == []
    assert len(NAMED) > 80


def test_every_row_has_a_test_or_says_that_it_has_none() -> None:
    rules = PAPER[PAPER.index("## GB/T 22239") : PAPER.index("## The operator's part")]
    rows = [
        line
        for line in rules.splitlines()
        if line.startswith("| ") and not line.startswith(("| rule", "| #", "| row"))
    ]

    silent = [row for row in rows if not re.search(r"::test_|\*\*not yet\*\*|operator|\(SEC-\d+\)", row)]
    assert silent == []
    assert len(rows) > 70


def test_every_attack_of_the_list_has_its_row() -> None:
    assert [int(number) for number in re.findall(r"^\| A(\d+) \|", PAPER, re.M)] == list(range(1, 24))
