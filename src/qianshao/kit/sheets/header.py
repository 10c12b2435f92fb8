"""Find the row that names the columns, also when a title or a unit's name stands above it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from qianshao.kernel.words import say

from .model import MAX_COLUMNS, Cell, Row, SheetError, text_of

LOOKED_AT = 20
_DATE_OR_NUMBER = re.compile(r"^[\d\s.,:/年月日时分秒-]+$")
_LONGEST = 60


def plain(name: str) -> str:
    """A column's name without what differs between exports: spaces, brackets and their content, case."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"\(.*?\)|[\s_\-*:]+", "", folded)


def find(rows: Sequence[Row], known: Callable[[str], bool]) -> int:
    """The index of the header among the first rows; raises ``SheetError`` when none looks like one.

    The row with the most names that are ``known`` wins, or the one right below it where the header is two
    rows of merged cells; where no name is known, the first row of short, different words that is as wide as
    the rows below it.
    """
    if not rows:
        raise SheetError(say("表格是空的，没有可以导入的内容。"))
    scored = [(sum(known(text_of(cell)) for cell in row.cells), -place) for place, row in enumerate(rows)]
    best, place = max(scored)
    if best >= 2 or (best == 1 and len(_words(rows[-place].cells)) == 1):
        return 1 - place if _goes_on(rows[-place:], known) else -place
    width = Counter(len(_filled(row.cells)) for row in rows if _filled(row.cells)).most_common(1)
    for place, row in enumerate(rows):
        words = _words(row.cells)
        if words and len(words) >= 0.6 * width[0][0] and len(words) == len(_filled(row.cells)) > 1:
            return place
    raise SheetError(
        say(
            "前 {n} 行里没有找到表头。请在第一行写上各列的名称，例如：编号、受理时间、标题、内容。",
            n=LOOKED_AT,
        )
    )


def _goes_on(rows: Sequence[Row], known: Callable[[str], bool]) -> bool:
    """Whether the second of these rows is the lower half of the header: names under a merged, so empty, cell."""
    if len(rows) < 2:
        return False
    upper, lower = rows[0].cells, rows[1].cells
    named = [place for place, cell in enumerate(lower) if known(text_of(cell))]
    return len(named) >= 2 and any(place < len(upper) and not text_of(upper[place]) for place in named)


def _filled(cells: Sequence[Cell]) -> list[str]:
    return [text for cell in cells if (text := text_of(cell))]


def _words(cells: Sequence[Cell]) -> list[str]:
    """The cells when they can be names: short, no numbers or dates, all different; else nothing."""
    filled = _filled(cells)
    if any(len(text) > _LONGEST or _DATE_OR_NUMBER.match(text) for text in filled):
        return []
    return filled if len({plain(text) for text in filled}) == len(filled) else []


def names(row: Row, above: Row | None = None) -> tuple[str, ...]:
    """The columns' names; an empty one gets its letter, a repeated one its number.

    The row ``above`` lends its words where it is the upper half of a header of merged cells: to columns
    without a name of their own, and 留言 and 答复 to two columns that are both called 时间.
    """
    if len(row.cells) > MAX_COLUMNS:
        raise SheetError(
            say("表格有 {n} 列，最多 {max} 列；请删去多余的空列。", n=len(row.cells), max=MAX_COLUMNS)
        )
    upper = [text_of(cell) for cell in above.cells] if above and len(_words(above.cells)) > 1 else []
    own = Counter(text_of(cell) for cell in row.cells)
    seen: Counter[str] = Counter()
    found = []
    group = ""
    for place, cell in enumerate(row.cells):
        over = upper[place] if place < len(upper) else ""
        group = over or group
        name = text_of(cell)
        if own[name] > 1 and name:
            name = group + name
        name = name or over or f"{letter(place)}列"
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}({seen[name]})")
    return tuple(found)


def letter(place: int) -> str:
    """A column's letter, the first being A."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
