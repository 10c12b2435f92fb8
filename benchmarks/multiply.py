"""Make a big base of a smaller one: whole duties copied with streams, hashes and sealed boxes of their own.

Told through the door a million duties take hours of processor. A copy is what the door would have written for
another citizen with the same story: its bodies name their own stream, every hash is computed anew and
chained, its box is encrypted for its own place. ``verify`` and ``rebuild`` are run over the result and would
say if anything were otherwise.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

_AT_ONCE = 20_000  # duties in one transaction: each touches pages all over the indexes of random keys
_PREV = re.compile(rb'"prev":"[0-9a-f]*"')
_IDEM = re.compile(rb'"idem":"[0-9a-f]+"')


def multiply(duties: int, entries: int, tell: Callable[[int, int], None]) -> None:
    """Copy the duties that are there, again and again, until there are so many of them and of their entries."""
    from qianshao.core.duties.models import Duty
    from qianshao.core.ledger import store
    from qianshao.core.ledger.models import Entry

    there, written = Duty.objects.count(), Entry.objects.count()
    last = Duty.objects.order_by("-id").values_list("id", flat=True)[0]
    first, times = 0, 1
    while there < duties or written < entries:
        originals = list(Duty.objects.filter(id__gt=first, id__lte=last).order_by("id")[:_AT_ONCE])
        if not originals:
            first, times = 0, times + 1
            continue
        written += _copy(originals, times * last)
        there += len(originals)
        first = originals[-1].pk - times * last  # the copies carry their new numbers
        while store.seal():
            pass
        tell(there, written)
    _mind_the_sequence()


def _copy(originals: list[Any], further: int) -> int:
    """Copy these duties in one transaction; how many entries."""
    from django.db import connection, transaction

    from qianshao.core.duties import registry
    from qianshao.core.duties.door import stream_of
    from qianshao.core.duties.projection import SPAN_COLUMNS

    streams = {
        duty.stream: stream_of(registry.kind(duty.kind), f"copy {further} of {duty.stream}")
        for duty in originals
    }
    low, high = originals[0].pk, originals[-1].pk
    with transaction.atomic():
        heads, written = _copy_entries(streams)
        _copy_boxes(streams)
        _copy_rows(originals, streams, heads, further)
        columns = ", ".join(f'"{name}"' for name in SPAN_COLUMNS if name != "duty_id")
        key = "duty" if connection.vendor == "postgresql" else "rowid"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO duties_span (duty_id, {columns}) SELECT duty_id + %s, {columns}"
                " FROM duties_span WHERE duty_id >= %s AND duty_id <= %s",
                [further, low, high],
            )
            cursor.execute(
                f"INSERT INTO duty_search ({key}, pieces) SELECT {key} + %s, pieces FROM duty_search"
                f" WHERE {key} >= %s AND {key} <= %s",
                [further, low, high],
            )
    return written


def _copy_entries(streams: dict[str, str]) -> tuple[dict[str, str], int]:
    """Write the copies' entries; the last leaf of each new stream, and how many entries."""
    from qianshao.core.duties.stream import bodies_of
    from qianshao.core.ledger import store
    from qianshao.kernel.ledger.hashes import SHA256
    from qianshao.kernel.ledger.merkle import leaf_hash

    heads: dict[str, str] = {}
    made = []
    for stream, sseq, body in bodies_of(streams):
        new = streams[stream]
        raw = body.replace(f'"stream":"{stream}"'.encode(), f'"stream":"{new}"'.encode())
        raw = _PREV.sub(f'"prev":"{heads.get(new, "")}"'.encode(), raw, count=1)
        idem = hashlib.sha256(f"{new}/{sseq}".encode()).digest()[:16] if _IDEM.search(raw) else None
        if idem:
            raw = _IDEM.sub(f'"idem":"{idem.hex()}"'.encode(), raw, count=1)
        heads[new] = leaf_hash(SHA256, raw).hex()
        made.append(store.Row(new, sseq, idem, raw))
    store.write(made)
    return heads, len(made)


def _copy_boxes(streams: dict[str, str]) -> None:
    """Encrypt the sealed values again for their new places; salts stay, so the commitments hold."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from qianshao.core.ledger import rows, store, vault

    found = list(
        rows.select("SELECT stream, sseq, subject, box FROM ledger_sealed WHERE stream {keys}", list(streams))
    )
    subjects = {subject: streams.get(subject, subject) for _stream, _sseq, subject, _box in found}
    keys = vault.keys_for({*subjects, *subjects.values()})
    boxes = []
    for stream, sseq, subject, box in found:
        box = bytes(box)
        plain = AESGCM(keys[subject]).decrypt(box[:12], box[12:], f"{stream}/{sseq}".encode())
        new, nonce = streams[stream], os.urandom(12)
        sealed = AESGCM(keys[subjects[subject]]).encrypt(nonce, plain, f"{new}/{sseq}".encode())
        boxes.append((new, sseq, subjects[subject], nonce + sealed))
    store.put_boxes(boxes)


def _copy_rows(originals: list[Any], streams: dict[str, str], heads: dict[str, str], further: int) -> None:
    from qianshao.core.duties.models import Duty
    from qianshao.core.duties.projection import instant
    from qianshao.core.ledger import rows

    names = [field.attname for field in Duty._meta.concrete_fields]
    made = []
    for duty in originals:
        old, new = duty.stream, streams[duty.stream]
        duty.pk += further
        duty.stream, duty.head = new, heads[new]
        duty.number = duty.number.replace(old[:6].upper(), new[:6].upper())
        duty.subject = new if duty.subject == old else duty.subject
        values = (getattr(duty, name) for name in names)
        made.append(tuple(instant(value) if isinstance(value, datetime) else value for value in values))
    rows.insert(Duty, names, made)


def _mind_the_sequence() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('duties_duty_id_seq', (SELECT max(id) FROM duties_duty))")
