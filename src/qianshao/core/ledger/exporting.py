"""Exports: the whole log, a period of it, or one duty's file with its proofs. Format: ``kernel.ledger.bundle``.

Nothing here holds a transaction: what lies below a checkpoint never changes, so a long export keeps no writer waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from qianshao.kernel.ledger import bundle, heads
from qianshao.kernel.ledger.bundle import Line, Seal, Sink
from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.merkle import consistency_proof, inclusion_proof, subtrees
from qianshao.kernel.ledger.note import BadNote
from qianshao.kernel.ledger.note import Checkpoint as Stated

from . import anchoring, checkpoints, loss, proofs
from .keys import office_key
from .models import Checkpoint, Entry, Leaf

_CHUNK = 2000


class NothingToExport(LookupError):
    """The log, the period or the stream is empty."""


def whole(sink: Sink, *, now: datetime, start: int = 0) -> int:
    """Export the log from entry ``start`` to a fresh checkpoint; returns the number of entries."""
    return _run(sink, start, _checkpoint(now))


def period(sink: Sink, *, since: datetime, until: datetime, now: datetime) -> int:
    """Export what was recorded from ``since`` to ``until``: the entries between the two checkpoints that enclose the period."""
    before = Checkpoint.objects.filter(made_at__lte=since).order_by("-id").first()
    after = Checkpoint.objects.filter(made_at__gte=until).order_by("id").first()
    return _run(sink, before.size if before else 0, after or _checkpoint(now))


def _run(sink: Sink, start: int, made: Checkpoint) -> int:
    if not 0 <= start < made.size:
        raise NothingToExport(
            _("账本到这个检查点共有 {n} 条记录，没有从第 {start} 条起的内容。").format(
                n=made.size, start=start
            )
        )
    sides = proofs.frontiers_at(start)
    key = office_key(signed_before=True)
    return bundle.write(
        sink,
        mode="period" if start else "all",
        origin=loss.origin(),
        start=start,
        size=made.size,
        lines=_lines(start, made.size),
        seal=Seal(made.note, made.sm3_note, [key.stated()], frontier=(sides[0].hashes, sides[1].hashes)),
    )


def duty(sink: Sink, stream: str, *, now: datetime, since: str = "", held_heads: str = "") -> int:
    """Export one stream with the proof that each entry is in the log and that none is missing.

    ``since`` is a checkpoint the auditor holds: the proof that this log continues it goes along. ``held_heads`` is a day's heads the auditor
    holds; completeness is proved against it, otherwise against heads signed now. Raises ``BadNote`` when either is not ours.
    """
    made = _checkpoint(now)
    rows = list(Entry.objects.filter(stream=stream).order_by("sseq").values_list("eid", "body"))
    places = dict(Leaf.objects.filter(eid__in=[eid for eid, _body in rows]).values_list("eid", "seq"))
    rows = [(eid, body) for eid, body in rows if places.get(eid, made.size) < made.size]
    if not rows:
        raise NothingToExport(_("账本中没有 {stream} 的已编号记录。").format(stream=stream))
    tree = proofs.Nodes()
    lines = [Line(places[eid], tree.leaf(places[eid]), bytes(body)) for eid, body in rows]
    seal = Seal(
        made.note,
        made.sm3_note,
        [office_key(signed_before=True).stated()],
        proofs=[inclusion_proof(tree.subtree, line.seq, made.size) for line in lines],
        consistency=_continuing(since, made, tree) if since else None,
        heads=_completeness(stream, made, now, held_heads),
    )
    return bundle.write(
        sink, mode="duty", origin=loss.origin(), start=0, size=made.size, lines=lines, seal=seal
    )


def _continuing(since: str, made: Checkpoint, tree: proofs.Nodes) -> tuple[int, list[bytes]]:
    held = _ours(since)
    if held.size > made.size:
        raise BadNote(
            _("所持检查点写明 {n} 条记录，账本只有 {m} 条：可能恢复了旧备份").format(n=held.size, m=made.size)
        )
    return held.size, consistency_proof(tree.subtree, held.size, made.size)


def _ours(text: str) -> Stated:
    held = anchoring.read_note(text)
    if held.origin != loss.origin():
        raise BadNote(_("所持检查点属于 {other}，不是这本账").format(other=held.origin))
    return held


def _checkpoint(now: datetime) -> Checkpoint:
    """A checkpoint of the log as it stands: the newest one when nothing was added since."""
    newest = Checkpoint.objects.order_by("-id").first()
    size = Leaf.objects.aggregate(last=Max("seq"))["last"]
    if size is None:
        raise NothingToExport(_("账本还是空的。"))
    return newest if newest is not None and newest.size == size + 1 else checkpoints.make(now)


def _lines(start: int, size: int) -> Iterator[Line]:
    with connection.cursor() as cursor:
        for first in range(start, size, _CHUNK):
            cursor.execute(
                "SELECT l.seq, l.sha256, e.body FROM ledger_leaf l JOIN ledger_entry e ON e.eid = l.eid"
                " WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq",
                [first, min(first + _CHUNK, size)],
            )
            for seq, leaf, body in cursor.fetchall():
                yield Line(seq, bytes(leaf), bytes(body))


def _completeness(stream: str, made: Checkpoint, now: datetime, held: str) -> dict[str, object]:
    """The signed root over all heads, and the proof that this stream's head is among them."""
    size = made.size
    if held:
        size = checkpoints.heads_size(anchoring.read_note(held)) or 0
        if not 0 < size <= made.size:
            raise BadNote(_("所持的每日链头不属于这本账，或比它更新"))
    everything = proofs.heads_at(size)
    leaves = heads.leaves(SHA256, everything)
    index = next((number for number, head in enumerate(everything) if head.stream == stream), None)
    if index is None:
        raise NothingToExport(_("{stream} 在那一天还没有记录。").format(stream=stream))
    head = everything[index]
    return {
        "note": held or checkpoints.sign_heads(leaves, size, now),
        "index": index,
        "proof": [node.hex() for node in inclusion_proof(subtrees(SHA256, leaves), index, len(leaves))],
        "head": [head.stream, head.sseq, head.leaf],
    }
