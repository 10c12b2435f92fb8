"""Last year's numbers from a spreadsheet, so that "only falls" has something to fall against in a city's first year.

One row a unit, one column a meter; an empty cell says nothing, a 0 says that there was none. Read twice, a sheet changes
nothing the second time; a corrected one corrects what it said before, and both stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from qianshao.core.accounts.actor import Actor
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org import names
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.meter import Meter, period_of, standing
from qianshao.kernel.words import Words, say
from qianshao.kit.sheets.header import plain
from qianshao.kit.sheets.model import Cell, text_of
from qianshao.kit.sheets.opening import open_sheet

from .meters import METERS

UNIT, YEAR = "单位", "年度"
_ALSO = {"单位名称": UNIT, "单位编码": UNIT, "名称": UNIT, "年份": YEAR}
_MOST = 100_000
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A number to be taken over: what stands now, if anything, and what the sheet says."""

    row: int
    unit: str
    name: str
    meter: str
    year: int
    before: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a cell; ``row`` as the spreadsheet counts, 0 for the sheet as a whole."""

    row: int
    column: str
    words: Words


@dataclass(slots=True)
class Preview:
    """What a sheet would do; ``same`` numbers stand already."""

    new: list[Taken] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


def columns() -> dict[str, Meter]:
    """The columns of numbers: the meters by their titles."""
    return {meter.title: meter for meter in METERS}


def rows_of(path: Path, name: str = "") -> Iterator[tuple[int, Sequence[Cell]]]:
    """Header and rows with their numbers; raises ``SheetError``."""
    known = {plain(column) for column in (UNIT, YEAR, *_ALSO, *columns())}
    sheet = open_sheet(path, known=lambda cell: plain(cell) in known, name=name)
    yield sheet.header_row, sheet.header
    for row in sheet.read():
        yield row.number, row.cells


def preview(rows: Iterable[tuple[int, Sequence[Cell]]], now: datetime) -> Preview:
    """Hold a sheet against what stands; nothing is written."""
    found = Preview()
    numbered = iter(rows)
    header_row, header = next(numbered)
    titles = {plain(_ALSO.get(text_of(cell), text_of(cell))): place for place, cell in enumerate(header)}
    wanted = {
        meter.key: (title, titles[plain(title)])
        for title, meter in columns().items()
        if plain(title) in titles
    }
    if plain(UNIT) not in titles or not wanted:
        words = say("表头要有“单位”，以及至少一列：{columns}", columns="、".join(columns()))
        found.problems.append(Problem(header_row, "", words))
        return found
    this_year = now.astimezone(SHANGHAI).year
    units = names.load()
    seen: dict[tuple[str, str, int], int] = {}
    for number, row in numbered:
        if number > header_row + MOST_ROWS:
            found.problems.append(Problem(number, "", say("一次最多 {n} 行，请分次导入", n=MOST_ROWS)))
            break
        unit = _unit(found, number, _cell(row, titles[plain(UNIT)]), units, now.astimezone(SHANGHAI).date())
        year = _year(found, number, _cell(row, titles.get(plain(YEAR), -1)), this_year)
        if unit is None or year is None:
            continue
        for key, (title, place) in wanted.items():
            written = _cell(row, place)
            if not written:
                continue
            if not written.isascii() or not written.isdecimal() or int(written) > _MOST:
                words = say("“{cell}”不是 0 到 {most} 的整数", cell=written[:20], most=_MOST)
                found.problems.append(Problem(number, title, words))
                continue
            first = seen.setdefault((unit.code, key, year), number)
            if first != number:
                words = say("与第 {row} 行是同一单位、同一年度", row=first)
                found.problems.append(Problem(number, title, words))
                continue
            _hold(found, number, title, unit, key, year, int(written))
    return found


def _cell(row: Sequence[Cell], place: int) -> str:
    return text_of(row[place]).strip() if 0 <= place < len(row) else ""


def _unit(found: Preview, number: int, written: str, units: names.Names, on: date) -> Unit | None:
    if not written:
        found.problems.append(Problem(number, UNIT, say("没有写单位")))
        return None
    try:
        return units.resolve(written, on).unit
    except (names.UnknownName, names.AmbiguousName) as error:
        found.problems.append(Problem(number, UNIT, say("{why}", why=str(error))))
        return None


def _year(found: Preview, number: int, written: str, this_year: int) -> int | None:
    """The year of a row; without one, last year."""
    if not written:
        return this_year - 1
    digits = written.removesuffix("年").removesuffix("年度")
    if not (digits.isascii() and digits.isdecimal()) or not this_year - 10 <= int(digits) < this_year:
        words = say("“{cell}”不是已经过去的年度", cell=written[:20])
        found.problems.append(Problem(number, YEAR, words))
        return None
    return int(digits)


def _hold(found: Preview, number: int, title: str, unit: Unit, key: str, year: int, amount: int) -> None:
    meter = meters.meter_of(key)
    streams = dict(Drawn.objects.filter(meter=key, unit=unit).values_list("number", "stream"))
    counted = [
        draw for draw in standing(meters.draws(key, unit)) if period_of(meter.span, draw.at) == str(year)
    ]
    own = sum(bool(streams[draw.number]) for draw in counted)
    if own:
        words = say("系统里已有 {year} 年的 {n} 笔记录，不能用表格代替", year=year, n=own)
        found.problems.append(Problem(number, title, words))
        return
    before = sum(draw.amount for draw in counted) if counted else None
    if (before or 0) == amount:
        found.same += 1
        return
    found.new.append(Taken(number, unit.code, unit.name, key, year, before, amount))


@transaction.atomic
def take_over(taken: Sequence[Taken], *, actor: Actor, now: datetime) -> int:
    """Write what a preview found, all of it or nothing; how many numbers changed."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={one.unit for one in taken})}
    done = 0
    for one in taken:
        drawn = meters.carry(one.meter, units[one.unit], str(one.year), one.amount, actor=actor, now=now)
        done += drawn is not None or one.amount == 0
    return done
