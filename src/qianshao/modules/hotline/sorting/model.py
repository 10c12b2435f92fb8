"""A trained model: from a message to its class, how sure, the second choice, and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .text import spelled
from .views import Read, Rows, View, read

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SHOWN = 5  # deciding words of a message
_WHOLE = (
    2.0**28
)  # gains are added up as whole numbers of this part, exactly: what stands beside a text changes nothing


class Suggestion(NamedTuple):
    """``confidence``: how often such a suggestion is right, 0 to 1; ``second``: empty where there is one class."""

    label: str
    confidence: float
    second: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Classes, views, and for each view the weight of each run for each class.

    ``weights`` have a row for each run and a column for each class; with ``bias`` they give log-odds that are
    calibrated as they are (fitted on scores of texts that had been left out). ``prior`` are the log shares of the
    classes, said of a message in which nothing is known. ``about`` tells of the training.
    """

    classes: tuple[str, ...]
    views: tuple[View, ...]
    weights: tuple[Floats, ...]
    bias: Floats
    prior: Floats
    about: dict[str, Any]

    def suggest(self, messages: Sequence[tuple[str, str]]) -> list[Suggestion]:
        """A suggestion for each (title, body)."""
        import numpy as np

        if not messages:
            return []
        texts = [read(title, body) for title, body in messages]
        rows = [view.rows(texts) for view in self.views]
        chance = self._chances(rows, len(texts))
        order = np.argsort(-chance, axis=1, kind="stable")
        first = order[:, 0]
        second = order[:, 1] if len(self.classes) > 1 else first
        because = self._because(texts, rows, first, second)
        return [
            Suggestion(
                self.classes[best],
                round(float(chance[place, best]), 4),
                self.classes[next_best] if next_best != best else "",
                decided,
            )
            for place, (best, next_best, decided) in enumerate(zip(first, second, because, strict=True))
        ]

    def chances(self, texts: Sequence[Read]) -> Floats:
        """The probability of each class (columns) for each message (rows)."""
        return self._chances([view.rows(texts) for view in self.views], len(texts))

    def _chances(self, rows: Sequence[Rows], count: int) -> Floats:
        import numpy as np
        from scipy.sparse import csr_matrix

        odds = np.tile(self.bias, (count, 1))
        for seen, weights in zip(rows, self.weights, strict=True):
            matrix = csr_matrix((seen.values, seen.columns, seen.indptr), (count, len(weights)))
            odds += matrix @ weights
        known = np.any([np.diff(seen.indptr) for seen in rows], axis=0)
        return likely(np.where(known[:, None], odds, self.prior))

    def _because(
        self, texts: Sequence[Read], rows: Sequence[Rows], first: Any, second: Any
    ) -> list[tuple[str, ...]]:
        """The words whose own runs and characters spoke most for the first class and against the second.

        Words of one letter are named only where no longer one spoke for it.
        """
        import numpy as np

        said: list[str] = []
        owners, totals = [], []
        for where in ("title", "body"):
            letters, terms = (
                self._said(view, seen, weights, first, second)
                for view, seen, weights in zip(self.views, rows, self.weights, strict=True)
                if view.name.startswith(f"{where}.")
            )
            cut = [text.seen(f"{where}.words") for text in texts]
            # A break of one symbol stands after each text, in both countings.
            flat = spelled(cut)
            lengths = np.fromiter(map(len, flat), np.int64, len(flat))
            ends = np.concatenate(([0], np.cumsum(lengths)))
            total = np.diff(np.concatenate(([0.0], np.cumsum(letters)))[ends]) + terms
            owner = np.repeat(np.arange(len(texts)), [len(words) + 1 for words in cut])
            adding = np.flatnonzero(total > 0)
            said += map(flat.__getitem__, adding.tolist())
            owners.append(owner[adding])
            totals.append(total[adding])
        return _most(said, np.concatenate(owners), np.concatenate(totals), len(texts))

    def _said(self, view: View, seen: Rows, weights: Floats, first: Any, second: Any) -> Any:
        """For each symbol of all texts, what the runs it is part of add to the first class over the second."""
        import numpy as np

        gain = seen.share
        if len(self.classes) > 1:
            flat, row = weights.ravel(), seen.run * len(self.classes)
            gain = gain * (flat.take(row + first.take(seen.text)) - flat.take(row + second.take(seen.text)))
        length = view.runs.lengths.take(seen.run)
        part = np.rint(gain / length * _WHOLE)
        # Spread over its symbols: added where a run begins, taken off where it has ended.
        steps = np.bincount(seen.at, part, seen.size) - np.bincount(seen.at + length, part, seen.size)
        return np.cumsum(steps)


def likely(odds: Any) -> Floats:
    """Log-odds as probabilities (softmax)."""
    import numpy as np

    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _most(said: Sequence[str], owner: Any, total: Any, count: int) -> list[tuple[str, ...]]:
    """For each text the words that added most, those of several letters before those of one; figures and marks are none."""
    import numpy as np

    numbers = {word: number for number, word in enumerate(dict.fromkeys(said))}
    words = list(numbers)
    number = np.fromiter(map(numbers.__getitem__, said), np.int64, len(said))
    alone, first, which = np.unique(
        owner * max(len(words), 1) + number, return_index=True, return_inverse=True
    )
    text, word = np.divmod(alone, max(len(words), 1))
    value = np.bincount(which, total, len(alone))
    is_word = np.fromiter((one.isalpha() for one in words), bool, len(words))
    is_long = np.fromiter((len(one) > 1 for one in words), bool, len(words))
    best: list[tuple[str, ...]] = [()] * count
    for wanted in (is_long, ~is_long):
        kept = np.flatnonzero((is_word & wanted)[word])
        order = kept[np.lexsort((first[kept], -value[kept], text[kept]))]
        starts = np.searchsorted(text[order], np.arange(count + 1)).tolist()
        ranked = word[order].tolist()
        for place in range(count):
            if not best[place]:
                here = ranked[starts[place] : min(starts[place + 1], starts[place] + SHOWN)]
                best[place] = tuple(words[one] for one in here)
    return best
