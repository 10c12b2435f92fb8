"""Pairs of messages that may be about the same matter, and how likely each is.

Candidates are the nearest neighbours by words and names (``NEAREST`` of each message, found with sparse products in
blocks, so that memory does not grow with the square of the messages). The likeness of a pair is a logistic function of
nine plain features. The weights were fitted on judged pairs of one part of a message stream and never on the part
the quality is reported on; see ``docs/hotline-matters.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .vectors import FIELDS, NAMES, TEXT, TITLE, WORDS, Facts, Floats, Rarity, Read, Row, Sparse, matrix

NEAREST = 60
FLOOR = 0.1  # a pair below this rough likeness is not looked at
MOST = 3_000  # a column that more messages have finds no candidates
_BLOCK = 512
_AT_ONCE = 50_000
ROUGH = {WORDS: 0.7, NAMES: 0.3}

WEIGHTS = {
    "base": -6.9,
    "words": 7.7,  # cosine of the words of title (three times) and body
    "words × names": 4.6,  # the same, as far as the same places are named
    "title in the other": 4.5,  # share of a title, by rarity, that the other message contains: the larger …
    "title in each other": 3.4,  # … and the smaller of both directions
    "other district": -2.1,  # both titles name districts, and none in common
    "same district": 1.0,
    "other line": -9.0,  # both titles name lines of bus or train, and none in common: set so that it decides
    "days apart": -1.5,  # log(1 + days) / log(366); 0.5 where a time is unknown
}
_WEIGHTS = np.array(list(WEIGHTS.values()), dtype=np.float32)
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Corpus:
    """Messages with their weighted rows; what was counted is let go."""

    facts: Sequence[Facts]
    texts: Sequence[bytes]
    rarity: Rarity
    fields: tuple[Sparse, ...]

    @classmethod
    def of(cls, reads: Sequence[Read], rarity: Rarity) -> Corpus:
        """Weigh what was counted."""
        fields = tuple(matrix([rarity.row(read, field) for read in reads]) for field in range(len(FIELDS)))
        return cls([read.facts for read in reads], [read.text for read in reads], rarity, fields)

    def row(self, position: int, field: int) -> Row:
        """One message's weighted row."""
        held = self.fields[field]
        part = slice(held.indptr[position], held.indptr[position + 1])
        return held.indices[part], held.data[part]


def searched(rarity: Rarity, field: int) -> NDArray[np.bool_]:
    """The columns of a field that find candidates: not too common."""
    few: NDArray[np.bool_] = rarity.held[field] <= MOST
    return few


def candidates(corpus: Corpus) -> tuple[Positions, Positions]:
    """Pairs (smaller, larger) of near messages, each once, in order."""
    size = len(corpus.facts)
    rough = _rough(corpus)
    across = rough.T.tocsr()
    found: list[Positions] = [np.zeros(0, dtype=np.int64)]
    for start in range(0, size, _BLOCK):
        near = (rough[start : start + _BLOCK] @ across).tocsr()
        for offset in range(near.shape[0]):
            part = slice(near.indptr[offset], near.indptr[offset + 1])
            others = nearest(near.indices[part], near.data[part], but=start + offset)
            low, high = np.minimum(others, start + offset), np.maximum(others, start + offset)
            found.append(low * size + high)
    keys = np.unique(np.concatenate(found))
    return keys // max(size, 1), keys % max(size, 1)


def nearest(positions: NDArray[np.int32], scores: Floats, but: int = -1) -> Positions:
    """The ``NEAREST`` positions by score, those below ``FLOOR`` and the message itself left out."""
    keep = (scores >= FLOOR) & (positions != but)
    positions, scores = positions[keep], scores[keep]
    if len(positions) > NEAREST:
        positions = positions[np.lexsort((positions, -scores))[:NEAREST]]
    return positions.astype(np.int64)


def _rough(corpus: Corpus) -> Sparse:
    """One matrix whose products are the weighted sum of the fields' cosines over the searched columns."""
    from scipy.sparse import hstack

    parts = []
    for field, weight in ROUGH.items():
        used = corpus.fields[field].getnnz(axis=0)
        columns = np.flatnonzero(searched(corpus.rarity, field) & (used > 1))
        parts.append(corpus.fields[field][:, columns] * np.float32(np.sqrt(weight)))
    return hstack(parts, format="csr", dtype=np.float32)


LIKENESSES = ((WORDS, WORDS), (NAMES, NAMES), (TITLE, TEXT), (TEXT, TITLE))


def likenesses(corpus: Corpus, left: Positions, right: Positions) -> Floats:
    """How likely each pair is about the same matter, between 0 and 1."""
    products = np.zeros((len(LIKENESSES), len(left)), dtype=np.float32)
    for begin in range(0, len(left), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        for row, (one, other) in enumerate(LIKENESSES):
            product = corpus.fields[one][left[part]].multiply(corpus.fields[other][right[part]])
            products[row, part] = np.asarray(product.sum(axis=1)).ravel()
    told = [compared(corpus.facts[int(i)], corpus.facts[int(j)]) for i, j in zip(left, right, strict=True)]
    return likely(features(products, told))


def compared(one: Facts, other: Facts) -> tuple[float, float, float, float]:
    """What two messages say for or against each other beside their words."""
    a, b = one.districts, other.districts
    apart = abs(one.day - other.day)
    return (
        float(bool(a and b and not a & b)),
        float(bool(a & b)),
        float(bool(one.lines and other.lines and not one.lines & other.lines)),
        float(np.log1p(apart) / np.log(366)) if apart == apart else 0.5,
    )


def features(products: Floats, told: Sequence[tuple[float, float, float, float]]) -> Floats:
    """The features, in the order of ``WEIGHTS``, from the products of ``LIKENESSES`` and the facts."""
    words, names, forth, back = products
    said = np.asarray(told, dtype=np.float32).reshape(-1, 4)
    contained = np.maximum(forth, back), np.minimum(forth, back)
    plain = np.column_stack((np.ones(len(words), dtype=np.float32), words, words * names, *contained))
    return np.hstack((plain, said)).astype(np.float32)


def likely(rows: Floats) -> Floats:
    """The logistic function of the weighted features."""
    found: Floats = (1 / (1 + np.exp(-(rows @ _WEIGHTS)))).astype(np.float32)
    return found
