"""Average linkage over sparse likenesses: two groups join while the mean likeness of their pairs is high enough.

This is UPGMA (Sokal & Michener 1958) where a pair that is no candidate counts as 0. Only candidates are kept, so
memory grows with the messages and not with their square. A message has at most ``nearest`` neighbours; the mean of two
large groups is therefore taken over the pairs that could have been seen, not over all. A clerk's word goes before:
what is held together starts as one group, what is held apart never joins.

Of a hot matter people tell in many words, and its pairs are less alike than those of a small one. The number of pairs
is therefore taken to the power ``EASE``: 1 would be plain average linkage, 0 would leave the sum.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import pairwise

EASE = 0.85


def join(
    size: int,
    pairs: Iterable[tuple[int, int, float]],
    *,
    threshold: float,
    nearest: int,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """Groups of the positions 0 … ``size`` - 1, each sorted, in order of their first member.

    Where ``together`` and ``apart`` contradict each other, ``together`` holds.
    """
    roots = united(size, together)
    members: dict[int, list[int]] = {}
    for position, root in enumerate(roots):
        members.setdefault(root, []).append(position)
    sums: dict[int, dict[int, float]] = {root: {} for root in members}
    for left, right, likeness in pairs:
        a, b = roots[left], roots[right]
        if a != b:
            sums[a][b] = sums[b][a] = sums[a].get(b, 0.0) + likeness
    barred: dict[int, set[int]] = {}
    for left, right in apart:
        a, b = roots[left], roots[right]
        if a != b:
            barred.setdefault(a, set()).add(b)
            barred.setdefault(b, set()).add(a)
    _merge(members, sums, barred, size, threshold, nearest)
    return sorted(sorted(group) for group in members.values())


def mean(total: float, one: int, other: int, nearest: int) -> float:
    """The mean likeness between groups of these sizes whose seen pairs sum to ``total``; larger groups are eased."""
    return total / float(min(one * other, nearest * min(one, other)) ** EASE)


def united(size: int, together: Iterable[tuple[int, int]]) -> list[int]:
    """For each position the smallest position it is held together with."""
    roots = list(range(size))

    def root(position: int) -> int:
        while roots[position] != position:
            roots[position] = roots[roots[position]]
            position = roots[position]
        return position

    for one, other in together:
        a, b = root(one), root(other)
        roots[max(a, b)] = min(a, b)
    return [root(position) for position in range(size)]


def _merge(
    members: dict[int, list[int]],
    sums: dict[int, dict[int, float]],
    barred: dict[int, set[int]],
    fresh: int,
    threshold: float,
    nearest: int,
) -> None:
    """Join the likeliest two again and again; ``fresh`` is the first unused name for a joined group."""

    def level(a: int, b: int) -> float:
        return mean(sums[a][b], len(members[a]), len(members[b]), nearest)

    heap = [(-level(a, b), a, b) for a, near in sums.items() for b in near if a < b]
    heapq.heapify(heap)
    while heap:
        height, a, b = heapq.heappop(heap)
        if -height < threshold:
            return
        if a not in members or b not in members or b in barred.get(a, ()):
            continue
        joined, fresh = fresh, fresh + 1
        members[joined] = members.pop(a) + members.pop(b)
        sums[joined] = _added(sums, a, b, joined)
        if a in barred or b in barred:
            barred[joined] = barred.pop(a, set()) | barred.pop(b, set())
            for other in barred[joined]:
                barred[other] = (barred[other] - {a, b}) | {joined}
        for other in sums[joined]:
            heapq.heappush(heap, (-level(other, joined), other, joined))


def _added(sums: dict[int, dict[int, float]], a: int, b: int, joined: int) -> dict[int, float]:
    """The sums of the group joined from ``a`` and ``b``; its neighbours are told of it."""
    large, small = sums.pop(a), sums.pop(b)
    if len(large) < len(small):
        large, small = small, large
    for other, total in small.items():
        large[other] = large.get(other, 0.0) + total
    large.pop(a, None)
    large.pop(b, None)
    for other, total in large.items():
        near = sums[other]
        near.pop(a, None)
        near.pop(b, None)
        near[joined] = total
    return large


def chain(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs that hold all these together."""
    return list(pairwise(positions))
