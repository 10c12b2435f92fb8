"""Runs of characters or words (n-grams), counted for many texts at once with arrays instead of loops.

A symbol (a character, a word) has a number from 1 on; 0 is a break: an unknown symbol, or the end of a text.
A run of n symbols is one 64-bit number, the symbols' numbers side by side, so that nothing is hashed, no two runs
collide, and shorter runs sort before longer ones. A run counts only where the run without its last symbol does,
which always holds when runs are chosen by the number of texts they occur in (Agrawal and Srikant 1994, Apriori).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Literal

from .table import Table
from .text import spelled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Keys = npt.NDArray[np.uint64]

Unit = Literal["character", "word"]
BITS: dict[Unit, int] = {"character": 16, "word": 32}
LONGEST: dict[Unit, int] = {"character": 4, "word": 2}
"""Symbols in the longest run; times the bits of a symbol, 64 at most."""


@dataclass(frozen=True)
class Runs:
    """The runs a model knows, sorted; ``texts`` is in how many texts of the training each occurred."""

    unit: Unit
    symbols: tuple[str, ...]
    keys: Keys
    texts: npt.NDArray[np.uint32]

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        """Where the runs of 1, 2, … symbols begin in ``keys``, and its end."""
        import numpy as np

        edges = [np.uint64(1 << (BITS[self.unit] * n)) for n in range(1, LONGEST[self.unit])]
        return (0, *(int(place) for place in np.searchsorted(self.keys, edges)), len(self.keys))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each symbol."""
        return {symbol: number for number, symbol in enumerate(self.symbols, start=1)}

    @cached_property
    def _codes(self) -> npt.NDArray[np.uint32]:
        """The number of each character by its code point."""
        import numpy as np

        table = np.zeros(0x110000, np.uint32)
        for symbol, number in self.numbers.items():
            table[ord(symbol)] = number
        return table

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """How many symbols each run has."""
        import numpy as np

        return np.repeat(np.arange(1, len(self.bounds)), np.diff(self.bounds))

    @cached_property
    def _places(self) -> Table:
        return Table(self.keys)

    def numbered(self, texts: Sequence[Sequence[str]]) -> tuple[npt.NDArray[np.uint32], Ints]:
        """All texts one after another as numbers with a break after each, and where each begins."""
        import numpy as np

        lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
        starts = np.concatenate(([0], np.cumsum(lengths)))
        if self.unit == "character":
            joined = "".join(f"{text}\0" for text in texts)
            return self._codes[np.frombuffer(joined.encode("utf-32-le"), np.uint32)], starts
        return np.array(list(map(self.numbers.get, spelled(texts), repeat(0))), np.uint32), starts

    def found(self, numbers: npt.NDArray[np.uint32]) -> Iterator[tuple[int, Ints, Ints]]:
        """For runs of 1, 2, … symbols: their length, where they begin, and their place in ``keys``."""
        import numpy as np

        at = np.flatnonzero(numbers)
        place = numbers[at].astype(np.int64) - 1
        yield 1, at, place
        keys = numbers[at].astype(np.uint64)
        for n in range(2, len(self.bounds)):
            if self.bounds[n - 1] == self.bounds[n]:
                return
            at, keys = longer(numbers, at, keys, n, BITS[self.unit])
            place = self._places.of(keys)
            known = place >= 0
            at, keys, place = at[known], keys[known], place[known]
            yield n, at, place


def longer(numbers: npt.NDArray[np.uint32], at: Ints, keys: Keys, n: int, bits: int) -> tuple[Ints, Keys]:
    """The runs of n symbols that begin with these of n - 1."""
    import numpy as np

    # The last symbol of all is a break, so at + n - 1 never leaves the array: a run before it ends one earlier.
    last = numbers[at + (n - 1)]
    goes_on = last != 0
    return at[goes_on], (keys[goes_on] << np.uint64(bits)) | last[goes_on].astype(np.uint64)


def chosen(unit: Unit, texts: Sequence[Sequence[str]], least: int, most: int) -> Runs:
    """The runs that occur in at least ``least`` texts, or in more where they would be over ``most`` runs."""
    import numpy as np

    while True:
        runs = _chosen(unit, texts, least)
        if len(runs.keys) <= most:
            return runs
        least = max(least + 1, int(np.sort(runs.texts)[-most]))


def _chosen(unit: Unit, texts: Sequence[Sequence[str]], least: int) -> Runs:
    import numpy as np

    known: dict[str, int] = {}
    for text in texts:
        for symbol in set(text):
            known[symbol] = known.get(symbol, 0) + 1
    limit = (1 << BITS[unit]) - 1
    often = sorted((-count, symbol) for symbol, count in known.items() if count >= least and symbol != "\0")
    symbols = tuple(sorted(symbol for _count, symbol in often[:limit]))
    runs = Runs(
        unit,
        symbols,
        np.arange(1, len(symbols) + 1, dtype=np.uint64),
        np.array([known[symbol] for symbol in symbols], np.uint32),
    )
    for n in range(2, LONGEST[unit] + 1):
        keys, counts = _counted(runs, texts, n, least)
        if not len(keys):
            break
        runs = Runs(unit, symbols, np.concatenate([runs.keys, keys]), np.concatenate([runs.texts, counts]))
    return runs


def _counted(
    runs: Runs, texts: Sequence[Sequence[str]], n: int, least: int
) -> tuple[Keys, npt.NDArray[np.uint32]]:
    """The runs of n symbols in at least ``least`` texts, each text counted once."""
    import numpy as np

    tallies: list[tuple[Keys, Ints]] = []
    size = 0
    for piece in pieces(texts):
        numbers, starts = runs.numbered(piece)
        at, keys = _candidates(runs, numbers, n)
        edges = np.searchsorted(at, starts)
        each = [np.unique(keys[low:high]) for low, high in pairwise(edges)]
        tallies.append(np.unique(np.concatenate(each), return_counts=True))
        size += len(tallies[-1][0])
        if size > 50_000_000:
            tallies, size = [_merged(tallies)], 0
    keys, counts = _merged(tallies)
    often = counts >= least
    return keys[often], counts[often].astype(np.uint32)


def _candidates(runs: Runs, numbers: npt.NDArray[np.uint32], n: int) -> tuple[Ints, Keys]:
    """Where runs of n symbols begin whose first n - 1 are chosen already."""
    import numpy as np

    at, place = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for length, at, place in runs.found(numbers):  # noqa: B007 - the last one is wanted
        pass
    if length < n - 1:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return longer(numbers, at, runs.keys[place], n, BITS[runs.unit])


def _merged(tallies: Sequence[tuple[Keys, Ints]]) -> tuple[Keys, Ints]:
    import numpy as np

    if not tallies:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    keys, where = np.unique(np.concatenate([keys for keys, _counts in tallies]), return_inverse=True)
    counts = np.bincount(where, np.concatenate([counts for _keys, counts in tallies]), len(keys))
    return keys, counts.astype(np.int64)


def pieces(
    texts: Iterable[Sequence[str]], symbols: int = 200_000, count: int = 512
) -> Iterator[list[Sequence[str]]]:
    """The texts in pieces of so many symbols and texts at most (one text is never cut)."""
    piece: list[Sequence[str]] = []
    size = 0
    for text in texts:
        if piece and (size + len(text) > symbols or len(piece) == count):
            yield piece
            piece, size = [], 0
        piece.append(text)
        size += len(text)
    if piece:
        yield piece
