"""Which classes, places and groups rise: weekly series of messages, each judged by ``outbreak``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.hours import SHANGHAI

from . import places, words
from .message import Message, plain
from .outbreak import ALPHA, Verdict, judge

WEEK = 7
_STRAY = 0.005  # of the messages may have a wrong day without being taken for the beginning or the end
_MOSTLY = 0.8  # of the messages of a name


@dataclass(frozen=True, slots=True)
class Rising:
    """One series: what it counts, its verdict, its last weeks, and the messages of the week judged."""

    name: str
    verdict: Verdict
    weeks: tuple[int, ...]
    keys: tuple[str, ...]


def rising(
    messages: Sequence[Message], series: Mapping[str, Iterable[int]], on: date, alpha: float = ALPHA
) -> list[Rising]:
    """The verdict on the seven days that end with ``on``, for each series of positions in ``messages``.

    Weeks are counted back from ``on`` to the first message of all. Alarms come first, then by score.
    """
    days = [_day(message) for message in messages]
    first = _first_day(messages, on)
    size = max((on - first).days // WEEK + 1, 1)
    found = []
    for name, positions in series.items():
        counts = [0] * size
        this_week = []
        for at in positions:
            day = days[at]
            if day is None or not first <= day <= on:
                continue
            back = (on - day).days // WEEK
            counts[size - 1 - back] += 1
            if back == 0:
                this_week.append(messages[at].key)
        # The first window may begin before the first message; a part of a week is no week.
        whole = counts if (on - first).days % WEEK == WEEK - 1 else counts[1:]
        if whole:
            found.append(Rising(name, judge(whole, alpha), tuple(whole), tuple(this_week)))
    return sorted(found, key=lambda one: (not one.verdict.alarm, -one.verdict.score, one.name))


def by_class(messages: Sequence[Message]) -> dict[str, list[int]]:
    """Positions by class; messages without one are left out."""
    found: dict[str, list[int]] = {}
    for at, message in enumerate(messages):
        if message.class_name:
            found.setdefault(message.class_name, []).append(at)
    return found


def by_place(messages: Sequence[Message], least: int = 5) -> dict[str, list[int]]:
    """Positions by the districts and places that titles name, as far as ``least`` messages name them.

    Of names within each other that mostly the same messages use, the one most use is kept.
    """
    found: dict[str, list[int]] = {}
    for at, message in enumerate(messages):
        title = plain(message.title)
        read = places.read(title, words.cut(places.without_codes(title)))
        for name in dict.fromkeys([*(code.upper() for code in sorted(read.districts)), *read.names]):
            if not name.endswith("省"):
                found.setdefault(name, []).append(at)
    frequent = {name: frozenset(held) for name, held in found.items() if len(held) >= least}
    kept: dict[str, list[int]] = {}
    for name in sorted(frequent, key=lambda name: (-len(frequent[name]), -len(name), name)):
        rivals = (other for other in kept if name in other or other in name)
        if not any(_same(frequent[name], frequent[other]) for other in rivals):
            kept[name] = found[name]
    return kept


def _same(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _MOSTLY * min(len(one), len(other))


def by_group(messages: Sequence[Message], groups: Iterable[Sequence[int]]) -> dict[str, list[int]]:
    """Positions by group, named by the key of its first message; a group of one cannot rise."""
    return {messages[group[0]].key: list(group) for group in groups if len(group) > 1}


def last_day(messages: Sequence[Message]) -> date | None:
    """The last day messages came; single days far in the future are taken for slips of the pen."""
    days = _days(messages)
    return days[-1 - int(len(days) * _STRAY)] if days else None


def _first_day(messages: Sequence[Message], otherwise: date) -> date:
    """The first day messages came; single ones of years before would make a history of empty weeks."""
    days = _days(messages)
    return days[int(len(days) * _STRAY)] if days else otherwise


def _days(messages: Sequence[Message]) -> list[date]:
    return sorted(day for message in messages if (day := _day(message)) is not None)


def _day(message: Message) -> date | None:
    return None if message.sent_at is None else message.sent_at.astimezone(SHANGHAI).date()
