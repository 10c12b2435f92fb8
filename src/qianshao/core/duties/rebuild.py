"""Make the projection again from the ledger and say what differed: on a healthy base, nothing.

Also what moves dates without an act: a holiday notice that arrived, or an edition an officer applied.
"""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice, pairwise
from typing import Any

import django
from django.db import transaction

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger import rows, vault
from qianshao.core.ledger.models import Entry
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Rescheduled
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body

from . import calendars, projection, registry, rulebook, search
from .door import ALPHABET, Delivery, Receipt, perform_many
from .models import Duty, Span
from .standing import Numbered, counted, standings
from .stream import Stream, fact_of, load, rule_of

_BATCH = 500


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

    def add(self, other: Differences) -> None:
        """Take over what another part of the keys showed."""
        self.streams += other.streams
        self.missing += other.missing
        self.extra += other.extra
        self.changed |= other.changed


def _streams(after: str, upto: str | None) -> Iterator[tuple[str, list[Body]]]:
    """The duties' streams beyond one key up to another in key order, bodies in order; register streams are not duties."""
    entries = Entry.objects.filter(stream__gt=after).order_by("stream", "sseq").values_list("stream", "body")
    if upto is not None:
        entries = entries.filter(stream__lte=upto)
    known = registry.kinds()
    for key, group in groupby(entries.iterator(chunk_size=5000), key=lambda row: row[0]):
        bodies = [Body.from_body(bytes(body)) for _, body in group]
        if bodies[0].kind in known:
            yield key, bodies


def _with_facts(batch: list[tuple[str, list[Body]]]) -> list[Stream]:
    found = rows.select(
        "SELECT stream, sseq, subject, box FROM ledger_sealed WHERE stream {keys}", [key for key, _ in batch]
    )
    subjects = {(box.stream, box.sseq): box for box in (vault.Box(*row) for row in found)}
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


def rebuild(
    *, write: bool, workers: int = 1, progress: Callable[[int], None] = lambda done: None
) -> Differences:
    """Refold every stream; with ``write`` the projection is mended where it differs, ids kept.

    ``workers`` are processes, each with its own connection and a part of the keys, which are spread evenly.
    """
    found = Differences()
    parts = list(pairwise(("", *ALPHABET[1:], None)))
    if workers == 1:
        for after, upto in parts:
            _part(found, after, upto, write, progress)
        return found
    fresh = multiprocessing.get_context("spawn")  # a forked one would share the database connection
    with ProcessPoolExecutor(workers, mp_context=fresh, initializer=django.setup) as pool:
        for part in as_completed([pool.submit(_alone, after, upto, write) for after, upto in parts]):
            found.add(part.result())
            progress(found.streams)
    return found


def _alone(after: str, upto: str | None, write: bool) -> Differences:
    found = Differences()
    _part(found, after, upto, write, lambda done: None)
    return found


def _part(
    found: Differences, after: str, upto: str | None, write: bool, progress: Callable[[int], None]
) -> None:
    streams = _streams(after, upto)
    while batch := list(islice(streams, _BATCH)):
        reached = batch[-1][0]
        _batch(found, batch, after, reached, write)
        after = reached
        progress(found.streams)
    _batch(found, [], after, upto, write)


def _batch(
    found: Differences, batch: list[tuple[str, list[Body]]], after: str, upto: str | None, write: bool
) -> None:
    """Compare without holding anybody up; what differs is read again, judged and mended alone."""
    seen = _compare_all(batch, after, upto, write=False)
    if write and not seen.none:
        with transaction.atomic():
            seen = _compare_all(list(_streams(after, upto)), after, upto, write=True)
    found.add(seen)


def _compare_all(
    batch: list[tuple[str, list[Body]]], after: str, upto: str | None, *, write: bool
) -> Differences:
    found = Differences(streams=len(batch))
    calendar, book = calendars.current(), rulebook.book()
    keys = [key for key, _ in batch]
    _extras(found, after, upto, set(keys), write)
    there = {
        duty.stream: duty for piece in rows.chunks(keys) for duty in Duty.objects.filter(stream__in=piece)
    }
    stood: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for piece in rows.chunks([duty.pk for duty in there.values()]):
        spans = Span.objects.filter(duty__in=piece).order_by("duty", "since")
        for span in spans.values_list(*projection.SPAN_COLUMNS):
            stood[span[0]].append(_in_database_form(span))
    for stream in _with_facts(batch):
        duty = there.get(stream.key)
        _compare(found, stream, duty, stood[duty.pk] if duty else [], calendar, book, write)
    return found


def _extras(found: Differences, after: str, upto: str | None, known: set[str], write: bool) -> None:
    there = Duty.objects.filter(stream__gt=after)
    if upto is not None:
        there = there.filter(stream__lte=upto)
    for stream, pk in there.values_list("stream", "id"):
        if stream not in known:
            found.extra.append(stream)
            if write:
                search.drop(pk)
                Duty.objects.filter(pk=pk).delete()


def _compare(
    found: Differences,
    stream: Stream,
    duty: Duty | None,
    stood: list[tuple[Any, ...]],
    calendar: Calendar,
    book: rulebook.Book,
    write: bool,
) -> None:
    made = standings(
        stream.kind, counted(stream.facts), calendar, book.pinned(stream.rule, stream.kind.rules)
    )
    row = projection.values(stream, made)
    if duty is None:
        found.missing.append(stream.key)
        if write:
            projection.write([stream], calendar, book)
        return
    stream.duty_id = duty.pk
    wrong = [name for name, value in row.items() if getattr(duty, name) != value]
    if stood != projection.spans(duty.pk, stream, made):
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
        applied = book.applied(rule, stream.rule, stream.kind.rules) if rule else stream.rule
        rules = book.pinned(applied, stream.kind.rules)
        standing = standings(stream.kind, counted(stream.facts), calendar, rules)[-1]
        duty = next(d for d in duties if d.stream == stream.key)
        if standing.deadline.until == duty.due_at and applied == duty.rule:
            continue
        fact = Rescheduled(
            at=now,
            before=_written(duty.due_at),
            after=_written(standing.deadline.until),
            because=because,
            rule=applied if rule else "",
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
