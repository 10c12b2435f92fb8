"""Tell a unit that a progress report falls due, once for each report, some working days before (WRK-03, DUB-09).

How many days is the amber of the rulebook's report rules as it stands today, so that a city that changes it changes it
for what it has given out already; the day itself stays the one the item was born under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from qianshao.core.duties import calendars, rulebook
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import Stream, load
from qianshao.core.ledger.rows import chunks
from qianshao.core.notices.owners import Owners
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import Term, earlier, last_day
from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.kernel.words import say

from .rules import RHYTHMS, steps
from .state import Item

KIND = "supervision.item"
_FARTHEST = 62  # days; nobody is reminded more than two months ahead


def remind(now: datetime, beat: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Tell the owners of every report that falls due soon; how many notices were new. Safe to call again."""
    calendar, book = calendars.current(), rulebook.book()
    today = now.astimezone(SHANGHAI).date()
    ambers = {rhythm: book.in_force(key, today).rule.amber for rhythm, key in RHYTHMS.items()}
    horizon = max((_horizon(calendar, amber, now) for amber in ambers.values() if amber), default=now)
    # The report is one of the clocks beside an item, so what owes one soon has its first such clock before the horizon.
    rows = Duty.objects.filter(kind=KIND, open=True, step_at__lte=horizon).order_by("id")
    streams = list(rows.values_list("stream", flat=True))
    told = done = 0
    for piece in chunks(streams):
        beat(done, len(streams))
        found = {
            read.key: step
            for read in load(set(piece), lock=False)
            if (step := _owed(read, ambers, calendar, book, now)) is not None
        }
        told += _tell(found, now)
        done += len(piece)
    return told


def _horizon(calendar: Calendar, amber: Term, now: datetime) -> datetime:
    """The latest end of a day whose reminder is due by now."""
    first = now.astimezone(SHANGHAI).date()
    last = now
    for ahead in range(1, _FARTHEST):
        until = midnight(first + timedelta(days=ahead))
        try:
            if earlier(calendar, until, amber, None) > now:
                break
        except CalendarMissing:
            break
        last = until
    return last


def _owed(
    read: Stream,
    ambers: dict[str, Term | None],
    calendar: Calendar,
    book: rulebook.Book,
    now: datetime,
) -> tuple[datetime, tuple[str, ...]] | None:
    """When the next report is due and who else waits for it, if it is time to say so."""
    item: Item = read.kind.fold(counted(read.facts))
    amber = ambers.get(item.told.rhythm)
    if amber is None or item.closed_at is not None:
        return None
    try:
        for step in steps(item, calendar, book.pinned(read.rule, read.kind.rules)):
            if step.key == "report" and step.done is None and step.until is not None and step.until > now:
                soon = earlier(calendar, step.until, amber, None) <= now
                asking = tuple(dict.fromkeys(one.who for one in item.waiting_for))
                return (step.until, asking) if soon else None
    except CalendarMissing:
        return None  # the year's holidays are not announced yet; the item's own page says so
    return None


def _tell(found: dict[str, tuple[datetime, tuple[str, ...]]], now: datetime) -> int:
    duties = list(Duty.objects.filter(stream__in=found).select_related("unit").order_by("id"))
    owners = Owners(duties, now)
    return tell_many(list(_tellings(duties, owners, found)), now=now)


def _tellings(
    duties: Sequence[Duty], owners: Owners, found: dict[str, tuple[datetime, tuple[str, ...]]]
) -> Iterator[Telling]:
    for duty in duties:
        until, asking = found[duty.stream]
        limit: date = last_day(until.astimezone(SHANGHAI))
        if asking:
            words = say(
                "“{title}”请于{limit}前报送进展；{who}也在等，报送一次即可",
                title=duty.title[:60],
                limit=limit,
                who="、".join(asking)[:80],
            )
        else:
            words = say(
                "“{title}”请于{limit}前报送进展，报送一次，供所有需要的单位使用",
                title=duty.title[:60],
                limit=limit,
            )
        key = f"{duty.stream}/report/{limit.isoformat()}"
        yield Telling(key=key, to=owners.of(duty), words=words, stream=duty.stream)
