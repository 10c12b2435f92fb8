"""Write how duties stand, so that lists, lamps and figures are plain SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from qianshao.core.ledger import rows
from qianshao.core.org import units
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Look
from qianshao.kernel.hours import SHANGHAI

from . import during, search
from .models import Duty, Span
from .rulebook import Book
from .standing import Standing, Told, counted, standings
from .stream import Stream

SPAN_COLUMNS = (
    "duty_id",
    "since",
    "until",
    "kind",
    "phase",
    "open",
    "paused",
    "unit_id",
    "amber_at",
    "due_at",
    "missed_at",
    "node",
    "marks",
    "step_at",
)


def instant(value: datetime | None) -> Any:
    """A moment as the database keeps it, for statements that go past the ORM."""
    return None if value is None else _adapted(value)


@lru_cache(maxsize=10_000)
def _adapted(value: datetime) -> Any:
    """Kept, because a duty's moments return in its row and in each of its spans.

    On SQLite what the ORM's own adapter writes, at a tenth of its price (a test holds the two together).
    """
    if connection.vendor != "sqlite":
        return connection.ops.adapt_datetimefield_value(value)
    return str(value.astimezone(UTC).replace(tzinfo=None))


def marks(standing: Standing) -> str:
    """What is true of a duty, by name, each name between bars: from its state, and remarks of its deadline."""
    names = {*standing.look.marks, *(flag.name for flag in standing.deadline.flags if flag.name)}
    return f"|{'|'.join(sorted(names))}|" if names else ""


def values(stream: Stream, found: Sequence[Standing]) -> dict[str, Any]:
    """The columns of a duty's row from its standings; ``wake_at`` is left to ``wake``."""
    now = found[-1]
    look = now.look
    first = stream.bodies[0]
    opened = look.opened_at.astimezone(SHANGHAI)
    return {
        "stream": stream.key,
        "kind": stream.kind.key,
        "number": look.number or f"{stream.kind.prefix}{opened:%Y%m%d}-{stream.key[:6].upper()}",
        "title": look.title,
        "phase": look.phase,
        "open": now.open,
        "paused": now.paused,
        "unit_id": units.id_of(look.unit),
        "place": look.place,
        "topic": look.topic,
        "channel": look.channel,
        "subject": stream.subject,
        "opened_at": look.opened_at,
        "amber_at": now.deadline.amber_at,
        "due_at": now.deadline.until,
        "promised_at": now.deadline.promised_until,
        "closed_at": look.closed_at,
        "missed_at": now.missed_at,
        "provisional": now.deadline.provisional,
        "month": opened.year * 100 + opened.month,
        "marks": marks(now),
        "step_at": now.step_at,
        "rule": stream.rule,
        "version": stream.version,
        "head": stream.head,
        "recorded_at": datetime.fromisoformat(first.rec),
    }


def second_moment(look: Look, deadline: Deadline) -> datetime | None:
    """When the second clock runs out: as the kind asks, or as the clock that runs instead says."""
    return look.wake_at or (deadline.waiting.until if deadline.waiting else None)


def first_wake(row: dict[str, Any], standing: Standing) -> datetime | None:
    """When to look at a duty next: its amber moment, its due moment, or the end of its second clock."""
    if not row["open"]:
        return None
    second = second_moment(standing.look, standing.deadline)
    moments = [moment for moment in (row["amber_at"], row["due_at"], second) if moment is not None]
    return min(moments) if moments else None


def spans(duty_id: int, stream: Stream, found: Sequence[Standing]) -> list[tuple[Any, ...]]:
    """The rows of ``Span`` in the database's own form."""
    made = []
    for number, standing in enumerate(found):
        until = found[number + 1].since if number + 1 < len(found) else None
        made.append(
            (
                duty_id,
                instant(standing.since),
                instant(until),
                stream.kind.key,
                standing.look.phase,
                standing.open,
                standing.paused,
                units.id_of(standing.look.unit),
                instant(standing.deadline.amber_at),
                instant(standing.deadline.until),
                instant(standing.missed_at),
                during.node(standing.since, until),
                marks(standing),
                instant(standing.step_at),
            )
        )
    return made


def words_of(stream: Stream, title: str) -> str:
    """What search should find a duty by: the searched fields of its facts, and its title."""
    said = [
        value
        for item in stream.facts
        for name in stream.kind.searched
        if (value := getattr(item.fact, name, ""))
    ]
    return "\n".join([*said, title])


def title_of(stream: Stream, title: str) -> str:
    """The title search finds by initials: the row's, or the sealed one while it can be read."""
    sealed = stream.kind.sealed_title
    if not sealed:
        return title
    return next((value for item in stream.facts if (value := getattr(item.fact, sealed, ""))), "")


_INSTANTS = (
    "opened_at",
    "amber_at",
    "due_at",
    "promised_at",
    "wake_at",
    "step_at",
    "closed_at",
    "missed_at",
    "recorded_at",
)


def standings_of(stream: Stream, calendar: Calendar, book: Book) -> list[Standing]:
    """How a stream stands and stood; what is found is kept with it, so that a further fact costs only itself."""
    facts, rules = counted(stream.facts), book.pinned(stream.rule, stream.kind.rules)
    found = standings(stream.kind, facts, calendar, rules, stream.told)
    stream.told = Told(facts, calendar, rules, found)
    return found


def write(streams: Sequence[Stream], calendar: Calendar, book: Book) -> None:
    """Write the rows of these duties inside the open transaction, new ones and changed ones."""
    fresh = [stream for stream in streams if not stream.duty_id]
    if fresh:
        ids = rows.reserve("duties_duty_id_seq", "duties_duty", "id", len(fresh))
        for stream, duty_id in zip(fresh, ids, strict=True):
            stream.duty_id = -duty_id
    new_rows: list[dict[str, Any]] = []
    changed: list[tuple[int, dict[str, Any]]] = []
    new_spans: list[tuple[Any, ...]] = []
    words: list[tuple[int, str, str]] = []
    for stream in streams:
        found = standings_of(stream, calendar, book)
        row = values(stream, found)
        row["wake_at"] = first_wake(row, found[-1])
        for name in _INSTANTS:
            row[name] = instant(row[name])
        if stream.duty_id < 0:
            stream.duty_id = -stream.duty_id
            new_rows.append({**row, "id": stream.duty_id})
        else:
            changed.append((stream.duty_id, _different(row, stream.row)))
        new_spans.extend(spans(stream.duty_id, stream, found))
        if stream.reworded or not stream.kind.searched:
            words.append((stream.duty_id, words_of(stream, row["title"]), title_of(stream, row["title"])))
    if changed:
        _update(changed)
        rows.delete("duties_span", "duty_id", [duty_id for duty_id, _row in changed])
    if new_rows:
        rows.insert(Duty, tuple(new_rows[0]), [tuple(row.values()) for row in new_rows])
    rows.insert(Span, SPAN_COLUMNS, new_spans)
    if words:
        search.put(words)


# What an opening settles for good.
_SETTLED = ("stream", "kind", "recorded_at")
_UNREAD = object()


def _different(row: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are otherwise in the row that is there; all where it was not read.

    SQLite writes every index again that has a column the statement names, whether or not its value changed.
    """
    return {
        name: value
        for name, value in row.items()
        if name not in _SETTLED and value != there.get(name, _UNREAD)
    }


def _update(changed: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Write rows by their id, those with the same changed columns in one statement; the ORM would build one for each."""
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for duty_id, row in changed:
        alike.setdefault(tuple(row), []).append((*row.values(), duty_id))
    for names, values_ in alike.items():
        if names:
            rows.change(_update_of(names), values_)


@lru_cache(maxsize=1000)
def _update_of(names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    setting = ", ".join(f"{quote(name)} = %s" for name in names)
    return f"UPDATE {quote(Duty._meta.db_table)} SET {setting} WHERE id = %s"
