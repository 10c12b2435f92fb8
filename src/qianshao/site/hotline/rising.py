"""What rises: classes, places and groups whose last seven days are more than chance, and what the season brings next.

Judged by ``modules.hotline.matters.outbreak`` (Farrington's method as improved by Noufaily and others) from when and
where orders came alone; nobody's words are opened. The seven days end with the last whole day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit.queries import figures
from qianshao.modules.hotline.matters.message import Message
from qianshao.modules.hotline.matters.outbreak import Verdict, expected
from qianshao.modules.hotline.matters.rising import rising
from qianshao.modules.hotline.models import Member
from qianshao.modules.hotline.module import ORDER
from qianshao.site.oversight.figures import Opened

WEEKS = 208  # of history that are looked at: four years
AHEAD = 4
SEASONS = 104  # weeks from which the season is known
_RECENT = timedelta(days=28)
_FEW = 5  # in four weeks; with fewer nothing is judged (Noufaily 2013)
_IN_LINK = 200
_LINES = 30


@dataclass(frozen=True)
class Line:
    """One series; ``observed`` opens exactly the orders of the week."""

    title: str
    verdict: Verdict
    observed: Opened
    key: str

    @property
    def chance(self) -> str:
        """The chance of so many in a quiet week, in per cent."""
        return "<0.01%" if self.verdict.chance < 0.0001 else f"{self.verdict.chance:.2%}"


@dataclass(frozen=True)
class Ahead:
    """A class in the coming four weeks: what the season would bring, and what the last four brought."""

    topic: str
    weeks: tuple[float, ...]
    recent: Opened

    @property
    def total(self) -> float:
        """All four weeks."""
        return sum(self.weeks)

    @property
    def rises(self) -> bool:
        """Whether clearly more is expected than came of late: by more than the spread of such a count."""
        return bool(self.total - self.recent.value > 2 * sqrt(max(self.total, 1.0)))


@dataclass(frozen=True)
class Rises:
    """The page. ``seasonal`` when two years are known; ``judged`` counts the series of each sort."""

    since: date
    on: date
    classes: tuple[Line, ...]
    places: tuple[Line, ...]
    groups: tuple[Line, ...]
    judged: int
    ahead: tuple[Ahead, ...]
    seasonal: bool


@dataclass(frozen=True)
class _Order:
    stream: str
    at: datetime
    topic: str
    place: str


def gather(actor: Actor, now: datetime) -> Rises:
    """Judge everything the actor may see, up to yesterday."""
    on = (now.astimezone(SHANGHAI) - DAY).date()
    since = on - timedelta(days=6)
    first = midnight(on) + DAY - timedelta(weeks=WEEKS)
    rows = Duty.objects.filter(
        figures.visible(ORDER, actor), kind=ORDER.key, opened_at__gte=first, opened_at__lt=midnight(on) + DAY
    )
    orders = [
        _Order(*row)
        for row in rows.order_by("opened_at").values_list("stream", "opened_at", "topic", "place")
    ]
    messages = [Message(order.stream, "", "", order.at) for order in orders]
    classes = _by(order.topic for order in orders)
    places = _by(order.place for order in orders)
    groups = _groups(orders)
    recent = midnight(on) + DAY - _RECENT
    lines: dict[str, tuple[Line, ...]] = {}
    judged = 0
    for field, series in (("topic", classes), ("place", places), ("", groups)):
        enough = {
            name: held for name, held in series.items() if sum(orders[at].at >= recent for at in held) >= _FEW
        }
        judged += len(enough)
        lines[field] = _lines(field, messages, enough, on)
    weeks = (on - orders[0].at.astimezone(SHANGHAI).date()).days // 7 if orders else 0
    ahead = _coming(orders, classes, on, weeks)
    return Rises(
        since=since,
        on=on,
        classes=lines["topic"],
        places=lines["place"],
        groups=lines[""],
        judged=judged,
        ahead=ahead,
        seasonal=weeks >= SEASONS,
    )


def _by(names: Iterable[str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        if name:
            found[name].append(at)
    return found


def _groups(orders: Sequence[_Order]) -> dict[str, list[int]]:
    group_of = dict(Member.objects.values_list("stream", "group"))
    found = _by(group_of.get(order.stream, "") for order in orders)
    return {name: held for name, held in found.items() if len(held) > 1}


def _lines(
    field: str, messages: Sequence[Message], series: Mapping[str, Sequence[int]], on: date
) -> tuple[Line, ...]:
    found = []
    for one in rising(messages, series, on):
        if not one.verdict.alarm:
            continue
        if field:
            selection = Selection(ORDER.key, (Condition(field, "", one.name), *_week(on)))
        else:
            selection = Selection(ORDER.key, (Condition("stream", "in", one.keys[:_IN_LINK]),))
        found.append(Line(one.name, one.verdict, Opened(one.verdict.observed, selection), one.name))
    return tuple(found[:_LINES])


def _week(on: date, days: int = 7) -> tuple[Condition, ...]:
    since, until = on - timedelta(days=days - 1), on + timedelta(days=1)
    return (
        Condition("opened_at", "gte", since.isoformat()),
        Condition("opened_at", "lt", until.isoformat()),
    )


def _coming(
    orders: Sequence[_Order], classes: Mapping[str, Sequence[int]], on: date, weeks: int
) -> tuple[Ahead, ...]:
    """The classes with most calls to come, those that will rise first."""
    found = []
    for topic, held in classes.items():
        back = Counter((on - orders[at].at.astimezone(SHANGHAI).date()).days // 7 for at in held)
        counts = [back[number] for number in range(weeks - 1, -1, -1)]
        recent = Opened(
            sum(counts[-4:]), Selection(ORDER.key, (Condition("topic", "", topic), *_week(on, 28)))
        )
        found.append(Ahead(topic, tuple(expected(counts, AHEAD)), recent))
    return tuple(sorted(found, key=lambda one: (not one.rises, -one.total, one.topic))[:_LINES])
