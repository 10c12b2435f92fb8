"""Streams read back: the entries of a duty as facts, a handful of queries for any number of duties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from qianshao.core.ledger import rows, vault
from qianshao.kernel.declare import Fact, Kind, Rescheduled, from_payload
from qianshao.kernel.ledger.entry import Entry as Body

from . import registry
from .standing import Numbered

Opened = Mapping[tuple[str, int], dict[str, str]]


@dataclass(slots=True)
class Stream:
    """One duty's entries while somebody works on them; ``version`` 0 means nothing is recorded yet.

    ``reworded`` when a new fact brought words that search has to find.
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


def load(streams: Collection[str], *, lock: bool) -> list[Stream]:
    """The recorded ones among these streams, with their facts; ``lock`` holds their duties until commit."""
    found: dict[str, Stream] = {}
    held = " FOR UPDATE OF d" if lock and connection.features.has_select_for_update else ""
    duties = rows.select(
        "SELECT d.id, d.stream, d.kind, d.subject, u.path FROM duties_duty d"
        " LEFT JOIN org_unit u ON u.id = d.unit_id WHERE d.stream {keys} ORDER BY d.id" + held,
        sorted(streams),
    )
    for duty_id, key, kind, subject, path in duties:
        found[key] = Stream(
            kind=registry.kind(kind), key=key, duty_id=duty_id, subject=subject, unit_path=path or ""
        )
    if found:
        opened = unsealed(found)
        for key, sseq, raw in bodies_of(found):
            stream = found[key]
            body = Body.from_body(raw)
            stream.bodies.append(body)
            stream.facts.append(Numbered(sseq, fact_of(stream.kind, body, opened.get((key, sseq), {}))))
    for stream in found.values():
        last = stream.bodies[-1]
        stream.version = last.sseq
        stream.rule = rule_of(stream)
        stream.rec = datetime.fromisoformat(last.rec)
        stream.head = last.leaf()
    return list(found.values())
