"""Write entries and number them. Nothing outside core writes here; duties and registers do.

Two orders (see docs/ledger.md): an entry is ``sseq`` of its stream at once; the sequencer gives it its
place in the city's log, in line on SQLite, and from the ``tick`` process or after commit on PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from qianshao.kernel.ledger.hashes import SHA256, SM3
from qianshao.kernel.ledger.merkle import Frontier, leaf_hash

from . import gate, rows
from .models import Entry, Leaf, LeafBlock, Pending, Sealed

LEVEL = 12  # a block of leaves is 2**12
_SEQUENCER = 0x7169616E  # advisory lock key, "qian"


def log_name() -> str:
    """The name of this city's log, written in every entry and every checkpoint's origin."""
    return str(settings.LOG_NAME)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry ready to be written; ``idem`` is the digest of its delivery key, or None.

    ``leaf`` is its SHA-256 leaf hash where its writer has it at hand.
    """

    stream: str
    sseq: int
    idem: bytes | None
    body: bytes
    leaf: bytes = b""


def write(entries: Sequence[Row]) -> Sequence[int]:
    """Insert entries inside the open transaction; returns their eids. SQLite numbers them at once."""
    gate.refuse_if_stopped()
    eids = rows.reserve("ledger_eid", "ledger_entry", "eid", len(entries))
    rows.insert(
        Entry,
        ("eid", "stream", "sseq", "idem", "body"),
        [(eid, row.stream, row.sseq, row.idem, row.body) for eid, row in zip(eids, entries, strict=True)],
    )
    if connection.vendor == "sqlite":
        _number([(eid, row.body, row.leaf) for eid, row in zip(eids, entries, strict=True)])
    else:
        rows.insert(Pending, ("eid",), [(eid,) for eid in eids])
    return eids


def frontiers() -> tuple[int, Frontier, Frontier]:
    """Size and both trees' frontiers as they stand; waits for nobody."""
    return _frontiers()


def _frontiers(lock: str = "") -> tuple[int, Frontier, Frontier]:
    head = rows.ask(f"SELECT size, sha256, sm3 FROM ledger_head WHERE id = 1{lock}")
    if not head:
        return 0, Frontier(SHA256), Frontier(SM3)
    ((size, sha256, sm3),) = head
    return size, Frontier.from_bytes(SHA256, bytes(sha256)), Frontier.from_bytes(SM3, bytes(sm3))


def _number(new: Iterable[tuple[int, bytes, bytes]]) -> int:
    size, sha256, sm3 = _frontiers(" FOR UPDATE" if connection.features.has_select_for_update else "")
    leaves = []
    for seq, (eid, body, leaf) in enumerate(new, start=size):
        one, other = leaf or leaf_hash(SHA256, body), leaf_hash(SM3, body)
        sha256.append(one)
        sm3.append(other)
        leaves.append((seq, eid, one, other))
    rows.insert(Leaf, ("seq", "eid", "sha256", "sm3"), leaves)
    rows.change(
        "INSERT INTO ledger_head (id, size, sha256, sm3) VALUES (1, %s, %s, %s) ON CONFLICT (id)"
        " DO UPDATE SET size = excluded.size, sha256 = excluded.sha256, sm3 = excluded.sm3",
        [(sha256.size, sha256.to_bytes(), sm3.to_bytes())],
    )
    _close_blocks(size, sha256.size)
    return len(leaves)


def _close_blocks(before: int, after: int) -> None:
    """Keep the roots of blocks that filled up, so that a proof reads two blocks and not the whole log."""
    made = []
    for number in range(before >> LEVEL, after >> LEVEL):
        sha256, sm3 = Frontier(SHA256), Frontier(SM3)
        leaves = Leaf.objects.filter(seq__gte=number << LEVEL, seq__lt=number + 1 << LEVEL).order_by("seq")
        for one, other in leaves.values_list("sha256", "sm3"):
            sha256.append(bytes(one))
            sm3.append(bytes(other))
        made.append((number, sha256.root(), sm3.root()))
    rows.insert(LeafBlock, ("number", "sha256", "sm3"), made)


def seal(limit: int = 5000) -> int:
    """Number up to ``limit`` waiting entries in eid order; 0 when none wait or another process is at it."""
    if connection.vendor == "sqlite":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT e.eid, e.body FROM ledger_pending p JOIN ledger_entry e ON e.eid = p.eid"
            " ORDER BY p.eid LIMIT %s",
            [limit],
        )
        waiting = [(eid, bytes(body), b"") for eid, body in cursor.fetchall()]
        if not waiting:
            return 0
        numbered = _number(waiting)
        cursor.execute(
            "DELETE FROM ledger_pending WHERE eid = ANY(%s)", [[eid for eid, _body, _leaf in waiting]]
        )
        return numbered


_PACE = 0.5  # seconds; the tick looks every second, and a place in the log is promised within two
_last_pass = -_PACE


def seal_in_passing() -> None:
    """Number what waits after an act, unless this process just did: then the tick does, or the next act.

    A single act has its place at once; in a burst the writers do not spend half their time on each other's.
    """
    global _last_pass
    if time.monotonic() - _last_pass >= _PACE:
        seal()
        _last_pass = time.monotonic()


def seal_all() -> None:
    """Number everything that waits now; when another process is at it, leave the rest to that one."""
    while seal():
        pass


def put_boxes(boxes: Sequence[tuple[str, int, str, bytes]]) -> None:
    """Keep the encrypted boxes (stream, sseq, subject, box) of entries written in the same transaction."""
    rows.insert(Sealed, ("stream", "sseq", "subject", "box"), boxes)
