"""Near-copies: the same letter sent again must not stand on both sides of a test."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_HASHES = 24
_BAND = (
    3  # hashes that must agree; 8 bands of 3 find four in five pairs at a likeness of 0.56, 19 in 20 at 0.68
)
_PRIME = (1 << 61) - 1
_RUN = 3


def groups(texts: Sequence[str]) -> list[str]:
    """The group of each text; texts whose sets of 3-character runs are alike share one.

    MinHash with bands (Broder 1997; Leskovec, Rajaraman, Ullman, ch. 3); connected pairs make a group.
    """
    import numpy as np

    dice = np.random.default_rng(12345)
    multiply = dice.integers(1, 2**31, _HASHES, dtype=np.uint64)
    add = dice.integers(0, 2**61, _HASHES, dtype=np.uint64)
    parent = list(range(len(texts)))

    def top(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for band in range(0, _HASHES, _BAND):
        seen: dict[bytes, int] = {}
        part = slice(band, band + _BAND)
        for place, text in enumerate(texts):
            mark = _least(text, multiply[part], add[part]).tobytes()
            first = seen.setdefault(mark, place)
            low, high = sorted((top(first), top(place)))
            parent[high] = low
    return [str(top(place)) for place in range(len(texts))]


def _least(text: str, multiply: Any, add: Any) -> Any:
    """The least hash of the text's runs under each function."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    if len(codes) < _RUN:
        return np.full(len(multiply), zlib.crc32(text.encode("utf-8")), np.uint64)
    runs = np.unique((codes[:-2] << np.uint64(42)) | (codes[1:-1] << np.uint64(21)) | codes[2:])
    runs = (runs ^ (runs >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return (((runs[:, None] >> np.uint64(32)) * multiply + add) % np.uint64(_PRIME)).min(axis=0)


def folds(group: Sequence[str], labels: Ints, count: int) -> Ints:
    """The fold (0 to count - 1) of each text: groups whole, classes spread evenly, the largest groups first."""
    import numpy as np

    members: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(group):
        members[name].append(place)
    classes = int(labels.max()) + 1
    held = np.zeros((count, classes))
    fold = np.zeros(len(labels), np.int64)
    order = sorted(members.values(), key=lambda places: (-len(places), zlib.crc32(str(places[0]).encode())))
    for places in order:
        adding = np.bincount(labels[places], minlength=classes)
        main = int(adding.argmax())
        best = min(range(count), key=lambda part: (held[part, main], held[part].sum(), part))
        held[best] += adding
        fold[places] = best
    return fold
