"""Streams read back: the entries of a duty as facts, a handful of queries for any number of duties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from qianshao.core.ledger import rows, vault
from qianshao.kernel.declare import Fact, Kind, Rescheduled, from_payload
from qianshao.kernel.ledger.entry import Entry as Body

from . import registry
from .models import Duty
from .standing import Numbered, Told

_ENTRIES = (
    "SELECT e.stream, e.sseq, e.body, s.subject, s.box FROM ledger_entry e"
    " LEFT JOIN ledger_sealed s ON s.stream = e.stream AND s.sseq = e.sseq"
    " WHERE e.stream {keys} ORDER BY e.stream, e.sseq"
)
Opened = Mapping[tuple[str, int], dict[str, str]]


@dataclass(slots=True)
class Stream:
    """One duty's entries while somebody works on them; ``version`` 0 means nothing is recorded yet.

    ``reworded`` when a new fact brought words that search has to find. ``row`` is what its row in the projection
    holds, in the database's own form; empty when nobody read it. ``told`` are the standings known so far.
    """

    kind: Kind
    key: str
    duty_id: int = 0
    version: int = 0
    head: str = ""
    rec: datetime | None = None
    rule: str = ""
    subject: str = ""
    unit_path: str = ""
    facts: list[Numbered] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    row: Mapping[str, Any] = field(default_factory=dict)
    told: Told | None = None
    touched: bool = False
    reworded: bool = False


def fact_of(kind: Kind, body: Body, sealed: Mapping[str, str]) -> Fact:
    """The fact an entry records; sealed values that are gone come back empty."""
    types = kind.fact_types()
    return from_payload(types[body.fact], datetime.fromisoformat(body.at), body.data, sealed)


def unsealed(streams: Collection[str]) -> Opened:
    """The sealed values of these streams, by (stream, sseq)."""
    found = rows.select(
        "SELECT stream, sseq, subject, box FROM ledger_sealed WHERE stream {keys}", sorted(streams)
    )
    return vault.unseal(vault.Box(*row) for row in found)


def bodies_of(streams: Collection[str]) -> Iterable[tuple[str, int, bytes]]:
    """(stream, sseq, body) of every entry of these streams, each stream in order."""
    found = rows.select(
        "SELECT stream, sseq, body FROM ledger_entry WHERE stream {keys} ORDER BY stream, sseq",
        sorted(streams),
    )
    for stream, sseq, body in found:
        yield stream, sseq, bytes(body)


def rule_of(stream: Stream) -> str:
    """The editions a stream is under: those it was born under, unless an officer applied others."""
    applied = [
        item.fact.rule for item in stream.facts if isinstance(item.fact, Rescheduled) and item.fact.rule
    ]
    return applied[-1] if applied else stream.bodies[0].rule


@cache
def _columns() -> tuple[tuple[str, ...], str]:
    """The columns of a duty's row but its id, and how they are selected in the form in which they are kept.

    A moment that SQLite selects behind a sign is told as its text; as it stands the driver would parse each.
    """
    fields = [column for column in Duty._meta.concrete_fields if not column.primary_key]
    quote = connection.ops.quote_name
    sign = "+" if connection.vendor == "sqlite" else ""
    selected = (
        f"{sign if isinstance(column, models.DateTimeField) else ''}d.{quote(str(column.column))}"
        for column in fields
    )
    return tuple(column.attname for column in fields), ", ".join(selected)


def load(streams: Collection[str], *, lock: bool) -> list[Stream]:
    """The recorded ones among these streams, with their facts; ``lock`` holds their duties until commit."""
    found: dict[str, Stream] = {}
    held = " FOR UPDATE OF d" if lock and connection.features.has_select_for_update else ""
    names, columns = _columns()
    duties = rows.select(
        f"SELECT u.path, d.id, {columns} FROM duties_duty d"
        " LEFT JOIN org_unit u ON u.id = d.unit_id WHERE d.stream {keys} ORDER BY d.id" + held,
        sorted(streams),
    )
    for path, duty_id, *values in duties:
        row = dict(zip(names, values, strict=True))
        found[row["stream"]] = Stream(
            kind=registry.kind(row["kind"]),
            key=row["stream"],
            duty_id=duty_id,
            subject=row["subject"],
            unit_path=path or "",
            row=row,
        )
    there = list(rows.select(_ENTRIES, sorted(found)))
    opened = vault.unseal(
        vault.Box(key, sseq, subject, box) for key, sseq, _body, subject, box in there if box is not None
    )
    for key, sseq, raw, _subject, _box in there:
        stream = found[key]
        body = Body.from_body(bytes(raw))
        stream.bodies.append(body)
        stream.facts.append(Numbered(sseq, fact_of(stream.kind, body, opened.get((key, sseq), {}))))
    for stream in found.values():
        last = stream.bodies[-1]
        stream.version = last.sseq
        stream.rule = rule_of(stream)
        stream.rec = datetime.fromisoformat(last.rec)
        stream.head = last.leaf()
    return list(found.values())
