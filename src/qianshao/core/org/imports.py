"""Units and people from a spreadsheet: a preview with every error by row and column, then all or nothing.

The rows come from whoever reads the file: its number in the sheet and its cells (text, numbers or dates),
the header first. A sheet read twice changes nothing the second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.kernel.words import Words, say

from . import names, services
from .models import Holding, Person, Post, Unit

Cell = Any
Numbered = tuple[int, Sequence[Cell]]
T = TypeVar("T")
UNIT_COLUMNS = ("编码", "名称", "简称", "类别", "上级编码", "起始日期", "排序")
PEOPLE_COLUMNS = ("姓名", "单位", "职务", "起始日期")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class BadSheet(ValueError):
    """The sheet lacks a column, or still has rows with problems."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; ``row`` as the spreadsheet counts."""

    row: int
    column: str
    words: Words


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added; ``parent`` is a code, empty for the top."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    since: date
    order: int


@dataclass(frozen=True, slots=True)
class NewHolding:
    """A person to hold a post in a unit."""

    name: str
    unit: Unit
    title: str
    since: date


@dataclass(slots=True)
class Preview(Generic[T]):
    """What a sheet would do; ``same`` rows are recorded already."""

    new: list[T] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    def ready(self) -> None:
        """Raise ``BadSheet`` while a problem is left."""
        if self.problems:
            raise BadSheet(_("还有 {n} 处错误，请改正后重新导入。").format(n=len(self.problems)))


def preview_units(rows: Iterable[Numbered], kinds: Mapping[str, str]) -> Preview[NewUnit]:
    """Read a sheet of units. ``kinds`` maps a unit's kind to its Chinese title; either may stand in the cell.

    A unit may stand above a later row of the same sheet. Raises ``BadSheet`` for a missing column.
    """
    preview: Preview[NewUnit] = Preview()
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    coming: dict[str, int] = {}
    titles = {title: key for key, title in kinds.items()} | {key: key for key in kinds}
    for number, row in _rows(rows, UNIT_COLUMNS):
        reader = _Reader(number, row, preview.problems)
        unit = NewUnit(
            code=reader.text("编码"),
            name=reader.text("名称"),
            short=reader.text("简称", required=False),
            kind=titles.get(reader.text("类别"), ""),
            parent=reader.text("上级编码", required=False),
            since=reader.day("起始日期"),
            order=reader.number("排序"),
        )
        if reader.text("类别") and not unit.kind:
            reader.wrong("类别", say("类别应为：{kinds}", kinds="、".join(kinds.values())))
        if unit.parent and unit.parent not in known and unit.parent not in coming:
            reader.wrong("上级编码", say("没有编码为 {code} 的单位，上级单位应排在前面", code=unit.parent))
        if unit.code in coming:
            reader.wrong("编码", say("编码 {code} 与第 {row} 行重复", code=unit.code, row=coming[unit.code]))
        there = known.get(unit.code)
        coming[unit.code] = number
        if there is None:
            preview.new.append(unit)
        elif there.name == unit.name and (there.parent.code if there.parent else "") == unit.parent:
            preview.same += 1
        else:
            reader.wrong(
                "编码", say("编码 {code} 已是“{name}”，更名或调整请单独办理", code=unit.code, name=there.name)
            )
    return preview


@transaction.atomic
def add_units(preview: Preview[NewUnit], *, actor: Actor, now: datetime) -> int:
    """Add the units of a preview without problems; how many there were."""
    preview.ready()
    for row in preview.new:
        services.add_unit(
            code=row.code,
            name=row.name,
            short=row.short or row.name[:40],
            kind=row.kind,
            parent=Unit.objects.get(code=row.parent) if row.parent else None,
            since=row.since,
            order=row.order,
            actor=actor,
            now=now,
        )
    return len(preview.new)


def preview_people(rows: Iterable[Numbered]) -> Preview[NewHolding]:
    """Read a sheet of people and their posts. The same name in the same post is the same person."""
    preview: Preview[NewHolding] = Preview()
    known = names.load()
    held = set(
        Holding.objects.filter(valid_to=None).values_list("person__name", "post__unit_id", "post__title")
    )
    seen: dict[tuple[str, int, str], int] = {}
    for number, row in _rows(rows, PEOPLE_COLUMNS):
        reader = _Reader(number, row, preview.problems)
        name, title, since = reader.text("姓名"), reader.text("职务"), reader.day("起始日期")
        unit = _unit(reader, known, since)
        if unit is None:
            continue
        key = (name, unit.pk, title)
        if key in seen:
            reader.wrong("姓名", say("与第 {row} 行重复", row=seen[key]))
        seen.setdefault(key, number)
        if key in held:
            preview.same += 1
        else:
            preview.new.append(NewHolding(name, unit, title, since))
    return preview


def _unit(reader: _Reader, known: names.Names, since: date) -> Unit | None:
    written = reader.text("单位")
    if not written:
        return None
    try:
        return known.resolve(written, since).unit
    except names.AmbiguousName as error:
        reader.wrong(
            "单位", say("“{name}”可能指：{candidates}", name=written, candidates="、".join(error.candidates))
        )
    except names.UnknownName:
        reader.wrong("单位", say("没有叫“{name}”的单位", name=written))
    return None


@transaction.atomic
def add_people(preview: Preview[NewHolding], *, actor: Actor, now: datetime) -> int:
    """Add the people of a preview without problems, each to a post of their own; how many there were."""
    preview.ready()
    for row in preview.new:
        post = _free_post(row) or services.add_post(unit=row.unit, title=row.title, actor=actor, now=now)
        person = Person.objects.create(name=row.name)
        services.hold_post(person=person, post=post, since=row.since, actor=actor, now=now)
    return len(preview.new)


def _free_post(row: NewHolding) -> Post | None:
    busy = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=row.since)).values("post_id")
    return Post.objects.filter(unit=row.unit, title=row.title).exclude(pk__in=busy).order_by("id").first()


def _rows(rows: Iterable[Numbered], columns: Sequence[str]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Rows by column title with their number; empty rows are passed over."""
    source = iter(rows)
    header = [names.plain(str(cell)) for cell in next(source, (1, ()))[1]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadSheet(_("表格缺少列：{columns}。第一行应为列名。").format(columns=_("、").join(missing)))
    for number, row in source:
        if any(str(cell).strip() for cell in row if cell is not None):
            yield number, dict(zip(header, row, strict=False))


class _Reader:
    """One row's cells, each wrong one noted; a wrong cell reads as an empty value."""

    def __init__(self, number: int, row: Mapping[str, Cell], problems: list[Problem]) -> None:
        self._number = number
        self._row = row
        self._problems = problems

    def wrong(self, column: str, words: Words) -> None:
        self._problems.append(Problem(self._number, column, words))

    def text(self, column: str, *, required: bool = True) -> str:
        cell = self._row.get(column)
        # Spreadsheets turn codes into numbers: 101 comes as 101.0.
        value = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()
        if required and not value:
            self.wrong(column, say("“{column}”不能为空", column=column))
        return value

    def day(self, column: str) -> date:
        cell = self._row.get(column)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        found = _DAY.match(str(cell or "").strip())
        try:
            if found:
                year, month, day = map(int, found.groups())
                return date(year, month, day)
        except ValueError:
            pass
        self.wrong(column, say("“{value}”不是日期，请写成 2025-01-01", value=str(cell or "")))
        return date.min

    def number(self, column: str) -> int:
        value = self.text(column)
        if value and not value.isdecimal():
            self.wrong(column, say("“{value}”不是整数", value=value))
        return int(value) if value.isdecimal() else 0
