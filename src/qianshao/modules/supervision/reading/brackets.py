"""Brackets of every shape in one pass; cost grows with the length alone, however deep they are nested."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .folding import CLOSING, OPENING

DEEPEST = 6  # levels that are looked into; deeper ones stay part of the text
_SIGN = re.compile("[（）〔〕]")


@dataclass(slots=True)
class Bracket:
    """``start`` is the opening sign, ``end`` after the closing one; ``closed`` is False when that is missing."""

    start: int
    end: int
    closed: bool = True
    inner: list[Bracket] = field(default_factory=list)

    @property
    def inside(self) -> tuple[int, int]:
        """The content without its signs."""
        return self.start + 1, self.end - self.closed


def outermost(folded: str, start: int, end: int) -> list[Bracket]:
    """The brackets of a stretch, each with those in it.

    A closing sign closes whatever is open, for （…〕 is a slip of the pen; one without an opening is passed over.
    An opening one without an end reaches to the end of its line.
    """
    found: list[Bracket] = []
    stack: list[Bracket] = []

    def settle(bracket: Bracket) -> None:
        if len(stack) < DEEPEST:
            (stack[-1].inner if stack else found).append(bracket)

    for match in _SIGN.finditer(folded, start, end):
        if match[0] in OPENING:
            stack.append(Bracket(match.start(), match.end()))
        elif stack:
            if folded[stack[-1].start] != CLOSING[match[0]] and any(
                folded[each.start] == CLOSING[match[0]] for each in stack[-DEEPEST:]
            ):
                inner = stack.pop()
                inner.end, inner.closed = match.start(), False
                settle(inner)
            bracket = stack.pop()
            bracket.end = match.end()
            settle(bracket)
    del stack[DEEPEST:]
    while stack:
        bracket = stack.pop()
        line = folded.find("\n", bracket.start, end)
        bracket.end, bracket.closed = (end if line < 0 else line), False
        settle(bracket)
    found.sort(key=lambda bracket: bracket.start)
    return found


def depth_zero(folded: str, start: int, end: int) -> str:
    """The stretch with everything inside brackets, and the brackets, blanked; same length."""
    pieces: list[str] = []
    depth, last = 0, start
    for match in _SIGN.finditer(folded, start, end):
        at = match.start()
        if match[0] in OPENING:
            if depth == 0:
                pieces.append(folded[last:at])
                last = at
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                pieces.append("\x01" * (at + 1 - last))
                last = at + 1
    pieces.append("\x01" * (end - last) if depth else folded[last:end])
    return "".join(pieces)
