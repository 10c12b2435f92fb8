"""Make the projection again from the ledger and say what differed: on a healthy base, nothing.

Also what moves dates without an act: a holiday notice that arrived, or an edition an officer applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger import rows, vault
from qianshao.core.ledger.models import Entry, Sealed
from qianshao.kernel.declare import Rescheduled
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body

from . import calendars, projection, registry, rulebook, search
from .door import Delivery, Receipt, perform_many
from .models import Duty, Span
from .standing import Numbered, counted, standings
from .stream import Stream, fact_of, load, rule_of

_BATCH = 1000


@dataclass(slots=True)
class Differences:
    """What ``rebuild`` found: streams read, and for each that differed the columns that did."""

    streams: int = 0
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def none(self) -> bool:
        """Whether the projection is exactly what the ledger says."""
        return not (self.missing or self.extra or self.changed)


def _streams() -> Iterator[tuple[str, list[Body]]]:
    """Every duty's stream in key order, bodies in order; register streams are not duties."""
    entries = Entry.objects.order_by("stream", "sseq").values_list("stream", "body")
    known = registry.kinds()
    for key, group in groupby(entries.iterator(chunk_size=5000), key=lambda row: row[0]):
        bodies = [Body.from_body(bytes(body)) for _, body in group]
        if bodies[0].kind in known:
            yield key, bodies


def _batches() -> Iterator[list[Stream]]:
    batch: list[tuple[str, list[Body]]] = []
    for item in _streams():
        batch.append(item)
        if len(batch) == _BATCH:
            yield _with_facts(batch)
            batch = []
    if batch:
        yield _with_facts(batch)


def _with_facts(batch: list[tuple[str, list[Body]]]) -> list[Stream]:
    subjects = {
        (box.stream, box.sseq): box
        for piece in rows.chunks([key for key, _ in batch])
        for box in Sealed.objects.filter(stream__in=piece)
    }
    opened = vault.unseal(subjects.values())
    made = []
    for key, bodies in batch:
        kind = registry.kind(bodies[0].kind)
        stream = Stream(kind=kind, key=key, rule=bodies[0].rule, reworded=True)
        for body in bodies:
            stream.bodies.append(body)
            stream.facts.append(Numbered(body.sseq, fact_of(kind, body, opened.get((key, body.sseq), {}))))
            box = subjects.get((key, body.sseq))
            if box is not None and not stream.subject:
                stream.subject = box.subject
        stream.rule = rule_of(stream)
        stream.version = bodies[-1].sseq
        stream.head = bodies[-1].leaf()
        made.append(stream)
    return made


def rebuild(*, write: bool, progress: Callable[[int], None] = lambda done: None) -> Differences:
    """Refold every stream; with ``write`` the projection is mended where it differs, ids kept."""
    found = Differences()
    calendar, book = calendars.current(), rulebook.book()
    last = ""
    for batch in _batches():
        with transaction.atomic():
            _extras(found, last, batch[-1].key, {s.key for s in batch}, write)
            last = batch[-1].key
            there = {
                duty.stream: duty
                for piece in rows.chunks([s.key for s in batch])
                for duty in Duty.objects.filter(stream__in=piece)
            }
            for stream in batch:
                _compare(found, stream, there.get(stream.key), calendar, book, write)
        found.streams += len(batch)
        progress(found.streams)
    with transaction.atomic():
        _extras(found, last, "~", set(), write)
    return found


def _extras(found: Differences, after: str, upto: str, known: set[str], write: bool) -> None:
    there = Duty.objects.filter(stream__gt=after, stream__lte=upto).values_list("stream", "id")
    for stream, pk in there:
        if stream not in known:
            found.extra.append(stream)
            if write:
                search.drop(pk)
                Duty.objects.filter(pk=pk).delete()


def _compare(
    found: Differences, stream: Stream, duty: Duty | None, calendar: Any, book: rulebook.Book, write: bool
) -> None:
    made = standings(stream.kind, counted(stream.facts), calendar, book.pinned(stream.rule))
    row = projection.values(stream, made)
    if duty is None:
        found.missing.append(stream.key)
        if write:
            projection.write([stream], calendar, book)
        return
    stream.duty_id = duty.pk
    wrong = [name for name, value in row.items() if getattr(duty, name) != value]
    spans = projection.spans(duty.pk, stream, made)
    stored = Span.objects.filter(duty=duty).order_by("since").values_list(*projection.SPAN_COLUMNS)
    if [_in_database_form(span) for span in stored] != spans:
        wrong.append("spans")
    if wrong:
        found.changed[stream.key] = wrong
        if write:
            projection.write([stream], calendar, book)


def _in_database_form(span: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(projection.instant(value) if isinstance(value, datetime) else value for value in span)


def reschedule(*, because: str, actor: Actor, now: datetime, duties: list[Duty], rule: str = "") -> int:
    """Compute these duties' dates again; where one moved, ``Rescheduled`` says from when to when and why.

    ``rule`` applies named editions (``hotline.answer@2026``) from now on; without it the calendar alone
    may have moved. Returns how many moved.
    """
    calendar, book = calendars.current(), rulebook.book()
    moved: list[Delivery] = []
    for stream in load({duty.stream for duty in duties}, lock=False):
        rules = book.pinned(rule or stream.rule)
        standing = standings(stream.kind, counted(stream.facts), calendar, rules)[-1]
        duty = next(d for d in duties if d.stream == stream.key)
        if standing.deadline.until == duty.due_at and (not rule or rule == duty.rule):
            continue
        fact = Rescheduled(
            at=now,
            before=_written(duty.due_at),
            after=_written(standing.deadline.until),
            because=because,
            rule=rule,
        )
        moved.append(Delivery(kind=stream.kind, fact=fact, stream=stream.key, expected=duty.version))
    outcomes = perform_many(moved, actor=actor, now=now, src="reschedule") if moved else []
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def reschedule_open(*, because: str, actor: Actor, now: datetime) -> int:
    """Check every open duty's date against the calendar as it is now known; how many moved."""
    moved, last = 0, 0
    while batch := list(Duty.objects.filter(open=True, id__gt=last).order_by("id")[:_BATCH]):
        last = batch[-1].pk
        moved += reschedule(because=because, actor=actor, now=now, duties=batch)
    return moved
