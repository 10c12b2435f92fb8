"""The text and the ruled tables of a .pdf, taken out in child processes that may be killed; a scan has none and is refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from qianshao.kernel.words import Words, say

from . import rulings
from .model import Block, Line, PaperError, Table

SECONDS = 120
_PAGE_NUMBER = re.compile(r"^[\s\-—–·第]*\d{1,4}[\s\-—–·页]*(?:/\s*\d{1,4}|共\s*\d+\s*页)?\s*$")
_LARGE = 300_000  # bytes; larger files are shared out to several processes
_MOST_PARTS = 4
_FEWEST = 20  # characters on all pages together


def blocks_in(path: Path, file: str) -> list[Block]:
    """Printed lines and ruled tables, page numbers left out; raises ``PaperError``."""
    parts = 1 if path.stat().st_size < _LARGE else min(_MOST_PARTS, os.cpu_count() or 1)
    with ThreadPoolExecutor(parts) as pool:
        told = list(pool.map(lambda part: _told(path, part, parts), range(parts)))
    for one in told:
        if "pages" not in one:
            raise PaperError(_why(one.get("error", ""), file))
    found = rulings.joined(_page(page) for one in told for page in one["pages"])
    if sum(_length(block) for block in found) < _FEWEST:
        raise PaperError(say("{file} 里没有文字，可能是扫描件，请先识别成文字。", file=file))
    return found


def _told(path: Path, part: int, parts: int) -> dict[str, Any]:
    """What a child tells of its part of the pages; ``error`` when it was killed."""
    script = str(Path(__file__).with_name("pdf_child.py"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", script, str(path), str(part), str(parts)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
            timeout=SECONDS,
        )
        told: dict[str, Any] = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "limits"}
    return told


def _page(told: dict[str, Any]) -> list[Block]:
    """With tables where the rulings make some, else the lines in the order of the file."""
    words = [rulings.Word(x, y, size, text.replace("\x00", "")) for x, y, size, text in told["words"]]
    lines = [(x0, y0, x1, y1) for x0, y0, x1, y1 in told["lines"]]
    blocks = rulings.page_blocks(words, lines)
    if not any(isinstance(block, Table) for block in blocks):
        blocks = [Line(line.replace("\x00", "")) for line in told["text"].split("\n")]
    return [
        block
        for block in blocks
        if isinstance(block, Table) or (block.text.strip() and not _PAGE_NUMBER.match(block.text))
    ]


def _length(block: Block) -> int:
    if isinstance(block, Line):
        return len(block.text.strip())
    return sum(len(cell.text.strip()) for cell in block.cells)


def _why(error: str, file: str) -> Words:
    match error:
        case "password":
            return say("{file} 设有打开密码，请去掉密码后再读。", file=file)
        case "pages":
            return say("{file} 页数太多，没有读取，请分成几个文件。", file=file)
        case "broken":
            return say("{file} 已损坏，不是完整的 PDF。", file=file)
        case _:
            return say("{file} 超出了内存或时间的限度，没有读取。", file=file)
