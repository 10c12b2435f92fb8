"""Tables as offices hand them in, made on the spot: invented letters, workbooks, broken files."""

from __future__ import annotations

import csv
import struct
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = ("留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
# Two in time, one late by 4 working days, one open since long ago. 2025: 28 September is worked, 1-8 October are off, 11 October is worked.
LETTERS = (
    ("1", "路灯不亮", "2025-09-22 08:30:00", "门口路灯坏了三天", "已修复", "2025-09-23 17:00:00"),
    ("2", "井盖松动", "2025-09-25 10:00:00", "走过去会响", "已更换", "2025-10-09 09:00:00"),
    ("3", "噪音扰民", "2025-09-25 10:00:00", "半夜还在施工", "已责令停工", "2025-10-14 09:00:00"),
    ("4", "公交绕行", "2025-10-10 10:00:00", "站台没有告示", "", ""),
)


def write_csv(
    path: Path,
    rows: Sequence[Sequence[str]] = LETTERS,
    header: Sequence[str] = HEADER,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:
    """A delimited text."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]], *, row: int = 0, column: int = 0) -> Path:
    """A workbook of one worksheet whose first cell lies at ``row`` and ``column``; text stays text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("工单")
    dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for down, cells in enumerate(rows, row):
        for right, cell in enumerate(cells, column):
            if isinstance(cell, datetime):
                page.write_datetime(down, right, cell, dated)
            elif isinstance(cell, str) and cell:
                page.write_string(down, right, cell)
            elif cell not in (None, ""):
                page.write(down, right, cell)
    book.close()
    return path


def write_locked(path: Path) -> Path:
    """What a workbook with an opening password is: an OLE file with an ``EncryptedPackage`` ([MS-OFFCRYPTO] 2.3)."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    head += (
        bytes(6)
        + struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
        + struct.pack("<108I", *[free] * 108)
    )

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        written = name.encode("utf-16-le")
        raw = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
        return raw + struct.pack("<3I", free, right, child) + bytes(36) + struct.pack("<IQ", start, size)

    chains = [fat, end, *range(3, 10), end, *range(11, 18), end]
    table = struct.pack("<128I", *chains, *[free] * (128 - len(chains)))
    folder = (
        entry("Root Entry", 5, 1, free, end, 0)
        + entry("EncryptionInfo", 2, free, 2, 2, 4096)
        + entry("EncryptedPackage", 2, free, free, 10, 4096)
        + bytes(128)
    )
    path.write_bytes(head + table + folder + bytes(8192))
    return path
