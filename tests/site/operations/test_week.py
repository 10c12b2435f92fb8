"""A small week of a city worked over HTTP against the running server and its tick: nothing lost, nothing doubled, all verifies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import scratch

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.database
def test_a_week_of_three_clerks_is_in_the_ledger_once() -> None:
    with scratch(migrate=False) as place:
        url = place.env.get("QIANSHAO_DATABASE", "")
        words = [
            "-m",
            "benchmarks.bench_week",
            "--clients",
            "3",
            "--orders",
            "4",
            "--workers",
            "2",
            "--here",
            url,
        ]
        env = {name: value for name, value in os.environ.items() if name != "QIANSHAO_HOME"}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)

    assert (told["failures"], told["exact"], told["sound"]) == ([], True, True)
    assert (told["recorded"]["Received"], told["recorded"]["Dispatched"]) == (12, 12)
    assert told["recorded"]["Replied"] >= 1
