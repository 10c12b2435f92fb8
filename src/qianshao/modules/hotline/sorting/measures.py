"""How good suggestions are, and how many a person must still look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

RATES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1)
_BINS = 15


@dataclass(frozen=True)
class ClassScore:
    """Precision, recall and F1 of one class, 0 to 1, and how many examples it has."""

    label: str
    precision: float
    recall: float
    f1: float
    examples: int


@dataclass(frozen=True)
class Handing:
    """At an error rate wished for: the share a person must decide, and the error that came of the rest.

    ``threshold``: the confidence from which a suggestion may stand. The share and the error are of thresholds
    chosen on the other folds; the threshold told here is that of all folds.
    """

    rate: float
    threshold: float
    human_share: float
    error: float


@dataclass(frozen=True)
class Report:
    """Cross-validation: no text, nor a near-copy of it, was seen by the model that judged it."""

    examples: int
    macro_f1: float
    accuracy: float
    calibration_error: float
    classes: tuple[ClassScore, ...]
    handing: tuple[Handing, ...]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def report(chances: Any, labels: Ints, fold: Ints, classes: Sequence[str]) -> Report:
    """Reckon everything from the probabilities (texts × classes) of texts left out."""
    import numpy as np

    said = chances.argmax(axis=1)
    sure = chances.max(axis=1)
    right = said == labels
    scores = tuple(_score(name, said == place, labels == place) for place, name in enumerate(classes))
    return Report(
        len(labels),
        round(float(np.mean([score.f1 for score in scores])), 4),
        round(float(right.mean()), 4),
        round(calibration_error(sure, right), 4),
        scores,
        tuple(_handing(rate, sure, right, fold) for rate in RATES),
    )


def calibration_error(sure: Any, right: Any) -> float:
    """The expected calibration error: confidence against share of right ones in 15 bins of equal width."""
    import numpy as np

    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    apart = np.abs(np.bincount(bins, sure - right, _BINS))
    return float(apart.sum() / max(len(sure), 1))


def _score(name: str, said: Any, true: Any) -> ClassScore:
    both, told, there = int((said & true).sum()), int(said.sum()), int(true.sum())
    return ClassScore(
        name,
        round(both / told, 4) if told else 0.0,
        round(both / there, 4) if there else 0.0,
        round(2 * both / (told + there), 4) if told + there else 0.0,
        there,
    )


def _handing(rate: float, sure: Any, right: Any, fold: Ints) -> Handing:
    import numpy as np

    alone = np.zeros(len(sure), bool)
    for left in np.unique(fold):
        out = fold == left
        alone[out] = sure[out] >= threshold(sure[~out], right[~out], rate)
    wrong = float((~right[alone]).mean()) if alone.any() else 0.0
    return Handing(
        rate, round(threshold(sure, right, rate), 4), round(1 - float(alone.mean()), 4), round(wrong, 4)
    )


def threshold(sure: Any, right: Any, rate: float) -> float:
    """The least confidence from which at most ``rate`` of the suggestions are wrong; above 1 when there is none."""
    import numpy as np

    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~right[order])
    fits = np.flatnonzero(wrong <= rate * np.arange(1, len(order) + 1))
    return float(sure[order[fits[-1]]]) if len(fits) else 1.01
