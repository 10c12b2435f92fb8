"""Figures that open: a value, what it is out of, and the selection of exactly the records behind it.

A ``Selection`` is a question about duties in a fixed vocabulary. It travels as a URL query, so every number on
every page is a link, and counting what the link shows gives the number (a contract test holds this for all).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from .hours import SHANGHAI
from .numbers import basis_points
from .words import Words, say

Op = Literal["", "not", "lt", "lte", "gt", "gte", "in", "under", "has", "empty"]
Kind = Literal["text", "number", "flag", "instant", "unit", "mark"]
OPS: Mapping[Kind, tuple[Op, ...]] = {
    "text": ("", "not", "in", "has", "empty"),
    "number": ("", "not", "lt", "lte", "gt", "gte", "in", "empty"),
    "flag": ("",),
    "instant": ("lt", "lte", "gt", "gte", "empty"),
    "unit": ("", "not", "in", "under", "empty"),
    "mark": ("", "not", "in"),
}
Value = str | int | bool | tuple[str, ...]


class BadSelection(ValueError):
    """A query that asks for something the vocabulary does not have; says which parameter and what is allowed.

    Raised with ``Words`` here, with a translated sentence above the kernel.
    """


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One condition; ``op`` empty means equal. Instants are ISO 8601 with their offset, or a day.

    An empty value raises ``ValueError``: a query drops it like an empty form field, and the link
    would open more than was counted. To ask for nothing there is ``empty``.
    """

    field: str
    op: Op
    value: Value

    def __post_init__(self) -> None:
        if self.value in ("", ()) or (isinstance(self.value, tuple) and "" in self.value):
            raise ValueError(f"{self.parameter}: an empty value is asked for with {self.field}__empty")

    @property
    def parameter(self) -> str:
        """The name of its URL parameter: ``due_at__lt``."""
        return f"{self.field}__{self.op}" if self.op else self.field


@dataclass(frozen=True, slots=True)
class Selection:
    """Duties of a kind (empty: of every kind) that meet all conditions, now or as of a past moment."""

    kind: str = ""
    where: tuple[Condition, ...] = ()
    as_of: str = ""

    def also(self, *conditions: Condition) -> Selection:
        """The same with more conditions."""
        return replace(self, where=(*self.where, *conditions))

    def without(self, *fields: str) -> Selection:
        """The same without the conditions on these fields."""
        return replace(self, where=tuple(item for item in self.where if item.field not in fields))

    def at(self, as_of: str) -> Selection:
        """The same question about a past day."""
        return replace(self, as_of=as_of)

    def to_query(self) -> str:
        """The URL query of the selection, always in the same order."""
        pairs = [("kind", self.kind)] if self.kind else []
        pairs += sorted((item.parameter, _write(item.value)) for item in self.where)
        if self.as_of:
            pairs.append(("as_of", self.as_of))
        return urlencode(pairs)

    @classmethod
    def from_query(cls, query: str, vocabulary: Mapping[str, Kind], ignore: Iterable[str] = ()) -> Selection:
        """Read a URL query; raises ``BadSelection``. Parameters in ``ignore`` (page, sort) are passed over."""
        passed = frozenset(ignore)
        selection = cls()
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in passed:
                continue
            if name == "kind":
                selection = replace(selection, kind=value)
            elif name == "as_of":
                selection = replace(selection, as_of=_checked_day(name, value) if value else "")
            elif value:
                selection = selection.also(_read(name, value, vocabulary))
        return selection


def _write(value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(part.replace("%", "%25").replace(",", "%2C") for part in value)
    return str(value)


def _parts(text: str) -> tuple[str, ...]:
    """The items of a list as ``_write`` joined them; a comma within an item stands as %2C."""
    return tuple(part.replace("%2C", ",").replace("%25", "%") for part in text.split(",") if part)


def _read(name: str, text: str, vocabulary: Mapping[str, Kind]) -> Condition:
    field, _line, written = name.partition("__")
    kind = vocabulary.get(field)
    if kind is None:
        raise BadSelection(
            say("没有名为“{name}”的筛选项，可用：{known}", name=field, known="、".join(sorted(vocabulary)))
        )
    ops = OPS[kind]
    op = next((known for known in ops if known == written), None)
    if op is None:
        known = "、".join(known or "等于" for known in ops)
        raise BadSelection(say("“{name}”：{field} 可用的比较为 {known}", name=name, field=field, known=known))
    if op == "empty" or kind == "flag":
        if text not in ("0", "1"):
            raise BadSelection(say("“{name}”须为 1（是）或 0（否），不是“{value}”", name=name, value=text))
        return Condition(field, op, text == "1")
    if kind == "instant":
        return Condition(field, op, _checked_day(name, text))
    parts = _parts(text) if op == "in" else (text,)
    if not parts:
        raise BadSelection(say("“{name}”须至少列出一项，用逗号隔开", name=name))
    for part in parts:
        _check(name, part, kind)
    if op == "in":
        return Condition(field, op, parts)
    return Condition(field, op, int(text) if kind == "number" else text)


_WHOLE = re.compile(r"-?[0-9]{1,17}")


def _check(name: str, text: str, kind: Kind) -> None:
    if kind == "number" and not _WHOLE.fullmatch(text):
        raise BadSelection(say("“{name}”须为整数，不是“{value}”", name=name, value=text))
    if "\0" in text:
        raise BadSelection(say("“{name}”含有不能识别的字符", name=name))
    if len(text) > 200:
        raise BadSelection(say("“{name}”最多 200 个字符", name=name))


def _checked_day(name: str, text: str) -> str:
    text = text.replace(" ", "+")  # a "+08:00" that somebody typed into the address arrives as a space
    try:
        instant_of(text)
    except (ValueError, OverflowError):
        raise BadSelection(
            say(
                "“{name}”须为日期（2026-01-31）或时刻（2026-01-31T09:30:00+08:00），不是“{value}”",
                name=name,
                value=text,
            )
        ) from None
    return text


def instant_of(text: str) -> datetime:
    """The moment an instant's text means; a day is its 00:00 in Shanghai. Raises ``ValueError``."""
    if len(text) == 10:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def as_of_moment(text: str) -> datetime:
    """The moment a past day is asked about: its end, so that what happened that day is in. Raises ``ValueError``."""
    moment = instant_of(text)
    return moment.replace(hour=23, minute=59, second=59, microsecond=999_999) if len(text) == 10 else moment


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, what it is out of, and the selections that open both.

    ``value`` and ``of`` are counts. ``left_out`` spells out what the denominator does not hold, and why.
    """

    value: int
    of: int | None
    because: Selection
    base: Selection | None = None
    left_out: tuple[tuple[Words, int, Selection], ...] = ()

    @property
    def basis_points(self) -> int | None:
        """The rate in hundredths of a per cent, rounded half up; None out of nothing, never a made-up 100 %."""
        return None if self.of is None else basis_points(self.value, self.of)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an indicator is asked about: a unit and below (empty: the city), a span of days, a past day."""

    unit: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""


Part = Callable[[Scope], Selection]


@dataclass(frozen=True)
class Indicator:
    """A declared figure. ``formula`` spells out numerator and denominator in Chinese.

    ``inputs`` are the traces it counts; an ``appraisal`` figure may not use those the burden rules forbid.
    ``left_out`` are what the denominator leaves out, each with its sentence.
    """

    key: str
    title: str
    formula: str
    counts: Part
    base: Part | None = None
    left_out: tuple[tuple[Words, Part], ...] = ()
    inputs: tuple[str, ...] = ()
    appraisal: bool = False


def scoped(kind: str, scope: Scope, *conditions: Condition, day: str = "opened_at") -> Selection:
    """The duties of a kind that fall into a scope by ``day``, with more conditions."""
    where = list(conditions)
    if scope.unit:
        where.append(Condition("unit", "under", scope.unit))
    if scope.since:
        where.append(Condition(day, "gte", scope.since))
    if scope.until:
        where.append(Condition(day, "lt", scope.until))
    return Selection(kind, tuple(where), scope.as_of)
