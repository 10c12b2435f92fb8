"""What the board and the bulletin show, each number with the question that opens its list.

Everything is asked as of one moment: now, or the end of a past day. The year before is asked about its own same
day, so that two stretches of one length stand side by side.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import fields_of
from qianshao.kernel.figures import Condition, Figure, Indicator, Scope, Selection, as_of_moment
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.modules.openness.cards.facts import LEVELS
from qianshao.modules.openness.figures import CARD, DOCUMENT, INTERPRETATION, REPORT, REQUEST

RATES = ("openness.request-in-time", "openness.document-in-time", "openness.interpretation-in-time")
KINDS = (REQUEST, DOCUMENT, INTERPRETATION, REPORT)
AHEAD = 10
GRAVEST = ("red", "yellow")
GRAVEST_FIRST = tuple(LEVELS[level] for level in GRAVEST)
_MONTHS = 12
_Opens = Callable[[str], Selection]
_OPEN = Condition("open", "", True)


@dataclass(frozen=True)
class Reader:
    """Who asks, when, and about which moment; ``as_of`` is empty for now."""

    actor: Actor
    now: datetime
    as_of: str = ""

    @property
    def at(self) -> datetime:
        """The moment asked about."""
        return min(as_of_moment(self.as_of), self.now) if self.as_of else self.now

    @property
    def on(self) -> date:
        """Its day."""
        return self.at.astimezone(SHANGHAI).date()

    def at_end_of(self, day: date) -> Reader:
        """The same reader asking about the end of another day; a day not yet over is asked about as now."""
        return replace(self, as_of="" if midnight(day) + DAY > self.now else day.isoformat())

    def year_before(self) -> Reader:
        """The same day of the year before; 29 February becomes the 28th."""
        on = self.on
        back = 28 if (on.month, on.day) == (2, 29) else on.day
        return self.at_end_of(date(on.year - 1, on.month, back))

    def count(self, selection: Selection) -> Opened:
        """A count that opens."""
        return Opened(figures.count(selection, self.actor, self.now), selection)


@dataclass(frozen=True)
class Opened:
    """A number and the selection of exactly the records behind it."""

    value: int
    because: Selection

    @property
    def url(self) -> str:
        """The address of the list, from the root of the site."""
        return url_of(self.because)


def url_of(selection: Selection) -> str:
    """The address of a list, from the root of the site."""
    return f"{reverse('duties')}?{selection.to_query()}"


@dataclass(frozen=True)
class Share:
    """A rate under a name, its parts opened; ``place`` where it is ranked."""

    title: str
    figure: Figure
    place: int = 0

    @property
    def rate(self) -> str:
        """97.53%."""
        return telling.percent(self.figure.basis_points)

    @property
    def width(self) -> int:
        """The rate in whole per cent, for a bar."""
        return (self.figure.basis_points or 0) // 100

    @property
    def part(self) -> Opened:
        """The numerator."""
        return Opened(self.figure.value, self.figure.because)

    @property
    def whole(self) -> Opened:
        """The denominator."""
        assert self.figure.of is not None and self.figure.base is not None
        return Opened(self.figure.of, self.figure.base)

    @property
    def left_out(self) -> list[tuple[str, Opened]]:
        """What the denominator does not hold, each with its sentence."""
        return [(telling.sentence(words), Opened(n, because)) for words, n, because in self.figure.left_out]


@dataclass(frozen=True)
class Timeliness:
    """One of the three rates, this year until the day and the year before until the same day."""

    indicator: Indicator
    year: Share
    before: Share

    @property
    def change(self) -> str:
        """The difference in points of per cent, signed; a dash where one of the two counted nothing."""
        return change(self.year, self.before)


@dataclass(frozen=True)
class Row:
    """A line of numbers under a name; ``total`` is their sum where all are of one kind."""

    title: str
    cells: tuple[Opened, ...]

    @property
    def total(self) -> int:
        """The sum of the line."""
        return sum(cell.value for cell in self.cells)


def change(one: Share, other: Share) -> str:
    """+1.20: how many points of per cent a rate rose."""
    now, then = one.figure.basis_points, other.figure.basis_points
    return "—" if now is None or then is None else f"{(now - then) / 100:+.2f}"


def indicator(key: str) -> Indicator:
    """A declared indicator of openness; raises ``LookupError``."""
    for kind in KINDS:
        for item in registry.kind(kind).indicators:
            if item.key == key:
                return item
    raise LookupError(key)


def this_year(reader: Reader) -> Scope:
    """From the first of January until the moment asked about."""
    return Scope(since=f"{reader.on.year}-01-01", as_of=reader.as_of)


def timeliness(reader: Reader) -> list[Timeliness]:
    """The three rates with what their denominators leave out, and the year before beside them."""
    earlier = reader.year_before()
    found = []
    for key in RATES:
        item = indicator(key)
        found.append(Timeliness(item, rate(item, reader), rate(item, earlier)))
    return found


def rate(item: Indicator, reader: Reader) -> Share:
    """One rate of the year until the moment asked about."""
    scope = this_year(reader)
    assert item.base is not None
    counts, base = item.counts(scope), item.base(scope)
    left = tuple(
        (words, figures.count(part(scope), reader.actor, reader.now), part(scope))
        for words, part in item.left_out
    )
    value, of = (figures.count(part, reader.actor, reader.now) for part in (counts, base))
    return Share(telling.sentence(item.title), Figure(value, of, counts, base, left))


def ranking(item: Indicator, reader: Reader) -> list[Share]:
    """Units by the rate, those of one rate share a place; only units that owed something this year."""
    scope = this_year(reader)
    assert item.base is not None
    counts, base = item.counts(scope), item.base(scope)
    value, of = (figures.by_unit(part, reader.actor, reader.now) for part in (counts, base))
    units = Unit.objects.in_bulk([pk for pk in of if pk is not None])
    rows = []
    for pk, unit in units.items():
        own = Condition("unit", "", unit.code)
        rows.append((unit, Figure(value.get(pk, 0), of[pk], counts.also(own), base.also(own))))
    rows.sort(key=lambda row: (-(row[1].basis_points or 0), -(row[1].of or 0), row[0].code))
    placed: list[Share] = []
    for number, (unit, figure) in enumerate(rows, 1):
        tied = bool(placed) and placed[-1].figure.basis_points == figure.basis_points
        placed.append(Share(unit.short, figure, placed[-1].place if tied else number))
    return placed


def median(shares: Sequence[Share]) -> str:
    """The middle of the units' rates, so that one large unit does not speak for all; a dash where there are none."""
    rates = [share.figure.basis_points for share in shares if share.figure.basis_points is not None]
    return telling.percent(round(statistics.median(rates)) if rates else None)


def by_month(item: Indicator, reader: Reader) -> list[Share]:
    """The rate of what began in each of the last twelve months, the latest first."""
    first = _months_back(reader.on, _MONTHS - 1)
    scope = Scope(since=first.isoformat(), as_of=reader.as_of)
    assert item.base is not None
    counts, base = item.counts(scope), item.base(scope)
    value, of = (figures.by_month(part, reader.actor, reader.now) for part in (counts, base))
    found = []
    for back in range(_MONTHS):
        start = _months_back(reader.on, back)
        month = start.year * 100 + start.month
        own = Condition("month", "", month)
        figure = Figure(value.get(month, 0), of.get(month, 0), counts.also(own), base.also(own))
        found.append(Share(f"{start:%Y-%m}", figure))
    return found


def by_channel(item: Indicator, reader: Reader) -> list[Share]:
    """The rate of this year by the channel things came or went; none where the kind has no channels."""
    scope = this_year(reader)
    assert item.base is not None
    counts, base = item.counts(scope), item.base(scope)
    value, of = (figures.by_channel(part, reader.actor, reader.now) for part in (counts, base))
    titles = _channels(base.kind)
    if not titles:
        return []
    found = []
    for channel in sorted(of, key=lambda key: (-of[key], key)):
        own = Condition("channel", "", channel) if channel else Condition("channel", "empty", True)
        title = telling.sentence(titles.get(channel, channel)) if channel else _("未登记渠道")
        figure = Figure(value.get(channel, 0), of[channel], counts.also(own), base.also(own))
        found.append(Share(title, figure))
    return found


def _channels(kind: str) -> Mapping[str, str]:
    """What the keys in the channel column of a kind mean."""
    names = {REQUEST: "channel", DOCUMENT: "where"}
    for act in registry.kind(kind).acts:
        for field in fields_of(act.fact):
            if field.name == names.get(kind) and field.options:
                return dict(field.options)
    return {}


def _months_back(on: date, back: int) -> date:
    number = on.year * 12 + on.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _open(kind: str, reader: Reader, *conditions: Condition) -> Selection:
    return Selection(kind, (_OPEN, *conditions), reader.as_of)


def _iso(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _due(since: datetime, until: datetime) -> tuple[Condition, Condition]:
    return Condition("due_at", "gt", _iso(since)), Condition("due_at", "lte", _iso(until))


def coming(reader: Reader) -> tuple[list[Row], list[Row]]:
    """What falls due in the next ten days, today among them: by day, and by unit; a column for each kind."""
    days = [reader.on + timedelta(days=number) for number in range(AHEAD)]
    spans = {day: (max(reader.at, midnight(day)), midnight(day) + DAY) for day in days}
    whole = _due(reader.at, spans[days[-1]][1])
    by_day: Counter[tuple[date, str]] = Counter()
    by_unit: Counter[tuple[int | None, str]] = Counter()
    for kind in KINDS:
        selection = _open(kind, reader, *whole)
        moment = figures.moment_of(selection, reader.now)
        columns = moment.column("due_at"), moment.column("unit_id")
        for due_at, unit in figures.queryset(selection, reader.actor, reader.now).values_list(*columns):
            day = (due_at.astimezone(SHANGHAI) - timedelta.resolution).date()
            by_day[day, kind] += 1
            by_unit[unit, kind] += 1
    of_days = [
        Row(
            telling.day(day, weekday=True),
            tuple(Opened(by_day[day, kind], _open(kind, reader, *_due(*spans[day]))) for kind in KINDS),
        )
        for day in days
    ]
    return of_days, _by_unit(KINDS, by_unit, lambda kind: _open(kind, reader, *whole))


def overdue(reader: Reader) -> list[Row]:
    """What is overdue and still open, by unit; a column for each kind."""
    late = Condition("lamp", "", "red")
    counted: Counter[tuple[int | None, str]] = Counter()
    for kind in KINDS:
        for unit, n in figures.by_unit(_open(kind, reader, late), reader.actor, reader.now).items():
            counted[unit, kind] = n
    return _by_unit(KINDS, counted, lambda kind: _open(kind, reader, late))


def cards(reader: Reader) -> list[Row]:
    """The cards in force (given, neither taken back nor closed) by unit: red and yellow."""
    counted: Counter[tuple[int | None, str]] = Counter()
    for level in GRAVEST_FIRST:
        for unit, n in figures.by_unit(_in_force(level, reader), reader.actor, reader.now).items():
            counted[unit, level] = n
    return _by_unit(GRAVEST_FIRST, counted, lambda level: _in_force(level, reader))


def _in_force(level: str, reader: Reader) -> Selection:
    return _open(CARD, reader, Condition("topic", "", level))


def cards_given(reader: Reader, since: date, until: date) -> Row:
    """The cards given from a day until another (exclusive) and not taken back: red and yellow."""
    where = (
        Condition("opened_at", "gte", since.isoformat()),
        Condition("opened_at", "lt", until.isoformat()),
        Condition("phase", "not", "withdrawn"),
    )
    return Row(
        "",
        tuple(
            reader.count(Selection(CARD, (*where, Condition("topic", "", level)), reader.as_of))
            for level in GRAVEST_FIRST
        ),
    )


def _by_unit(
    columns: Sequence[str], counted: Mapping[tuple[int | None, str], int], opens: _Opens
) -> list[Row]:
    """A row for each unit with anything, those with most first."""
    units = Unit.objects.in_bulk([unit for unit in {unit for unit, _column in counted} if unit is not None])
    rows = []
    for pk in {unit for unit, _column in counted}:
        unit = units[pk] if pk is not None else None
        own = Condition("unit", "", unit.code) if unit else Condition("unit", "empty", True)
        cells = tuple(Opened(counted.get((pk, column), 0), opens(column).also(own)) for column in columns)
        rows.append((Row(unit.short if unit else _("未定单位"), cells), unit.code if unit else ""))
    rows.sort(key=lambda row: (-row[0].total, row[1]))
    return [row for row, _code in rows]


def totals(rows: Iterable[Row], columns: int) -> list[int]:
    """The sums of the columns."""
    found = [0] * columns
    for row in rows:
        for number, cell in enumerate(row.cells):
            found[number] += cell.value
    return found
