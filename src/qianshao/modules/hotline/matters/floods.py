"""Large groups of one matter, joined after the linkage.

Of a flood of messages each keeps only its nearest neighbours, and those mostly tell it in the same words; between two large
parts of one matter hardly any pair is left for the linkage to see. So groups too large for the neighbours to reach across
are compared anew by an even sample of all their pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product

import numpy as np

from .linkage import united
from .pairs import NEAREST, Corpus, likenesses

LARGE = NEAREST // 2  # texts
_SAMPLE = 12  # texts of each group: 144 pairs of two
_MET = 60  # of the largest groups all meet; the others only where a pair links them


def rejoined(
    corpus: Corpus,
    groups: Sequence[Sequence[int]],
    links: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
    threshold: float,
) -> list[list[int]]:
    """The groups, those joined whose sampled pairs have a mean likeness of ``threshold`` or more.

    Only large groups are compared; what is held ``apart`` stays so.
    """
    of = {text: number for number, texts in enumerate(groups) for text in texts}
    large = {number for number, texts in enumerate(groups) if len(texts) >= LARGE}
    linked = {_ordered(of[a], of[b]) for a, b in links if of[a] in large and of[b] in large}
    largest = sorted(large, key=lambda number: (-len(groups[number]), number))[:_MET]
    linked |= {_ordered(a, b) for a, b in combinations(largest, 2)}
    barred = {_ordered(of[a], of[b]) for a, b in apart}
    levels = {pair: _mean(corpus, groups, pair) for pair in sorted(linked) if pair[0] != pair[1]}
    joined: list[tuple[int, int]] = []
    for pair in sorted(levels, key=lambda pair: (-levels[pair], pair)):
        roots = united(len(groups), [*joined, pair])
        if levels[pair] >= threshold and all(roots[a] != roots[b] for a, b in barred if a != b):
            joined.append(pair)
    whole: dict[int, list[int]] = {}
    for texts, root in zip(groups, united(len(groups), joined), strict=True):
        whole.setdefault(root, []).extend(texts)
    return sorted(sorted(texts) for texts in whole.values())


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _mean(corpus: Corpus, groups: Sequence[Sequence[int]], pair: tuple[int, int]) -> float:
    spread = [
        [
            groups[number][int(at)]
            for at in np.linspace(0, len(groups[number]) - 1, min(_SAMPLE, len(groups[number])))
        ]
        for number in pair
    ]
    both = np.array(list(product(*spread)), dtype=np.int64)
    return float(likenesses(corpus, both[:, 0], both[:, 1]).mean())
