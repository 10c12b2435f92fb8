"""A sheet of units, the upper ones first, each with the names it bore before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianshao.core.accounts.actor import Actor
from qianshao.core.org import services
from qianshao.core.org.models import Unit
from qianshao.kernel.words import say

from .sheet import Numbered, Preview, Reader, day_of, rows_of

UNIT_COLUMNS = ("编码", "名称", "简称", "类别", "上级编码", "起始日期", "排序")
UNIT_MORE = ("曾用名",)
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_OLD = re.compile(r"^(.+?)[（(]\s*至\s*(.+?)\s*[)）]$")
_PATH = 200  # characters all codes from the top may have together


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added; ``parent`` is a code, empty for the top; ``old`` are names with the day they ended."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    since: date
    order: int
    old: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class _Above:
    """What has to be known of a unit that others stand under."""

    since: date
    until: date | None
    path: int


def preview_units(rows: Iterable[Numbered], kinds: Mapping[str, str], today: date) -> Preview[NewUnit]:
    """Read a sheet of units. ``kinds`` maps a unit's kind to its Chinese title; either may stand in the cell.

    A unit may stand above a later row of the same sheet. Raises ``BadSheet`` for a missing column.
    """
    preview: Preview[NewUnit] = Preview()
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    above = {unit.code: _Above(unit.valid_from, unit.valid_to, len(unit.path)) for unit in known.values()}
    seen: dict[str, int] = {}
    faulty: dict[str, int] = {}
    titles = {title: key for key, title in kinds.items()} | {key: key for key in kinds}
    for number, row in rows_of(rows, UNIT_COLUMNS):
        reader = Reader(number, row, preview.problems)
        unit = _read(reader, titles, kinds, today)
        _check_place(reader, unit, above, faulty)
        if unit.code in seen:
            reader.wrong(
                "编码",
                say("编码 {code} 与第 {row} 行重复", code=unit.code, row=seen[unit.code]),
                say("每个单位一个编码，请改用没有用过的编码"),
            )
        there = known.get(unit.code)
        if there is not None and not _same(there, unit):
            reader.wrong(
                "编码",
                say("编码 {code} 已是“{name}”", code=unit.code, name=there.name),
                say("更名或调整请在“单位变更”页单独办理；新单位请另取编码"),
            )
        seen.setdefault(unit.code, number)
        if not reader.sound:
            faulty.setdefault(unit.code, number)
        elif there is not None:
            preview.same += 1
        else:
            faulty.pop(unit.code, None)
            top = above.get(unit.parent)
            above[unit.code] = _Above(unit.since, None, (top.path if top else 1) + len(unit.code) + 1)
            preview.new.append(unit)
    return preview


def _read(reader: Reader, titles: Mapping[str, str], kinds: Mapping[str, str], today: date) -> NewUnit:
    code = reader.text("编码", most=40)
    if code and not _CODE.fullmatch(code):
        reader.wrong(
            "编码",
            say("编码“{code}”里有不能用的字符", code=code),
            say("编码只用字母、数字、点、横线和下划线，最多 40 个"),
        )
    name = reader.text("名称")
    kind = titles.get(reader.text("类别"), "")
    if reader.text("类别", required=False) and not kind:
        reader.wrong(
            "类别",
            say("没有“{kind}”这个类别", kind=reader.text("类别", required=False)),
            say("类别应为：{kinds}", kinds="、".join(kinds.values())),
        )
    since = reader.day("起始日期")
    return NewUnit(
        code=code,
        name=name,
        short=reader.text("简称", required=False, most=40) or name[:40],
        kind=kind,
        parent=reader.text("上级编码", required=False),
        since=since,
        order=reader.number("排序"),
        old=_old_names(reader, since, today),
    )


def _old_names(reader: Reader, since: date, today: date) -> tuple[tuple[str, date], ...]:
    """``旧名（至2019-01-15）；…``: names the unit bore until that day, oldest first."""
    found: list[tuple[str, date]] = []
    for part in re.split(r"[；;\n]", reader.text("曾用名", required=False, most=1000)):
        if not part.strip():
            continue
        told = _OLD.match(part.strip())
        until = day_of(told.group(2)) if told else None
        if told is None or until is None or not since < until <= today or len(told.group(1)) > 120:
            reader.wrong(
                "曾用名",
                say("“{value}”不是曾用名", value=part.strip()[:60]),
                say("请写成“旧名（至2019-01-15）”，几个之间用分号；日期晚于起始日期，不晚于今天"),
            )
            continue
        found.append((told.group(1).strip(), until))
    days = [until for _name, until in found]
    if days != sorted(set(days)):
        reader.wrong("曾用名", say("曾用名没有按日期先后排列"), say("请从最早的名称写起，日期不要重复"))
    return tuple(found)


def _check_place(
    reader: Reader, unit: NewUnit, above: Mapping[str, _Above], faulty: Mapping[str, int]
) -> None:
    if not unit.parent:
        if (
            any(top.path == 1 for top in above.values())
            and above.get(unit.code, _Above(date.min, None, 0)).path != 1
        ):
            reader.wrong(
                "上级编码",
                say("“{column}”不能为空", column="上级编码"),
                say("只有市本身没有上级，请填写上级单位的编码"),
            )
        return
    top = above.get(unit.parent)
    if top is None and unit.parent in faulty:
        reader.wrong(
            "上级编码",
            say("上级单位所在的第 {row} 行有错误", row=faulty[unit.parent]),
            say("先改正那一行，这一行会一起通过"),
        )
    elif top is None:
        reader.wrong(
            "上级编码",
            say("没有编码为 {code} 的单位", code=unit.parent),
            say("请核对编码；上级单位应排在下级前面"),
        )
    elif unit.since != date.min and (top.since > unit.since or (top.until and top.until <= unit.since)):
        reader.wrong(
            "起始日期",
            say("上级单位 {code} 在 {day} 并不存在", code=unit.parent, day=unit.since),
            say("请改起始日期，或改上级编码"),
        )
    elif top.path + len(unit.code) + 1 > _PATH:
        reader.wrong("编码", say("从市到本单位的各级编码合计过长"), say("请用短一些的编码"))


def _same(there: Unit, unit: NewUnit) -> bool:
    return there.name == unit.name and (there.parent.code if there.parent else "") == unit.parent


@transaction.atomic
def add_units(rows: Sequence[NewUnit], *, actor: Actor, now: datetime) -> int:
    """Add units, all of them or none; how many there were."""
    for row in rows:
        first = row.old[0][0] if row.old else row.name
        made = services.add_unit(
            code=row.code,
            name=first,
            short=first[:40] if row.old else row.short,
            kind=row.kind,
            parent=Unit.objects.get(code=row.parent) if row.parent else None,
            since=row.since,
            order=row.order,
            actor=actor,
            now=now,
        )
        later = [*(name for name, _until in row.old[1:]), row.name]
        for (_name, until), name in zip(row.old, later, strict=False):
            services.rename_unit(
                unit=made,
                name=name,
                short=row.short if name == row.name else name[:40],
                since=until,
                actor=actor,
                now=now,
            )
    return len(rows)
