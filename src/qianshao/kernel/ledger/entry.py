"""The entry: one recorded fact, whose canonical bytes are the record.

Bodies are never migrated: every ``v`` stays readable. Personal values are not in it; ``pii`` holds commitments,
HMAC-SHA-256(salt, 0x02 ‖ canonical value), which say nothing without the salt and bind the value with it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from .canonical import NotCanonical, decode, encode
from .hashes import SHA256
from .merkle import leaf_hash

VERSION = 1


class BadEntry(ValueError):
    """Bytes that are not an entry; says which field is wrong."""


def commit(salt: bytes, value: str) -> str:
    """The commitment to a personal value under 32 random bytes of salt."""
    return hmac.digest(salt, b"\x02" + encode(value), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Entry:
    """Fields of an entry, all JSON-ready.

    ``sseq`` counts from 1 in its ``stream``; ``prev`` is the hex leaf hash (SHA-256) of the stream's entry before, empty for
    the first. ``at`` is when it is said to have happened, ``rec`` when the server recorded it, both ISO 8601 with +08:00.
    ``kind``, ``fact`` and ``fv`` say how to read ``data``; ``rule`` names the rule editions the duty is under.
    """

    v: int
    log: str
    stream: str
    sseq: int
    prev: str
    kind: str
    fact: str
    fv: int
    rule: str
    actor: str
    post: str
    unit: str
    at: str
    rec: str
    src: str
    idem: str
    pii: dict[str, str]
    files: list[dict[str, Any]]
    data: dict[str, Any]

    def body(self) -> bytes:
        """The canonical bytes; raises ``NotCanonical``."""
        return encode({name: getattr(self, name) for name in NAMES})

    def leaf(self) -> str:
        """The hex leaf hash that the stream's next entry names."""
        return leaf_hash(SHA256, self.body()).hex()

    @classmethod
    def from_body(cls, raw: bytes) -> Entry:
        """Read an entry strictly; raises ``BadEntry``."""
        try:
            value = decode(raw)
        except NotCanonical as error:
            raise BadEntry(str(error)) from error
        problem = next(shape_problems(value), None)
        if problem is not None:
            raise BadEntry(problem)
        return cls(**value)


NAMES = tuple(field.name for field in fields(Entry))
_KEYS = frozenset(NAMES)
_REC = len("2026-03-02T09:30:00.000000+08:00")  # one width and one zone, so that moments compare as text
_TEXTS = (
    "log",
    "stream",
    "prev",
    "kind",
    "fact",
    "rule",
    "actor",
    "post",
    "unit",
    "at",
    "rec",
    "src",
    "idem",
)


def shape_problems(value: Any) -> Iterator[str]:
    """What keeps a decoded value from being an entry."""
    if not isinstance(value, dict) or value.keys() != _KEYS:
        yield "an entry has exactly the fields " + ", ".join(NAMES)
        return
    if value["v"] != VERSION:
        yield f"v: {value['v']!r} is not a version this reader knows"
    for name in _TEXTS:
        if type(value[name]) is not str:
            yield f"{name}: must be text"
    for name in ("sseq", "fv"):
        if type(value[name]) is not int or value[name] < 1:
            yield f"{name}: must be a whole number from 1"
    for name, kind in (("pii", dict), ("files", list), ("data", dict)):
        if type(value[name]) is not kind:
            yield f"{name}: must be a {kind.__name__}"
    if type(value["rec"]) is str and not (len(value["rec"]) == _REC and value["rec"].endswith("+08:00")):
        yield "rec: must be written as 2026-03-02T09:30:00.000000+08:00"


class Tail(NamedTuple):
    """The last entry of a stream, as the next one must continue it."""

    sseq: int
    leaf: str
    rec: str


def link_problem(tail: Tail | None, entry: Entry) -> str | None:
    """Why ``entry`` does not continue its stream, or nothing: number, link, and recorded time never going back."""
    expected = tail.sseq + 1 if tail else 1
    if entry.sseq != expected:
        return f"number {entry.sseq} in its stream where {expected} is due"
    if entry.prev != (tail.leaf if tail else ""):
        return "does not name the entry before it in its stream"
    if tail is not None and _moment(entry.rec) < _moment(tail.rec):
        return f"recorded at {entry.rec}, before the entry before it ({tail.rec})"
    return None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadEntry(f"rec: {text!r} is not a moment") from None
