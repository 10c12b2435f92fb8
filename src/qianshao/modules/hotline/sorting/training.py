"""Training: several linear models on the same views, weighed against each other on texts they had not seen.

Each of the models below is a ridge regression of the classes on part of the views; some weigh every run by how
much oftener it stands in a class than elsewhere (Wang and Manning 2012, NBSVM). They are fitted five times with
a fifth of the texts left out (near-copies together), and a logistic regression learns from the scores of the texts
left out how much each model says for each class (stacking, Wolpert 1992); its probabilities are therefore
calibrated. All of it is linear, so the product is one weight for each run and class.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from qianshao.kernel.words import Words, say

from . import copies, grams, measures, solve
from .model import Model, likely
from .text import folded
from .views import VIEWS, Read, View, read

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

FOLDS = 5
LEAST = 2  # texts a run occurs in; 1 below _FEW examples
_FEW = 1000
MOST: dict[grams.Unit, int] = {"character": 1_500_000, "word": 750_000}  # runs of a view
MOST_ROWS = 200_000
STRENGTH = 0.03  # C of the logistic regression that weighs the models
_AS_THEY_ARE = 0.8  # log-odds for a score of one model, where they cannot be weighed


class TooLittle(ValueError):
    """Nothing to learn from; ``words`` say what is missing."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


class Example(NamedTuple):
    """A labelled message; near-copies share ``copies`` where the sheet says so."""

    title: str
    body: str
    label: str
    copies: str = ""


class _Base(NamedTuple):
    """One of the models: how much each view counts, the ridge's penalty, whether runs are weighed by class."""

    views: dict[str, float]
    penalty: float
    by_class: bool = False


_BASES = (
    _Base({"title.characters": 0.58, "body.characters": 0.58, "title.words": 0.41, "body.words": 0.41}, 0.15),
    _Base(
        {"title.characters": 0.58, "body.characters": 0.58, "title.words": 0.41, "body.words": 0.41},
        0.5,
        True,
    ),
    _Base({"title.characters": 0.71, "title.words": 0.71}, 0.3),
    _Base({"body.characters": 1.0}, 0.1),
    _Base({"body.words": 1.0}, 0.15),
    _Base({"title.characters": 0.71, "title.words": 0.71}, 0.5, True),
    _Base({"body.words": 1.0}, 0.5, True),
)


@dataclass(frozen=True)
class Trained:
    """The model, and how it did in cross-validation."""

    model: Model
    report: measures.Report


def train(examples: Sequence[Example], tell: Callable[[int, int], None], least: int | None = None) -> Trained:
    """Learn from the examples; ``tell`` hears (steps done, steps in all). Raises ``TooLittle``.

    ``least`` is in how many texts a run must occur for the model to know it; by default as few as give the best model.

    The same examples in the same order give the same model.
    """
    import numpy as np

    steps = len(_BASES) + 3
    examples = [example for example in examples if folded(example.title) or folded(example.body)][-MOST_ROWS:]
    classes = tuple(sorted({example.label for example in examples}))
    if not classes:
        raise TooLittle(say("没有一行同时有分类和文字，无从学习。"))
    texts = [read(example.title, example.body) for example in examples]
    labels = np.array([classes.index(example.label) for example in examples])
    tell(1, steps)
    least = least or (LEAST if len(texts) >= _FEW else 1)
    views = tuple(
        View(name, grams.chosen(unit, [text.seen(name) for text in texts], least, MOST[unit]), len(texts))
        for name, (_where, unit) in VIEWS.items()
    )
    tell(2, steps)
    group = _groups(examples, texts)
    fold = copies.folds(group, labels, FOLDS)
    distinct = Counter(label for label, _group in {*zip(labels.tolist(), group, strict=True)})
    able = [label for label, count in distinct.items() if count >= FOLDS]
    fitted = []
    matrices = [_matrix(view, texts) for view in views]
    for number, base in enumerate(_BASES):
        fitted.append(_fit(base, views, matrices, labels, fold, len(classes)))
        tell(3 + number, steps)
    scores = np.hstack([score for score, _weights, _mean in fitted])
    chances = np.zeros((len(texts), len(classes)))
    for left in range(FOLDS):
        out = fold == left
        mixing, bias = _mix(scores[~out], labels[~out], able, len(classes))
        chances[out] = likely(scores[out] @ mixing + bias)
    mixing, bias = _mix(scores, labels, able, len(classes))
    weights = [np.zeros((len(view.runs.keys), len(classes)), np.float32) for view in views]
    for number, (_score, parts, mean) in enumerate(fitted):
        share = mixing[number * len(classes) : (number + 1) * len(classes)].astype(np.float32)
        bias = bias + mean @ share
        for name, part in parts.items():
            weights[list(VIEWS).index(name)] += part @ share
    report = measures.report(chances, labels, fold, classes)
    about = {
        "examples": len(examples),
        "training_sha256": digest(examples),
        "cross_validation": report.document(),
    }
    tell(steps, steps)
    prior = np.log(np.bincount(labels, minlength=len(classes)) / len(labels))
    model = Model(classes, views, tuple(weights), bias.astype(np.float32), prior.astype(np.float32), about)
    return Trained(model, report)


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 over all that was learned from, with lengths, so that no two sets share one."""
    sha = hashlib.sha256()
    for example in examples:
        for part in example:
            raw = part.encode("utf-8", "surrogatepass")
            sha.update(len(raw).to_bytes(8, "big") + raw)
    return sha.hexdigest()


def _groups(examples: Sequence[Example], texts: Sequence[Read]) -> list[str]:
    """The groups the sheet names, else the near-copies found here."""
    if any(example.copies for example in examples):
        return [example.copies or f"\0{place}" for place, example in enumerate(examples)]
    return copies.groups([text.title + text.body for text in texts])


def _matrix(view: View, texts: Sequence[Read]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix, vstack

    parts = []
    at = 0
    for piece in grams.pieces([text.seen(view.name) for text in texts]):
        seen = view.rows(texts[at : at + len(piece)])
        parts.append(
            csr_matrix(
                (seen.values, seen.columns.astype(np.int32), seen.indptr.astype(np.int32)),
                (len(piece), len(view.runs.keys)),
            )
        )
        at += len(piece)
    return vstack(parts, format="csr")


def _fit(
    base: _Base, views: Sequence[View], matrices: Sequence[Any], labels: Ints, fold: Ints, classes: int
) -> tuple[Floats, dict[str, Floats], Floats]:
    """Scores of every text by the model that had not seen it; weights by view, and mean, of the one that saw all."""
    import numpy as np
    from scipy.sparse import hstack

    used = [
        (view.name, matrix) for view, matrix in zip(views, matrices, strict=True) if view.name in base.views
    ]
    rows = hstack([matrix * np.float32(base.views[name]) for name, matrix in used], format="csr")
    across = rows.T.tocsr()
    target = np.where(labels[:, None] == np.arange(classes), 1.0, -1.0).astype(np.float32)
    taken = np.stack([fold != left for left in range(FOLDS)] + [np.ones(len(labels), bool)], axis=1)
    score = np.zeros((len(labels), classes), np.float32)
    parts: dict[str, Floats] = {}
    for block in range(FOLDS + 1):
        counted = taken[:, block : block + 1]
        mean = target[counted[:, 0]].mean(axis=0) if counted.any() else np.zeros(classes, np.float32)
        weigh = (
            _ratios(across, labels, counted[:, 0], classes) if base.by_class else np.ones((1, 1), np.float32)
        )
        weights = solve.ridge(
            rows,
            across,
            weigh,
            ((target - mean) * counted).astype(np.float32),
            np.repeat(counted, classes, axis=1).astype(np.float32),
            base.penalty,
        )
        if block < FOLDS:
            score[fold == block] = (rows[fold == block] @ weights) + mean
            continue
        low = 0
        for name, matrix in used:
            parts[name] = weights[low : low + matrix.shape[1]] * np.float32(base.views[name])
            low += matrix.shape[1]
    return score, parts, mean


def _ratios(across: Any, labels: Ints, counted: Any, classes: int) -> Floats:
    """For each run and class, the log of how much oftener it stands in texts of the class than in the others."""
    import numpy as np
    from scipy.sparse import csr_matrix

    present = csr_matrix((np.ones_like(across.data), across.indices, across.indptr), across.shape)
    inside = ((labels[:, None] == np.arange(classes)) & counted[:, None]).astype(np.float32)
    outside = ((labels[:, None] != np.arange(classes)) & counted[:, None]).astype(np.float32)
    here, there = present @ inside + 0.5, present @ outside + 0.5
    ratios: Floats = np.log((here / here.sum(axis=0)) / (there / there.sum(axis=0))).astype(np.float32)
    return ratios


def _mix(scores: Any, labels: Ints, able: Sequence[int], classes: int) -> tuple[Any, Any]:
    """How the models' scores make log-odds: a matrix (models × classes, classes) and a bias.

    Learned for the classes that are ``able``. The others have too few different texts for a fit on texts left out
    (what is left of such a class may be nothing, and its scores then say the contrary): for them the models are
    added up as they are.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    mixing, bias = np.tile(np.eye(classes) * _AS_THEY_ARE, (len(_BASES), 1)), np.zeros(classes)
    within = np.isin(labels, able)
    present = np.unique(labels[within])
    if len(present) < 2:
        return mixing, bias
    scale = scores[within].std(axis=0) + 1e-9
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(scores[within] / scale, labels[within])
    coefficients, intercept = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # the library keeps one row for two classes
        coefficients, intercept = np.vstack([0 * coefficients, coefficients]), np.append(0.0, intercept)
    mixing[:, present] = coefficients.T / scale[:, None]
    bias[present] = intercept
    return mixing, bias
