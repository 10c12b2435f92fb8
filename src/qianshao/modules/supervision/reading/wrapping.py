"""Lines that only wrap: a .pdf and a narrow cell break names anywhere, a list breaks between them."""

from __future__ import annotations

import re

from . import names
from .brackets import depth_zero
from .roles import peel

_BREAK = re.compile(r"[ ]*\n\s*")


def unbroken(stretch: str, cell: bool) -> list[int]:
    """The characters without the line breaks that only wrap."""
    flat = depth_zero(stretch, 0, len(stretch))
    dropped: set[int] = set()
    for match in _BREAK.finditer(stretch):
        if stretch[match.end() : match.end() + 1] == "〔" and flat[match.start()] != "\x01":
            continue
        if flat[match.start()] == "\x01" or _wrapped(flat, match.start(), match.end(), cell):
            dropped.update(range(*match.span()))
    return [at for at in range(len(stretch)) if at not in dropped]


def _wrapped(flat: str, start: int, end: int, cell: bool) -> bool:
    """A line broken inside a name: what stands before it does not end, or what follows does not begin like a unit.

    In a cell names stand one below another and may be short: 教育局.
    """
    left = re.split(r"[、，；。：\n]", flat[max(0, start - 30) : start])[-1].strip()
    right = re.split(r"[、，；。：\n]", flat[end : end + 31])[0].strip()
    if not left or not right or re.match(r"[^、，；。\n]*：", flat[end : end + 31]):
        return False
    left, verb = peel(left)
    right, _verb = peel(right)
    opened = names.open_at(right)
    right = right if opened is None else right[:opened]  # 市水利局等
    if verb is not None and not names.like_a_unit(right):
        return True
    return not (
        names.like_a_unit(left) and (names.like_a_unit(right) if cell else names.begins_like_a_unit(right))
    )
