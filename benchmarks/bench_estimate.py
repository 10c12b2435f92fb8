"""Does the interval of the spot check hold as often as it says? Simulated cities, drawn as the product draws.

Each city has 70 units with 4 to 40 declarations in two strata; most units are honest, some over-declare. The truth is
known, the draw is ``kernel.sampling``'s, the estimate ``modules.appraisal.estimate``'s. Printed: how often the interval
of a unit and of the city holds, how wide it is, the textbook interval (normal, stratified, Cochran 1977) in the same run,
and how many honest and over-declaring units are charged with an excess. Exit code 1 when an interval holds too seldom.

Run: .venv/bin/python -m benchmarks.bench_estimate [--cities N] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from math import sqrt
from random import Random
from statistics import NormalDist, mean

from qianshao.kernel.sampling import Candidate, draw
from qianshao.modules.appraisal.estimate import Estimate, Stratum, of_city, of_unit
from qianshao.modules.appraisal.rounds.drawing import wanted
from qianshao.modules.appraisal.scoring import score

UNITS = 70
SHARES = (20, 50)  # per cent drawn of the ordinary and of the risk stratum
RATE = 0.9
_Z = NormalDist().inv_cdf(0.5 + RATE / 2)


@dataclass
class Tally:
    """What was counted over all cities."""

    held: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    textbook: list[bool] = field(default_factory=list)
    city: list[bool] = field(default_factory=list)
    city_width: list[float] = field(default_factory=list)
    honest_charged: list[bool] = field(default_factory=list)
    liars_charged: list[bool] = field(default_factory=list)


def unit_of(random: Random) -> tuple[tuple[list[float], list[float]], bool]:
    """A unit's declarations, ordinary and at risk, with their true worth; and whether it over-declares."""
    liar = random.random() < 0.15
    good = random.uniform(0.3, 0.65) if liar else random.betavariate(30, 1.2)
    size = random.randint(4, 40)
    strata: tuple[list[float], list[float]] = ([], [])
    for _one in range(size):
        risky = random.random() < 0.3
        true = random.random() < (good - 0.1 if risky else good)
        strata[risky].append(1.0 if true else random.choice((0.5, 0.0)))
    return strata, liar


def checked(seed: bytes, name: str, worths: list[float], share: int) -> Stratum:
    """What the product's draw sees of a stratum."""
    if not worths:
        return Stratum(0, 0, 0, 0)
    tickets = draw(seed, name, [Candidate(str(n)) for n in range(len(worths))], wanted(len(worths), share))
    seen = [worths[int(ticket.candidate.key)] for ticket in tickets if ticket.drawn]
    return Stratum(len(worths), seen.count(1.0), seen.count(0.5), seen.count(0.0))


def holds(found: Estimate, truth: float) -> bool:
    """Whether the truth lies within, rounding aside."""
    return found.low - 1e-9 <= truth <= found.high + 1e-9


def textbook(strata: list[Stratum], value: float) -> Estimate:
    """The stratified mean with a normal interval, as taught for large samples."""
    whole = sum(one.size for one in strata)
    variance = sum(
        (one.size / whole) ** 2 * one.variance / one.drawn * (1 - one.drawn / one.size)
        for one in strata
        if one.size
    )
    half = _Z * sqrt(variance)
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), RATE)


def city(number: int, tally: Tally) -> None:
    """One city: every unit, then all together."""
    random = Random(f"city/{number}")
    seed = random.randbytes(16)
    everything: list[Stratum] = []
    true = whole = 0.0
    for place in range(UNITS):
        worths, liar = unit_of(random)
        strata = [
            checked(seed, f"{number}/{place}/{n}", part, share)
            for n, (part, share) in enumerate(zip(worths, SHARES, strict=True))
        ]
        size = sum(map(len, worths))
        truth = sum(map(sum, worths)) / size
        found = of_unit(strata, RATE)
        tally.held.append(holds(found, truth))
        tally.width.append(found.high - found.low)
        tally.textbook.append(holds(textbook(strata, found.value), truth))
        charged = score(size, strata, 0).excess_bp > 0
        if liar:
            tally.liars_charged.append(charged)
        elif truth == 1:
            tally.honest_charged.append(charged)
        everything += strata
        true, whole = true + truth * size, whole + size
    together = of_city(everything, RATE)
    tally.city.append(holds(together, true / whole))
    tally.city_width.append(together.high - together.low)


def main() -> int:
    """Simulate, print, and judge."""
    reader = argparse.ArgumentParser(prog="bench_estimate", description=__doc__.split("\n")[0])
    reader.add_argument("--cities", type=int, default=200)
    reader.add_argument("--json", action="store_true")
    asked = reader.parse_args()
    tally = Tally()
    for number in range(asked.cities):
        city(number, tally)
    figures = {
        "cities": asked.cities,
        "units": len(tally.held),
        "rate": RATE,
        "unit_coverage": mean(tally.held),
        "unit_width": mean(tally.width),
        "textbook_coverage": mean(tally.textbook),
        "city_coverage": mean(tally.city),
        "city_width": mean(tally.city_width),
        "true_units_charged": mean(tally.honest_charged),
        "over_declaring_units_charged": mean(tally.liars_charged),
    }
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:30} {value:.4f}" if isinstance(value, float) else f"{name:30} {value}")
    # Three standard errors of a share that should be 0.9.
    slack = [3 * sqrt(RATE * (1 - RATE) / n) for n in (len(tally.held), asked.cities)]
    return int(figures["unit_coverage"] < RATE - slack[0] or figures["city_coverage"] < RATE - slack[1])


if __name__ == "__main__":
    sys.exit(main())
