"""The facts of a duty as a reader sees them: who, when it happened, when it was recorded, what, which files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.accounts.models import Account
from qianshao.core.duties import calendars
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import Stream
from qianshao.core.ledger.models import Entry, Leaf
from qianshao.core.org.models import Unit
from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.declare import SHARED_FACTS, Fact, Field, Voided, codes, fields_of
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kit import telling

from .masking import masked_name, masked_phone, scrub

LATE_RECORD = 1  # working days between happening and recording beyond which an entry is marked 补录


@dataclass(frozen=True, slots=True)
class Value:
    """One field as shown. ``hidden`` when something of it is masked, ``gone`` when it was erased by law."""

    label: str
    text: str
    long: bool = False
    sealed: bool = False
    hidden: bool = False
    gone: bool = False
    closed: bool = False


@dataclass(slots=True)
class Told:
    """One entry of the timeline."""

    sseq: int
    fact: str
    title: str
    at: datetime
    recorded_at: datetime
    by: str
    post: str
    unit: str
    body: Body
    values: list[Value] = field(default_factory=list)
    late_record: bool = False
    reversal: bool = False
    voided_by: int = 0
    may_void: bool = False
    leaf: int | None = None

    @property
    def hash(self) -> str:
        """The entry's leaf hash (RFC 6962, SHA-256)."""
        return self.body.leaf()

    @property
    def hidden(self) -> bool:
        """Whether there is something to reveal."""
        return any(value.hidden for value in self.values)


@dataclass(frozen=True, slots=True)
class Reader:
    """What of the sealed values this reader may see: nothing, masked, or ``revealed`` entries in full.

    ``whole`` is whether they may ask to see them in full: what a person asked to have kept secret is shown
    to nobody else, not even masked.
    """

    text: bool
    revealed: frozenset[int] = frozenset()
    whole: bool = False


def told(stream: Stream, reader: Reader, *, may_void: bool = False) -> list[Told]:
    """Every entry of a duty in order; five queries however long it is."""
    names = _people({body.actor for body in stream.bodies})
    units = _units(stream)
    leaves = _leaves(stream.key)
    calendar = calendars.current()
    voided = {item.fact.entry: item.sseq for item in stream.facts if isinstance(item.fact, Voided)}
    person = _names_told(stream)
    withheld = not reader.whole and keeps_back(stream)
    found: list[Told] = []
    for item, body in zip(stream.facts, stream.bodies, strict=True):
        recorded = datetime.fromisoformat(body.rec)
        entry = Told(
            sseq=item.sseq,
            fact=body.fact,
            title=_title(stream, body),
            at=item.fact.at,
            recorded_at=recorded,
            by=names.get(body.actor, body.actor),
            post=telling.sentence(body.post),
            unit=units.get(body.unit, body.unit),
            body=body,
            values=[
                value
                for shape in fields_of(type(item.fact))
                if (value := _value(item.fact, shape, body, reader, item.sseq, units, person, withheld))
            ],
            late_record=_recorded_late(calendar, item.fact.at, recorded),
            reversal=isinstance(item.fact, Voided),
            voided_by=voided.get(item.sseq, 0),
            leaf=leaves.get(item.sseq),
        )
        entry.may_void = may_void and item.sseq > 1 and not entry.voided_by and _plain(item.fact)
        found.append(entry)
    return found


def keeps_back(stream: Stream) -> bool:
    """Whether the person asked that nobody who handles the duty learns who they are."""
    kind = stream.kind
    return bool(kind.withheld) and kind.withheld in kind.look(kind.fold(counted(stream.facts))).marks


def _plain(fact: Fact) -> bool:
    return not isinstance(fact, SHARED_FACTS)


def _title(stream: Stream, body: Body) -> str:
    shared = {"Voided": _("冲正"), "Rescheduled": _("期限重算"), "Erased": _("依法删除个人信息")}
    return shared.get(body.fact) or telling.sentence(stream.kind.act(body.fact).title)


def _value(
    fact: Fact,
    shape: Field,
    body: Body,
    reader: Reader,
    sseq: int,
    units: dict[str, str],
    names: Collection[str],
    withheld: bool,
) -> Value | None:
    label = telling.sentence(shape.label)
    value: Any = getattr(fact, shape.name)
    if not shape.sealed:
        text = _open_text(shape, value, units)
        return Value(label, text, long=shape.shape == "long") if text else None
    if shape.name not in body.pii:
        return None
    if value == "":
        return Value(label, _("已依法删除"), sealed=True, gone=True)
    if not reader.text:
        return Value(label, _("已封存，您没有查看权限"), sealed=True, closed=True)
    if withheld and shape.mask:
        return Value(label, _("本人要求保密，不予显示"), sealed=True, closed=True)
    if withheld:
        return Value(label, scrub(value, names, whole=True), long=shape.shape == "long", sealed=True)
    shown = value if sseq in reader.revealed else _masked(shape, value, names)
    return Value(label, shown, long=shape.shape == "long", sealed=True, hidden=shown != value)


def _masked(shape: Field, value: str, names: Collection[str]) -> str:
    if shape.mask == "name":
        return masked_name(value)
    if shape.mask == "whole":
        return "******"
    return masked_phone(value) if shape.mask == "phone" else scrub(value, names)


def _open_text(shape: Field, value: Any, units: dict[str, str]) -> str:
    match shape.shape:
        case "unit":
            return units.get(value, str(value))
        case "units":
            return _("、").join(units.get(code, code) for code in codes(value))
        case "choice":
            return telling.sentence(dict(shape.options).get(value, str(value))) if value else ""
        case "day":
            return telling.day(value, weekday=True)
        case "instant":
            return telling.moment(value)
        case "flag":
            return _("是") if value else ""
        case _:
            return str(value) if value not in ("", None) else ""


def _names_told(stream: Stream) -> set[str]:
    """Names of people these facts tell, to be shortened wherever else they stand in the texts."""
    return {
        name
        for item in stream.facts
        for shape in fields_of(type(item.fact))
        if shape.mask == "name" and (name := getattr(item.fact, shape.name))
    }


def _recorded_late(calendar: Calendar, happened: datetime, recorded: datetime) -> bool:
    first, last = happened.astimezone(SHANGHAI).date(), recorded.astimezone(SHANGHAI).date()
    try:
        return calendar.workdays_between(first, last) > LATE_RECORD
    except CalendarMissing:
        return (last - first).days > LATE_RECORD


def _people(keys: Iterable[str]) -> dict[str, str]:
    """The names behind actors' keys; machines are called what they are."""
    found = {key: _("系统（{name}）").format(name=key[8:]) for key in keys if key.startswith("machine:")}
    numbers = {int(key[8:]): key for key in keys if key.startswith("account:") and key[8:].isdigit()}
    for account in Account.objects.filter(pk__in=numbers).select_related("person"):
        found[numbers[account.pk]] = account.person.name
    return found


def _units(stream: Stream) -> dict[str, str]:
    found = {body.unit for body in stream.bodies}
    for item in stream.facts:
        for shape in fields_of(type(item.fact)):
            if shape.shape in ("unit", "units"):
                found.update(codes(getattr(item.fact, shape.name)))
    return dict(Unit.objects.filter(code__in=found - {""}).values_list("code", "name"))


def _leaves(stream: str) -> dict[int, int]:
    """The place in the city's log of each entry that has one already."""
    entries = dict(Entry.objects.filter(stream=stream).values_list("eid", "sseq"))
    return {entries[eid]: seq for eid, seq in Leaf.objects.filter(eid__in=entries).values_list("eid", "seq")}
