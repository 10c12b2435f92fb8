"""The source text cut where items begin and end, so that each place can be marked and found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .taking import Noted


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: the items it belongs to, and those that begin with it."""

    text: str
    items: tuple[int, ...]
    begins: tuple[int, ...]

    @property
    def listed(self) -> str:
        """``3 4``, for the script."""
        return " ".join(map(str, self.items))


def pieces(text: str, items: Sequence[Noted]) -> list[Piece]:
    """The whole text in order; nothing is lost and nothing doubled where places overlap."""
    edges = sorted({0, len(text), *(one.start for one in items), *(one.end for one in items)})
    return [
        Piece(
            text[start:end],
            tuple(n for n, one in enumerate(items, 1) if one.start <= start and end <= one.end),
            tuple(n for n, one in enumerate(items, 1) if one.start == start),
        )
        for start, end in pairwise(edges)
    ]
