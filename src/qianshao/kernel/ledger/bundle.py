"""The export an auditor takes away: one text file, every byte of which is accounted for.

The first line is a canonical header. Then one line an entry: its number in the log, a space, its hex SHA-256 leaf hash, a space, its
exact body. The last line is canonical again: the signed checkpoints the entries lead to, what else is needed to get there, the
public keys as the office states them, and the SHA-256 of all bytes before it. ``docs/ledger.md`` describes each field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .canonical import encode

FORMAT = "qianshao-ledger/3"
Mode = Literal["all", "period", "duty"]


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Line:
    """An entry on its way out."""

    seq: int
    leaf: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as the office states it; an auditor compares it with the one handed over on paper."""

    name: str
    type: str
    public: bytes

    def plain(self) -> dict[str, str]:
        """JSON-ready."""
        return {"name": self.name, "type": self.type, "public": self.public.hex()}


@dataclass(frozen=True, slots=True)
class Seal:
    """What the entries of a bundle lead to.

    ``frontier`` are the subtree roots (SHA-256, SM3) before the first entry of a period. ``proofs`` has, for a duty, each entry's
    inclusion proof; ``heads`` shows the duty's file to be complete (see ``heads``); ``consistency`` shows that the
    log of an earlier size is the beginning of this one, for whoever holds a checkpoint of that size.
    """

    checkpoint: str
    sm3_checkpoint: str
    keys: Sequence[PublicKey]
    frontier: tuple[Sequence[bytes], Sequence[bytes]] = ((), ())
    proofs: Sequence[Sequence[bytes]] = ()
    heads: dict[str, Any] | None = None
    consistency: tuple[int, Sequence[bytes]] | None = None


def write(
    sink: Sink, *, mode: Mode, origin: str, start: int, size: int, lines: Iterable[Line], seal: Seal
) -> int:
    """Write a bundle in one pass, memory flat; returns how many entries. The same log gives the same bytes."""
    digest = hashlib.sha256()

    def put(raw: bytes) -> None:
        digest.update(raw)
        sink.write(raw)

    frontier = [[node.hex() for node in side] for side in seal.frontier]
    header = {
        "bundle": FORMAT,
        "mode": mode,
        "origin": origin,
        "start": start,
        "size": size,
        "frontier": frontier,
    }
    put(encode(header) + b"\n")
    count = 0
    for line in lines:
        put(b"%d %s %s\n" % (line.seq, line.leaf.hex().encode(), line.body))
        count += 1
    end = {
        "checkpoint": seal.checkpoint,
        "sm3_checkpoint": seal.sm3_checkpoint,
        "keys": [key.plain() for key in seal.keys],
        "proofs": [[node.hex() for node in proof] for proof in seal.proofs],
        "heads": seal.heads,
        "consistency": None
        if seal.consistency is None
        else {"size": seal.consistency[0], "proof": [node.hex() for node in seal.consistency[1]]},
        "entries": count,
    }
    digest.update(encode(end))
    sink.write(encode({**end, "sha256": digest.hexdigest()}) + b"\n")
    return count
