"""What the model looks at: title and body, each as runs of characters and as runs of words, weighed by TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .grams import Runs, Unit
from .text import folded, words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

VIEWS: dict[str, tuple[str, Unit]] = {
    "title.characters": ("title", "character"),
    "body.characters": ("body", "character"),
    "title.words": ("title", "word"),
    "body.words": ("body", "word"),
}


class Read(NamedTuple):
    """A message as all views read it: folded texts, and the same cut into words."""

    title: str
    body: str
    title_words: list[str]
    body_words: list[str]

    def seen(self, view: str) -> Sequence[str]:
        """The symbols a view reads."""
        where, unit = VIEWS[view]
        if where == "title":
            return self.title if unit == "character" else self.title_words
        return self.body if unit == "character" else self.body_words


def read(title: str, body: str) -> Read:
    """Fold and cut a message."""
    title, body = folded(title), folded(body)
    return Read(title, body, words(title), words(body))


class Rows(NamedTuple):
    """Texts as rows of a sparse matrix, and for each run of each text where it stands and what it weighs there.

    ``indptr``, ``columns``, ``values``: compressed rows of length one (all zero where nothing is known).
    ``at``: the symbol a run begins with, counted over all texts; ``text``: whose it is; ``run``: its column;
    ``share``: its part of the value. ``size``: symbols of all texts, with a break after each.
    """

    indptr: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    values: Floats
    at: npt.NDArray[np.int64]
    text: npt.NDArray[np.int64]
    run: npt.NDArray[np.int64]
    share: Floats
    size: int


@dataclass(frozen=True)
class View:
    """The runs of one view; ``training`` is the number of texts they were counted in."""

    name: str
    runs: Runs
    training: int

    @cached_property
    def rarity(self) -> Floats:
        """The inverse document frequency, smoothed: ln((1 + n) / (1 + n_run)) + 1."""
        import numpy as np

        return (np.log((1 + self.training) / (1.0 + self.runs.texts)) + 1).astype(np.float32)

    def rows(self, messages: Sequence[Read]) -> Rows:
        """Each message as a row: (1 + ln count) times rarity, scaled to length one."""
        import numpy as np

        numbers, starts = self.runs.numbered([message.seen(self.name) for message in messages])
        found = list(self.runs.found(numbers))
        at = np.concatenate([begin for _n, begin, _place in found])
        run = np.concatenate([place for _n, _begin, place in found])
        text = np.repeat(np.arange(len(messages)), np.diff(starts)).take(at)
        # Text, run and place side by side in one number: sorting numbers is much faster than sorting their order.
        place_bits, run_bits = int(starts[-1]).bit_length(), len(self.runs.keys).bit_length()
        packed = np.sort((((text << run_bits) | run) << place_bits) | at)
        at = packed & ((1 << place_bits) - 1)
        whole = packed >> place_bits
        run, text = whole & ((1 << run_bits) - 1), whole >> run_bits
        first = np.flatnonzero(np.concatenate(([True], whole[1:] != whole[:-1])))
        if not len(run):
            first = first[:0]
        count = np.diff(np.concatenate((first, [len(run)])))
        values = (1 + np.log(count, dtype=np.float32)) * self.rarity.take(run[first])
        row = text[first]
        squares = np.bincount(row, values.astype(np.float64) ** 2, len(messages))
        length = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
        values /= length[row]
        indptr = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(messages)))))
        share: Floats = np.repeat(values / count, count).astype(np.float32)
        return Rows(indptr, run[first], values, at, text, run, share, int(starts[-1]))
