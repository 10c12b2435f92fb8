"""Near-copies among texts: the same words with a name, a number or a greeting changed.

Texts are sets of runs of five letters (shingles); MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman &
Ullman, Mining of Massive Datasets, 3.4) find the candidates, and the sets themselves decide. The permutations come
from a fixed seed, so equal texts always give equal answers.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .message import plain

SHINGLE = 5
ALIKE = 0.8  # of the shingles of both texts together (Jaccard)
_BANDS, _ROWS = 20, 4  # at 0.8 a pair is missed once in about 30,000 times
_PRIME = (1 << 61) - 1
_LOOKED_AT = 50  # candidates of a band that are compared, so that 1,000 equal forms stay cheap

Shingles = NDArray[np.int64]


def shingles(text: str) -> Shingles:
    """The runs of five letters as sorted hashes; a shorter text is one run."""
    letters = "".join(letter for letter in plain(text) if letter.isalnum())
    if not letters:
        return np.zeros(0, dtype=np.int64)
    runs = {letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1))}
    return np.unique(np.fromiter((zlib.crc32(run.encode()) for run in runs), dtype=np.int64, count=len(runs)))


def alike(one: Shingles, other: Shingles) -> float:
    """Jaccard's index of two sets of shingles; 0 for empty ones."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    whole = len(one) + len(other) - both
    return both / whole if whole else 0.0


class Seen:
    """Texts seen so far; finds the first of them that another text nearly equals."""

    def __init__(self) -> None:
        self._sets: list[Shingles] = []
        self._first: list[int] = []
        self._buckets: dict[tuple[int, bytes], list[int]] = {}

    def first(self, text: str) -> int | None:
        """The position of the first text this is a near-copy of, as far as there is one."""
        held = shingles(text)
        return self._find(held, list(enumerate(_bands(held)))) if len(held) else None

    def add(self, text: str) -> int:
        """Keep a text; gives the position of the first near-copy, its own where it is the first."""
        held = shingles(text)
        at = len(self._sets)
        bands = list(enumerate(_bands(held))) if len(held) else []
        found = self._find(held, bands)
        self._sets.append(held)
        self._first.append(at if found is None else found)
        for band in bands:
            self._buckets.setdefault(band, []).append(at)
        return self._first[at]

    def _find(self, held: Shingles, bands: Sequence[tuple[int, bytes]]) -> int | None:
        near: dict[int, None] = {}
        for band in bands:
            near.update(dict.fromkeys(self._buckets.get(band, ())[:_LOOKED_AT]))
        like = [other for other in near if alike(held, self._sets[other]) >= ALIKE]
        return self._first[min(like)] if like else None


def first_copies(texts: Sequence[str]) -> list[int]:
    """For each text the position of the first near-copy of it, its own where there is none before it."""
    seen = Seen()
    return [seen.add(text) for text in texts]


def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.default_rng(20251029)
    count = _BANDS * _ROWS
    return (
        random.integers(1, 1 << 31, count, dtype=np.uint64),
        random.integers(0, 1 << 31, count, dtype=np.uint64),
    )


_FACTORS, _SHIFTS = _permutations()


def _bands(held: Shingles) -> list[bytes]:
    hashes = held.astype(np.uint64)[None, :] * _FACTORS[:, None] + _SHIFTS[:, None]
    smallest = (hashes % np.uint64(_PRIME)).min(axis=1).reshape(_BANDS, _ROWS)
    return [row.tobytes() for row in smallest]
