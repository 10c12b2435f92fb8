"""Workbooks (.xlsx, .xls, .ods), read in a child process that may be killed.

Sizes are read from the zip directory before anything is unpacked (limits: docs/why, "reading strangers'
spreadsheets"); the directory may lie, so the child has a ceiling on memory and on time as well. The child
sends rows as JSON lines; nothing it says is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from qianshao.kernel.words import say

from .model import MAX_ROWS, Cell, Row, SheetError

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds a locked .xlsx, [MS-OFFCRYPTO] 2.3
MAX_RATIO = 100
MAX_UNPACKED = 200 * 2**20  # bytes
MAX_MEMBERS = 1000
MAX_OLE = 64 * 2**20  # bytes
SECONDS = 300

_SENTENCES = {
    "password": say("工作簿设有打开密码，请去掉密码后再导入。"),
    "sheet": say("工作簿里没有这个名称的工作表，请核对名称。"),
    "empty": say("工作簿里没有可以读取的工作表。"),
    "rows": say("表格超过 {n} 行，请分成几个文件导入。", n=MAX_ROWS),
    "broken": say("工作簿已损坏或格式不对。请用表格软件打开，另存为 .xlsx 后再导入。"),
}
_DIED = say(
    "读取工作簿时超出了内存或时间的限度，没有读取。请删去多余的工作表和格式，或另存为 .csv 后再导入。"
)


def check(path: Path) -> None:
    """Refuse a bomb by its directory alone; raises ``SheetError``."""
    with path.open("rb") as file:
        if file.read(8) == OLE:
            if path.stat().st_size > MAX_OLE:
                raise SheetError(say("工作簿超过 {n} MB，请另存为 .csv 后再导入。", n=MAX_OLE // 2**20))
            if _LOCKED in file.read():
                raise SheetError(_SENTENCES["password"])
            return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SheetError(_SENTENCES["broken"]) from error
    names = {member.filename for member in members}
    if not names & {"[Content_Types].xml", "mimetype"}:
        raise SheetError(say("这是一个压缩包，不是工作簿。请解压后导入里面的表格。"))
    if len(members) > MAX_MEMBERS:
        raise SheetError(
            say("工作簿里有 {n} 个部件，最多 {max} 个，没有读取。", n=len(members), max=MAX_MEMBERS)
        )
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise SheetError(
            say("工作簿解开后超过 {n} MB，没有读取。请另存为 .csv 后再导入。", n=MAX_UNPACKED // 2**20)
        )
    for member in members:
        if member.file_size > MAX_RATIO * max(member.compress_size, 1024):
            raise SheetError(say("工作簿解开后是原来的 {n} 倍以上，不像正常的表格，没有读取。", n=MAX_RATIO))


def sha256(path: Path) -> str:
    """The digest of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def about(path: Path, sheet: str) -> dict[str, Any]:
    """``sheet``: the worksheet that will be read; ``left``: the others with rows; ``rows``: its height; ``merged``: its ranges."""
    with _child(path, sheet, rows=False) as lines:
        return _message(next(lines, ""))


def read(path: Path, sheet: str) -> Iterator[Row]:
    """The rows of a worksheet from the first on, blank ones included."""
    with _child(path, sheet, rows=True) as lines:
        _message(next(lines, ""))
        number = 0
        for line in lines:
            for cells in json.loads(line):
                number += 1
                yield Row(number, number, tuple(_cell(cell) for cell in cells))


def _message(line: str) -> dict[str, Any]:
    if not line:
        raise SheetError(_DIED)
    message: dict[str, Any] = json.loads(line)
    if "error" in message:
        raise SheetError(_SENTENCES[message["error"]])
    return message


def _cell(raw: Any) -> Cell:
    if isinstance(raw, dict):
        return datetime.fromisoformat(raw["at"])
    cell: Cell = raw
    return cell


@contextmanager
def _child(path: Path, sheet: str, *, rows: bool) -> Iterator[Iterator[str]]:
    """The child's lines; it is killed when time runs out or nobody reads on."""
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("child.py")),
        str(path),
        sheet,
        str(int(rows)),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ.get("PATH", "")},
    )
    assert process.stdout is not None
    whole = False
    try:
        yield _lines(process, process.stdout)
        whole = True
    finally:
        process.stdout.close()
        if not whole:
            process.kill()
        process.wait()


def _lines(process: subprocess.Popen[str], out: IO[str]) -> Iterator[str]:
    """Lines until the child ends by itself; raises ``SheetError`` when it was killed or broke off.

    The clock runs only while we wait for the child, so a slow reader does not get it killed.
    """
    while True:
        alarm = threading.Timer(SECONDS, process.kill)
        alarm.start()
        try:
            line = out.readline()
        finally:
            alarm.cancel()
        if not line:
            break
        yield line
    if process.wait() != 0:
        raise SheetError(_DIED)
