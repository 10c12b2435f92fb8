"""Every layout is read as a clerk reads it."""

import pytest
from invented import CASES

from qianshao.kernel.calendar import Calendar
from qianshao.kit.papers import text
from qianshao.modules.supervision.reading import read


def told(words: str) -> list[str]:
    blocks = text.blocks_in(words.encode(), "决定.md")
    items = read(blocks, calendar=Calendar.china()).items
    return [
        "|".join(
            (
                item.label,
                " ".join(item.lead),
                " ".join(item.co),
                " ".join(item.guide),
                "等" if item.open_list else "",
                item.deadline or "",
                item.day.isoformat() if item.day else "",
            )
        )
        for item in items
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_layout_is_read_as_a_clerk_reads_it(name):
    words, wanted = CASES[name]

    assert told(words) == [line + "|" * (6 - line.count("|")) for line in wanted.split("\n")]
