"""The two sheets a city begins with: what stands in them, how they are read, and the blank ones to fill in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.imports.runs import Fault
from qianshao.core.onboarding.services import Issued
from qianshao.core.org import imports, units
from qianshao.core.org.imports import Numbered, Preview
from qianshao.core.org.models import Unit
from qianshao.kit.sheets.header import letter, plain
from qianshao.kit.sheets.model import Sheet, SheetError
from qianshao.kit.sheets.opening import open_sheet
from qianshao.site.views.people import KINDS

_CITY = "city"  # stands in the examples for the code of the city itself
_BATCH = 100  # rows in one transaction
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Spec:
    """One of the sheets: its columns, what each asks for, two example rows, how it is read and written."""

    key: str
    title: str
    needed: tuple[str, ...]
    more: tuple[str, ...]
    hints: Mapping[str, str]
    examples: tuple[tuple[str, ...], ...]
    read: Callable[[Iterable[Numbered]], Preview[Any]]
    write: Callable[..., int]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, in the order of the blank sheet."""
        return (*self.needed, *self.more)

    def preview(self, sheet: Sheet) -> Preview[Any]:
        """What the sheet would do; raises ``BadSheet`` or ``SheetError``."""
        return self.read(_rows(sheet))


def _rows(sheet: Sheet) -> Iterator[Numbered]:
    yield sheet.header_row, sheet.header
    for row in sheet.read():
        if row.problem is not None:
            raise SheetError(row.problem)
        yield row.number, row.cells


UNITS = Spec(
    key="units",
    title=gettext_noop("单位表"),
    needed=imports.UNIT_COLUMNS,
    more=imports.UNIT_MORE,
    hints={
        "编码": gettext_noop("每个单位一个，定了不再改；只用字母、数字、点、横线、下划线"),
        "名称": gettext_noop("现在的全称"),
        "简称": gettext_noop("表格里显示的名称，留空则用全称"),
        "类别": "、".join(KINDS.values()),
        "上级编码": gettext_noop("上级单位的编码；上级排在下级前面；只有市本身没有上级"),
        "起始日期": gettext_noop("单位成立的日期；不清楚的，写一个早于系统里全部事项的日期"),
        "排序": gettext_noop("整数，小的在前"),
        "曾用名": gettext_noop("如：规划局（至2019-01-15）；几个之间用分号，最早的在前"),
    },
    examples=(
        ("office", "市政府办公室", "政府办", "政府办公室", _CITY, "2000-01-01", "10", ""),
        (
            "bureau-1",
            "自然资源和规划局",
            "资规局",
            "市直部门",
            _CITY,
            "2000-01-01",
            "20",
            "规划局（至2019-01-15）",
        ),
    ),
    read=lambda rows: imports.preview_units(rows, KINDS, timezone.localdate()),
    write=imports.add_units,
)
PEOPLE = Spec(
    key="people",
    title=gettext_noop("人员表"),
    needed=imports.PEOPLE_COLUMNS,
    more=imports.PEOPLE_MORE,
    hints={
        "姓名": gettext_noop("一人任几个职务的，写几行，登录名相同"),
        "单位": gettext_noop("全称、简称、曾用名或编码"),
        "职务": gettext_noop("如：科长、热线联络员"),
        "起始日期": gettext_noop("任职的第一天"),
        "截止日期": gettext_noop("不再任职的第一天；仍在任的留空"),
        "登录名": gettext_noop("要登录的人才填；字母、数字、点、横线、下划线；不要写密码"),
        "角色": gettext_noop("在本单位及下属的角色，几个之间用顿号；由安全管理员确认后生效"),
        "角色截止": gettext_noop("角色到期的日期；长期的留空"),
    },
    examples=(("示例人", "政府办", "科长", "2024-01-01", "", "shili", "督查员", ""),),
    read=lambda rows: imports.preview_people(rows, registry.roles()),
    write=imports.add_people,
)
SPECS = (UNITS, PEOPLE)


def spec_of(key: str) -> Spec:
    """The sheet of this key; raises ``LookupError``."""
    for spec in SPECS:
        if spec.key == key:
            return spec
    raise LookupError(key)


def opened(spec: Spec, path: Path, name: str = "") -> Sheet:
    """A file as this sort of sheet; raises ``SheetError``."""
    wanted = {plain(column) for column in spec.columns}
    return open_sheet(path, known=lambda title: plain(title) in wanted, name=name)


def faults_of(preview: Preview[Any], sheet: Sheet) -> list[Fault]:
    """The faulty rows with their cells by letter, one fault a row, in the sheet's order."""
    letters = {plain(name): letter(place) for place, name in enumerate(sheet.header)}
    by_row: dict[int, list[imports.Problem]] = {}
    for problem in preview.problems:
        by_row.setdefault(problem.row, []).append(problem)
    return [
        Fault(
            row,
            found[0].words,
            found[0].mend,
            tuple(dict.fromkeys(letters[item.column] for item in found if item.column in letters)),
        )
        for row, found in sorted(by_row.items())
    ]


def add(
    spec: Spec,
    preview: Preview[Any],
    *,
    actor: Actor,
    clock: Callable[[], datetime],
    beat: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the new rows batch by batch; killed between two, the sheet read again goes on where it stopped."""
    done, total = 0, len(preview.new)
    for start in range(0, total, _BATCH):
        beat(done, total)
        done += spec.write(preview.new[start : start + _BATCH], actor=actor, now=clock())
        units.forget()
    return done


def template(spec: Spec) -> bytes:
    """The blank sheet: the header, and a second page that says what each column asks for."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _SAFE)
    bold = book.add_format({"bold": True, "bg_color": "#e9f0f9", "text_wrap": True, "valign": "top"})
    plain_text = book.add_format({"num_format": "@"})
    page = book.add_worksheet(_(spec.title))
    page.set_column(0, len(spec.columns) - 1, 18, plain_text)
    page.freeze_panes(1, 0)
    for place, column in enumerate(spec.columns):
        page.write_string(0, place, column, bold)
    told = book.add_worksheet(_("填写说明"))
    told.set_column(0, 1, 12)
    told.set_column(2, 2, 70)
    for place, title in enumerate((_("列"), _("是否必填"), _("怎样填"))):
        told.write_string(0, place, title, bold)
    for line, column in enumerate(spec.columns, 1):
        told.write_string(line, 0, column)
        told.write_string(line, 1, _("必填") if column in spec.needed else _("可不填"))
        told.write_string(line, 2, _(spec.hints[column]))
    start = len(spec.columns) + 3
    told.write_string(start - 1, 0, _("示例"), bold)
    top = Unit.objects.filter(parent=None).values_list("code", flat=True).first() or _CITY
    for line, row in enumerate((spec.columns, *spec.examples)):
        for place, cell in enumerate(row):
            told.write_string(start + line, place, top if cell == _CITY else cell)
    book.close()
    return file.getvalue()


def codes(issued: Sequence[Issued]) -> bytes:
    """The one-time sign-in codes as a sheet, to be cut into strips and handed over."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _SAFE)
    page = book.add_worksheet(_("登录码"))
    bold = book.add_format({"bold": True})
    page.set_column(0, 3, 24)
    for place, title in enumerate(
        (_("单位"), _("姓名"), _("登录名"), _("一次性登录码（七天内有效，首次登录须更换）"))
    ):
        page.write_string(0, place, title, bold)
    for line, row in enumerate(issued, 1):
        for place, cell in enumerate((row.unit, row.name, row.login, row.password)):
            page.write_string(line, place, cell)
    book.close()
    return file.getvalue()
