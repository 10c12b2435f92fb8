"""Open anybody's yearly report by what the file is; several files and folders at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from qianshao.kernel.words import say

from . import read_docx, read_html, read_json, read_xlsx
from .grids import assemble
from .model import Report, Unreadable

MOST_BYTES = 64 * 2**20
SUFFIXES = (".docx", ".html", ".htm", ".xlsx", ".xls", ".json")
_OLE = b"\xd0\xcf\x11\xe0"


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those of the named folders (not below them) that could be reports, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                each
                for each in path.iterdir()
                if each.suffix.lower() in SUFFIXES
                and each.is_file()
                and not each.name.startswith((".", "~$"))
            )
        else:
            yield path


def reports_in(path: Path) -> list[Report]:
    """The reports in one file, mostly one; raises ``Unreadable`` with a sentence that names the mend."""
    name = path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(say("{file} 超过 {n} MB，没有读取。", file=name, n=MOST_BYTES // 2**20))
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(say("无法打开文件 {file}：{why}", file=name, why=error.strerror or "")) from error
    found = _by_content(path, data)
    if not found:
        raise Unreadable(
            say("{file} 里没有找到年度报告的表格（第二、三、四部分），请确认是年度报告全文。", file=name)
        )
    for report in found:
        _fill_from_name(report, path)
    return found


def _by_content(path: Path, data: bytes) -> list[Report]:
    name = path.name
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise Unreadable(say("{file} 是空文件。", file=name))
    if data.startswith(b"PK\x03\x04"):
        if b"word/document.xml" in data:
            return assemble(read_docx.blocks_in(data, name), name)
        return assemble(read_xlsx.blocks_in(path), name)
    if data.startswith(_OLE):
        if path.suffix.lower() == ".xls":
            return assemble(read_xlsx.blocks_in(path), name)
        raise Unreadable(say("{file} 是旧版或加密的 Office 文件，请另存为 .docx 或 .xlsx。", file=name))
    if head[:1] in b"{[":
        return read_json.reports_in(data, name)
    if path.suffix.lower() == ".json":
        return read_json.reports_in(data, name)
    if re.search(rb"<\s*(?:!doctype|html|head|body|table|div|p|meta|h\d)\b", head, re.IGNORECASE) or (
        path.suffix.lower() in (".html", ".htm")
    ):
        return assemble(read_html.blocks_in(data), name)
    raise Unreadable(say("{file} 不是 .docx、.html、.xlsx 或 .json，读不了。", file=name))


def _fill_from_name(report: Report, path: Path) -> None:
    """What the document does not say of itself, its name may: 刺桐市教育局2023年….docx."""
    if report.year is None and (year := re.search(r"(?<!\d)20\d\d(?!\d)", path.stem)):
        report.year = int(year.group())
    if not report.body:
        named = re.sub(
            r"(?<!\d)20\d\d(?!\d)年?度?|政府信息公开|政务公开|信息公开|工作|年度|报告|年报|[\s_\-—.]+",
            "",
            path.stem,
        )
        report.body = named if re.search(r"[\u4e00-\u9fff]{2}", named) else ""
