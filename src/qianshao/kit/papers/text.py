"""Plain text and Markdown as lines and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qianshao.kernel.words import say

from ..decoding import decode
from . import html
from .model import Block, Cell, Line, PaperError, Table

MOST_CHARACTERS = 10 * 2**20
_NUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)*\|?[ \t]*$")
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STRONG = re.compile(r"(?<!\\)\*\*(?=\S)(.{1,400}?)(?<=\S)\*\*")
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_STRANGE = 0.01  # of all characters; a text in a wrong encoding or a picture has more


def blocks_in(data: bytes, file: str) -> list[Block]:
    """Lines as they stand, tables of pipes or tabs as tables; raises ``PaperError``."""
    text = decode(data).text
    strange = text.count("\ufffd") + len(_NUL.findall(text)) - text.count("\x00")
    if strange > max(3, len(text) * _STRANGE):
        raise PaperError(say("{file} 不是文字文件，或编码无法辨认，请另存为 UTF-8 文本或 .docx。", file=file))
    text = _NUL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if len(text) > MOST_CHARACTERS:
        raise PaperError(
            say("{file} 超过 {n} 万字，没有读取，请分成几个文件。", file=file, n=MOST_CHARACTERS // 10_000)
        )
    if file.lower().endswith((".md", ".markdown")):
        text = _STRONG.sub(r"\1", text)
    return list(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        if _TABLE.search(line):
            end = next((n for n in range(at, len(lines)) if "</table" in lines[n].lower()), None)
            if end is not None:
                yield from html.blocks_of("\n".join(lines[at : end + 1]))
                at = end + 1
                continue
        end = at
        if "|" in line and at + 1 < len(lines) and _RULE.match(lines[at + 1]) and "|" in lines[at + 1]:
            end = _run(lines, at, lambda each: "|" in each)
            yield _table([_pipes(each) for n, each in enumerate(lines[at:end]) if n != 1])
        elif _ROW.match(line):
            end = _run(lines, at, lambda each: _ROW.match(each) is not None)
            if end - at < 2:
                end = at
            else:
                yield _table([_pipes(each) for each in lines[at:end] if not _RULE.match(each)])
        elif line.count("\t") >= 2:
            end = _run(lines, at, lambda each: each.count("\t") >= 2)
            if end - at < 2:
                end = at
            else:
                yield _table([each.split("\t") for each in lines[at:end]])
        if end == at:
            yield Line(line)
            end += 1
        at = end


def _run(lines: list[str], start: int, belongs: Callable[[str], bool]) -> int:
    at = start
    while at < len(lines) and belongs(lines[at]):
        at += 1
    return at


def _pipes(line: str) -> list[str]:
    inner = line.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_BREAK.sub("\n", each).replace("\\|", "|").strip() for each in _PIPE.split(inner)]


def _table(rows: list[list[str]]) -> Table:
    return Table(
        tuple(Cell(row, column, text) for row, cells in enumerate(rows) for column, text in enumerate(cells)),
        loose=True,
    )
