"""Messages as sparse rows: words, names of places, pairs of letters of title and text; weighted by how rare each is.

A feature's column is a hash of it (CRC-32), so no vocabulary is kept and a new message uses columns nobody saw
before. The rarity (smoothed inverse document frequency, Salton & Buckley 1988) is counted over the messages themselves.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import places, words
from .message import LONGEST, Message, plain

COLUMNS = 1 << 21
FIELDS = ("words", "names", "title", "text")
WORDS, NAMES, TITLE, TEXT = range(4)
OPENING = 250  # letters of a body in whose pairs of letters another's title is looked for

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Row = tuple[Ints, Floats]
Sparse = Any  # scipy.sparse.csr_matrix, which has no types


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a message is compared as it is; ``day`` counts days since 1970-01-01, NaN where unknown."""

    districts: frozenset[str]
    lines: frozenset[str]
    day: float


@dataclass(frozen=True, slots=True)
class Read:
    """A message taken apart: counted features of each field by column, and its facts.

    ``text`` is a digest of the plain title and body, by which equal texts are known; empty for a message without a
    telling word, which equals none.
    """

    counts: tuple[Row, ...]
    facts: Facts
    text: bytes


def column(feature: str) -> int:
    """The column of a feature."""
    return zlib.crc32(feature.encode()) % COLUMNS


def take_apart(message: Message) -> Read:
    """Read a message; costs about half a millisecond."""
    title, body = plain(message.title), plain(message.body[:LONGEST])
    title_words = words.cut(places.without_codes(title))
    body_words = words.cut(places.without_codes(body))
    found = places.read(title, title_words, body_words)
    opening = places.without_codes(body[:OPENING])
    in_title, in_body = words.telling(title_words), words.telling(body_words)
    counted: Counter[str] = Counter(in_body)
    for word in in_title:
        counted[word] += 3  # a title says it in one line: worth three mentions
    in_title_pairs = words.pairs(places.without_codes(title))
    return Read(
        counts=(
            _columns(counted),
            _columns(Counter(found.names)),
            _columns(dict.fromkeys(in_title_pairs, 1)),
            _columns(dict.fromkeys([*in_title_pairs, *words.pairs(opening)], 1)),
        ),
        facts=Facts(
            districts=found.districts,
            lines=found.lines,
            day=message.sent_at.timestamp() / 86_400 if message.sent_at is not None else float("nan"),
        ),
        text=blake2b(f"{title}\n{body}".encode(), digest_size=16).digest() if counted else b"",
    )


def _columns(counted: Mapping[str, int]) -> Row:
    found: dict[int, float] = {}
    for feature, count in counted.items():
        at = column(feature)
        found[at] = found.get(at, 0.0) + count
    columns = sorted(found)
    return np.array(columns, dtype=np.int32), np.array([found[at] for at in columns], dtype=np.float32)


class Rarity:
    """How rare each column of each field is among the messages counted."""

    def __init__(self, reads: Iterable[Read]) -> None:
        self.messages = 0
        self.held = [np.zeros(COLUMNS, dtype=np.int32) for _field in FIELDS]
        for read in reads:
            self.messages += 1
            for held, (columns, _often) in zip(self.held, read.counts, strict=True):
                held[columns] += 1

    def row(self, read: Read, field: int) -> Row:
        """The weighted row of a message.

        Words and names have length one, so that a product is a cosine. The title's weights sum to one and the
        text's are all one, so that their product is the share of a title (by rarity) that another text contains.
        """
        columns, often = read.counts[field]
        if field == TEXT:
            return columns, np.ones(len(columns), dtype=np.float32)
        if field == TITLE:
            weights = self.idf(columns, TEXT) - 1
            whole = float(weights.sum())
        else:
            weights = (1 + np.log(often)) * self.idf(columns, field)
            whole = float(np.sqrt((weights * weights).sum()))
        return columns, (weights / whole if whole else weights).astype(np.float32)

    def idf(self, columns: Ints, field: int) -> Floats:
        """Smoothed inverse document frequency of these columns."""
        held = np.maximum(self.held[field][columns], 1)
        rare: Floats = (np.log((1 + self.messages) / (1 + held)) + 1).astype(np.float32)
        return rare


def matrix(rows: Sequence[Row]) -> Sparse:
    """Rows as one sparse matrix."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row[0]) for row in rows)])
    columns = np.concatenate([row[0] for row in rows]) if rows else np.zeros(0, dtype=np.int32)
    weights = np.concatenate([row[1] for row in rows]) if rows else np.zeros(0, dtype=np.float32)
    return csr_matrix((weights, columns, ends), shape=(len(rows), COLUMNS), dtype=np.float32)
