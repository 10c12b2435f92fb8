"""The interval of the spot check holds at its stated rate for every truth, not only on average."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from random import Random

import pytest

from qianshao.modules.appraisal.estimate import BadSample, Estimate, Stratum, of_city, of_unit
from qianshao.modules.appraisal.scoring import levels, score


def outcomes(size: int, whole: int, partly: int, drawn: int) -> Iterator[tuple[tuple[int, int, int], float]]:
    """Every result of a draw from a population, with its chance."""
    for a in range(min(whole, drawn) + 1):
        for b in range(min(partly, drawn - a) + 1):
            rest = drawn - a - b
            ways = comb(whole, a) * comb(partly, b) * comb(size - whole - partly, rest)
            if ways:
                yield (a, b, rest), ways / comb(size, drawn)


def populations(size: int) -> Iterator[tuple[int, int]]:
    for whole in range(size + 1):
        for partly in range(size - whole + 1):
            yield whole, partly


@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95])
@pytest.mark.parametrize(("size", "drawn"), [(6, 2), (10, 3), (14, 5)])
def test_one_stratum_is_covered_whatever_the_truth(size: int, drawn: int, rate: float) -> None:
    known: dict[tuple[int, int, int], Estimate] = {}
    for whole, partly in populations(size):
        truth = (whole + partly / 2) / size
        covered = 0.0
        for seen, chance in outcomes(size, whole, partly, drawn):
            found = known.setdefault(seen, of_unit([Stratum(size, *seen)], rate))
            covered += chance * (found.low - 1e-9 <= truth <= found.high + 1e-9)
        assert covered >= rate - 1e-9, (whole, partly)


@pytest.mark.parametrize(("sizes", "draws"), [((6, 4), (2, 2)), ((7, 3), (2, 1))])
def test_two_strata_are_covered_whatever_the_truth(sizes: tuple[int, int], draws: tuple[int, int]) -> None:
    known: dict[tuple[tuple[int, int, int], tuple[int, int, int]], Estimate] = {}
    for one in populations(sizes[0]):
        for other in populations(sizes[1]):
            truth = (one[0] + other[0] + (one[1] + other[1]) / 2) / sum(sizes)
            covered = 0.0
            for seen, chance in outcomes(sizes[0], *one, draws[0]):
                for seen2, chance2 in outcomes(sizes[1], *other, draws[1]):
                    found = known.get((seen, seen2))
                    if found is None:
                        found = of_unit([Stratum(sizes[0], *seen), Stratum(sizes[1], *seen2)])
                        known[seen, seen2] = found
                    covered += chance * chance2 * (found.low - 1e-9 <= truth <= found.high + 1e-9)
            assert covered >= 0.9 - 1e-9, (one, other)


def test_a_yes_or_no_sample_gives_the_hypergeometric_interval() -> None:
    """Worked out by hand: of 10, 3 drawn and all true. T is kept while C(T,3)/C(10,3) > 0.05: from 5 on."""
    found = of_unit([Stratum(10, 3, 0, 0)], 0.9)

    assert (found.value, found.low, found.high) == (1.0, 0.5, 1.0)
    assert comb(4, 3) / comb(10, 3) < 0.05 < comb(5, 3) / comb(10, 3)


def test_what_was_all_checked_is_known() -> None:
    found = of_unit([Stratum(4, 3, 1, 0), Stratum(2, 1, 0, 1)])

    assert (found.value, found.low, found.high) == (4.5 / 6, 4.5 / 6, 4.5 / 6)
    city = of_city([Stratum(4, 3, 1, 0), Stratum(2, 1, 0, 1)])
    assert (city.low, city.high) == (city.value, city.value)


def test_the_estimate_weighs_strata_by_their_size_not_by_how_many_were_drawn() -> None:
    found = of_unit([Stratum(30, 5, 0, 0), Stratum(10, 0, 0, 5)])

    assert found.value == pytest.approx(0.75)


def test_samples_no_draw_can_give_are_refused() -> None:
    with pytest.raises(BadSample):
        Stratum(3, 2, 1, 1)
    with pytest.raises(BadSample):
        Stratum(3, 0, 0, 0)
    with pytest.raises(BadSample):
        of_unit([])
    with pytest.raises(BadSample):
        of_unit([Stratum(2, 1, 0, 0)] * 3)


def test_the_citys_interval_holds_about_as_often_as_it_says() -> None:
    random = Random(7)
    held, rounds = 0, 400
    for _round in range(rounds):
        strata, true, whole = [], 0.0, 0
        for _unit in range(25):
            size = random.randint(4, 30)
            honest = random.betavariate(8, 2)
            worths = [1.0 if random.random() < honest else random.choice((0.5, 0.0)) for _one in range(size)]
            drawn = random.sample(worths, max(1, size // 5))
            strata.append(Stratum(size, drawn.count(1.0), drawn.count(0.5), drawn.count(0.0)))
            true, whole = true + sum(worths), whole + size
        found = of_city(strata, 0.9)
        held += found.low <= true / whole <= found.high
    # 400 rounds: two standard errors are 3 points.
    assert 0.87 <= held / rounds <= 0.96


def test_over_declaration_costs_only_what_sampling_cannot_explain() -> None:
    honest = score(20, [Stratum(18, 6, 0, 0)], 0)
    unlucky = score(20, [Stratum(18, 5, 0, 1)], 0)
    caught = score(20, [Stratum(18, 1, 0, 5)], 0)

    assert (honest.declared_bp, honest.completion_bp, honest.excess_bp, honest.hundredths) == (
        9000,
        9000,
        0,
        9000,
    )
    assert (unlucky.completion_bp, unlucky.excess_bp) == (
        7500,
        500,
    )  # 17 of 18 at most: one was seen to be false
    assert unlucky.hundredths == 7500 - 2 * 500
    assert caught.excess_bp > 4 * unlucky.excess_bp
    assert caught.hundredths == max(0, caught.completion_bp - 2 * caught.excess_bp)


def test_who_declares_nothing_has_done_nothing_and_slips_cost_points() -> None:
    assert score(5, [], 0).hundredths == 0
    assert score(10, [Stratum(10, 4, 0, 0)], -150).hundredths == 10_000 - 150


def test_ties_share_a_place_and_a_tie_across_the_edge_is_not_excellent() -> None:
    totals = {"a": 9800, "b": 9700, "c": 9700, "d": 9000, "e": 8500, "f": 7000, "g": 5000, "h": 5000}

    found = levels(totals)

    assert {unit: level for unit, (_place, level) in found.items()} == {
        "a": "excellent", "b": "good", "c": "good", "d": "good", "e": "good", "f": "fair", "g": "poor", "h": "poor",
    }  # fmt: skip
    assert [found[unit][0].place for unit in "abcdefgh"] == [1, 2, 2, 4, 5, 6, 7, 7]
    assert found["b"][0].tied and not found["a"][0].tied
