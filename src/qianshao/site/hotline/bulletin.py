"""The hotline's daily, weekly and monthly bulletins (.docx), written from figures; each number is a link to its list.

What they tell follows the bulletins cities publish: how much came, by channel and kind, with the change on the
span before and on the year before; what was answered in time; the three rates with what they leave out; units,
classes and places; returns, repeats and what is overdue. Counts alone, nobody's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.org import city
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Scope
from qianshao.kernel.numbers import basis_points
from qianshao.kit import telling
from qianshao.kit.counted_paper import Cell, Paper
from qianshao.kit.queries import figures as counting
from qianshao.modules.hotline.facts import APPEALS, CHANNELS
from qianshao.site.oversight.figures import Opened, Reader, Share

from . import figures
from .spans import Span

SHOWN = 15
_RATED = 30  # days of receipt the three rates of a daily or weekly bulletin are about
PERIODS = ("day", "week", "month")
RECEIVED = "hotline.received"
_STEPS = ("hotline.at-once", "hotline.merged", "hotline.repeated", "hotline.returned", "hotline.redone")
_TIMES = ("hotline.in-time", "hotline.late", "hotline.overdue", "hotline.step-late")


class BadPeriod(ValueError):
    """A span that cannot be reported on; says why."""


def span_of(period: str, on: date, today: date) -> Span:
    """The day, the week from Monday, or the month a day lies in. Raises ``BadPeriod``."""
    if period not in PERIODS:
        known = _("、").join(PERIODS)
        raise BadPeriod(_("没有“{period}”这种简报，可用：{known}").format(period=period[:20], known=known))
    if not 1902 <= on.year <= 2998:
        raise BadPeriod(_("“{name}”的年份超出范围").format(name="on"))
    match period:
        case "day":
            span = Span(on, on)
        case "week":
            monday = on - timedelta(days=on.weekday())
            span = Span(monday, monday + timedelta(days=6))
        case _:
            first = on.replace(day=1)
            span = Span(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    if span.since > today:
        raise BadPeriod(_("{day}还没有到来").format(day=telling.day(span.since)))
    return span


@dataclass(frozen=True)
class Bulletin:
    """Everything a bulletin tells, as numbers that open."""

    period: str
    span: Span
    reader: Reader
    received: Opened
    before: Opened
    year_before: Opened
    channels: tuple[tuple[str, Opened], ...]
    kinds: tuple[tuple[str, Opened], ...]
    steps: tuple[Share, ...]
    times: tuple[Share, ...]
    rated: Span
    rates: tuple[Share, ...]
    tables: tuple[tuple[str, tuple[tuple[str, Opened], ...]], ...]


def gather(period: str, on: date, reader: Reader) -> Bulletin:
    """The bulletin of the period a day lies in, as the end of its last day left things. Raises ``BadPeriod``."""
    span = span_of(period, on, reader.on)
    then = reader.at_end_of(span.until)
    scope = span.scope(as_of=then.as_of)
    earlier = _straight_before(period, span)
    # Who rang on a day is called back days later: a short span would never have rates.
    rated = span if period == "month" else Span(span.until - timedelta(days=_RATED - 1), span.until)
    return Bulletin(
        period,
        span,
        then,
        figures.count(RECEIVED, scope, then),
        _at_end(RECEIVED, earlier, reader),
        _at_end(RECEIVED, _year_before(span), reader),
        _grouped(
            scope, then, "channel", counting.by_channel, lambda key: telling.sentence(CHANNELS.get(key, key))
        ),
        tuple(
            (
                telling.sentence(title),
                then.count(_received(scope).also(Condition("marks", "", f"appeal_{key}"))),
            )
            for key, title in APPEALS.items()
            if key
        ),
        tuple(figures.share(key, scope, then) for key in _STEPS),
        tuple(figures.share(key, scope, then) for key in _TIMES),
        rated,
        tuple(figures.share(key, rated.scope(as_of=then.as_of), then) for key in figures.RATES),
        (
            (_("承办单位"), _units(scope, then)),
            (_("类别"), _grouped(scope, then, "topic", counting.by_topic, telling.sentence)),
            (_("地点"), _grouped(scope, then, "place", counting.by_place, str)),
        ),
    )


def _received(scope: Scope) -> Any:
    return figures.indicator(RECEIVED).counts(scope)


def _straight_before(period: str, span: Span) -> Span:
    if period != "month":
        return span.before
    last = span.since - timedelta(days=1)
    return Span(last.replace(day=1), last)


def _year_before(span: Span) -> Span:
    def back(day: date) -> date:
        leap = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year - 1, day=28 if leap else day.day)

    return Span(back(span.since), back(span.until))


def _at_end(key: str, span: Span, reader: Reader) -> Opened:
    then = reader.at_end_of(span.until)
    return figures.count(key, span.scope(as_of=then.as_of), then)


def _grouped(
    scope: Scope,
    reader: Reader,
    field: str,
    counted: Callable[..., dict[str, int]],
    named: Callable[[str], str],
) -> tuple[tuple[str, Opened], ...]:
    whole = _received(scope)
    found = counted(whole, reader.actor, reader.now)
    lines = []
    for key in sorted(found, key=lambda one: (-found[one], one)):
        own = Condition(field, "", key) if key else Condition(field, "empty", True)
        lines.append((named(key) if key else _("未登记"), Opened(found[key], whole.also(own))))
    return tuple(lines)


def _units(scope: Scope, reader: Reader) -> tuple[tuple[str, Opened], ...]:
    whole = _received(scope)
    found = counting.by_unit(whole, reader.actor, reader.now)
    units = Unit.objects.in_bulk([pk for pk in found if pk is not None])
    lines = []
    for pk in sorted(found, key=lambda one: (-found[one], one or 0)):
        unit = units.get(pk) if pk is not None else None
        own = Condition("unit", "", unit.code) if unit else Condition("unit", "empty", True)
        lines.append((unit.short if unit else _("未定单位"), Opened(found[pk], whole.also(own))))
    return tuple(lines)


def changed(now: int, before: int) -> str:
    """+12.50%: how much a count rose; a dash out of nothing."""
    points = basis_points(now - before, before) if now >= before else basis_points(before - now, before)
    if points is None:
        return "—"
    return f"{'+' if now >= before else '-'}{telling.percent(points)}"


def document(found: Bulletin, site: str) -> dict[str, Any]:
    """The bulletin as JSON: each number with the address of its list."""

    def number(opened: Opened) -> dict[str, Any]:
        return {"value": opened.value, "list": f"{site.rstrip('/')}{opened.url}"}

    def share(item: Share) -> dict[str, Any]:
        left = [{"said": said, **number(opened)} for said, opened in item.left_out]
        return {
            "title": item.title,
            "rate": item.figure.basis_points,
            "value": number(item.part),
            "of": number(item.whole),
            "left_out": left,
        }

    def rows(lines: Sequence[tuple[str, Opened]]) -> list[dict[str, Any]]:
        return [{"title": title, **number(opened)} for title, opened in lines]

    return {
        "period": found.period,
        "since": found.span.since.isoformat(),
        "until": found.span.until.isoformat(),
        "as_of": found.reader.at.isoformat(timespec="seconds"),
        "received": number(found.received),
        "before": number(found.before),
        "year_before": number(found.year_before),
        "channels": rows(found.channels),
        "kinds": rows(found.kinds),
        "figures": [share(item) for item in (*found.times, *found.steps, *found.rates)],
        "rates_since": found.rated.since.isoformat(),
        "tables": [{"title": title, "rows": rows(lines)} for title, lines in found.tables],
    }


def title_of(period: str) -> str:
    """What a bulletin is called."""
    return {"day": _("热线日报"), "week": _("热线周报"), "month": _("热线月报")}[period]


def write(found: Bulletin, site: str) -> bytes:
    """The bulletin as a file; ``site`` is the address the links begin with."""
    paper = Paper(site, found.reader.at)
    span = found.span
    paper.title(f"{city.name()}12345{title_of(found.period)}", _("（{days}）").format(days=_days(span)))
    paper.say(
        _("按受理日期统计，截至{at}。各数字均链接到其名单。").format(at=telling.moment(found.reader.at))
    )
    _volume(paper, found)
    _rates(paper, _("二、办理"), (*found.times, *found.steps))
    _rates(paper, _("三、响应率、解决率、满意率（{days}受理）").format(days=_days(found.rated)), found.rates)
    paper.heading(_("四、分布"))
    for title, lines in found.tables:
        _lines(paper, title, lines)
    paper.heading(_("说明"))
    for item in (*found.times, *found.rates):
        paper.small(item.title, item.part)
    return paper.made()


def _days(span: Span) -> str:
    if span.since == span.until:
        return telling.day(span.since)
    return _("{since}至{until}").format(since=telling.day(span.since), until=telling.day(span.until))


def _volume(paper: Paper, found: Bulletin) -> None:
    paper.heading(_("一、受理"))
    days = (found.span.until - found.span.since).days + 1
    mean = f"{found.received.value / days:.1f}"
    paper.say(_("共受理诉求工单"), found.received, _("件，日均{mean}件。").format(mean=mean))
    rows: list[list[Cell]] = [
        [_("上一期"), found.before, changed(found.received.value, found.before.value)],
        [_("上年同期"), found.year_before, changed(found.received.value, found.year_before.value)],
    ]
    paper.table([_("比较"), _("件数"), _("增减")], rows)
    _lines(paper, _("渠道"), found.channels)
    _lines(paper, _("诉求类型"), found.kinds)


def _rates(paper: Paper, heading: str, shares: Sequence[Share]) -> None:
    paper.heading(heading)
    head = [_("指标"), _("件数"), _("其中总数"), _("比率")]
    paper.table(head, [[item.title, item.part, item.whole, item.rate] for item in shares])
    said: set[str] = set()
    for item in shares:
        for words, left in item.left_out:
            if words not in said:
                said.add(words)
                paper.say(_("{said}：").format(said=words), left)


def _lines(paper: Paper, title: str, lines: Sequence[tuple[str, Opened]]) -> None:
    if not lines:
        paper.say(_("{title}：没有受理的工单。").format(title=title))
        return
    paper.table([title, _("件数")], [[name, number] for name, number in lines[:SHOWN]])
    if len(lines) > SHOWN:
        paper.say(_("仅列前 {shown} 项，共 {n} 项。").format(shown=SHOWN, n=len(lines)))
