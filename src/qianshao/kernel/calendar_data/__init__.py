"""The State Council's holiday notices, year by year, and the law behind a year without one.

One JSON file per year (``2025.json``); a file of the same form loads the notice of a new year::

    {"year": 2025, "editions": [{
      "notice": {"title": "…", "number": "…", "url": "…", "issued_on": "2024-11-12", "verified": true},
      "days": [{"name": "国庆节", "off": ["2025-10-01/2025-10-08"], "work": ["2025-10-11"]}]
    }]}

A day is ``YYYY-MM-DD``, a stretch of days ``first/last``. A second edition is a notice that changed
the first: it lists only the days it touches, and lies over the earlier ones. Where the day of issue
is not known, ``issued_on`` is null and ``known_from`` gives the latest day on which the office must
have had the notice, with the reason, so that nothing counts as known too early.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..words import Words, say

NAMES = {"清明": "清明节", "劳动": "劳动节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节"}


class CalendarInvalid(ValueError):
    """A holiday file that cannot be used; ``words`` says where and why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice that made an arrangement; ``verified`` when its wording was read, not inferred."""

    title: str
    number: str
    url: str
    issued_on: date | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A day named by a notice: off, or a day of work."""

    on: date
    off: bool
    name: str


@dataclass(frozen=True, slots=True)
class Edition:
    notice: Notice
    known_from: date
    days: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The editions of one notice year, oldest first; a few days may lie in the December before."""

    year: int
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """The statutory days of one era of 全国年节及纪念日放假办法, as offsets from each festival."""

    order: str
    issued_on: date
    first_year: int
    days: Mapping[str, tuple[int, ...]]


def read_year(text: str, source: str) -> Year:
    """Read one year's file; ``source`` names it in errors. Raises ``CalendarInvalid``."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise CalendarInvalid(
            say("{source} 第 {line} 行不是有效的 JSON，请检查标点和括号。", source=source, line=error.lineno)
        ) from error
    return _Reader(source).year(raw)


def load_year(path: Path) -> Year:
    """Read one year's file from disk. Raises ``CalendarInvalid`` when its content cannot be used."""
    return read_year(path.read_text("utf-8"), path.name)


@cache
def shipped_years() -> tuple[Year, ...]:
    """The years that come with the product, in order."""
    found = (entry for entry in files(__name__).iterdir() if entry.name[:4].isdigit())
    return tuple(sorted((read_year(e.read_text("utf-8"), e.name) for e in found), key=lambda y: y.year))


@cache
def shipped_festivals() -> Mapping[int, Mapping[str, date]]:
    """The day of each of the seven festivals, by year (2010 and later)."""
    raw = json.loads(files(__name__).joinpath("festivals.json").read_text("utf-8"))
    return {
        int(year): {name: date.fromisoformat(on) for name, on in days.items()}
        for year, days in raw["festivals"].items()
    }


@cache
def statutes() -> tuple[Statute, ...]:
    """The eras of the holiday regulations, oldest first."""
    raw = json.loads(files(__name__).joinpath("statutory.json").read_text("utf-8"))
    return tuple(
        Statute(
            era["order"],
            date.fromisoformat(era["issued_on"]),
            era["first_year"],
            {name: tuple(offsets) for name, offsets in era["days"].items()},
        )
        for era in raw["eras"]
    )


def statutory_days(year: int, festivals: Mapping[str, date], known_on: date | None) -> dict[date, str]:
    """The days off that the law alone gives, with a weekday in lieu of each lost one (art. 6).

    The law used is the one in force in ``year`` as far as it was issued by ``known_on``. The State
    Council's notice will move days around these and add make-up days: use only while it is missing.
    """
    in_force = [
        s for s in statutes() if s.first_year <= year and (known_on is None or s.issued_on <= known_on)
    ]
    if not in_force:
        raise CalendarInvalid(say("没有 {year} 年适用的放假办法。", year=year))
    off: dict[date, str] = {}
    lost: list[tuple[date, str]] = []
    for festival, offsets in in_force[-1].days.items():
        name = NAMES.get(festival, festival)
        for on in (festivals[festival] + timedelta(days=offset) for offset in offsets):
            if on in off or on.weekday() > 4:
                lost.append((on, name))
            off[on] = f"{off[on]}、{name}" if on in off else name
    for on, name in sorted(lost):
        while on in off or on.weekday() > 4:
            on += timedelta(days=1)
        off[on] = name
    return off


class _Reader:
    """Checks a file's shape as it reads, so that every error names the file and the place."""

    def __init__(self, source: str) -> None:
        self.source = source

    def year(self, raw: object) -> Year:
        top = self._keys(raw, "文件", required={"year", "editions"})
        year = top["year"]
        if not isinstance(year, int):
            raise self._wrong("year", "应为年份数字")
        editions = tuple(
            self._edition(one, f"第 {place} 个通知", year)
            for place, one in enumerate(self._list(top["editions"], "editions"), 1)
        )
        if not editions:
            raise self._wrong("editions", "至少要有一个通知")
        return Year(year, tuple(sorted(editions, key=lambda edition: edition.known_from)))

    def _edition(self, raw: object, where: str, year: int) -> Edition:
        top = self._keys(
            raw, where, required={"notice", "days"}, optional={"known_from", "known_from_because"}
        )
        fields = self._keys(
            top["notice"],
            f"{where} notice",
            required={"title", "url", "issued_on", "verified"},
            optional={"number"},
        )
        issued = fields["issued_on"]
        if issued is None and "known_from" not in top:
            raise self._wrong(where, "issued_on 不明时须填 known_from（最迟何日已经知悉）")
        issued_on = None if issued is None else self._day(issued, f"{where} issued_on")
        notice = Notice(
            fields["title"], fields.get("number", ""), fields["url"], issued_on, fields["verified"]
        )
        known_from = issued_on or self._day(top["known_from"], f"{where} known_from")
        return Edition(notice, known_from, self._days(top["days"], where, year))

    def _days(self, raw: object, where: str, year: int) -> tuple[Listed, ...]:
        seen: dict[date, Listed] = {}
        for holiday in self._list(raw, f"{where} days"):
            top = self._keys(holiday, f"{where} days", required={"name", "off", "work"})
            for key in ("off", "work"):
                for text in self._list(top[key], f"{where} {key}"):
                    for on in self._stretch(text, f"{where} {top['name']}"):
                        if on in seen:
                            raise self._wrong(where, f"{on} 重复出现（{seen[on].name}、{top['name']}）")
                        if on.year != year and (on.year, on.month) != (year - 1, 12):
                            raise self._wrong(where, f"{on} 不属于 {year} 年的安排")
                        seen[on] = Listed(on, key == "off", top["name"])
        if not seen:
            raise self._wrong(where, "没有列出任何日期")
        return tuple(sorted(seen.values(), key=lambda listed: listed.on))

    def _stretch(self, text: object, where: str) -> Iterator[date]:
        first, _, last = str(text).partition("/")
        on, end = self._day(first, where), self._day(last or first, where)
        if not 0 <= (end - on).days < 31:
            raise self._wrong(where, f"{text} 起止日期不对")
        while on <= end:
            yield on
            on += timedelta(days=1)

    def _day(self, text: object, where: str) -> date:
        try:
            return date.fromisoformat(str(text))
        except ValueError as error:
            raise self._wrong(where, f"“{text}”不是日期，应写作 2025-10-01") from error

    def _list(self, raw: object, where: str) -> Sequence[Any]:
        if not isinstance(raw, list):
            raise self._wrong(where, "应为列表")
        return raw

    def _keys(
        self, raw: object, where: str, *, required: Set[str], optional: Set[str] = frozenset()
    ) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self._wrong(where, "应为对象")
        if missing := required - raw.keys():
            raise self._wrong(where, f"缺少 {'、'.join(sorted(missing))}")
        if unknown := raw.keys() - required - optional:
            raise self._wrong(where, f"有不认识的项：{'、'.join(sorted(unknown))}")
        return raw

    def _wrong(self, where: str, why: str) -> CalendarInvalid:
        return CalendarInvalid(say("{source}：{where}：{why}。", source=self.source, where=where, why=why))
