"""The one translation of a ``Selection`` for the database: lists, figures, API and cockpit all count with it.

Everything here is limited to what the actor may see, so a figure never counts what its list would hide.
Asked about a past day, a duty stands as its ``Span`` of that moment says; where it happened, what it is
called and when it was opened are taken as they are known today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties import during, registry, search
from qianshao.core.duties.models import MAY_BE_LATE, Duty
from qianshao.core.org import units
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Condition, Selection, Value, as_of_moment, instant_of
from qianshao.kernel.figures import Kind as Column
from qianshao.kernel.hours import midnight
from qianshao.kernel.lamp import Lamp

VOCABULARY: Mapping[str, Column] = {
    "amber_at": "instant",
    "channel": "text",
    "closed_at": "instant",
    "due_at": "instant",
    "lamp": "text",
    "late": "flag",
    "marks": "mark",
    "missed_at": "instant",
    "month": "number",
    "number": "text",
    "open": "flag",
    "opened_at": "instant",
    "paused": "flag",
    "phase": "text",
    "place": "text",
    "promised_at": "instant",
    "provisional": "flag",
    "recorded_at": "instant",
    "settled": "flag",
    "step_at": "instant",
    "step_late": "flag",
    "stream": "text",
    "text": "text",
    "topic": "text",
    "unit": "unit",
}
LAMPS = ("red", "amber", "green", "grey")
STOOD = ("phase", "open", "paused", "unit_id", "amber_at", "due_at", "missed_at", "marks", "step_at")
_THEN = "then_"
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment a selection is about, and where the columns that change with time are found."""

    at: datetime
    past: bool

    def column(self, name: str) -> str:
        """The field to compare or group by: ``phase`` today, ``then_phase`` on a past day."""
        return f"{_THEN}{name}" if self.past and name in STOOD else name


def moment_of(selection: Selection, now: datetime) -> Moment:
    """The end of the past day asked about, or now; a day still to come is asked about as now."""
    if not selection.as_of:
        return Moment(now, past=False)
    at = as_of_moment(selection.as_of)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadSelection(_("“{name}”的年份超出范围").format(name="as_of"))
    return Moment(at, past=True) if at < now else Moment(now, past=False)


def kinds_of(selection: Selection, actor: Actor) -> list[Kind]:
    """The kinds a selection is about that the actor may read at all; raises ``BadSelection``."""
    known = registry.kinds()
    if selection.kind and selection.kind not in known:
        raise BadSelection(
            _("没有名为“{name}”的事项类型，可用：{known}").format(
                name=selection.kind, known=_("、").join(known)
            )
        )
    wanted = [known[selection.kind]] if selection.kind else list(known.values())
    return [kind for kind in wanted if actor.paths(kind.reads)]


def queryset(selection: Selection, actor: Actor, now: datetime) -> QuerySet[Duty]:
    """The duties a selection means, unordered, limited to what the actor may see; raises ``BadSelection``."""
    kinds = kinds_of(selection, actor)
    conditions = Q()
    for kind in kinds:
        conditions |= of_kind(kind, selection, actor, now)
    return standing(moment_of(selection, now)).filter(conditions) if kinds else Duty.objects.none()


def standing(moment: Moment) -> QuerySet[Duty]:
    """All duties, on a past day joined to how they stood; the caller filters by what an actor may see."""
    if not moment.past:
        return Duty.objects.all()
    # A span begins with its duty or later; saying so lets a list by opening begin at the day asked about.
    then = Q(opened_at__lte=moment.at)
    then &= Q(spans__since__lte=moment.at) & (Q(spans__until__gt=moment.at) | Q(spans__until=None))
    stood = (*STOOD, "node")
    return Duty.objects.filter(then).annotate(**{f"{_THEN}{name}": F(f"spans__{name}") for name in stood})


def is_open(moment: Moment) -> Q:
    """Open at the moment; for a past one said so that an index leads straight to what was open then."""
    if not moment.past:
        return Q(open=True)
    return Q(**{f"{_THEN}open": True, f"{_THEN}node__in": during.nodes(moment.at)})


def of_kind(kind: Kind, selection: Selection, actor: Actor, now: datetime) -> Q:
    """The conditions of a selection on duties of one kind, with what of them the actor may see."""
    moment = moment_of(selection, now)
    found = Q(kind=kind.key) & visible(kind, actor)
    for condition in selection.where:
        found &= _condition(condition, kind, actor, moment)
    return found


def visible(kind: Kind, actor: Actor) -> Q:
    """The duties of a kind in the actor's units and below; those of no unit only for the whole city."""
    paths = actor.paths(kind.reads)
    if EVERYWHERE in paths:
        return Q()
    return Q(unit_id__in=_below(paths))


def count(selection: Selection, actor: Actor, now: datetime) -> int:
    """How many duties a selection means: exactly the rows of its list."""
    return queryset(selection, actor, now).count()


def by_unit(selection: Selection, actor: Actor, now: datetime) -> dict[int | None, int]:
    """The count for each unit's own duties, in one query."""
    return _grouped(selection, actor, now, moment_of(selection, now).column("unit_id"))


def by_month(selection: Selection, actor: Actor, now: datetime) -> dict[int, int]:
    """The count for each month of opening (``202603``), in one query."""
    return _grouped(selection, actor, now, "month")


def by_unit_and_month(selection: Selection, actor: Actor, now: datetime) -> dict[tuple[int | None, int], int]:
    """The count for each unit's own duties of each month of opening, in one query: both tables and their sum."""
    unit = moment_of(selection, now).column("unit_id")
    rows = queryset(selection, actor, now).order_by().values_list(unit, "month").annotate(n=Count("*"))
    return {(pk, month): n for pk, month, n in rows}


def by_channel(selection: Selection, actor: Actor, now: datetime) -> dict[str, int]:
    """The count for each channel, in one query; an empty key where none was recorded."""
    return _grouped(selection, actor, now, "channel")


def by_place(selection: Selection, actor: Actor, now: datetime) -> dict[str, int]:
    """The count for each place, in one query; an empty key where none was recorded."""
    return _grouped(selection, actor, now, "place")


def by_topic(selection: Selection, actor: Actor, now: datetime) -> dict[str, int]:
    """The count for each class, in one query; an empty key where none was recorded."""
    return _grouped(selection, actor, now, "topic")


def _grouped(selection: Selection, actor: Actor, now: datetime, column: str) -> dict[Any, int]:
    rows = queryset(selection, actor, now).order_by().values_list(column).annotate(n=Count("*"))
    return dict(rows)


def median_days(selection: Selection, actor: Actor, now: datetime) -> int | None:
    """The median of whole calendar days from opening to closing among those that are closed, or None.

    The lower of two middle ones, so that it is always the time of a real duty.
    """
    taken = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    closed = queryset(selection, actor, now).exclude(closed_at=None).annotate(taken=taken)
    n = closed.count()
    if not n:
        return None
    middle: timedelta = closed.order_by("taken").values_list("taken", flat=True)[(n - 1) // 2]
    return middle.days


def _lamp(value: Value, moment: Moment) -> Q:
    found = Q(pk__in=[])
    for name in value if isinstance(value, tuple) else (str(value),):
        try:
            found |= _one_lamp(Lamp(name), moment)
        except ValueError:
            known = _("、").join(Lamp)
            raise BadSelection(
                _("没有名为“{name}”的灯，可用：{known}").format(name=name, known=known)
            ) from None
    return found


def _one_lamp(lamp: Lamp, moment: Moment) -> Q:
    """The same comparison as ``kernel.lamp``, for the database (a test holds the two together)."""
    open_then = is_open(moment)
    due, amber = moment.column("due_at"), moment.column("amber_at")
    paused = Q(**{moment.column("paused"): True})
    running = Q(**{moment.column("paused"): False})
    in_time = Q(**{f"{due}__gt": moment.at}) | Q(**{f"{due}__isnull": True})
    match lamp:
        case Lamp.RED:
            return open_then & Q(**{f"{due}__lte": moment.at})
        case Lamp.GREY:
            return open_then & paused & in_time
        case Lamp.AMBER:
            return open_then & running & in_time & Q(**{f"{amber}__lte": moment.at})
        case Lamp.GREEN:
            calm = Q(**{f"{amber}__gt": moment.at}) | Q(**{f"{amber}__isnull": True})
            return open_then & running & in_time & calm
        case Lamp.DONE | Lamp.LATE:
            missed = Q(**{f"{moment.column('missed_at')}__isnull": lamp is Lamp.DONE})
            return Q(**{moment.column("open"): False}) & missed


def _late(value: Value, moment: Moment) -> Q:
    """Late stays late: missed at any time before, or overdue and open at the moment."""
    open_, due, missed = moment.column("open"), moment.column("due_at"), moment.column("missed_at")
    if value:
        late = Q(**{f"{missed}__isnull": False}) | Q(**{open_: True, f"{due}__lte": moment.at})
        return late if moment.past else MAY_BE_LATE & late  # the first says what an index of its own holds
    in_time = Q(**{open_: False}) | Q(**{f"{due}__isnull": True}) | Q(**{f"{due}__gt": moment.at})
    return Q(**{f"{missed}__isnull": True}) & in_time


def _settled(value: Value, moment: Moment) -> Q:
    """Closed by the moment, or open past its limit. What still has time is not settled."""
    open_, due = moment.column("open"), moment.column("due_at")
    if value:
        return Q(**{open_: False}) | Q(**{f"{due}__lte": moment.at})
    return Q(**{open_: True}) & (Q(**{f"{due}__gt": moment.at}) | Q(**{f"{due}__isnull": True}))


def _text(value: str, kind: Kind, actor: Actor) -> Q:
    """By number from its beginning, or by words where the actor may read the words."""
    found = Q(pk__in=[])
    if value.isascii():
        found |= begins("number", value.upper()) | begins("number", value)
    clause = search.clause(value)
    if clause is not None:
        found |= Q(RawSQL(*clause, output_field=BooleanField())) & readable(kind, actor)
    return found


def readable(kind: Kind, actor: Actor) -> Q:
    """The duties whose words the actor may read, and so may find by them: for sealed texts where they may unseal."""
    if not kind.sealed_title:
        return Q()
    paths = actor.paths(f"{kind.key.partition('.')[0]}.text")
    return Q() if EVERYWHERE in paths else Q(unit_id__in=_below(paths))


def begins(field: str, start: str) -> Q:
    """A prefix as an index reads it: a range on SQLite, LIKE on PostgreSQL, whose order is the locale's."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": start})
    return Q(**{f"{field}__gte": start, f"{field}__lt": f"{start}\U0010ffff"})


def _condition(condition: Condition, kind: Kind, actor: Actor, moment: Moment) -> Q:
    field, op, value = condition.field, condition.op, condition.value
    if isinstance(value, str) and "\x00" in value:
        raise BadSelection(_("“{name}”含有不能识别的字符").format(name=condition.parameter))
    if field == "lamp" and op in ("", "in"):
        return _lamp(value, moment)
    if field == "open" and op == "" and value is True:
        return is_open(moment)
    if field == "late":
        return _late(value, moment)
    if field == "settled":
        return _settled(value, moment)
    if field == "step_late":
        late = Q(**{f"{moment.column('step_at')}__lte": moment.at})
        return late if value else ~late
    if field == "text" and op in ("", "has"):
        return _text(str(value), kind, actor)
    if field in ("lamp", "text"):
        raise BadSelection(_("“{name}”只能取等于").format(name=condition.parameter))
    if field == "marks":
        return _marks(condition, moment.column("marks"))
    if field == "unit":
        return _unit(condition, moment.column("unit_id"))
    column = moment.column(field)
    if VOCABULARY[field] == "instant":
        return _instant(column, condition)
    if VOCABULARY[field] == "number":
        return _number(column, condition) & _opened_in(condition)
    return _PLAIN[op](column, value)


def _marks(condition: Condition, column: str) -> Q:
    names = condition.value if isinstance(condition.value, tuple) else (str(condition.value),)
    found = Q(pk__in=[])
    for name in names:
        found |= Q(**{f"{column}__contains": f"|{name}|"})
    return ~found if condition.op == "not" else found


def _instant(column: str, condition: Condition) -> Q:
    if condition.op == "empty":
        return Q(**{f"{column}__isnull": bool(condition.value)})
    at = instant_of(str(condition.value))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadSelection(_("“{name}”的年份超出范围").format(name=condition.parameter))
    return Q(**{f"{column}__{condition.op}": at})


def _number(column: str, condition: Condition) -> Q:
    if condition.op == "empty":
        return Q(pk__in=[]) if condition.value else Q()
    if isinstance(condition.value, tuple):
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in condition.value):
            raise BadSelection(_("“{name}”须为用逗号隔开的整数").format(name=condition.parameter))
        return Q(**{f"{column}__in": [int(part) for part in condition.value]})
    return _PLAIN[condition.op](column, condition.value)


def _opened_in(condition: Condition) -> Q:
    """A month of opening said as moments too, so that a list by opening starts and ends there."""
    first, end = _MONTH_REACH.get(condition.op, (None, None))
    value = condition.value
    if not isinstance(value, int) or not (FIRST_YEAR <= value // 100 <= LAST_YEAR and 1 <= value % 100 <= 12):
        return Q()
    year, month = divmod(value, 100)
    begins = midnight(date(year, month, 1))
    ends = midnight(date(year + month // 12, month % 12 + 1, 1))
    found = Q()
    if first is not None:
        found &= Q(opened_at__gte=ends if first else begins)
    if end is not None:
        found &= Q(opened_at__lt=ends if end else begins)
    return found


# Where an operator begins and ends: at the beginning of the month (0), at its end (1), nowhere.
_MONTH_REACH: Mapping[str, tuple[int | None, int | None]] = {
    "": (0, 1),
    "gte": (0, None),
    "gt": (1, None),
    "lte": (None, 1),
    "lt": (None, 0),
}
_PLAIN: Mapping[str, Callable[[str, Value], Q]] = {
    "": lambda column, value: Q(**{column: value}),
    "not": lambda column, value: ~Q(**{column: value}),
    "has": lambda column, value: Q(**{f"{column}__contains": value}),
    "empty": lambda column, value: Q(**{column: ""}) if value else ~Q(**{column: ""}),
    **{
        op: lambda column, value, op=op: Q(**{f"{column}__{op}": value})  # type: ignore[misc]
        for op in ("in", "lt", "lte", "gt", "gte")
    },
}


def _unit(condition: Condition, column: str) -> Q:
    if condition.op == "empty":
        return Q(**{f"{column}__isnull": bool(condition.value)})
    codes = condition.value if isinstance(condition.value, tuple) else (str(condition.value),)
    try:
        known = [units.known(code) for code in codes]
    except units.UnknownUnit as error:
        raise BadSelection(_("没有编码为“{code}”的单位").format(code=error)) from None
    if condition.op == "under":
        (unit,) = known
        return Q() if unit.path == EVERYWHERE else Q(**{f"{column}__in": _below([unit.path])})
    if condition.op == "in":
        return Q(**{f"{column}__in": [unit.id for unit in known]})
    (unit,) = known
    same = Q(**{column: unit.id})
    return ~same | Q(**{f"{column}__isnull": True}) if condition.op == "not" else same


def _below(paths: tuple[str, ...] | list[str]) -> list[int]:
    """The numbers of the units at and below these paths: few, and as a list they reach the indexes."""
    under = Q()
    for path in paths:
        under |= Q(path__startswith=path)
    return list(Unit.objects.filter(under).order_by("id").values_list("id", flat=True)) if paths else []
