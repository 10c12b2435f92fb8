"""Where in a passage units are assigned: brackets, labelled lines and labelled ends of paragraphs."""

from __future__ import annotations

import re

from . import deadlines, names
from .assigning import UNCLOSED, Assignment, labels, parse
from .brackets import Bracket, depth_zero, outermost
from .folding import fold
from .outline import Passage
from .roles import peel
from .source import Source

_LABELLED = re.compile("[：〔]|(?:单位|部门|时限|期限|时间)[为是]")
_BETWEEN = re.compile(r"^[\s，。；、:：*_\-●■▲◆·•>]*$")
_DEEPEST = 4
_LED = re.compile("牵头|主办")
_LONGEST_TAIL = 300  # characters


def assigns(source: Source, start: int, end: int) -> bool:
    """Whether a stretch holds a bracket that names units."""
    return any(found.units for found in _bracketed(source, start, end))


def assignments(source: Source, passage: Passage) -> list[Assignment]:
    """All of a passage in order, neighbours put together."""
    found = [*_bracketed(source, passage.body, passage.end), *_labelled(source, passage)]
    found += _last_sentences(source, passage)
    found.sort(key=lambda each: each.start)
    merged: list[Assignment] = []
    for each in found:
        if merged and each.start < merged[-1].end:
            continue
        if merged and _BETWEEN.match(source.folded[merged[-1].end : each.start]):
            merged[-1].merge(each)
        else:
            merged.append(each)
    return merged


def _bracketed(source: Source, start: int, end: int) -> list[Assignment]:
    found: list[Assignment] = []
    waiting = [(bracket, 0) for bracket in outermost(source.folded, start, end)]
    while waiting:
        bracket, depth = waiting.pop()
        one = _of_bracket(source, bracket, end)
        if one is not None:
            found.append(one)
        elif depth < _DEEPEST:
            waiting += [(inner, depth + 1) for inner in bracket.inner]
    return found


def _of_bracket(source: Source, bracket: Bracket, end: int) -> Assignment | None:
    folded = source.folded
    if not _ends_something(folded, bracket, end):
        return None
    one = parse(folded, source.text, *bracket.inside)
    if one is None or (one.how == "bare" and not _last(folded, bracket, end)):
        return None
    one.start, one.end = bracket.start, bracket.end
    if not bracket.closed:
        one.doubts.append(UNCLOSED)
    return one


def _ends_something(folded: str, bracket: Bracket, end: int) -> bool:
    """Behind a sentence, or before a stop, a number, another bracket: not in the middle of a clause."""
    after = folded[bracket.end : min(end, bracket.end + 3)].lstrip(" *_")
    before = folded[max(0, bracket.start - 2) : bracket.start].rstrip()
    return (
        not after
        or after[0] in "\n。；，、！（〔）〕.*"
        or after[0].isdigit()
        or before[-1:] in "。；！"
        or (after[0] in "一二三四五六七八九十第" and before[-1:] in "。；！）〕")
    )


def _last(folded: str, bracket: Bracket, end: int) -> bool:
    after = folded[bracket.end : min(end, bracket.end + 6)].lstrip(" 。；*_）〕")
    return not after or after[0] in "\n（〔"


def _labelled(source: Source, passage: Passage) -> list[Assignment]:
    """Label lines, and a sentence that begins with a label up to the end of its paragraph."""
    found: list[Assignment] = []
    folded = source.folded
    lines = passage.lines
    for number, line in enumerate(lines):
        words = folded[line.start : line.end]
        if not _LABELLED.search(words):
            continue
        flat = depth_zero(folded, line.start, line.end)
        cuts = [cut for cut in labels(folded, flat, line.start) if _opens(folded, line.start, cut[0])]
        if not cuts:
            continue
        begin, end = cuts[0][0], line.end
        for after in lines[number + 1 :]:
            if not _goes_on(folded, line.start, end, after.start, after.end):
                break
            end = after.end
        one = parse(folded, source.text, begin, end)
        if one is None or not _sound(one, begin == _first(folded, line.start)):
            continue
        one.start, one.end = begin, end
        found.append(one)
    return found


def _last_sentences(source: Source, passage: Passage) -> list[Assignment]:
    """Units after a dash or in a sentence of their own at the end of a paragraph: ……。——市交通局牵头，市公安局配合."""
    found: list[Assignment] = []
    folded = source.folded
    for line in passage.lines:
        end = line.start + len(folded[line.start : line.end].rstrip("。； "))
        cut = max(folded.rfind(sign, line.start, end) for sign in "。！—")
        if cut < 0 or end - cut > _LONGEST_TAIL or not _LED.search(folded, cut, end):
            continue
        later = folded.find("；", cut, end)
        for begin in (cut + 1, *((later + 1,) if later >= 0 else ())):
            one = parse(folded, source.text, begin, end)
            if (
                one is not None
                and one.how == "verb"
                and not one.doubts
                and _nothing_else(folded, begin, end, one)
            ):
                start = begin
                while start > line.start and folded[start - 1] in "— ":
                    start -= 1
                one.start, one.end = start, line.end
                found.append(one)
                break
    return found


def _nothing_else(folded: str, begin: int, end: int, one: Assignment) -> bool:
    """Whether a sentence is units, verbs and a deadline, with nothing to be done in it."""
    listed = sorted((name for _role, name in one.units), key=lambda name: name.start)
    if "：" in folded[begin:end] or not all(names.surely_a_unit(fold(name.text)) for name in listed):
        return False
    left = [folded[begin : listed[0].start].strip(" ，由"), *re.split("[，；]", folded[listed[-1].end : end])]
    return all(
        not each.strip() or deadlines.whole(each) or peel(f"某局{each.strip()}")[0] in ("某局", "某局等")
        for each in left
    )


def _first(folded: str, start: int) -> int:
    match = re.compile(r"[\s*_#>\-●■▲◆·]*").match(folded, start)
    return match.end() if match else start


def _opens(folded: str, start: int, at: int) -> bool:
    """A label begins its line or a sentence, or stands apart by a gap."""
    if folded[max(start, at - 2) : at] == "  ":
        return True
    before = folded[start:at].rstrip(" *_")
    return not before.strip(" *_#>-●■▲◆·") or before[-1] in "。；！，）〕"


def _goes_on(folded: str, start: int, end: int, next_start: int, next_end: int) -> bool:
    """A list wrapped over lines: it broke off after 、, or the next line is nothing but units."""
    line = folded[next_start:next_end].strip()
    if not line or "：" in line or len(line) > 200 or "。" in line[:-1]:
        return False
    tail = folded[max(start, end - 40) : end].rstrip()
    if tail[-1:] in "、，：及和":
        return True
    pieces = [piece for piece in re.split("[、，；。 ]", line) if piece]
    return all(names.surely_a_unit(piece) for piece in pieces)


def _sound(one: Assignment, begins: bool) -> bool:
    """明确责任主体：…… is a heading, not a label: what follows it are no names."""
    if not one.units:
        return begins
    like = sum(names.like_a_unit(fold(name.text)) for _role, name in one.units)
    return like * 2 >= len(one.units)
