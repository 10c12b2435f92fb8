"""Registers emit a fact when they change: units, grants, limits, points, rule editions.

A register has no duty row to hold, so its stream's tail is locked here instead: by the one writer of
SQLite's IMMEDIATE transaction, by an advisory lock of the stream on PostgreSQL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection, transaction
from django.dispatch import Signal

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body

from . import gate, store
from .models import Entry

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32

registered = Signal()
"""Sent in the transaction of every fact appended; the sender is the register's name, with ``fact, data, actor, now``."""


class Signer(Protocol):
    """Whoever signs an entry; ``core.accounts.actor.Actor`` is one."""

    @property
    def key(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def unit(self) -> str: ...


def stream_name(name: str) -> str:
    """The stream of a register: ``org``, ``meter:inspections:JYJ`` and so on; 26 letters, always the same."""
    digest = hashlib.sha256(f"register\n{name}".encode()).digest()
    number = int.from_bytes(digest[:17], "big") >> 6
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def append_register(
    *,
    name: str,
    kind: str,
    fact: str,
    data: Mapping[str, Any],
    actor: Signer,
    now: datetime,
    version: int = 1,
) -> int:
    """Append one fact to a register's stream; returns its eid.

    Call it last in the transaction that changes the rows: the stream stays locked until commit. ``data``
    is JSON without floats and names no person (numbers of accounts and people only).
    """
    stream = stream_name(name)
    with gate.told_when_full(), transaction.atomic():
        hold(name)
        last = Entry.objects.filter(stream=stream).order_by("-sseq").first()
        before = Body.from_body(bytes(last.body)) if last else None
        recorded = now.astimezone(SHANGHAI)
        payload = dict(data)
        if before is not None and datetime.fromisoformat(before.rec) >= recorded:
            # The wall clock may step back; the order of a stream never does (docs/ledger.md, time).
            recorded = datetime.fromisoformat(before.rec) + timedelta(microseconds=1)
            payload["skew"] = True
        body = Body(
            v=1,
            log=store.log_name(),
            stream=stream,
            sseq=before.sseq + 1 if before else 1,
            prev=before.leaf() if before else "",
            kind=kind,
            fact=fact,
            fv=version,
            rule="",
            actor=actor.key,
            post=actor.post,
            unit=actor.unit,
            at=now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            rec=recorded.isoformat(timespec="microseconds"),
            src="register",
            idem="",
            pii={},
            files=[],
            data=payload,
        )
        (eid,) = store.write([store.Row(stream, body.sseq, None, body.body())])
        registered.send(name, fact=fact, data=dict(data), actor=actor, now=now)
    return eid


def hold(name: str) -> None:
    """Keep a register to oneself until commit, to decide on what it holds before something is added to it."""
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(stream_name(name).encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
            )
