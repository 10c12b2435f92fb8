"""Days as pages print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_NOUGHTS = "〇○◯零ＯO0oОо"  # as people type it: also a letter O, Latin or Cyrillic, and the digit
_DIGITS = dict.fromkeys(_NOUGHTS, 0) | {sign: n for n, sign in enumerate("一二三四五六七八九", 1)}
CHINESE = f"[{_NOUGHTS}一二三四五六七八九]"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_CLOCK = r"(?:\s*T?\s*(?P<h>\d{1,2})\s*(?::|时|点)\s*(?P<mi>\d{1,2})(?:\s*(?::|分)\s*(?P<s>\d{1,2}))?)?"
_DAY = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d|0001)\s?(?P<sep>[-./年])\s?(?P<m>\d{1,2})\s?(?:[-./月])\s?(?P<d>\d{1,2})(?!\d|\.\d)"
    r"\s?日?" + _CLOCK
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)" + _CLOCK
)
_HAN = re.compile(
    rf"(?P<y>{CHINESE}{{4}})\s?年\s?(?P<m>[{_NOUGHTS}一二三四五六七八九十]{{1,3}})\s?月\s?(?P<d>[{_NOUGHTS}一二三四五六七八九十廿卅]{{1,4}})\s?日"
)
_ENGLISH = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?:(?P<d1>\d{1,2})\s+)?(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\s+(?:(?P<d2>\d{1,2})\s+)?(?:(?P<y1>(?:19|20)\d\d)\s+)?(?P<h>\d{1,2}):(?P<mi>\d\d):(?P<s>\d\d)(?:\s+[a-z]{2,5}(?:[+-]\d\d:?\d\d)?)?(?:\s+(?P<y2>(?:19|20)\d\d))?",
    re.I,
)
_ENGLISH_DAY = re.compile(
    r"(?<![A-Za-z\d])(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)? )?(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?,?)?,? (?P<y>(?:19|20)\d\d)(?!\d)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A day with the words it was printed in; ``clock`` is the time of day as (hour, minute, second) or None."""

    day: date
    raw: str
    start: int
    end: int
    clock: tuple[int, int, int] | None

    @property
    def placeholder(self) -> bool:
        """A value content systems put in when nobody entered one.

        The first instant of an epoch, or a New Year's Day at 00:00 or without a time: offices are closed on it.
        """
        if self.day in (date(1970, 1, 1), date(1900, 1, 1)) or self.day.year < 1949:
            return True
        return (self.day.month, self.day.day) == (1, 1) and self.clock in (None, (0, 0, 0))


def every(text: str, *, compact: bool = False) -> Iterator[Printed]:
    """Every complete day in a text, in its order of forms; days that do not exist are passed over.

    ``compact`` also takes 20240530, which is only safe after a label.
    """
    # Most texts hold no year; to see that costs less than to look for days in them.
    western = "20" in text or "19" in text or "0001" in text
    patterns = (_DAY, _ENGLISH, _ENGLISH_DAY, *((_COMPACT,) if compact else ())) if western else ()
    for pattern in (*patterns, *((_HAN,) if "年" in text else ())):
        for match in pattern.finditer(text):
            printed = _made(match)
            if printed is not None:
                yield printed


def first(text: str, *, compact: bool = False) -> Printed | None:
    """The day that stands first in a text."""
    return min(every(text, compact=compact), key=lambda one: one.start, default=None)


def _made(match: re.Match[str]) -> Printed | None:
    part = match.groupdict()
    year = part.get("y") or part.get("y1") or part.get("y2")
    day = part.get("d") or part.get("d1") or part.get("d2")
    month = part["m"]
    if year is None or day is None:
        return None
    try:
        if month.lower() in _MONTHS:
            when = date(int(year), _MONTHS[month.lower()], int(day))
        elif month.isdigit() and month.isascii():
            when = date(int(year), int(month), int(day))
        else:
            when = date(int("".join(str(_DIGITS[c]) for c in year)), _han(month), _han(day))
    except ValueError:
        return None
    clock = None
    if part.get("h") and part.get("mi"):
        hour, minute, second = int(part["h"]), int(part["mi"]), int(part.get("s") or 0)
        clock = (hour, minute, second) if hour < 24 and minute < 60 and second < 61 else None
    return Printed(when, match.group().strip(), match.start(), match.end(), clock)


def _han(text: str) -> int:
    """二十一, 廿一, 〇五, 二一: all are read; anything else is 0, which no month or day is."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return 0
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in text)) if len(text) < 3 else 0
