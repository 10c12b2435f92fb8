"""The daily tree of stream heads: a duty's file is complete to that day.

The log proves that an entry is in; it cannot prove that none is missing from a file shown to a court. So each day a second
tree is made over all streams, its leaves the canonical ``[stream, last number, hex leaf hash of the last entry]`` in order of stream.
One inclusion proof there says: on that day this stream ended here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .canonical import encode
from .hashes import Algorithm
from .merkle import leaf_hash, root_of


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """Where a stream ends."""

    stream: str
    sseq: int
    leaf: str

    def body(self) -> bytes:
        """The canonical bytes of the head's leaf."""
        return encode([self.stream, self.sseq, self.leaf])


def leaves(alg: Algorithm, heads: Iterable[Head]) -> list[bytes]:
    """The leaf hashes in order of stream; raises ``ValueError`` when a stream stands twice."""
    order = sorted(heads)
    for before, after in pairwise(order):
        if before.stream == after.stream:
            raise ValueError(f"stream {before.stream} has two heads")
    return [leaf_hash(alg, head.body()) for head in order]


def root(alg: Algorithm, heads: Iterable[Head]) -> bytes:
    """The root over all heads."""
    return root_of(alg, leaves(alg, heads))
