"""Cells into values: moments however an office writes them, text within its limits, keys of a choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words, say
from qianshao.kit.sheets.model import Cell, text_of

_DAY = r"(?P<y>\d{4})\s*(?P<s>[-/.年])\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
_TIME = (
    r"(?P<half>上午|下午|晚上|中午|凌晨|早上|am|pm)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<min>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<sec>\d{1,2})(?:\.\d+)?\s*秒?)?)?)?\s*(?P<after>am|pm)?"
)
_ZONE = r"(?P<zone>z|[+-]\d{2}:?\d{2})?"
_WRITTEN = re.compile(rf"{_DAY}(?:[\st,]*(?:星期.|周.)?[\s,]*{_TIME}\s*{_ZONE})?")
_RUN_TOGETHER = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\s*(?P<h>\d{2})(?P<min>\d{2})(?P<sec>\d{2})?)?"
)
_SHORT = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d).*")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_CUT_SHORT = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,3}")  # how a spreadsheet writes a long number into a .csv
# Day 0 of a spreadsheet's count: 1900-01-01 is day 1 and it believes in 29 February 1900.
_EPOCH = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_SERIALS = (36526, 73050)  # 2000-01-01 to 2099-12-31: other five-digit numbers are hardly dates
_AMOUNT = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*(?:天|日|个工作日|工作日)?")
_AFTERNOON = {"下午", "晚上", "pm"}


class BadCell(ValueError):
    """A cell holds nothing usable. ``problem`` never quotes the cell, which may hold anybody's words.

    ``keys`` are the columns it is about, as far as whoever raises knows.
    """

    def __init__(self, problem: Words, mend: Words, keys: tuple[str, ...] = ()) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.mend = mend
        self.keys = keys


_HOW = say("写成 2019-01-06 12:09:38 这样的日期和时间")


def moment(cell: Cell, label: str) -> datetime | None:
    """The moment in Shanghai a cell names, to the second; None for an empty one; raises ``BadCell``.

    A day without an hour is its 00:00. Refused: days that do not exist, two-digit years and 1/6/2019, of
    which nobody can tell the day from the month.
    """
    if isinstance(cell, datetime):
        return (
            cell.replace(microsecond=0, tzinfo=SHANGHAI) if cell.tzinfo is None else cell.astimezone(SHANGHAI)
        )
    if isinstance(cell, bool):
        raise BadCell(say("“{label}”不是日期", label=label), _HOW)
    if isinstance(cell, int | float):
        return _serial(float(cell), label)
    text = unicodedata.normalize("NFKC", cell or "").strip().lower()
    if not text:
        return None
    found = _WRITTEN.fullmatch(text) or _RUN_TOGETHER.fullmatch(text)
    if found is not None:
        return _built(found.groupdict(), label)
    if _SERIAL.fullmatch(text):
        return _serial(float(text), label)
    if _SHORT.fullmatch(text):
        raise BadCell(
            say("“{label}”无法区分年、月、日", label=label), say("写全四位年份，年在前：2019-01-06")
        )
    raise BadCell(say("“{label}”不是日期", label=label), _HOW)


def _serial(number: float, label: str) -> datetime:
    if not _SERIALS[0] <= number < _SERIALS[1]:
        raise BadCell(say("“{label}”不是日期", label=label), _HOW)
    exact = _EPOCH + timedelta(days=number)
    return (exact + timedelta(milliseconds=500)).replace(microsecond=0)


def _built(part: Mapping[str, str | None], label: str) -> datetime:
    hour = int(part["h"] or 0)
    half = part.get("half") or part.get("after") or ""
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("am", "凌晨", "上午") and hour == 12:
        hour = 0
    try:
        found = datetime(
            int(part["y"] or 0),
            int(part["m"] or 0),
            int(part["d"] or 0),
            hour,
            int(part["min"] or 0),
            int(part["sec"] or 0),
            tzinfo=SHANGHAI,
        )
    except ValueError:
        raise BadCell(
            say("“{label}”没有这一天或这一时刻", label=label), say("核对年月日和时间，例如二月没有30日")
        ) from None
    zone = part.get("zone")
    return found if not zone else _zoned(found, zone)


def _zoned(found: datetime, zone: str) -> datetime:
    if zone == "z":
        return found.replace(tzinfo=UTC).astimezone(SHANGHAI)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    shift = timedelta(minutes=minutes if zone[0] == "+" else -minutes)
    return (found.replace(tzinfo=UTC) - shift).astimezone(SHANGHAI)


def text(cell: Cell, label: str, maximum: int) -> str:
    """A cell's words, trimmed; raises ``BadCell`` when they are too many."""
    words = text_of(cell)
    if len(words) > maximum:
        raise BadCell(
            say("“{label}”有 {n} 个字，最多 {max} 个", label=label, n=len(words), max=maximum),
            say("缩短这一格"),
        )
    return words


def number(cell: Cell, label: str) -> str:
    """A number somebody gave a thing (编号): text; raises ``BadCell`` for one a spreadsheet has cut short."""
    if (isinstance(cell, float) and abs(cell) >= 1e15) or (
        isinstance(cell, str) and _CUT_SHORT.fullmatch(cell.strip())
    ):
        raise BadCell(
            say("“{label}”超过15位却存成了数字，末尾几位已经丢失", label=label),
            say("在原系统重新导出，把这一列设为文本格式"),
        )
    return text(cell, label, 60)


def amount(cell: Cell, label: str) -> float | None:
    """A count of something, not below zero, None for an empty cell; raises ``BadCell``."""
    written = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "").strip()
    if not written:
        return None
    found = _AMOUNT.fullmatch(written)
    if found is None:
        raise BadCell(say("“{label}”不是数", label=label), say("只写不小于零的数，例如 3 或 2.5"))
    return float(found.group(1))


def choice(cell: Cell, label: str, options: Mapping[str, str], spoken: Mapping[str, str]) -> str:
    """The key of the option a cell names, by key, title or another usual word; raises ``BadCell``.

    A word that ends in a usual one is a sort of it, for Chinese puts the head last: e刺桐app is an app.
    """
    words = unicodedata.normalize("NFKC", text_of(cell)).strip().lower()
    if not words:
        return ""
    for key, title in options.items():
        if words in (key, title.lower()):
            return key
    if words in spoken:
        return spoken[words]
    known = {title.lower(): key for key, title in options.items() if key} | dict(spoken)
    ends = [word for word in known if len(word) > 1 and words.endswith(word)]
    if ends:
        return known[max(ends, key=len)]
    titles = "、".join(title for key, title in options.items() if key)
    raise BadCell(say("“{label}”不在可选范围内", label=label), say("改成其中之一：{titles}", titles=titles))
