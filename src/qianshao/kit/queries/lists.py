"""Pages of duties by key, never by offset: the last page of a million costs what the first one does.

Every sort is a row of segments, each ordered along an index by a column that is never empty in it and then
by ``id``; a page that exhausts one segment goes on in the next. Of several kinds each is asked by itself and
the pages are merged, because an index begins with the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import BadSelection, Selection, instant_of

from . import figures

SIZE = 50
BOUND = 10_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sort: rows that meet ``also``, by ``column`` and then ``id``."""

    column: str
    falling: bool = False
    open: bool | None = None  # when it holds only open duties, or only closed ones
    also: Q = field(default_factory=Q)

    @property
    def order(self) -> tuple[str, str]:
        """The order as the ORM writes it."""
        sign = "-" if self.falling else ""
        return f"{sign}{self.column}", f"{sign}id"

    def beyond(self, value: Any, pk: int) -> Q:
        """What comes after a row, written so that the index starts there."""
        way = "lt" if self.falling else "gt"
        reached = Q(**{f"{self.column}__{way}e": value})
        return reached & (Q(**{f"{self.column}__{way}": value}) | Q(**{f"id__{way}": pk}))


NEWEST = Segment("opened_at", falling=True)
CLOSED = Segment("closed_at", falling=True, open=False, also=Q(open=False, closed_at__isnull=False))
SORTS: dict[str, tuple[Segment, ...]] = {
    "-opened": (NEWEST,),
    "opened": (Segment("opened_at"),),
    "due": (
        Segment("due_at", open=True, also=Q(open=True, due_at__isnull=False)),
        Segment("id", open=True, also=Q(open=True, due_at__isnull=True)),
        CLOSED,
    ),
    "-closed": (CLOSED, Segment("opened_at", falling=True, open=True, also=Q(open=True))),
    "number": (Segment("number"),),
}
USUAL = "-opened"
OF_THE_PAST = ("-opened", "opened", "number")


@dataclass(frozen=True, slots=True)
class Page:
    """Some duties in order; ``after`` is where the next page begins, empty at the end."""

    duties: list[Duty]
    after: str


def page(
    selection: Selection, actor: Actor, now: datetime, *, sort: str = USUAL, after: str = "", size: int = SIZE
) -> Page:
    """The duties after a place in order, as they stood at the moment asked about; raises ``BadSelection``."""
    moment = figures.moment_of(selection, now)
    segments = _segments(sort, moment)
    start, value, pk = _place(after, segments) if after else (0, None, 0)
    found: list[tuple[int, Duty]] = []
    kinds = figures.kinds_of(selection, actor)
    asked = _open_or_closed(selection)
    wanted = {kind.key: figures.of_kind(kind, selection, actor, now) for kind in kinds}
    for number in range(start, len(segments)):
        segment = segments[number]
        if segment.open is not None and asked not in (None, segment.open):
            continue  # the database would read all of it to find that there is nothing
        limits = segment.also & segment.beyond(value, pk) if number == start and after else segment.also
        rows: list[Duty] = []
        for conditions in wanted.values():
            part = figures.standing(moment).filter(conditions & limits).order_by(*segment.order)
            rows.extend(part[: size + 1 - len(found)])
        if len(wanted) > 1:
            rows.sort(key=lambda duty: (getattr(duty, segment.column), duty.pk), reverse=segment.falling)
        found.extend((number, duty) for duty in rows[: size + 1 - len(found)])
        if len(found) > size:
            break
    shown = found[:size]
    following = _written(*shown[-1], segments) if len(found) > size else ""
    return Page([duty for _number, duty in shown], following)


def _open_or_closed(selection: Selection) -> bool | None:
    """Whether only open duties are asked for, or only closed ones; None when both may come."""
    for condition in selection.where:
        if condition.op == "" and condition.field == "open":
            return bool(condition.value)
        if condition.op == "" and condition.field == "lamp":
            return condition.value in figures.LAMPS
    return None


def _segments(sort: str, moment: figures.Moment) -> tuple[Segment, ...]:
    if sort not in SORTS:
        text = _("“{name}”不能取“{value}”，可用：{known}")
        raise BadSelection(text.format(name="sort", value=sort, known=_("、").join(SORTS)))
    if moment.past and sort not in OF_THE_PAST:
        raise BadSelection(_("查询过去某日时，只能按登记时间或编号排序"))
    return SORTS[sort]


def _written(number: int, duty: Duty, segments: Sequence[Segment]) -> str:
    value = getattr(duty, segments[number].column)
    return f"{number}~{duty.pk}~{value.isoformat() if isinstance(value, datetime) else value}"


def _place(after: str, segments: Sequence[Segment]) -> tuple[int, Any, int]:
    """Read what ``_written`` wrote; anything else is nobody's place in this list."""
    number, _line, rest = after.partition("~")
    pk, _line, text = rest.partition("~")
    if re.fullmatch(r"\d", number, re.ASCII) and re.fullmatch(r"\d{1,18}", pk, re.ASCII):
        column = segments[int(number)].column if int(number) < len(segments) else ""
        if column == "number" and "\x00" not in text:
            return int(number), text, int(pk)
        if column == "id":
            return int(number), int(pk), int(pk)
        at = _instant(text) if column else None
        if at is not None:
            return int(number), at, int(pk)
    raise BadSelection(_("“{name}”不是本列表给出的翻页位置，请回到第一页").format(name="after"))


def _instant(text: str) -> datetime | None:
    try:
        at = instant_of(text)
    except (ValueError, OverflowError):
        return None
    return at if figures.FIRST_YEAR <= at.year <= figures.LAST_YEAR else None


def everything(selection: Selection, actor: Actor, now: datetime, *, sort: str) -> Iterator[list[Duty]]:
    """All pages of a list, a thousand rows at a time, so that an export of any length stays small."""
    after = ""
    while True:
        found = page(selection, actor, now, sort=sort, after=after, size=1000)
        if found.duties:
            yield found.duties
        if not found.after:
            return
        after = found.after


def count(selection: Selection, actor: Actor, now: datetime) -> tuple[int, bool]:
    """How many, exactly up to ``BOUND``; beyond it ``BOUND`` and False."""
    n = figures.queryset(selection, actor, now).order_by()[: BOUND + 1].count()
    return (BOUND, False) if n > BOUND else (n, True)


def with_units(duties: Iterable[Duty], moment: figures.Moment) -> list[Duty]:
    """The duties as they stood at the moment, each with its unit, in one query for any number of them."""
    made = list(duties)
    for duty in made:
        if moment.past:
            for name in figures.STOOD:
                setattr(duty, name, getattr(duty, moment.column(name)))
            if duty.closed_at is not None and duty.closed_at > moment.at:
                duty.closed_at = None
    known = Unit.objects.in_bulk({duty.unit_id for duty in made if duty.unit_id is not None})
    for duty in made:
        duty.unit = known[duty.unit_id] if duty.unit_id is not None else None
    return made
