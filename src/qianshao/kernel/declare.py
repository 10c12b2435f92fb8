"""What a module promises, said once: facts, acts, kinds, modules.

A kind of duty (事项类型) is three pure functions over its facts, ``fold``, ``clock`` and ``allow``, and
one frozen declaration. Lists, forms, permissions, API, search and contract tests are drawn from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Literal, get_type_hints

from .calendar import Calendar
from .clock import Deadline, Each, Period, Rule, SecondClock
from .figures import Indicator
from .hours import SHANGHAI
from .merit import MeritRule, check_inputs
from .meter import Meter
from .words import Words

Shape = Literal["text", "long", "choice", "number", "day", "instant", "unit", "units", "duty", "flag"]
Mask = Literal["", "name", "phone", "whole"]


class BadDeclaration(ValueError):
    """A declaration that would break a promise of the house; raised at start-up, names the kind."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened; ``at`` is when it is said to have happened, in Asia/Shanghai.

    A day without an hour is that day's 00:00. Subclasses are frozen, past tense, and add plain
    fields made with the functions below. ``version`` changes when the fields do.
    """

    version: ClassVar[int] = 1
    at: datetime

    @property
    def on(self) -> date:
        """The day it happened in Shanghai, which day clocks count from."""
        return self.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Field:
    """One field of a fact as forms, the API and the vault see it."""

    name: str
    label: str
    shape: Shape
    required: bool
    sealed: bool
    mask: Mask
    options: tuple[tuple[str, str], ...]
    maximum: int
    hint: str
    also: tuple[tuple[str, str], ...] = ()


def _declared(
    label: str,
    shape: Shape,
    *,
    required: bool = True,
    sealed: bool = False,
    mask: Mask = "",
    options: Mapping[str, str] | None = None,
    maximum: int = 0,
    hint: str = "",
    also: Mapping[str, str] | None = None,
) -> Any:
    meta = {
        "label": label,
        "shape": shape,
        "required": required,
        "sealed": sealed,
        "mask": mask,
        "options": tuple((options or {}).items()),
        "maximum": maximum,
        "hint": hint,
        "also": tuple((also or {}).items()),
    }
    return field(metadata=meta) if required else field(default=_EMPTY[shape], metadata=meta)


_EMPTY: dict[Shape, Any] = {
    "text": "",
    "long": "",
    "choice": "",
    "number": 0,
    "day": None,
    "instant": None,
    "unit": "",
    "units": "",
    "duty": "",
    "flag": False,
}


def text(
    label: str,
    *,
    required: bool = True,
    sealed: bool = False,
    mask: Mask = "",
    maximum: int = 200,
    hint: str = "",
) -> Any:
    """One line of text, at most ``maximum`` characters; ``sealed`` text is personal and goes to the vault."""
    return _declared(label, "text", required=required, sealed=sealed, mask=mask, maximum=maximum, hint=hint)


def long(
    label: str, *, required: bool = True, sealed: bool = False, maximum: int = 20_000, hint: str = ""
) -> Any:
    """Several lines of text."""
    return _declared(label, "long", required=required, sealed=sealed, maximum=maximum, hint=hint)


def choice(
    label: str,
    options: Mapping[str, str],
    *,
    required: bool = True,
    hint: str = "",
    also: Mapping[str, str] | None = None,
) -> Any:
    """One key of ``options`` (key → Chinese title); ``also`` are other names a key goes by in other people's files."""
    return _declared(label, "choice", required=required, options=options, hint=hint, also=also)


def number(label: str, *, required: bool = True, maximum: int = 10**9, hint: str = "") -> Any:
    """A whole number from 0 to ``maximum``; money in fen, rates in basis points."""
    return _declared(label, "number", required=required, maximum=maximum, hint=hint)


def day(label: str, *, required: bool = True, hint: str = "") -> Any:
    """A day (``datetime.date``)."""
    return _declared(label, "day", required=required, hint=hint)


def unit(label: str, *, required: bool = True, hint: str = "") -> Any:
    """The code of a unit of the city."""
    return _declared(label, "unit", required=required, hint=hint)


def units(label: str, *, required: bool = True, hint: str = "") -> Any:
    """The codes of several units, with commas between."""
    return _declared(label, "units", required=required, maximum=300, hint=hint)


def codes(text: str) -> tuple[str, ...]:
    """The codes of a list of units somebody typed, in either comma."""
    return tuple(
        code for code in text.replace("，", ",").replace("、", ",").replace(" ", "").split(",") if code
    )


def duty(label: str, *, required: bool = True, hint: str = "") -> Any:
    """The number of another duty of the same kind."""
    return _declared(label, "duty", required=required, maximum=60, hint=hint)


def flag(label: str, *, hint: str = "") -> Any:
    """Yes or no."""
    return _declared(label, "flag", required=False, hint=hint)


_FIELDS: dict[type[Fact], tuple[Field, ...]] = {}


def fields_of(fact: type[Fact]) -> tuple[Field, ...]:
    """The declared fields of a fact, ``at`` left out."""
    if fact not in _FIELDS:
        _FIELDS[fact] = tuple(
            Field(name=item.name, **item.metadata) for item in dataclasses.fields(fact) if item.name != "at"
        )
    return _FIELDS[fact]


def to_payload(fact: Fact) -> tuple[dict[str, Any], dict[str, str]]:
    """Split a fact into the open data of its entry and the sealed values; both JSON-ready."""
    open_data: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for item in fields_of(type(fact)):
        value = getattr(fact, item.name)
        if item.sealed:
            if value:
                sealed[item.name] = value
        elif isinstance(value, date):
            open_data[item.name] = value.isoformat()
        elif value not in (None, ""):
            open_data[item.name] = value
    return open_data, sealed


def from_payload(fact: type[Fact], at: datetime, data: Mapping[str, Any], sealed: Mapping[str, str]) -> Fact:
    """Make the fact again from its entry; sealed values that are gone or not wanted come back empty."""
    values: dict[str, Any] = {"at": at}
    for item in fields_of(fact):
        source = sealed if item.sealed else data
        value = source.get(item.name, _EMPTY[item.shape])
        values[item.name] = date.fromisoformat(value) if item.shape == "day" and value else value
    return fact(**values)


@dataclass(frozen=True)
class Phase:
    """A station in a duty's life; ``second`` names the clock that runs while this one is paused."""

    key: str
    title: str
    open: bool = True
    paused: bool = False
    second: str = ""


@dataclass(frozen=True)
class Look:
    """What a state shows to lists and lamps; written to the projection, never to the ledger.

    ``title`` is for kinds whose title is nobody's personal data; kinds with sealed titles leave it empty
    and name the sealed field in ``Kind.sealed_title``. ``marks`` are further things true of the duty, by
    name, that figures count; the named remarks of its deadline are added to them.
    """

    phase: str
    opened_at: datetime
    closed_at: datetime | None = None
    title: str = ""
    unit: str = ""
    place: str = ""
    topic: str = ""
    channel: str = ""
    number: str = ""
    wake_at: datetime | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Something a person may do to a duty: records ``fact``; ``who`` is the capability it needs.

    ``allow`` is asked with the state, the fact and the deadline as it stands, and answers a reason to refuse.
    An act that ``opens`` a duty comes first and only then, unless it may also come ``later`` in a life
    that another act opened. An act set ``apart`` judges the unit the duty lies with: nobody of it may do it.
    ``takes`` names ``function(*, stream, state, fact, actor, now)`` that takes what the act needs from elsewhere, like
    an amount of a meter, in the act's own transaction, or answers why it cannot be had; then nothing is taken.
    Such an act opens nothing, and is undone by another act that gives back, not by voiding.
    """

    fact: type[Fact]
    title: str
    who: str
    opens: bool = False
    later: bool = False
    allow: Callable[[Any, Any, Deadline], Words | None] | None = None
    evidence: Literal["none", "may", "must"] = "may"
    apart: bool = False
    takes: str = ""

    @property
    def follows(self) -> bool:
        """Whether it may be done to a duty that is open already."""
        return self.later or not self.opens


Rules = Mapping[str, Rule]


@dataclass(frozen=True)
class Recurrence:
    """A duty that opens by itself for every holder in every period; ``holders`` are kinds of unit.

    ``opens`` makes the opening fact from the holder's code, its kind and the period.
    """

    every: Each
    holders: tuple[str, ...]
    opens: Callable[[str, str, Period], Fact]


@dataclass(frozen=True)
class Kind:
    """A kind of duty. ``key`` is ``module.kind``; ``rules`` are the rulebook keys its clock reads.

    ``silence`` answers the fact the law draws from somebody's not answering in time, dated when the time
    is out, or nothing: the tick records it, and a reckoning for a past day takes it as recorded.
    ``beside`` are all the other clocks that run in a state, the one that runs instead among them.
    ``marks`` are the titles of marks, those a list can be narrowed to. A duty with the mark ``withheld`` keeps
    its masked fields (name, telephone) from all but those who may see them unmasked.
    ``needs`` names fields (``Extended.days``) without which a bare list of facts gives no date.
    """

    key: str
    title: str
    law: str
    fold: Callable[[Iterable[Any]], Any]
    clock: Callable[[Any, Calendar, Rules], Deadline]
    look: Callable[[Any], Look]
    phases: tuple[Phase, ...]
    acts: tuple[Act, ...]
    rules: tuple[str, ...]
    reads: str
    prefix: str
    sealed_title: str = ""
    subject: str = ""
    searched: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    recurs: Recurrence | None = None
    silence: Callable[[Any, Calendar, Rules], Fact | None] | None = None
    beside: Callable[[Any, Calendar, Rules], tuple[SecondClock, ...]] | None = None
    needs: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    withheld: str = ""

    def __post_init__(self) -> None:
        opening = [act for act in self.acts if act.opens]
        if not opening:
            raise BadDeclaration(f"{self.key}: no act opens it")
        for phase in self.phases:
            if phase.paused and not phase.second:
                raise BadDeclaration(
                    f"{self.key}: phase {phase.key} pauses the clock without naming the second clock that runs"
                )
        for act in opening:
            if act.takes:
                raise BadDeclaration(
                    f"{self.key}: {act.title} opens a duty and takes something; a plan comes first"
                )
        if len({act.fact.__name__ for act in self.acts}) != len(self.acts):
            raise BadDeclaration(f"{self.key}: two acts record the same fact")

    def act(self, fact: str) -> Act:
        """The act that records a fact of this name; ``LookupError`` when there is none."""
        for act in self.acts:
            if act.fact.__name__ == fact:
                return act
        raise LookupError(f"{self.key} has no fact {fact}")

    def phase(self, key: str) -> Phase:
        """The declared phase of this key; ``LookupError`` when there is none."""
        for phase in self.phases:
            if phase.key == key:
                return phase
        raise LookupError(f"{self.key} has no phase {key}")

    def fact_types(self) -> Mapping[str, type[Fact]]:
        """Every fact this kind can read, by name, with the facts all kinds share."""
        return self._fact_types

    @cached_property
    def _fact_types(self) -> dict[str, type[Fact]]:
        return {fact.__name__: fact for fact in (*(act.fact for act in self.acts), *SHARED_FACTS)}


@dataclass(frozen=True, kw_only=True)
class Voided(Fact):
    """An earlier entry of the stream was a mistake; it stays readable and no longer counts."""

    entry: int = number("被冲正的记录序号")
    reason: str = text("冲正理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Rescheduled(Fact):
    """The date moved because a holiday notice was loaded or a rule edition was applied, not because of an act."""

    before: str = text("原到期", required=False)
    after: str = text("现到期", required=False)
    because: str = text("原因", maximum=500)
    rule: str = text("适用规则", required=False, maximum=1000)


@dataclass(frozen=True, kw_only=True)
class Erased(Fact):
    """Sealed personal values were destroyed on request; basis: 个人信息保护法 第四十七条."""

    fields: str = text("删除的字段", maximum=500)
    basis: str = text("依据", maximum=200)


SHARED_FACTS: tuple[type[Fact], ...] = (Voided, Rescheduled, Erased)


@dataclass(frozen=True)
class Role:
    """A named set of capabilities; ``city`` roles see the whole city, others their unit and below."""

    key: str
    title: str
    may: frozenset[str]
    city: bool = False


@dataclass(frozen=True)
class Reaction:
    """When a fact is recorded, call ``run`` once, after commit; ``key`` is ``kind.key:Fact``."""

    key: str
    on: str
    run: str


@dataclass(frozen=True)
class Watch:
    """Looks at open duties whose moment has come, in the transaction of the tick that found them.

    A limit that passes is no fact, so nothing can react to it. ``run`` names ``function(duties, now)``, which may
    open or act on other duties and answers when it wants to see a duty again, by stream. It is called
    again whenever a duty is looked at, so what it does must have a source of its own.
    """

    kinds: tuple[str, ...]
    run: str


@dataclass(frozen=True)
class Module:
    """One module of the product; ``opens`` are kinds of other modules it may open."""

    key: str
    title: str
    kinds: tuple[Kind, ...]
    roles: tuple[Role, ...] = ()
    opens: tuple[str, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    meters: tuple[Meter, ...] = ()
    merits: tuple[MeritRule, ...] = ()
    watches: tuple[Watch, ...] = ()


def check(modules: Iterable[Module]) -> dict[str, Kind]:
    """Hold all declarations against each other; returns the kinds by key, raises ``BadDeclaration``.

    An appraisal figure that uses a trace the burden rules forbid raises ``ForbiddenInput`` with the rule's name.
    """
    modules = tuple(modules)
    kinds: dict[str, Kind] = {}
    for module in modules:
        for kind in module.kinds:
            if kind.key in kinds or not kind.key.startswith(f"{module.key}."):
                raise BadDeclaration(f"{kind.key}: key is taken or does not begin with {module.key}.")
            kinds[kind.key] = kind
            for act in kind.acts:
                get_type_hints(act.fact)
            for indicator in kind.indicators:
                if indicator.appraisal:
                    check_inputs(indicator.key, indicator.inputs)
    for declared in ("meters", "merits"):
        taken: set[str] = set()
        for module in modules:
            for item in getattr(module, declared):
                if item.key in taken or not item.key.startswith(f"{module.key}."):
                    raise BadDeclaration(f"{item.key}: key is taken or does not begin with {module.key}.")
                taken.add(item.key)
    for module in modules:
        for opened in module.opens:
            if opened not in kinds:
                raise BadDeclaration(f"{module.key} opens {opened}, which no module declares")
        for reaction in module.reactions:
            kind_key, _, fact = reaction.on.partition(":")
            if kind_key not in kinds or fact not in kinds[kind_key].fact_types():
                raise BadDeclaration(f"{module.key} reacts to {reaction.on}, which no module declares")
        for watched in (key for watch in module.watches for key in watch.kinds):
            if watched not in kinds:
                raise BadDeclaration(f"{module.key} watches {watched}, which no module declares")
    return kinds
