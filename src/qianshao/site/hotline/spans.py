"""Which days a page or a bulletin speaks of, by the receipt of the orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qianshao.kernel.figures import BadSelection, Scope

_BACK = 90
_FIRST, _LAST = 1902, 2998


@dataclass(frozen=True)
class Span:
    """From a day to another, both in it."""

    since: date
    until: date

    def scope(self, unit: str = "", as_of: str = "") -> Scope:
        """What an indicator is asked."""
        end = self.until + timedelta(days=1)
        return Scope(unit, self.since.isoformat(), end.isoformat(), as_of)

    @property
    def before(self) -> Span:
        """As many days straight before."""
        return self.moved((self.until - self.since).days + 1)

    def moved(self, days: int) -> Span:
        """The same number of days so many days earlier."""
        back = timedelta(days=days)
        return Span(self.since - back, self.until - back)


def asked(since: str, until: str, today: date) -> Span:
    """The span in an address; without one the last ninety days. Raises ``BadSelection``."""
    last = _day("until", until) if until else today
    first = _day("since", since) if since else last - timedelta(days=_BACK - 1)
    if first > last:
        raise BadSelection(_("起始日期{since}晚于截止日期{until}").format(since=first, until=last))
    return Span(first, last)


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _FIRST <= day.year <= _LAST:
        raise BadSelection(_("“{name}”须为日期，例如 2026-01-31").format(name=name))
    return day
