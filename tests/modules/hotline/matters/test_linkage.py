"""Average linkage over sparse likenesses, held against SciPy's on the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from qianshao.modules.hotline.matters import linkage as ours

LIKENESS = st.integers(10, 9_990).map(lambda value: value / 10_000)


@st.composite
def likenesses(draw: st.DrawFn) -> np.ndarray:
    size = draw(st.integers(2, 9))
    square = np.zeros((size, size))
    for a in range(size):
        for b in range(a):
            square[a, b] = square[b, a] = draw(st.one_of(st.just(0.0), LIKENESS))
    return square


def pairs(square: np.ndarray) -> list[tuple[int, int, float]]:
    return [(b, a, square[a, b]) for a in range(len(square)) for b in range(a) if square[a, b]]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(likenesses())
def test_without_ease_the_groups_are_those_of_scipy(square: np.ndarray) -> None:
    tree = linkage(squareform(1 - square - np.eye(len(square))), "average")
    heights = np.concatenate([tree[:, 2], 1 - square[np.triu_indices(len(square), 1)]])
    told = [likeness for _a, _b, likeness in pairs(square)]
    assume(len(set(told)) == len(told))  # equal ones may be joined in either order
    assume(len(np.unique(tree[:, 2].round(9))) == len(tree) and np.abs(heights - 0.7).min() > 1e-6)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ours, "EASE", 1.0)
        found = ours.join(len(square), pairs(square), threshold=0.3, nearest=100)

    expected: dict[int, list[int]] = {}
    for at, label in enumerate(fcluster(tree, 0.7, "distance")):
        expected.setdefault(label, []).append(at)
    assert found == sorted(expected.values())


@settings(max_examples=200, deadline=None)
@given(likenesses(), st.data())
def test_what_is_held_apart_never_joins_and_what_is_held_together_always_does(
    square: np.ndarray, data: st.DataObject
) -> None:
    size = len(square)
    some = st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=4)
    together, apart = data.draw(some), data.draw(some)

    found = ours.join(size, pairs(square), threshold=0.2, nearest=3, together=together, apart=apart)

    of = {at: number for number, group in enumerate(found) for at in group}
    roots = ours.united(size, together)
    assert sorted(of) == list(range(size))
    assert all(of[a] == of[b] for a, b in together)
    assert all(of[a] != of[b] for a, b in apart if roots[a] != roots[b])


def test_large_groups_are_measured_by_the_pairs_that_could_be_seen() -> None:
    assert ours.mean(10.0, 1, 10, nearest=5) == pytest.approx(10 / 5**ours.EASE)
    assert ours.mean(10.0, 20, 30, nearest=5) == pytest.approx(10 / 100**ours.EASE)
