"""Reading a decision of 100 pages into items, against what only takes the text out of the same file.

    python -m benchmarks.bench_reading [--pages 100] [--rounds 3]

A page is 22 lines of 28 characters (GB/T 9704-2012). The alternative for .docx is python-docx, asked for the text of
every paragraph and cell: it finds no item, unit or deadline. The ratio says how much longer the whole reading takes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx

from qianshao.kernel.calendar import Calendar
from qianshao.kit.papers.opening import open_paper
from qianshao.modules.supervision.reading import read

from . import machine

PAGE = 22 * 28  # characters
TARGET = 5.0  # seconds for 100 pages
_UNITS = (
    "市发展改革委",
    "市教育局",
    "市工业和信息化局",
    "市财政局",
    "市住房和城乡建设局",
    "各县（市、区）人民政府",
)
_TIMES = ("年底前", "2025年6月底前", "第三季度", "9月中旬前", "3个月内")


def paragraphs(pages: int) -> tuple[list[str], int]:
    """An invented decision: its paragraphs and how many items stand in it."""
    found = ["刺桐市人民政府关于加快建设的意见", "刺政发〔2025〕1号", "一、主要任务"]
    size = number = 0
    while size < pages * PAGE:
        lead, *others = (_UNITS[(number + place) % len(_UNITS)] for place in range(3))
        when = _TIMES[number % len(_TIMES)]
        work = "推动纺织鞋服、石油化工、机械装备等传统优势产业实施智能化改造，完善基础设施和公共服务。" * (
            1 + number % 3
        )
        number += 1
        found.append(f"{number}.加快项目建设。{work}{when}完成。（{lead}牵头，{'、'.join(others)}配合）")
        size += len(found[-1])
    return [*found, "刺桐市人民政府", "2025年1月10日"], number


def best(rounds: int, work: Callable[[], object]) -> float:
    """The best of several rounds, in seconds."""
    taken = []
    for _round in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def alternative(path: Path) -> int:
    """Characters of all paragraphs and cells as python-docx gives them."""
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return sum(map(len, (*(each.text for each in document.paragraphs), *cells)))


def main() -> int:
    """1 when 100 pages take longer than wanted, or an item was missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--pages", type=int, default=100)
    reader.add_argument("--rounds", type=int, default=3)
    asked = reader.parse_args()
    lines, wanted = paragraphs(asked.pages)
    calendar = Calendar.china()
    rows: list[tuple[str, ...]] = [("file", "items", "seconds", "python-docx", "times")]
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        text, word = Path(folder, "a.txt"), Path(folder, "a.docx")
        text.write_text("\n".join(lines), encoding="utf-8")
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(word))
        other = best(asked.rounds, lambda: alternative(word))
        for path in (text, word):
            found = len(read(open_paper(path), calendar=calendar).items)
            taken = best(asked.rounds, lambda path=path: read(open_paper(path), calendar=calendar))  # type: ignore[misc]
            rows.append(
                (path.suffix, f"{found} of {wanted}", f"{taken:.2f}", f"{other:.2f}", f"{taken / other:.1f}")
            )
            slow |= found != wanted or taken > TARGET * asked.pages / 100
    print(f"{asked.pages} pages, {sum(map(len, lines))} characters\n{machine.table(rows)}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
