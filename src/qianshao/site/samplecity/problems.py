"""What many calls had behind them in 刺桐市: one problem solved and proved, one that came back, one of the month.

The calls are told with them, so that every count of a problem opens orders that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from random import Random

from qianshao.core.duties.door import stream_of
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact
from qianshao.kernel.hours import DAY, midnight
from qianshao.modules.hotline import facts as h
from qianshao.modules.hotline.matters.recurrence import compare
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.hotline.problems import facts as f
from qianshao.modules.hotline.problems.kind import PROBLEM
from qianshao.modules.supervision.items import facts as i
from qianshao.modules.supervision.items.kind import ITEM

from . import texts
from .city import City, serving
from .days import desk
from .life import Life
from .openness import Disclosure

_WATCH, _BACK = 90, 28  # days, as the rulebook ships them


@dataclass(frozen=True, slots=True)
class _Theme:
    """What a problem is about; ``unit`` leads, ``co`` helps; the tellings are the calls'."""

    name: str
    title: str
    topic: str
    place: str
    unit: str
    co: str
    cause: str
    proposal: str
    call: str
    tellings: tuple[str, ...]


_TUNNEL = _Theme(
    "tunnel",
    "滨江下穿通道逢雨积水",
    "供水排水",
    "滨江下穿通道",
    "bureau-waterworks",
    "bureau-transport",
    "通道雨水泵站移交时管护责任没有写明，两家单位各管一半，雨前无人清淤。",
    "由水务部门统一管护泵站和雨水箅子，汛前清淤两次，移交清单补正。",
    "滨江下穿通道积水",
    (
        "下了一场小雨，滨江下穿通道就积水半米，公交只能绕行",
        "滨江下穿通道的雨水箅子被树叶堵住，水排不下去",
        "早高峰滨江下穿通道又淹了，几辆车熄火在里面",
        "滨江下穿通道的水泵没有响，积水两个小时没有退",
    ),
)
_LIFTS = _Theme(
    "lifts",
    "老旧小区电梯反复停运",
    "物业管理",
    "桐江新苑",
    "bureau-housing",
    "bureau-market",
    "维修资金动用须全体业主表决，停运后平均拖延四十天。",
    "建立电梯应急维修资金绿色通道，停运三日内先修后补手续。",
    "桐江新苑电梯停运",
    (
        "桐江新苑三号楼电梯又停了，老人上不了楼",
        "桐江新苑电梯贴了停用通知，没有说什么时候修好",
        "桐江新苑电梯维修要凑签名，一个多月没有动静",
        "桐江新苑五号楼电梯困人两次，修好三天又坏",
    ),
)
_FLOODS = _Theme(
    "season",
    "台风季易涝点提前排查（未诉先办）",
    "供水排水",
    "",
    "bureau-waterworks",
    "bureau-urban",
    "往年台风季供水排水类诉求明显增多，集中在易涝点和泵站停电。",
    "汛前完成易涝点清疏、泵站双电源检查，名单和完成时间向社会公布。",
    "",
    (),
)


def problems(
    duties: int, seed: int, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    """The three problems of the present with their items and calls; a later ``until`` only adds steps."""
    n = 24 if duties >= 1000 else 10
    told = _Telling(seed, present, city, calendar)
    yield from told.solved(n)
    yield from told.came_back(n)
    yield from told.of_the_month()


class _Telling:
    def __init__(self, seed: int, present: date, city: City, calendar: Calendar) -> None:
        self.seed = seed
        self.present = present
        self.city = city
        self.calendar = calendar

    def solved(self, n: int) -> Iterator[Disclosure]:
        """A problem whose calls fell when it was mended, and the proof of it."""
        before = self._days(_TUNNEL, "before", n, 5, 60)
        after = self._days(_TUNNEL, "after", 1, 120, 150)
        yield from self._calls(_TUNNEL, (*before, *after))
        life = self._opened(_TUNNEL, before, 5, 61)
        item, closed = self._item(_TUNNEL, "1", life, 67, 96)
        yield item
        over = midnight(closed.date() + (_WATCH + 1) * DAY) + timedelta(hours=2)
        life.add(self._compared(life.steps[0].fact, before, after, closed, over))
        yield self._problem(_TUNNEL, life)

    def came_back(self, n: int) -> Iterator[Disclosure]:
        """A problem that was mended on paper: calls came again and it was reopened by the rule."""
        before = self._days(_LIFTS, "before", n, 10, 80)
        again = self._days(_LIFTS, "again", max(9, n // 2), 150, 175)
        yield from self._calls(_LIFTS, (*before, *again))
        life = self._opened(_LIFTS, before, 10, 81)
        item, _closed = self._item(_LIFTS, "1", life, 87, 131)
        yield item
        at = midnight(self._on(177)) + timedelta(hours=2)
        recent = [day for day in again if at.date() - _BACK * DAY <= day < at.date()]
        told = life.steps[0].fact
        assert isinstance(told, f.Opened) and told.since and told.until
        days = (told.until - told.since).days + 1
        reason = f"最近{_BACK}日同类诉求{len(recent)}件，与整改前{days}日{len(before)}件相比不能认定下降"
        life.add(f.Reopened(at=at, count=len(recent), days=_BACK, reason=reason))
        item, _closed = self._item(_LIFTS, "2", life, 178, 0)
        yield item
        yield self._problem(_LIFTS, life)

    def of_the_month(self) -> Iterator[Disclosure]:
        """What the season would bring, taken on before anybody called, as the problem of a month."""
        life = self._opened(_FLOODS, (), 0, 100, season=True)
        chosen = self._desk(121)
        month = chosen.date().replace(day=1) + timedelta(days=31)
        item, _closed = self._item(_FLOODS, "1", life, 107, 0)
        yield item
        life.add(f.Chosen(at=chosen, month=f"{month:%Y-%m}", note="市政府常务会议确定"))
        yield self._problem(_FLOODS, life)

    def _on(self, day: int) -> date:
        return self.present + timedelta(days=day)

    def _desk(self, day: int) -> datetime:
        return desk(Random(f"{self.seed}/problem/{day}"), self.calendar.next_workday(self._on(day)))

    def _days(self, theme: _Theme, part: str, n: int, first: int, last: int) -> tuple[date, ...]:
        random = Random(f"{self.seed}/problem/{theme.name}/{part}")
        return tuple(sorted(self._on(random.randint(first, last)) for _call in range(n)))

    def _calls(self, theme: _Theme, days: Sequence[date]) -> Iterator[Disclosure]:
        for number, day in enumerate(days):
            random = Random(f"{self.seed}/problem/{theme.name}/call/{number}")
            unit = serving(theme.unit, day)
            at = midnight(day) + timedelta(hours=random.randint(8, 20), minutes=random.randrange(60))
            caller = texts.caller(random)
            call = Life(random, self.calendar)
            call.add(
                h.Received(
                    at=at,
                    title=theme.call,
                    body=f"{random.choice(theme.tellings)}。第{number + 1}次经过时看到的，请尽快处理。",
                    channel="phone",
                    appeal="complain",
                    topic=theme.topic,
                    place=theme.place,
                    caller=caller.name,
                    phone=caller.phone,
                )
            )
            call.dispatch(call.later(at + timedelta(hours=1)), unit)
            call.add(h.Signed(at=call.workday(call.last, 0)))
            call.add(
                h.Replied(
                    at=call.workday(call.last, random.randint(1, 3)), reply="已派人到场处置，并列入专项整治。"
                )
            )
            yield Disclosure(ORDER, self._source(theme, f"call/{number}"), tuple(call.steps))

    def _opened(
        self, theme: _Theme, calls: Sequence[date], since: int, day: int, *, season: bool = False
    ) -> Life:
        at = self._desk(day)
        life = Life(Random(f"{self.seed}/problem/{theme.name}"), self.calendar)
        first, last = self._on(since), self._on(day - 1)
        if season:
            first = at.date().replace(day=1) - timedelta(days=300)
            last = first + timedelta(days=60)
        months = [f"{call:%Y-%m}" for call in calls]
        numbers = [self._number(ORDER.prefix, theme, f"call/{n}", call) for n, call in enumerate(calls)]
        life.add(
            f.Opened(
                at=at,
                title=theme.title,
                source="season" if season else "found",
                unit=serving(theme.unit, at.date()),
                co_units=serving(theme.co, at.date()),
                scope="class",
                topic=theme.topic,
                place=theme.place,
                orders="\n".join(numbers),
                since=first,
                until=last,
                counts="\n".join(f"{month} {months.count(month)}" for month in sorted(set(months))),
                cause=theme.cause,
                proposal=theme.proposal,
            )
        )
        life.add(f.Reviewed(at=life.workday(life.last, 2), result="pass", note="属共性问题，同意移交督查。"))
        return life

    def _item(
        self, theme: _Theme, part: str, problem: Life, day: int, closed: int
    ) -> tuple[Disclosure, datetime]:
        """The item supervision has for it, closed on a day when one is named; tells the problem so."""
        source = self._source(theme, f"item/{part}")
        stream = stream_of(ITEM, source)
        told = problem.steps[0].fact
        assert isinstance(told, f.Opened)
        item = Life(Random(f"{self.seed}/problem/{theme.name}/item/{part}"), self.calendar)
        begun = problem.later(problem.last)
        item.add(
            i.Proposed(
                at=begun,
                title=f"热线问题：{theme.title}",
                body=f"{theme.cause}\n{theme.proposal}",
                reference=f"WT{told.at:%Y%m%d}-{stream_of(PROBLEM, self._source(theme, 'it'))[:6].upper()}",
                unit=told.unit,
                co_units=told.co_units,
                due=(begun + timedelta(days=180)).date(),
                origin="problem",
                about=stream_of(PROBLEM, self._source(theme, "it")),
            )
        )
        number = f"DC{begun:%Y%m%d}-{stream[:6].upper()}"
        problem.add(f.Handed(at=item.last, item=number, stream=stream), item.last + timedelta(seconds=1))
        item.add(i.Approved(at=item.later(self._desk(day)), by="分管副市长"))
        item.add(i.Signed(at=item.workday(item.last, 1)))
        if not closed:
            item.add(
                i.Reported(at=item.workday(item.last, 12), progress="已制定方案，正在组织实施。", percent=30)
            )
            return Disclosure(ITEM, source, tuple(item.steps)), item.last
        item.add(
            i.CloseProposed(
                at=item.later(self._desk(closed - 3)), summary="整改措施已经落实，管护责任已经明确。"
            )
        )
        done = item.later(self._desk(closed))
        item.add(i.CloseReviewed(at=done, result="pass", conclusion="经核查，措施已经落实。"))
        problem.add(f.Mended(at=done, item=number), item.last + timedelta(seconds=1))
        return Disclosure(ITEM, source, tuple(item.steps)), done

    def _compared(
        self, opened: Fact, before: Sequence[date], after: Sequence[date], closed: datetime, over: datetime
    ) -> f.Compared:
        assert isinstance(opened, f.Opened) and opened.since and opened.until
        days = (opened.until - opened.since).days + 1
        since = closed.date() + DAY
        until = closed.date() + _WATCH * DAY
        n = sum(since <= day <= until for day in after)
        found = compare(len(before), days, n, _WATCH)

        def parts(value: float) -> int:
            return round(value * 1000) if isfinite(value) else 0

        return f.Compared(
            at=over, since=since, until=until, before=len(before), days_before=days, after=n,
            days_after=_WATCH, ratio=parts(found.ratio), low=parts(found.low), high=parts(found.high),
            unbounded=not isfinite(found.high), reading=found.reading,
        )  # fmt: skip

    def _problem(self, theme: _Theme, life: Life) -> Disclosure:
        return Disclosure(PROBLEM, self._source(theme, "it"), tuple(life.steps))

    def _source(self, theme: _Theme, part: str) -> str:
        return f"sample/{self.seed}/problem/{theme.name}/{part}"

    def _number(self, prefix: str, theme: _Theme, part: str, day: date) -> str:
        stream = stream_of(ORDER, self._source(theme, part))
        return f"{prefix}{day:%Y%m%d}-{stream[:6].upper()}"
