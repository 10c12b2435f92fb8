"""Delimited text: which encoding, which delimiter, and rows one after another in flat memory."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qianshao.kernel.words import Words, say

from .model import MAX_CELL, MAX_ROWS, Row, SheetError

GZIP = b"\x1f\x8b"
MAX_TEXT = 4 * 2**30  # bytes unpacked: some five million rows of a citizen's story and its reply
MAX_RATIO = 100  # unpacked to packed; text rarely passes 20
_RATIO_FROM = 16 * 2**20  # bytes unpacked; below this a high ratio harms nobody
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_SURE = 20  # letters of three bytes each, all of them by chance: less than one in 10**20
_OTHERS = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_TITLES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}


@dataclass(frozen=True, slots=True)
class Text:
    """What was learned about a text file in one pass over it; ``encoding`` is Python's name."""

    path: Path
    packed: bool
    encoding: str
    delimiter: str
    lines: int
    sha256: str

    @property
    def how(self) -> Words:
        """As what the file was read."""
        return say(
            "{encoding} 编码，以{delimiter}分隔",
            encoding=_TITLES.get(self.encoding, self.encoding.upper()),
            delimiter=DELIMITERS[self.delimiter],
        )


def inspect(path: Path) -> Text:
    """Read the whole file once: encoding, delimiter, lines, digest. Raises ``SheetError``."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    head = _head(path, packed)
    _refuse_other_kinds(head, packed)
    encoding, lines = _encoding(path, packed, head)
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return Text(path, packed, encoding, _delimiter(sample), lines, digest)


def read(text: Text, longest: int = MAX_CELL) -> Iterator[Row]:
    """The rows from the first line on, blank ones included; a cell has at most ``longest`` characters."""
    csv.field_size_limit(longest)
    with _opened(text.path, text.packed) as raw, io.TextIOWrapper(raw, text.encoding, newline="") as lines:
        watched = _Watched(lines)
        reader = csv.reader(watched, delimiter=text.delimiter)
        number = 0
        while True:
            watched.kept.clear()
            first = reader.line_num + 1
            number += 1
            if number > MAX_ROWS:
                raise SheetError(say("表格超过 {n} 行，请分成几个文件导入。", n=MAX_ROWS))
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SheetError(_runaway(first) if watched.odd else _too_long(first, longest)) from error
            broken = watched.ended and watched.odd
            yield Row(number, reader.line_num, tuple(cells), _unclosed(first) if broken else None)


class _Watched:
    """The lines of the record being read, so that a quote nobody closed is noticed at the end of the file."""

    def __init__(self, lines: io.TextIOWrapper) -> None:
        self._lines = lines
        self.kept: list[str] = []
        self.ended = False

    @property
    def odd(self) -> bool:
        """Whether a quote of the record is still open."""
        return sum(line.count('"') for line in self.kept) % 2 == 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.kept.append(line)
        return line


def _runaway(line: int) -> Words:
    return say("从第 {line} 行起，引号没有成对，后面的内容连成了一格。请在该行补上或删去引号。", line=line)


def _too_long(line: int, longest: int) -> Words:
    return say("第 {line} 行有一格超过 {n} 个字。请缩短这一格，或把长文放进附件。", line=line, n=longest)


def _unclosed(line: int) -> Words:
    return say("从第 {line} 行起，引号没有成对，后面的内容连成了一格", line=line)


def _opened(path: Path, packed: bool) -> BinaryIO:
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _head(path: Path, packed: bool) -> bytes:
    try:
        with _opened(path, packed) as raw:
            return raw.read(_SAMPLE)
    except (OSError, EOFError, zlib.error) as error:
        raise SheetError(say("压缩文件已损坏或不完整，请重新导出或上传。")) from error


def _refuse_other_kinds(head: bytes, packed: bool) -> None:
    if not head.strip():
        raise SheetError(say("文件是空的，没有可以导入的内容。"))
    if packed and head[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise SheetError(say("压缩包里是工作簿，请解压后再导入。"))
    if head.startswith(_OTHERS) or (b"\0" in head and not _marked(head)):
        raise SheetError(say("这不是表格。请选择 .csv、.xlsx、.xls 或 .ods 文件。"))
    start = head[:1024].lower()
    if b"<html" in start or b"<table" in start or b"<!doctype" in start:
        raise SheetError(say("这是网页格式的表格。请用表格软件打开，另存为 .xlsx 后再导入。"))


def _encoding(path: Path, packed: bool, head: bytes) -> tuple[str, int]:
    """The first encoding that reads every byte, and the number of lines."""
    candidates = _marked(head) or (["utf-8-sig"] if _surely_utf8(head) else ["utf-8-sig", "gb18030"])
    failed = 0
    for encoding in candidates:
        lines, wrong = _decodes(path, packed, encoding)
        if not wrong:
            return encoding, lines
        failed = max(failed, lines + 1)
    raise SheetError(
        say(
            "第 {line} 行附近有无法识别的文字编码。请另存为 UTF-8 或 GB18030（GBK）编码后再导入。",
            line=failed,
        )
    )


def _surely_utf8(head: bytes) -> bool:
    """Whether so much Chinese reads as UTF-8 that it cannot be GB18030, which would take a broken file too."""
    read = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = read.decode(head)
    except UnicodeDecodeError as error:
        text = head[: error.start].decode("utf-8-sig")
    return sum(not letter.isascii() for letter in text) >= _SURE


def _marked(head: bytes) -> list[str]:
    """The encoding a byte-order mark names, or that zero bytes at every second place give away."""
    if head.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    if odd > 4 * max(even, 1):
        return ["utf-16-le"]
    return ["utf-16-be"] if even > 4 * max(odd, 1) else []


def _decodes(path: Path, packed: bool, encoding: str) -> tuple[int, bool]:
    """Lines read before the first byte that does not belong, and whether there was one."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, size, ends = 0, 0, True
    limit = max(MAX_RATIO * path.stat().st_size, _RATIO_FROM) if packed else MAX_TEXT
    try:
        with _opened(path, packed) as raw:
            while True:
                chunk = raw.read(_CHUNK)
                size += len(chunk)
                if size > min(limit, MAX_TEXT):
                    raise SheetError(_too_large(size > MAX_TEXT))
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    return lines + chunk[: error.start].count(b"\n"), True
                if "\0" in text:
                    raise SheetError(say("第 {line} 行附近不是文字。请确认选对了文件。", line=lines + 1))
                if not chunk:
                    return lines + (not ends), False
                lines += max(text.count("\n"), text.count("\r"))
                ends = text.endswith(("\n", "\r"))
    except (OSError, EOFError, zlib.error) as error:
        raise SheetError(say("压缩文件已损坏或不完整，请重新导出或上传。")) from error


def _too_large(absolutely: bool) -> Words:
    if absolutely:
        return say("文件解开后超过 {n} GB，请分成几个文件导入。", n=MAX_TEXT // 2**30)
    return say("压缩文件解开后是原来的 {n} 倍以上，不像正常的表格，没有读取。", n=MAX_RATIO)


def _delimiter(sample: str) -> str:
    """The delimiter that cuts the first records into the most columns, most evenly; a comma when none does."""
    best, found = 0.0, ","
    for delimiter in DELIMITERS:
        widths = [
            len(record)
            for _number, record in zip(
                range(50), csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), strict=False
            )
            if record
        ]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (width - 1) * count / len(widths)
        if score > best:
            best, found = score, delimiter
    return found
