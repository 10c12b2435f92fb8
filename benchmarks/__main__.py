"""Run every benchmark of this folder: ``make bench``. A million duties only when asked: ``--full``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from . import machine

_SCALE = {"bench_scale": ["--duties", "20000"], "bench_week": ["--orders", "10"]}


def main() -> int:
    """One process for each, so that none inherits another's memory; 1 when any failed."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("names", nargs="*", help="bench_door and so on; all when none is named")
    reader.add_argument("--full", action="store_true", help="bench_scale with 1,000,000 duties (hours)")
    asked = reader.parse_args()
    print(machine.describe(), flush=True)
    failed = []
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        if asked.names and file.stem not in asked.names:
            continue
        print(f"\n== {file.stem}", flush=True)
        more = [] if asked.full else _SCALE.get(file.stem, [])
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{file.stem}", *more], cwd=machine.ROOT
        ).returncode:
            failed.append(file.stem)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return bool(failed)


sys.exit(main())
