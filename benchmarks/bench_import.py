"""An import, measured: duties a second through the one door with two entries each, and its memory.

A generated sheet of letters about as long as real ones (some 300 characters, and as long a reply) is imported
into an empty data folder, in a process of its own. Run it alone: ``python -m benchmarks.bench_import [rows]``.
Time on the processor is told beside time on the wall, for other work on the machine slows the second only.

The alternative it is held against in the same run is what a plain Django application does with the same sheet:
one table with the sheet's columns, ``bulk_create`` a thousand rows at a time, nothing dated, sealed, chained,
searched or told apart from what was there before.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

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


class Spent(NamedTuple):
    """What a process took: seconds on the wall and on the processor, and its peak memory in MB."""

    wall: float
    processor: float
    megabytes: float
    told: str


def spent(command: list[str], home: Path) -> Spent:
    """Run a command on a data folder to its end; raises ``CalledProcessError`` when it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**os.environ, "QIANSHAO_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    told = process.stdout.read()
    # wait4 tells what this one process used; the sum over all children would mix the runs.
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told)


def run(rows: int) -> dict[str, float]:
    """Import a generated sheet by the command and load it plainly beside it; rates without the start-up.

    The start-up (loading the programme, making the tables) is measured on a sheet of one row and taken off.
    """
    with tempfile.TemporaryDirectory() as folder:
        sheet, one = Path(folder) / "letters.csv", Path(folder) / "one.csv"
        write(sheet, rows)
        write(one, 1)
        command = [sys.executable, "-m", "qianshao.site.commands", "hotline", "import"]
        plain = [sys.executable, "-m", "benchmarks.bench_import", "--plain"]
        idle = spent([*command, str(one), "--yes", "--json"], Path(folder) / "home-one")
        full = spent([*command, str(sheet), "--yes", "--json"], Path(folder) / "home")
        plain_idle = spent([*plain, str(one)], Path(folder) / "plain-one")
        plain_full = spent([*plain, str(sheet)], Path(folder) / "plain")
    found = json.loads(full.told)
    assert found["new"] == rows, found["faulty"]
    processor = full.processor - idle.processor
    plainly = plain_full.processor - plain_idle.processor
    return {
        "rows": rows,
        "duties_per_second_wall": round(rows / (full.wall - idle.wall)),
        "duties_per_second_processor": round(rows / processor),
        "entries_per_second_processor": round(2 * rows / processor),
        "plain_rows_per_second_processor": round(rows / plainly),
        "times_a_plain_bulk_create": round(processor / plainly, 1),
        "peak_megabytes": round(full.megabytes),
    }


def load_plainly(sheet: Path) -> None:
    """The alternative: the sheet's rows into one table by ``bulk_create``, a thousand in a transaction."""
    home = Path(os.environ["QIANSHAO_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianshao.site.settings"
    import django

    django.setup()
    from django.db import connection, models, transaction

    class Letter(models.Model):
        number = models.CharField(max_length=60, unique=True)
        citizen = models.CharField(max_length=64, db_index=True)
        title = models.CharField(max_length=200)
        sent_at = models.DateTimeField(db_index=True)
        body = models.TextField()
        reply = models.TextField()
        replied_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "benchmarks"

        def __str__(self) -> str:
            return self.number

    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = iter(csv.reader(file))
        next(rows)
        while piece := list(islice(rows, 1000)):
            with transaction.atomic():
                Letter.objects.bulk_create(
                    Letter(
                        number=number,
                        citizen=citizen,
                        title=title,
                        sent_at=datetime.fromisoformat(sent_at).replace(tzinfo=UTC),
                        body=body,
                        reply=reply,
                        replied_at=datetime.fromisoformat(replied_at).replace(tzinfo=UTC),
                    )
                    for number, citizen, title, sent_at, body, reply, replied_at in piece
                )


def main() -> None:
    """Measure, and hold the result against the promise of 2,000 duties a second in flat memory."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    small = run(max(rows // 10, 1000))
    large = run(rows)
    grown = large["peak_megabytes"] / small["peak_megabytes"]
    print(json.dumps({"small": small, "large": large, "memory_ratio": round(grown, 2)}, indent=2))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plain"]:
        load_plainly(Path(sys.argv[2]))
    else:
        main()
