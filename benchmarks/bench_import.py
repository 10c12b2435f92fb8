"""An import, measured: duties a second through the one door with two entries each, and its memory.

A generated sheet of letters about as long as real ones (some 300 characters, and as long a reply) is imported
into an empty data folder, in a process of its own. Run it alone: ``python -m benchmarks.bench_import [rows]``.
Time on the processor is told beside time on the wall, for other work on the machine slows the second only.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

_WORDS = "路灯道路噪音物业停水停电垃圾公交学校医院社保拆迁工资施工夜间扰民积水井盖绿化小区居民反映希望有关部门尽快处理答复情况如下经调查核实感谢您的来信"
_HEADER = ("message_id", "user_id", "title", "sent_at", "body", "reply", "replied_at")


def letters(rows: int, seed: int = 12345) -> Iterator[tuple[str, ...]]:
    """Made-up rows: nobody's words, drawn from a seed."""
    dice = random.Random(seed)
    start = datetime(2018, 1, 1)  # noqa: DTZ001 - a sheet has wall times

    def words(low: int, high: int) -> str:
        return "".join(dice.choices(_WORDS, k=dice.randint(low, high)))

    for number in range(rows):
        sent = start + timedelta(minutes=dice.randrange(1_500_000))
        replied = sent + timedelta(minutes=dice.randrange(60, 40_000))
        yield (
            str(100_000 + number),
            f"U{dice.randrange(rows):07}",
            words(8, 28),
            f"{sent:%Y-%m-%d %H:%M:%S}",
            words(150, 450),
            words(150, 450),
            f"{replied:%Y-%m-%d %H:%M:%S}",
        )


def write(path: Path, rows: int) -> None:
    """The sheet as a platform exports it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(letters(rows))


def run(rows: int, *more: str) -> dict[str, float]:
    """Import a generated sheet by the command; duties a second by wall and by processor, peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "letters.csv"
        write(sheet, rows)
        environment = {**os.environ, "QIANSHAO_HOME": str(Path(folder) / "home")}
        command = [sys.executable, "-m", "qianshao.site.commands", "hotline", "import"]
        subprocess.run([*command, "--help"], env=environment, check=True, capture_output=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        done = subprocess.run(
            [*command, str(sheet), "--yes", "--json", *more], env=environment, check=True, capture_output=True
        )
        wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = json.loads(done.stdout)
    assert found["new"] == rows, found["faulty"]
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "rows": rows,
        "duties_per_second_wall": round(rows / wall),
        "duties_per_second_processor": round(rows / processor),
        "peak_megabytes": round(after.ru_maxrss / 1024),
    }


def main() -> None:
    """Measure, and hold the result against the promise of 2,000 duties a second in flat memory."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    small = run(max(rows // 10, 1000))
    large = run(rows)
    grown = large["peak_megabytes"] / small["peak_megabytes"]
    print(json.dumps({"small": small, "large": large, "memory_ratio": round(grown, 2)}, indent=2))


if __name__ == "__main__":
    main()
