"""Where and when calls come: districts on the map, days on the calendar, each number with the list of exactly its orders.

A call lies in a district when its place names the district's ground (望潮区帆坂街道 names 望潮区), whoever handles it.
Whether a district's week is more than chance is judged as on the page of what rises; nobody's words are opened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log

from django.db.models import Count, QuerySet

from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit.citymap import keeping
from qianshao.kit.queries import figures
from qianshao.modules.hotline.matters.heat import HALF_LIFE
from qianshao.modules.hotline.matters.outbreak import Verdict, judge
from qianshao.modules.hotline.models import Member
from qianshao.modules.hotline.module import ORDER
from qianshao.site.oversight.figures import Opened, Reader

from .rising import WEEKS
from .spans import Span

SHOWS = ("orders", "heat", "rise")
HEAT_DAYS = 70
"""Days heat looks back: what is older weighs less than a thirtieth."""
MOST_DAYS = 400
"""Days a calendar shows; of a longer span the last ones."""
_TOPICS = 60
_IN_ADDRESS = 1500  # letters of names a link can carry


@dataclass(frozen=True)
class District:
    """One district: its orders in the span and in as many days before, its heat, and its week beside the expected."""

    unit: Unit
    name: str
    orders: Opened
    before: Opened
    heat: float
    heated: Opened
    week: Opened
    verdict: Verdict

    @property
    def times(self) -> float | None:
        """How many times the expected came in the week; None where nothing can be expected yet."""
        if self.verdict.why == "short" or self.verdict.expected <= 0:
            return None
        return self.verdict.observed / self.verdict.expected


@dataclass(frozen=True)
class Month:
    """A row of the calendar's table: its days one after another, None before and after the span."""

    name: str
    days: tuple[tuple[date, Opened] | None, ...]
    all: int


@dataclass(frozen=True)
class Asked:
    """What the address asks: days, a class and a district (both may be empty), and what the map shows."""

    span: Span
    topic: str = ""
    district: str = ""
    show: str = "orders"

    def where(self, span: Span) -> tuple[Condition, ...]:
        """Orders received in a span, of the class asked about."""
        found = _received(span.since, span.until)
        return (*found, Condition("topic", "", self.topic)) if self.topic else found


@dataclass(frozen=True)
class Spread:
    """The page."""

    districts: tuple[District, ...]
    chosen: Unit | None
    all: Opened
    nowhere: Opened
    elsewhere: Opened | int
    months: tuple[Month, ...]
    calendar: Span
    topics: tuple[str, ...] = ()
    week: Span = field(default_factory=lambda: Span(date.min, date.min))


def gather(reader: Reader, asked: Asked) -> Spread:
    """Count everything the reader may see."""
    units = keeping.districts(reader.on)
    grounds = {unit.code: keeping.area(unit) for unit in units}
    chosen = next((unit for unit in units if unit.code == asked.district), None)
    selection = Selection(ORDER.key, asked.where(asked.span))
    counted = figures.by_place(selection, reader.actor, reader.now)
    calendar = Span(max(asked.span.since, asked.span.until - timedelta(days=MOST_DAYS - 1)), asked.span.until)
    week = _week(reader)
    here = selection if chosen is None else selection.also(_in(grounds[chosen.code]))
    return Spread(
        districts=tuple(_districts(reader, asked, units, counted, week)),
        chosen=chosen,
        all=Opened(sum(counted.values()), selection),
        nowhere=Opened(counted.get("", 0), selection.also(Condition("place", "empty", True))),
        elsewhere=_elsewhere(selection, counted, list(grounds.values())),
        months=_months(reader, here, calendar),
        calendar=calendar,
        topics=_topics(reader, asked),
        week=week,
    )


def _received(since: date, until: date) -> tuple[Condition, ...]:
    return (
        Condition("opened_at", "gte", since.isoformat()),
        Condition("opened_at", "lt", (until + timedelta(days=1)).isoformat()),
    )


def _in(ground: str) -> Condition:
    return Condition("place", "has", ground)


def _week(reader: Reader) -> Span:
    """The last seven whole days."""
    yesterday = (reader.now.astimezone(SHANGHAI) - DAY).date()
    return Span(yesterday - timedelta(days=6), yesterday)


def _districts(
    reader: Reader, asked: Asked, units: Sequence[Unit], counted: dict[str, int], week: Span
) -> list[District]:
    earlier = Selection(ORDER.key, asked.where(asked.span.before))
    before = figures.by_place(earlier, reader.actor, reader.now)
    recent = Span(max(asked.span.since, asked.span.until - timedelta(days=HEAT_DAYS - 1)), asked.span.until)
    heats = _heats(reader, asked, recent)
    weeks = _weekly(reader, asked, week)
    found = []
    for unit in units:
        ground = keeping.area(unit)

        def opened(value: int, span: Span, ground: str = ground) -> Opened:
            return Opened(value, Selection(ORDER.key, (*asked.where(span), _in(ground))))

        said = [
            sum(counts) for counts in zip(*(w for place, w in weeks.items() if ground in place), strict=True)
        ]
        verdict = judge(said or [0])
        found.append(
            District(
                unit=unit,
                name=ground,
                orders=opened(_sum(counted, ground), asked.span),
                before=opened(_sum(before, ground), asked.span.before),
                heat=sum(heat for place, heat in heats.items() if ground in place),
                heated=opened(_sum(counted, ground), recent),
                week=opened(verdict.observed, week),
                verdict=verdict,
            )
        )
    return found


def _sum(counted: dict[str, int], ground: str) -> int:
    return sum(n for place, n in counted.items() if ground in place)


def _elsewhere(selection: Selection, counted: dict[str, int], grounds: Sequence[str]) -> Opened | int:
    """Orders whose place names no district; a plain number where their places are too many for an address."""
    names = tuple(
        sorted(place for place in counted if place and not any(ground in place for ground in grounds))
    )
    n = sum(counted[name] for name in names)
    if not names or sum(map(len, names)) > _IN_ADDRESS:
        return n
    return Opened(n, selection.also(Condition("place", "in", names)))


def _orders(reader: Reader, asked: Asked, since: date, until: date) -> QuerySet[Duty]:
    """The orders the reader may see of these days and of the class asked about."""
    return figures.queryset(
        Selection(ORDER.key, asked.where(Span(since, until))), reader.actor, reader.now
    ).order_by("opened_at")


def _heats(reader: Reader, asked: Asked, span: Span) -> dict[str, float]:
    """Heat by place, as of the end of the span or now: near-copies of one matter are one text said louder."""
    end = min(midnight(span.until) + DAY, reader.now)
    rows = list(_orders(reader, asked, span.since, span.until).values_list("stream", "place", "opened_at"))
    texts = {
        stream: (group, text)
        for stream, group, text in Member.objects.filter(at__gte=midnight(span.since)).values_list(
            "stream", "group", "text"
        )
    }
    newest: dict[tuple[str, object], datetime] = {}
    copies: Counter[tuple[str, object]] = Counter()
    for stream, place, at in rows:
        key = (place, texts.get(stream, stream))
        newest[key] = at
        copies[key] += 1
    found: defaultdict[str, float] = defaultdict(float)
    for (place, text), at in newest.items():
        age = max((end - at).total_seconds() / 86_400, 0.0)
        found[place] += 2 ** (-age / HALF_LIFE) * (1 + log(copies[place, text]))
    return found


def _weekly(reader: Reader, asked: Asked, week: Span) -> dict[str, list[int]]:
    """Counts by place in whole weeks back from the last whole day, as far as calls go back."""
    first = week.until - timedelta(weeks=WEEKS) + timedelta(days=1)
    rows = list(_orders(reader, asked, first, week.until).values_list("place", "opened_at"))
    if not rows:
        return {}
    days = (week.until - rows[0][1].astimezone(SHANGHAI).date()).days + 1
    size = max(days // 7, 1)
    end = midnight(week.until) + DAY
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * size)
    for place, at in rows:
        back = (end - at).days // 7
        if back < size:
            found[place][size - 1 - back] += 1
    return found


def _months(reader: Reader, selection: Selection, span: Span) -> tuple[Month, ...]:
    base = Selection(ORDER.key, tuple(item for item in selection.where if item.field != "opened_at"))
    rows = figures.queryset(base.also(*_received(span.since, span.until)), reader.actor, reader.now)
    counts = Counter(at.astimezone(SHANGHAI).date() for at in rows.values_list("opened_at", flat=True))
    months: dict[tuple[int, int], list[tuple[date, Opened] | None]] = {}
    for number in range((span.until - span.since).days + 1):
        day = span.since + timedelta(days=number)
        line = months.setdefault((day.year, day.month), [None] * 31)
        line[day.day - 1] = (day, Opened(counts[day], base.also(*_received(day, day))))
    return tuple(
        Month(f"{year}-{month:02}", tuple(line), sum(one[1].value for one in line if one))
        for (year, month), line in months.items()
    )


def _topics(reader: Reader, asked: Asked) -> tuple[str, ...]:
    """The classes with most orders in the span, the one asked about among them."""
    rows = figures.queryset(
        Selection(ORDER.key, _received(asked.span.since, asked.span.until)), reader.actor, reader.now
    )
    most = (
        rows.exclude(topic="").order_by().values_list("topic").annotate(n=Count("pk")).order_by("-n", "topic")
    )
    names = [topic for topic, _n in most[:_TOPICS]]
    return tuple(dict.fromkeys([*names, *([asked.topic] if asked.topic else [])]))
