"""What a verification needs of an entry, read without taking the whole of it apart.

An entry has always the same fields in the same order, so one pattern recognises all of it but what lies inside ``data``, ``files``
and ``pii``; only those are read and written again. JSON is unambiguous: where the pieces are canonical and the rest matches, the
whole is. Whatever the pattern does not know (an escape in a text, an odd number, a field too many) goes the long way, by
``Entry.from_body``'s own rules, and is accepted or explained there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, cast

from .canonical import NotCanonical, canonical_texts, decode
from .entry import NAMES, VERSION, shape_problems


class Outline(NamedTuple):
    """An entry's place: ``idem`` and ``prev`` hex, ``rec`` as ``Entry`` writes it."""

    idem: str
    prev: str
    rec: str
    sseq: int
    stream: str


_outline = Outline._make  # past the constructor's Python half: one is made for every entry of the log
_TEXT = r'"[^"\\\x00-\x1f]*+"'
_KEPT = r'"([^"\\\x00-\x1f]*+)"'
_NUMBER = r"[1-9][0-9]{0,14}"
_HOW = {
    "v": str(VERSION),
    "fv": _NUMBER,
    "sseq": f"({_NUMBER})",
    "stream": _KEPT,
    "prev": _KEPT,
    "idem": _KEPT,
    "rec": r'"([^"\\\x00-\x1f]{26}\+08:00)"',
    # Lazy, and yet linear: after each brace the next literal must stand, and what follows it is of bounded shape.
    "data": r"(\{.*?\})",
    "files": r"(\[[^\[\]]*+\])",
    "pii": r"(\{[^{}]*+\})",
}
_ENTRY = re.compile(
    r"\{" + ",".join(f'"{name}":{_HOW.get(name, _TEXT)}' for name in sorted(NAMES)) + r"\}", re.DOTALL
)


def outlines(bodies: Sequence[bytes]) -> list[Outline | str]:
    """Of each body its outline, or in words why it is no entry; strict: what passes is canonical and well shaped."""
    found: list[Outline | None] = []
    inside: list[str] = []
    for body in bodies:
        try:
            match = _ENTRY.fullmatch(body.decode())
        except UnicodeDecodeError:
            match = None
        if match is None:
            found.append(None)
            continue
        data, files, idem, pii, prev, rec, sseq, stream = match.groups()
        found.append(_outline((idem, prev, rec, int(sseq), stream)))
        inside.append(data if files == "[]" and pii == "{}" else f"[{data},{files},{pii}]")
    fine = canonical_texts(inside)
    if len(inside) == len(bodies) and all(fine):
        return cast("list[Outline | str]", found)
    told = iter(fine)
    return [
        outline if outline is not None and next(told) else _the_long_way(body)
        for outline, body in zip(found, bodies, strict=True)
    ]


def _the_long_way(body: bytes) -> Outline | str:
    if not body:
        return "no entry stands at this place of the log"
    try:
        value = decode(body)
    except NotCanonical as error:
        return f"body {error}"
    problem = next(shape_problems(value), None)
    if problem is not None:
        return f"body: {problem}"
    return Outline(value["idem"], value["prev"], value["rec"], value["sseq"], value["stream"])
