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
    _Joining(members, sums, barred, threshold, nearest).run()
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


class _Joining:
    """Joins the likeliest two again and again.

    The heap holds for each group its likeliest partner when last looked. A group is looked at anew whenever it grows, and a
    likeness only rises when one of the two grows, so the highest true entry is always there; one that no longer
    holds is looked at again when it comes up. The group with fewer neighbours goes into the other.
    """

    def __init__(
        self,
        members: dict[int, list[int]],
        sums: dict[int, dict[int, float]],
        barred: dict[int, set[int]],
        threshold: float,
        nearest: int,
    ) -> None:
        self._members, self._sums, self._barred = members, sums, barred
        self._threshold, self._nearest = threshold, nearest
        self._heap: list[tuple[float, int, int]] = []

    def run(self) -> None:
        """Join until no two groups are likely enough."""
        for group in self._members:
            self._look(group)
        while self._heap:
            height, a, b = heapq.heappop(self._heap)
            if a not in self._members:
                continue
            if b in self._members and self._level(a, b) == -height and b not in self._barred.get(a, ()):
                self._join(a, b)
            else:
                self._look(a)

    def _level(self, a: int, b: int) -> float:
        total = self._sums[a].get(b, 0.0)
        return mean(total, len(self._members[a]), len(self._members[b]), self._nearest)

    def _look(self, group: int) -> None:
        """Note the group's likeliest partner, if it is likely enough."""
        size, members, nearest = len(self._members[group]), self._members, self._nearest
        bar = self._barred.get(group, ())
        best, partner = self._threshold, -1
        for other, total in self._sums[group].items():
            level = mean(total, size, len(members[other]), nearest)
            better = level > best or (level == best and (partner < 0 or other < partner))
            if better and other not in bar:
                best, partner = level, other
        if partner >= 0:
            heapq.heappush(self._heap, (-best, group, partner))

    def _join(self, a: int, b: int) -> None:
        if (len(self._sums[a]), -a) < (len(self._sums[b]), -b):
            a, b = b, a
        near = self._sums[a]
        near.pop(b)
        for other, total in self._sums.pop(b).items():
            if other == a:
                continue
            theirs = self._sums[other]
            theirs.pop(b)
            near[other] = theirs[a] = near.get(other, 0.0) + total
        self._members[a] += self._members.pop(b)
        for other in self._barred.pop(b, ()):
            self._barred[other] = (self._barred[other] - {b}) | {a}
            self._barred.setdefault(a, set()).add(other)
        self._look(a)


def chain(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs that hold all these together."""
    return list(pairwise(positions))
