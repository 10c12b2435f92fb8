"""Tables of messages in and tables of answers out, as the analysing commands of the hotline share them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from qianshao.kit.export import Cell as OutCell
from qianshao.kit.export import plain as written
from qianshao.kit.export import workbook
from qianshao.kit.imports import cells
from qianshao.kit.imports.cells import BadCell
from qianshao.kit.replacing import replacing
from qianshao.kit.sheets import header
from qianshao.kit.sheets.model import Cell, Row, Sheet, SheetError, text_of
from qianshao.kit.sheets.opening import open_sheet
from qianshao.kit.telling import sentence

from .saying import CommandError, confirm, say

# What other exports call our columns; used only after asking, or with --yes.
_ALSO = {
    "message_id": ("编号", "留言编号", "工单编号", "信件编号", "诉求编号"),
    "title": ("标题", "留言主题", "主题", "诉求标题"),
    "body": ("内容", "正文", "留言详情", "留言内容", "诉求内容"),
    "sent_at": ("时间", "留言时间", "发送时间", "受理时间", "来电时间"),
    "reply": ("答复", "答复意见", "回复", "回复内容", "办理结果"),
}
_NAMED = 5
_LONGEST = 4 * 2**20  # characters of a cell: a long letter is one, of which the first thousands are read


@dataclass(frozen=True)
class Line:
    """A row by our names of its columns; ``number`` is what a spreadsheet program shows beside it."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """A cell's words."""
        return text_of(self.cells.get(name))


def read(file: Path, needed: Sequence[str], also: Sequence[str] = (), *, yes: bool) -> list[Line]:
    """All rows of a table with these columns, the ``also`` ones where there are; raises ``CommandError``.

    ``message_id`` must stand in every row, and once.
    """
    sheet = _opened(file, [*needed, *also])
    places = _places(sheet, needed, also, yes)
    try:
        lines = [_line(sheet, row, places) for row in sheet.read()]
    except SheetError as error:
        raise CommandError(f"{sheet.file}：{sentence(error.words)}") from error
    if not lines:
        raise CommandError(_("{file} 的表头下面没有内容。").format(file=sheet.file))
    _numbered(sheet.file, lines)
    return lines


def moments(lines: Iterable[Line], *, needed: bool = True) -> list[datetime | None]:
    """When each message was sent; an empty or unreadable time is unknown and told on standard error.

    Raises ``CommandError`` when no time can be read at all and some are ``needed``.
    """
    found: list[datetime | None] = []
    bad: list[int] = []
    for line in lines:
        try:
            moment = cells.moment(line.cells.get("sent_at"), "sent_at")
        except BadCell:
            moment = None
        if moment is None:
            bad.append(line.number)
        found.append(moment)
    if bad and len(bad) == len(found):
        if needed:
            raise CommandError(_("sent_at 一列没有一个可读的时间；请写成 2019-01-06 12:09:38 这样。"))
        say(_("没有一个可读的时间（sent_at），全部按时间不明处理。"))
    elif bad:
        rows = "、".join(map(str, bad[:_NAMED])) + ("……" if len(bad) > _NAMED else "")
        say(
            _("有 {n} 行的时间为空或无法读出（第 {rows} 行），按时间不明处理。").format(n=len(bad), rows=rows)
        )
    return found


def write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[OutCell]]) -> None:
    """The table in one piece: either the whole new file stands there or what stood there before.

    UTF-8 without a mark, or Excel where the name ends with .xlsx; no cell can start a formula.
    """

    try:
        with replacing(path) as half:
            if path.suffix.lower() == ".xlsx":
                with workbook(path.stem, heading, rows) as book:
                    half.write_bytes(book.read())
                return
            with half.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(heading)
                writer.writerows([written(cell) for cell in row] for row in rows)
    except OSError as error:
        raise CommandError(
            _("写不了 {file}：请换一个可以写的文件夹，或先关闭打开它的程序。").format(file=path)
        ) from error


def writable(path: Path, *others: Path) -> None:
    """Refuse now what would fail after the work; raises ``CommandError``."""
    if any(path.resolve() == other.resolve() for other in others):
        raise CommandError(_("{file} 已用作另一个文件，请另取一个文件名。").format(file=path))
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise CommandError(
            _("写不了 {file}：请换一个可以写的文件夹，或先关闭打开它的程序。").format(file=path)
        )


def _opened(file: Path, columns: Sequence[str]) -> Sheet:
    if not file.is_file():
        raise CommandError(
            _("“{file}”是文件夹，请指明里面的文件。").format(file=file)
            if file.is_dir()
            else _("没有“{file}”这个文件，请核对路径。").format(file=file)
        )
    known = {header.plain(name) for column in columns for name in (column, *_ALSO.get(column, ()))}
    try:
        return open_sheet(file, known=lambda name: header.plain(name) in known, longest=_LONGEST)
    except SheetError as error:
        raise CommandError(f"{file.name}：{sentence(error.words)}") from error


def _places(sheet: Sheet, needed: Sequence[str], also: Sequence[str], yes: bool) -> dict[str, int]:
    """Where each column stands; other names than ours are asked about."""
    plain = [header.plain(name) for name in sheet.header]
    places: dict[str, int] = {}
    guessed: dict[str, str] = {}
    for column in (*needed, *also):
        if header.plain(column) in plain:
            places[column] = plain.index(header.plain(column))
            continue
        for name in _ALSO.get(column, ()):
            if name in plain:
                places[column] = plain.index(name)
                guessed[column] = sheet.header[places[column]]
                break
    missing = [column for column in needed if column not in places]
    if missing:
        raise CommandError(
            _("{file} 缺少 {columns} 列；表头须有 {needed}。").format(
                file=sheet.file, columns="、".join(missing), needed="、".join(needed)
            )
        )
    if guessed:
        told = "、".join(f"{name} → {column}" for column, name in guessed.items())
        say(_("列的对应：{columns}").format(columns=told))
        confirm(_("这样对应吗？"), yes)
    return places


def _line(sheet: Sheet, row: Row, places: Mapping[str, int]) -> Line:
    if row.problem is not None:
        raise CommandError(
            _("{file} 第 {row} 行：{problem}").format(
                file=sheet.file, row=row.number, problem=sentence(row.problem)
            )
        )
    return Line(
        row.number,
        {column: row.cells[at] if at < len(row.cells) else None for column, at in places.items()},
    )


def _numbered(file: str, lines: Sequence[Line]) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        try:
            key = cells.number(line.cells["message_id"], "message_id")
        except BadCell as error:
            raise CommandError(
                _("{file} 第 {row} 行：{problem}").format(
                    file=file, row=line.number, problem=sentence(error.problem)
                )
            ) from error
        if not key:
            raise CommandError(_("{file} 第 {row} 行没有 message_id。").format(file=file, row=line.number))
        if key in seen:
            raise CommandError(
                _("{file} 第 {row} 行的 message_id 与第 {first} 行相同；每条信件须有自己的编号。").format(
                    file=file, row=line.number, first=seen[key]
                )
            )
        seen[key] = line.number
