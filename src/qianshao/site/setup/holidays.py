"""The State Council's arrangement of a year's holidays, handed in as a sheet by who keeps the rules.

A sheet (or the file of ``qianshao calendar load``) is told back first: the days off and the make-up days by weekday, each
fault by its row, what is known already. Nothing is written before the button; the same arrangement again writes nothing.
The dates of open duties are then worked out anew by a job, in batches, so that a city of many is not one long request.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import notices_of_days, rebuild
from qianshao.core.duties.models import Duty, HolidayNotice
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work
from qianshao.kernel.calendar import Notice, read_year, shipped_years
from qianshao.kernel.calendar_data import Edition, Listed, Year
from qianshao.kit import telling
from qianshao.kit.sheets.header import letter, plain
from qianshao.kit.sheets.model import Cell, SheetError, text_of
from qianshao.kit.sheets.opening import open_sheet

KIND = "holiday-dates"
MOST = 2**20  # bytes; a year's arrangement has thirty rows
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
NAME, WHAT, SINCE, UNTIL = "节日", "安排", "起始日期", "截止日期"
COLUMNS = (NAME, WHAT, SINCE, UNTIL)
OFF, WORK = gettext_noop("放假"), gettext_noop("上班")
EXAMPLE = (
    ("元旦", OFF, "2025-01-01", "2025-01-01"),
    ("春节", OFF, "2025-01-28", "2025-02-04"),
    ("春节", WORK, "2025-01-26", ""),
)
_LONGEST = 31  # days of one stretch; the longest ever, in 2020, was ten
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken: its number as the spreadsheet shows it, its column's letter, what is wrong with it."""

    row: int
    column: str
    words: str


@dataclass
class Told:
    """What a file says: the arrangement where nothing is wrong, else the faults by row."""

    year: Year | None = None
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def days(self) -> list[Listed]:
        """Every day named, in order."""
        return [day for edition in self.year.editions for day in edition.days] if self.year else []

    @property
    def missing(self) -> list[str]:
        """Festivals the arrangement does not name; a whole year names all seven (全国年节及纪念日放假办法第二条)."""
        named = "、".join(day.name for day in self.days)
        return [name for name in FESTIVALS if name.removesuffix("节") not in named]

    @property
    def known(self) -> bool:
        """Whether the very same arrangement is in the calendar."""
        return self.year is not None and any(_said(self.year) == _said(there) for there in _loaded())

    @property
    def body(self) -> str:
        """The arrangement in the form of ``qianshao calendar load``."""
        assert self.year is not None
        return json.dumps(_written(self.year), ensure_ascii=False, indent=1)


def _said(year: Year) -> tuple[object, ...]:
    """What makes two arrangements the same: the year, the notices' names and the days; not how the address was typed."""
    return year.year, tuple((edition.notice.title, edition.days) for edition in year.editions)


def _loaded() -> Iterator[Year]:
    yield from shipped_years()
    for row in HolidayNotice.objects.order_by("id"):
        yield read_year(row.body, str(row.year))


def read(path: Path, name: str, notice: Notice | None) -> Told:
    """A file as it was handed in; ``notice`` is what the form says of a sheet.

    Raises ``SheetError`` where it is no table, ``CalendarInvalid`` where a file of the command is wrong.
    """
    with path.open("rb") as file:
        if file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return Told(read_year(path.read_text("utf-8-sig"), name))
    wanted = {plain(column) for column in COLUMNS}
    sheet = open_sheet(path, known=lambda title: plain(title) in wanted, name=name)
    places = {plain(title): at for at, title in enumerate(sheet.header)}
    told = Told()
    lacking = [column for column in COLUMNS[:3] if plain(column) not in places]
    if lacking:
        told.wrong.append(
            Wrong(sheet.header_row, "", _("缺少列：{names}").format(names=_("、").join(lacking)))
        )
        return told
    days: dict[date, tuple[Listed, int]] = {}
    for row in sheet.read():
        if row.problem is not None:
            raise SheetError(row.problem)
        _row(row.number, row.cells, places, days, told.wrong)
    if not days and not told.wrong:
        told.wrong.append(Wrong(sheet.header_row, "", _("表里没有任何日期。")))
    if days:
        year = max(on.year for on in days)
        for on, (_day, number) in days.items():
            if on.year != year and (on.year, on.month) != (year - 1, 12):
                where = letter(places[plain(SINCE)])
                told.wrong.append(
                    Wrong(
                        number, where, _("{day}不属于{year}年的安排。").format(day=telling.day(on), year=year)
                    )
                )
        if not told.wrong and notice is not None:
            listed = tuple(day for _on, (day, _number) in sorted(days.items()))
            known_from = notice.issued_on or date(year - 1, 12, 31)
            told.year = Year(year, (Edition(notice, known_from, listed),))
    return told


def _row(
    number: int,
    cells: tuple[Cell, ...],
    places: dict[str, int],
    days: dict[date, tuple[Listed, int]],
    wrong: list[Wrong],
) -> None:
    """Take one row's days in, or say what is wrong with it."""

    def cell(column: str) -> Cell:
        at = places.get(plain(column), len(cells))
        return cells[at] if at < len(cells) else None

    def refuse(column: str, words: str) -> None:
        wrong.append(Wrong(number, letter(places[plain(column)]), words))

    name, what = text_of(cell(NAME)), text_of(cell(WHAT))
    if not name or len(name) > 20:
        return refuse(NAME, _("请写节日名称，最多 20 个字。"))
    if what not in (OFF, WORK):
        return refuse(WHAT, _("“{text}”应为“放假”或“上班”。").format(text=what))
    since = _day(cell(SINCE))
    if since is None:
        return refuse(SINCE, _("“{text}”不是日期，应写作 2027-10-01。").format(text=text_of(cell(SINCE))))
    until = _day(cell(UNTIL)) if text_of(cell(UNTIL)) else since
    if until is None:
        return refuse(UNTIL, _("“{text}”不是日期，应写作 2027-10-01。").format(text=text_of(cell(UNTIL))))
    if not 0 <= (until - since).days < _LONGEST:
        return refuse(UNTIL, _("截止日期早于起始日期，或相差超过 {n} 天。").format(n=_LONGEST))
    for on in (since + timedelta(days=n) for n in range((until - since).days + 1)):
        if on in days:
            return refuse(SINCE, _("{day}与第 {row} 行重复。").format(day=telling.day(on), row=days[on][1]))
        if what == WORK and on.weekday() < 5:
            return refuse(
                SINCE, _("{day}是星期一至星期五，本来就要上班，不是调休。").format(day=telling.day(on))
            )
        days[on] = (Listed(on, what == OFF, name), number)
    return None


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    text = (
        text_of(cell)
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _written(year: Year) -> dict[str, Any]:
    editions = []
    for edition in year.editions:
        names = dict.fromkeys(day.name for day in edition.days)
        one: dict[str, Any] = {
            "notice": {
                "title": edition.notice.title,
                "number": edition.notice.number,
                "url": edition.notice.url,
                "issued_on": edition.notice.issued_on.isoformat() if edition.notice.issued_on else None,
                "verified": edition.notice.verified,
            },
            "days": [
                {
                    "name": name,
                    "off": [str(day.on) for day in edition.days if day.name == name and day.off],
                    "work": [str(day.on) for day in edition.days if day.name == name and not day.off],
                }
                for name in names
            ],
        }
        if edition.notice.issued_on is None:
            one["known_from"] = edition.known_from.isoformat()
        editions.append(one)
    return {"year": year.year, "editions": editions}


def load(body: str, *, actor: Actor, now: datetime) -> HolidayNotice | None:
    """Write the arrangement and have the open dates looked at anew; None where it is known already.

    Raises ``CalendarInvalid`` where the body is none, ``NotAllowed`` for everybody but the keeper of the rules.
    """
    told = Told(read_year(body, _("放假安排")))
    if told.known:
        return None
    with transaction.atomic():
        notice = notices_of_days.load(body, _("放假安排"), actor=actor, now=now)
        services.start(kind=KIND, key=_key(notice), payload={"notice": notice.pk}, actor=actor, now=now)
    return notice


def _key(notice: HolidayNotice) -> str:
    return f"{KIND}:{notice.pk}"


def loaded_here() -> list[tuple[HolidayNotice, Job | None]]:
    """The arrangements this city loaded itself, the latest first, each with the job that moves the dates."""
    rows = list(HolidayNotice.objects.order_by("-id")[:20])
    jobs = {job.key: job for job in Job.objects.filter(key__in=[_key(row) for row in rows])}
    return [(row, jobs.get(_key(row))) for row in rows]


def register() -> None:
    """Say that these dates are moved here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def work_off(work: Work) -> dict[str, Any]:
    """The handler: every open duty once; safe to run again, for a date that moved is where it belongs."""
    notice = HolidayNotice.objects.get(pk=work.payload["notice"])
    because = _("载入{year}年放假通知").format(year=notice.year)
    still_open = Duty.objects.filter(open=True)
    total, done, moved, last = still_open.count(), 0, 0, 0
    while batch := list(still_open.filter(id__gt=last).order_by("id")[:_BATCH]):
        moved += rebuild.reschedule(because=because, actor=machine("calendar"), now=work.now(), duties=batch)
        last, done = batch[-1].pk, done + len(batch)
        work.beat(done, max(total, done))
    return {"moved": moved}
