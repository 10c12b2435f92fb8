"""Rising series: the rate of false alarms in quiet times, and how soon a rise is seen, in simulation.

    python -m benchmarks.bench_rising [--series 400]

Quiet weekly counts are negative binomial with a level, a spread, a season and a trend, as in the paper (Noufaily and others
2013, table 1). The alternative in the same run is the rule many offices use: more than the mean of the last twelve weeks and
three times their standard deviation.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from qianshao.modules.hotline.matters.outbreak import ALPHA, judge

from . import machine

SCENES = {
    "level": (0.0, 0.0),
    "season": (0.6, 0.0),
    "trend": (0.0, 0.003),
    "season and trend": (0.6, 0.003),
}
LEVELS = ((2.0, 1.1), (8.0, 1.5), (30.0, 3.0))
HISTORIES = (26, 60, 208)
WANTED = 3 * ALPHA  # over all scenes


def simulate(
    dice: np.random.Generator, weeks: int, level: float, spread: float, season: float, trend: float
) -> list[int]:
    """Weekly counts of a quiet series; ``spread`` is variance ÷ mean."""
    at = np.arange(weeks)
    mean = level * np.exp(
        season * np.cos(2 * np.pi * (at - weeks) / 52.18 + dice.uniform(0, 6.28)) + trend * at
    )
    return [int(count) for count in dice.negative_binomial(mean / (spread - 1), 1 / spread)]


def three_sigma(weeks: list[int]) -> bool:
    """The alternative: above the mean and three standard deviations of twelve weeks, and at least five in four weeks."""
    past = np.array(weeks[-13:-1])
    return bool(weeks[-1] > past.mean() + 3 * past.std(ddof=1) and sum(weeks[-4:]) >= 5)


def main() -> int:
    """1 when there are more false alarms than three times the level set, or than the alternative gives."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--series", type=int, default=400)
    asked = reader.parse_args()
    print(machine.describe(), flush=True)
    dice = np.random.default_rng(2013)
    all_false: list[bool] = []
    all_other: list[bool] = []
    for weeks in HISTORIES:
        for scene, (season, trend) in SCENES.items():
            false, other, seen, other_seen = [], [], [], []
            for level, spread in LEVELS:
                for _series in range(asked.series // len(LEVELS)):
                    counts = simulate(dice, weeks + 1, level, spread, season, trend)
                    false.append(judge(counts).alarm)
                    other.append(three_sigma(counts))
                    rise = max(5, round(3 * np.sqrt(spread * max(counts[-1], 1))) + 3)
                    raised = [*counts[:-1], counts[-1] + rise]
                    seen.append(judge(raised).alarm)
                    other_seen.append(three_sigma(raised))
            all_false += false
            all_other += other
            print(
                f"{weeks:>3} weeks, {scene:<17} false alarms {np.mean(false):.2%} (three sigma {np.mean(other):.2%}), "
                f"a rise seen in its first week {np.mean(seen):.0%} (three sigma {np.mean(other_seen):.0%})",
                flush=True,
            )
    rate, ratio = np.mean(all_false), np.mean(all_other) / max(np.mean(all_false), 1e-9)
    print(
        f"false alarms over all: {rate:.2%} of quiet weeks (level set: {ALPHA:.1%}); three sigma gives {ratio:.1f} times as many"
    )
    return 0 if rate <= WANTED and ratio >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
