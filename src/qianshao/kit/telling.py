"""How moments, days, lamps and the rules' own sentences are said to a reader, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qianshao.core.duties import calendars
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.lamp import Lamp, lamp
from qianshao.kernel.words import Words, say

WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _english() -> bool:
    return (get_language() or "").startswith("en")


def day(value: date | None, *, weekday: bool = False) -> str:
    """2025年10月29日（星期三） or 29 Oct 2025 (Wed)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    if _english():
        return f"{value.day} {value:%b %Y}" + (f" ({_ENGLISH_DAYS[value.weekday()]})" if weekday else "")
    text = f"{value.year}年{value.month}月{value.day}日"
    return f"{text}（星期{WEEKDAYS[value.weekday()]}）" if weekday else text


def moment(value: datetime | None) -> str:
    """2025年10月29日 09:30; a moment at 00:00 is its day alone."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    clock = "" if (local.hour, local.minute) == (0, 0) else f" {local:%H:%M}"
    return day(local) + clock


def limit(until: datetime | None) -> str:
    """The last day on which a promise can be kept; with the hour where the limit is not a midnight."""
    if until is None:
        return ""
    local = until.astimezone(SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day(last_day(local))
    return moment(local)


def sentence(value: Words | str) -> str:
    """A sentence of the rules in the reader's language, its blanks filled."""
    if not isinstance(value, Words):
        return _(str(value)) if value else ""
    blanks = dict(value.blanks)
    n = blanks.get("n")
    text = ngettext(value.text, value.text, n) if isinstance(n, int) else _(value.text)
    return text.format(**{name: _blank(name, blank) for name, blank in blanks.items()})


def refusal(error: Exception) -> str:
    """An error's own sentence; the kernel's still has to be put into the reader's language."""
    said = error.args[0] if error.args else ""
    return sentence(said) if isinstance(said, Words) else str(error)


def _blank(name: str, value: Any) -> str:
    if isinstance(value, Words):
        return sentence(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if name == "month" and isinstance(value, int):
        return month_name(value)
    return together(value) if isinstance(value, str) and value else str(value)


def together(text: str) -> str:
    """A name, or several joined by 、, in the reader's language; as it stands when a name is a person's own."""
    own = text.split("、")
    said = [_(part) if part else "" for part in own]
    known = (there and (there != here or here.isascii()) for there, here in zip(said, own, strict=True))
    return _("、").join(said) if all(known) else text


def month_name(number: int) -> str:
    """10 before 月, or Oct."""
    return f"{date(2000, number, 1):%b}" if _english() else str(number)


def month(year: int, number: int) -> str:
    """2025年10月 or Oct 2025."""
    return sentence(say("{year}年{month}月", year=year, month=number))


def lamp_title(value: Lamp) -> str:
    """The lamp in words: 正常, 临期, 逾期 …"""
    return {
        Lamp.GREEN: _("正常"),
        Lamp.AMBER: _("临期"),
        Lamp.RED: _("逾期"),
        Lamp.GREY: _("暂停"),
        Lamp.DONE: _("按时办结"),
        Lamp.LATE: _("逾期办结"),
    }[value]


def lamp_of(row: Any, now: datetime) -> Lamp:
    """The lamp of a duty or a span at ``now``."""
    return lamp(
        now,
        open=row.open,
        paused=row.paused,
        amber_at=row.amber_at,
        due_at=row.due_at,
        missed_at=row.missed_at,
    )


def remaining(row: Any, now: datetime) -> str:
    """还有3个工作日, 今天到期, 已逾期2个工作日; empty for closed and paused duties."""
    if not row.open or row.due_at is None:
        return ""
    today = now.astimezone(SHANGHAI).date()
    end = last_day(row.due_at.astimezone(SHANGHAI))
    try:
        days = calendars.current().workdays_between(today, end)
    except CalendarMissing:
        return ""
    if row.due_at <= now:
        return overdue_by(row.due_at, now)
    if end == today:
        return _("今天到期")
    if days <= 0:
        left = (end - today) // timedelta(days=1)
        return ngettext("还有%(n)s天（均为休息日）", "还有%(n)s天（均为休息日）", left) % {"n": left}
    return ngettext("还有%(n)s个工作日", "还有%(n)s个工作日", days) % {"n": days}


def overdue_by(due_at: datetime, now: datetime) -> str:
    """已逾期2个工作日; the working days after the last day of the promise, at least one."""
    today = now.astimezone(SHANGHAI).date()
    try:
        late = max(1, calendars.current().workdays_between(last_day(due_at.astimezone(SHANGHAI)), today))
    except CalendarMissing:
        return ""
    return ngettext("已逾期%(n)s个工作日", "已逾期%(n)s个工作日", late) % {"n": late}


def percent(basis_points: int | None) -> str:
    """97.53%; nothing counted is a dash, never a made-up figure."""
    return "—" if basis_points is None else f"{basis_points / 100:.2f}%"
