"""The report checker: reports a minute of one processor, read and checked, as a ratio against the plain way to open the same file.

The named alternatives do less: ``json.loads`` only parses, python-docx only walks the cells; neither
checks anything. Run: python -m benchmarks.bench_report [--json] [--reports 300]
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import docx

from qianshao.modules.openness.report import compute, exports, opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.form import APPLICANTS
from qianshao.modules.openness.requests.outcomes import BY_CODE

WANTED = 1_000  # reports a minute


def made(number: int) -> compute.Report:
    """A balanced report of an invented unit; the same number gives the same report."""
    dice = random.Random(number)
    requests = []
    for place in range(dice.randrange(400)):
        came = date(2023, 10, 1) + timedelta(days=dice.randrange(450))
        requests.append(
            compute.Request(
                str(place),
                dice.choice(APPLICANTS),
                came,
                came + timedelta(days=dice.randrange(60)),
                dice.choice(list(BY_CODE)),
            )
        )
    words = {0: "本机关认真落实条例要求。" * 60, 4: "公开的深度有待加强，下一步将改进。" * 40}
    return compute.report(body=f"刺桐市第{number}单位", year=2024, requests=requests, words=words)


def with_docx(file: Path) -> int:
    """Every cell of every table, and every paragraph, by python-docx."""
    document = docx.Document(io.BytesIO(file.read_bytes()))
    cells = sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)
    return cells + sum(len(paragraph.text) for paragraph in document.paragraphs)


def with_json(file: Path) -> int:
    """The document parsed."""
    return len(json.loads(file.read_bytes()))


def checked(file: Path) -> int:
    """What the command does for one file."""
    findings = check(opening.reports_in(file))
    assert not findings, findings[0]
    return 1


def a_minute(work: Callable[[Path], int], files: list[Path]) -> float:
    """Files a minute of processor time, one process, the better of two rounds."""
    best = 0.0
    for _round in range(2):
        began = time.process_time()
        for file in files:
            work(file)
        best = max(best, 60 * len(files) / (time.process_time() - began))
    return best


def main() -> int:
    """1 when a format falls below what was promised."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--json", action="store_true")
    reader.add_argument("--reports", type=int, default=300)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, list[Path]] = {"json": [], "docx": [], "html": []}
        for number in range(asked.reports):
            report = made(number)
            content = {
                "json": json.dumps(exports.as_json(report), ensure_ascii=False).encode(),
                "docx": exports.as_docx(report),
                "html": exports.as_html(report).encode(),
            }
            for kind, data in content.items():
                file = Path(folder) / f"{number}.{kind}"
                file.write_bytes(data)
                files[kind].append(file)
        rates = {kind: a_minute(checked, some) for kind, some in files.items()}
        plain = {"json": a_minute(with_json, files["json"]), "docx": a_minute(with_docx, files["docx"][:30])}
        names = {"json": "json.loads alone", "docx": "python-docx reading the cells alone"}
        together = [report for file in files["json"] for report in opening.reports_in(file)]
        began = time.process_time()
        check(together)
        rates["checking alone"] = 60 * len(together) / (time.process_time() - began)
    found = {
        kind: {"a_minute": round(rate), "against": names.get(kind, ""), "ratio": round(rate / plain[kind], 3)}
        if kind in plain
        else {"a_minute": round(rate)}
        for kind, rate in rates.items()
    }
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for kind, row in found.items():
            told = f", {row['ratio']} × {row['against']}" if row.get("against") else ""
            print(f"{kind}: {row['a_minute']} reports a minute{told}")
    return int(min(rates.values()) < WANTED)


if __name__ == "__main__":
    sys.exit(main())
