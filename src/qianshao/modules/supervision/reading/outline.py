"""A text as numbered passages, each with what follows it until the next number, and its place in the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from . import names
from .folding import clean
from .model import Place
from .numbering import CHAPTER, FOURTH, SIGN, THIRD, Mark, mark_of
from .roles import role_of
from .source import Source

_DAY = re.compile(
    r"^\s*(?:20\d\d|二[〇零][〇零一二三四五六七八九]{2})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日\s*$"
)
_TAIL = re.compile(
    r"^\s*（?(?:(?:以上|上述)(?:各项|全部|所列|的)*(?:任务|工作|事项|措施)|此件|附件|附：|抄送|主送|分送|发送|(?:出席|列席|请假|缺席|记录|参加)(?:人员|单位|人)?：|信息公开|公开属性|联系人|.{2,20}办公室\s*20\d\d年.{3,8}印发)"
)
_SENTENCE = re.compile("[。，；]")
_INLINE = re.compile(
    r"(?<=[。；：）〕])[ ]*(?:(?P<n>\d{1,3})[.、](?!\d)|（(?P<c>[一二三四五六七八九十]{1,3})）)(?=[\u4e00-\u9fff“《 ])"
)


@dataclass(slots=True)
class Passage:
    """``start``–``head_end`` is its own paragraph, up to ``end`` what stands under it before the next number."""

    mark: Mark | None
    start: int
    body: int
    head_end: int
    end: int
    lines: list[Place] = field(default_factory=list)
    parent: Passage | None = None
    children: list[Passage] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The number, evened, without the stop."""
        return self.mark.label if self.mark else ""

    def up(self) -> Iterator[Passage]:
        """Its parents, nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


def outline(source: Source, assigns: Callable[[int, int], bool]) -> list[Passage]:
    """Passages in order; the first has no mark and holds what comes before any number.

    ``assigns`` tells whether a stretch ends with units; numbers inside a paragraph begin passages only where each does.
    """
    passages = [Passage(None, 0, 0, 0, 0)]
    last: dict[int, int] = {}
    closed = False
    for part in source.parts:
        if not isinstance(part, Place):
            closed = True
            continue
        for mark, start, end in _pieces(source, part, last, assigns):
            if mark is None:
                current = passages[-1]
                if not closed and _ends(source.folded, start, end):
                    closed = True
                    _unsign(source, current)
                if not closed and end > start:
                    current.lines.append(Place(start, end))
                    current.end = end
                continue
            closed = False
            last[mark.rank] = mark.number or 0
            for deeper in [rank for rank in last if rank > mark.rank]:
                if not (deeper == THIRD and mark.rank < THIRD):  # 1. often runs on through the sections
                    del last[deeper]
            passages.append(
                Passage(mark, start, start + mark.size, end, end, [Place(start + mark.size, end)])
            )
    _lower_dashes(passages)
    _nest(passages)
    return passages


def _lower_dashes(passages: list[Passage]) -> None:
    """Lines after —— are groups of their own, or what stands under the numbered headings that count on past them."""
    within = without = 0
    runs: list[list[Passage]] = []
    for number, passage in enumerate(passages):
        if not _dash(passage):
            continue
        if not _dash(passages[number - 1]):
            runs.append([])
        runs[-1].append(passage)
        before, after = (
            passages[place].mark if 0 <= place < len(passages) else None
            for place in _around(runs[-1], passages, number)
        )
        if before is None or after is None or (after.rank == CHAPTER and after.number is None):
            continue
        counts_on = after.rank == before.rank and after.number == (before.number or 0) + 1
        within += counts_on or after.rank < before.rank
        without += not counts_on and after.rank >= before.rank
    if within > without:
        for run in runs:
            for passage in run:
                assert passage.mark is not None
                passage.mark = replace(passage.mark, rank=SIGN)


def _around(run: list[Passage], passages: list[Passage], number: int) -> tuple[int, int]:
    return number - len(run), number + 1


def _dash(passage: Passage) -> bool:
    return passage.mark is not None and passage.mark.rank == CHAPTER and passage.mark.number is None


def _unsign(source: Source, passage: Passage) -> None:
    """The line above the day is who signed, when it is nothing but a unit."""
    last = passage.lines[-1] if len(passage.lines) > 1 else None
    words = clean(source.folded[last.start : last.end]) if last else ""
    if "：" not in words and names.surely_a_unit(words):
        passage.lines.pop()
        passage.end = passage.lines[-1].end


def _ends(folded: str, start: int, end: int) -> bool:
    line = folded[start : min(end, start + 60)]
    return bool(_DAY.match(line) or _TAIL.match(line))


def _pieces(
    source: Source, part: Place, last: dict[int, int], assigns: Callable[[int, int], bool]
) -> Iterator[tuple[Mark | None, int, int]]:
    """A paragraph, or the numbered pieces that were run together in it."""
    mark = _accepted(source, part.start, part.end, last)
    cuts = [part.start, *_inline(source.folded, part, assigns)]
    if mark is None and len(cuts) == 1:
        yield None, part.start, part.end
        return
    for place, start in enumerate(cuts):
        end = cuts[place + 1] if place + 1 < len(cuts) else part.end
        yield (
            (mark if place == 0 else mark_of(source.folded, start, end)),
            start,
            end,
        )


def _accepted(source: Source, start: int, end: int, last: dict[int, int]) -> Mark | None:
    """A number at the beginning of a line, unless it is an amount (2.5万亩) or a year."""
    mark = mark_of(source.folded, start, end)
    if mark is not None and mark.rank >= FOURTH and _labels(source.folded, start + mark.size, end):
        return None  # - 牵头单位：市教育局 belongs to the item above
    if mark is None or mark.number is None:
        return mark
    if mark.rank == FOURTH and "." in mark.label and mark.number not in (last.get(FOURTH, 0) + 1, 1):
        return None
    if mark.rank == THIRD:
        expected = mark.number in (last.get(THIRD, 0) + 1, 1)
        if mark.decimal and not expected:
            return None
        if (
            not expected
            and mark.label.isdigit()
            and source.folded[start + len(mark.label) : start + mark.size].isspace()
        ):
            return None
        if 1900 <= mark.number <= 2100 and not expected:
            return None
    return mark


def _labels(folded: str, start: int, end: int) -> bool:
    """Whether a line begins with a label such as 牵头单位."""
    label, colon, _value = folded[start : min(end, start + 24)].partition("：")
    return bool(colon) and not _SENTENCE.search(label) and role_of(label) is not None


def _inline(folded: str, part: Place, assigns: Callable[[int, int], bool]) -> list[int]:
    """Where numbers begin inside a paragraph, when every piece up to the next one ends with its units."""
    if part.end - part.start < 60:
        return []
    found = []
    for match in _INLINE.finditer(folded, part.start + 1, part.end):
        at = match.start("n") if match["n"] else match.start("c") - 1
        found.append(at)
    if not found:
        return []
    ends = [*found[1:], part.end]
    whole = [assigns(start, end) for start, end in zip(found, ends, strict=True)]
    kept = [at for at, good in zip(found, whole, strict=True) if good]
    if not kept or not all(whole):
        return []
    return kept


def _nest(passages: list[Passage]) -> None:
    stack: list[Passage] = []
    for passage in passages[1:]:
        assert passage.mark is not None
        rank = passage.mark.rank
        while stack and (stack[-1].mark.rank if stack[-1].mark else -1) >= rank:
            stack.pop()
        if stack:
            passage.parent = stack[-1]
            stack[-1].children.append(passage)
        stack.append(passage)


def title_of(source: Source, passage: Passage, most: int = 40) -> str:
    """The words of a heading: its first line up to the first stop."""
    line = source.text[passage.body : passage.head_end]
    cut = re.split(r"[。：；\n（(]", line, maxsplit=1)[0]
    return clean(cut)[:most].strip("*#_ ")
