"""The text of a .pdf, taken out in a child process that may be killed; a scan has none and is refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from qianshao.kernel.words import Words, say

from .model import Block, Line, PaperError

SECONDS = 120
_PAGE_NUMBER = re.compile(r"^[\s\-—–·第]*\d{1,4}[\s\-—–·页]*(?:/\s*\d{1,4}|共\s*\d+\s*页)?\s*$")
_FEWEST = 20  # characters on all pages together


def blocks_in(path: Path, file: str) -> list[Block]:
    """The printed lines, page numbers left out; raises ``PaperError``."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("pdf_child.py")), str(path)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
            timeout=SECONDS,
        )
        told = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise PaperError(say("{file} 在时间限度内读不完，请另存为文字版或 .docx。", file=file)) from error
    if "pages" not in told:
        raise PaperError(_why(told.get("error", ""), file))
    lines = [line for page in told["pages"] for line in page.split("\n")]
    kept = [line.replace("\x00", "") for line in lines if line.strip() and not _PAGE_NUMBER.match(line)]
    if sum(len(line.strip()) for line in kept) < _FEWEST:
        raise PaperError(say("{file} 里没有文字，可能是扫描件，请先识别成文字。", file=file))
    return [Line(line) for line in kept]


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
