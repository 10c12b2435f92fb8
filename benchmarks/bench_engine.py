"""One machine against an engine with two workers: the same code, the same answers, and how long each took.

    python -m benchmarks.bench_engine --model classes.model [--data stream.csv.gz | --messages 4000]

Needs the extra ``engine`` (Daft and Ray). The messages are classified and grouped by month three times: without any engine, by Daft
on this machine, and by the same plan on Ray with two workers. Ends with status 1 where any row of any answer differs.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from qianshao.modules.hotline import engine

from . import bench_matters

Rows = list[tuple[str, ...]]


def messages(path: Path | None, count: int) -> list[dict[str, str]]:
    """The rows of a sheet, or invented ones spread over four months."""
    if path is not None:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            return [{name: row[name] for name in engine.IN} for row in csv.DictReader(file)]
    return [
        {
            "message_id": one.key,
            "title": one.title,
            "body": one.body,
            "sent_at": f"2026-{number % 4 + 1:02}-{number % 28 + 1:02} 10:00:00",
        }
        for number, one in enumerate(bench_matters.generated(count))
    ]


def alone(rows: list[dict[str, str]], model: Path) -> Rows:
    """Without an engine: every month after another, in this process."""
    told = engine.labelled(model, [row["title"] for row in rows], [row["body"] for row in rows])
    months: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        months[engine.month_of(row["sent_at"])].append(row)
    group_of: dict[str, str] = {}
    for month in months.values():
        columns = [[row[name] for row in month] for name in engine.IN]
        group_of.update(zip(columns[0], engine.grouped(*columns), strict=True))
    return sorted(
        (row["message_id"], *(said[name] for name in engine.LABELS), group_of[row["message_id"]])
        for row, said in zip(rows, told, strict=True)
    )


def by_engine(sheets: Path, model: Path) -> Rows:
    """The plan over a folder of sheets, on the runner chosen before."""
    import daft

    found = engine.answers(daft.read_csv(f"{sheets}/*.csv"), model).to_pydict()
    return sorted(zip(*(found[name] for name in engine.OUT), strict=True))


def spread(rows: list[dict[str, str]], folder: Path, sheets: int = 4) -> None:
    """The rows in several sheets, so that there is something to share out."""
    for number in range(sheets):
        with (folder / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, engine.IN)
            writer.writeheader()
            writer.writerows(rows[number::sheets])


def in_a_process(runner: engine.Runner, sheets: Path, model: Path, address: str) -> tuple[Rows, float]:
    """The answers by a runner in a process of its own, for a process chooses its runner once; and the seconds they took."""
    into = sheets / f"{runner}.json"
    words = [
        "--address",
        address,
        "--only",
        runner,
        "--sheets",
        str(sheets),
        "--into",
        str(into),
        "--model",
        str(model),
    ]
    subprocess.run([sys.executable, "-m", "benchmarks.bench_engine", *words], check=True)
    found = json.loads(into.read_text(encoding="utf-8"))
    return [tuple(row) for row in found["rows"]], found["seconds"]


def only(runner: engine.Runner, sheets: Path, model: Path, into: Path, address: str) -> None:
    """What that process does; Ray gets two workers of this machine where no cluster is named."""
    if runner == "ray" and not address:
        import ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    engine.choose(runner, address)
    began = time.monotonic()
    rows = by_engine(sheets, model)
    seconds = round(time.monotonic() - began, 1)
    into.write_text(json.dumps({"rows": rows, "seconds": seconds}, ensure_ascii=False), encoding="utf-8")


def main() -> int:
    """All three ways, and whether they agree."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.bench_engine", description=__doc__)
    reader.add_argument("--model", type=Path, required=True)
    reader.add_argument("--data", type=Path)
    reader.add_argument("--messages", type=int, default=4000)
    reader.add_argument("--address", default="", help="a Ray cluster that runs already")
    for inner in ("--only", "--sheets", "--into"):
        reader.add_argument(inner, help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.only:
        only(asked.only, Path(asked.sheets), asked.model, Path(asked.into), asked.address)
        return 0
    rows = messages(asked.data, asked.messages)
    runners: tuple[engine.Runner, ...] = ("native", "ray")
    with tempfile.TemporaryDirectory() as place:
        spread(rows, Path(place))
        began = time.monotonic()
        wanted = alone(rows, asked.model)
        seconds = {"alone": round(time.monotonic() - began, 1)}
        same = {}
        for runner in runners:
            found, seconds[runner] = in_a_process(runner, Path(place), asked.model, asked.address)
            same[runner] = found == wanted
    groups = len({row[-1] for row in wanted})
    print(json.dumps({"messages": len(rows), "groups": groups, "seconds": seconds, "equal": same}, indent=2))
    return 0 if all(same.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
