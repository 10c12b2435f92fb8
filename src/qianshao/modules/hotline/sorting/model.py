"""A trained model: from a message to its class, how sure, the second choice, and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, Any, NamedTuple

from .views import Read, Rows, View, read

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SHOWN = 5  # deciding words of a message


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
        """The words whose own runs and characters spoke most for the first class and against the second."""
        import numpy as np

        spoken: list[dict[str, float]] = [{} for _text in texts]
        for where in ("title", "body"):
            letters, terms = (
                self._said(view, seen, weights, first, second)
                for view, seen, weights in zip(self.views, rows, self.weights, strict=True)
                if view.name.startswith(f"{where}.")
            )
            cut = [text.seen(f"{where}.words") for text in texts]
            # A break of one symbol stands after each text, in both countings.
            flat = [word for words in cut for word in (*words, "\0")]
            ends = np.cumsum(np.array(list(map(len, flat))))
            sums = np.concatenate(([0.0], np.cumsum(letters)))[np.concatenate(([0], ends))]
            total = (np.diff(sums) + terms).tolist()
            place = 0
            for words, told in zip(cut, spoken, strict=True):
                for word, value in zip(words, total[place : place + len(words)], strict=True):
                    if value > 0:
                        told[word] = told.get(word, 0.0) + value
                place += len(words) + 1
        return [_most(told) for told in spoken]

    def _said(self, view: View, seen: Rows, weights: Floats, first: Any, second: Any) -> Any:
        """For each symbol of all texts, what the runs it is part of add to the first class over the second."""
        import numpy as np

        gain = seen.share
        if len(self.classes) > 1:
            gain = gain * (weights[seen.run, first[seen.text]] - weights[seen.run, second[seen.text]])
        length = view.runs.lengths[seen.run]
        part = gain / length
        # Spread over its symbols: added where a run begins, taken off where it has ended.
        steps = np.bincount(seen.at, part, seen.size) - np.bincount(seen.at + length, part, seen.size)
        return np.cumsum(steps)


def likely(odds: Any) -> Floats:
    """Log-odds as probabilities (softmax)."""
    import numpy as np

    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _most(told: dict[str, float]) -> tuple[str, ...]:
    """The words that added most; a word has at least two letters, unless only shorter ones did."""
    adding = [(value, word) for word, value in told.items() if word.isalpha()]
    long = [pair for pair in adding if len(pair[1]) > 1]
    return tuple(word for _value, word in nlargest(SHOWN, long or adding))
