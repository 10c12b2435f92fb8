"""Exports: the whole log, a period of it, or one duty's file with its proofs. Format: ``kernel.ledger.bundle``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger import bundle, heads, note
from qianshao.kernel.ledger.bundle import Line, Seal, Sink
from qianshao.kernel.ledger.hashes import SHA256, SM3
from qianshao.kernel.ledger.merkle import Frontier, inclusion_proof, node_hash, root_of, subtrees

from . import checkpoints
from .keys import office_key
from .models import Checkpoint, Entry, Leaf

_CHUNK = 2000


class NothingToExport(LookupError):
    """The log, the period or the stream is empty."""


def whole(sink: Sink, *, now: datetime, start: int = 0) -> int:
    """Export the log from entry ``start`` to a fresh checkpoint; returns the number of entries."""
    with transaction.atomic():
        made = _checkpoint(now)
        if not 0 <= start < made.size:
            raise NothingToExport(f"账本共有 {made.size} 条记录，没有从第 {start} 条起的内容。")
        key = office_key(signed_before=True)
        seal = Seal(made.note, made.sm3_note, [key.stated()], frontier=_frontier_at(start))
        return bundle.write(
            sink,
            mode="period" if start else "all",
            origin=checkpoints.origin(),
            start=start,
            size=made.size,
            lines=_lines(start, made.size),
            seal=seal,
        )


def duty(sink: Sink, stream: str, *, now: datetime) -> int:
    """Export one stream with the proof that each entry is in the log and that none is missing as of now."""
    with transaction.atomic():
        made = _checkpoint(now)
        rows = list(Entry.objects.filter(stream=stream).order_by("sseq").values_list("eid", "body"))
        places = dict(Leaf.objects.filter(eid__in=[eid for eid, _ in rows]).values_list("eid", "seq"))
        rows = [(eid, body) for eid, body in rows if places.get(eid, made.size) < made.size]
        if not rows:
            raise NothingToExport(f"账本中没有 {stream} 的已编号记录。")
        tree = Nodes()
        lines = [Line(places[eid], tree.leaf(places[eid]), bytes(body)) for eid, body in rows]
        key = office_key(signed_before=True)
        seal = Seal(
            made.note,
            made.sm3_note,
            [key.stated()],
            proofs=[inclusion_proof(tree.subtree, line.seq, made.size) for line in lines],
            heads=_completeness(stream, now),
        )
        return bundle.write(
            sink,
            mode="duty",
            origin=checkpoints.origin(),
            start=0,
            size=made.size,
            lines=lines,
            seal=seal,
        )


def _checkpoint(now: datetime) -> Checkpoint:
    """A checkpoint of the log as it stands: the newest one when nothing was added since."""
    newest = Checkpoint.objects.order_by("-id").first()
    size = Leaf.objects.aggregate(last=Max("seq"))["last"]
    if size is None:
        raise NothingToExport("账本还是空的。")
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


def _frontier_at(size: int) -> tuple[list[bytes], list[bytes]]:
    """The subtree roots of both trees when they had ``size`` leaves."""
    one, other = Frontier(SHA256), Frontier(SM3)
    if size:
        for sha256, sm3 in (
            Leaf.objects.filter(seq__lt=size).order_by("seq").values_list("sha256", "sm3").iterator()
        ):
            one.append(bytes(sha256))
            other.append(bytes(sm3))
    return one.hashes, other.hashes


class Nodes:
    """Roots of subtrees of the log, read from the leaves in the database; full blocks of 4,096 are kept once known."""

    _BLOCK = 4096

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], bytes] = {}

    def leaf(self, seq: int) -> bytes:
        """One leaf's hash."""
        return bytes(Leaf.objects.values_list("sha256", flat=True).get(seq=seq))

    def subtree(self, start: int, end: int) -> bytes:
        """The root over leaves ``start`` to ``end``; these are full subtrees or the log's right edge."""
        found = self._kept.get((start, end))
        if found is None:
            found = self._kept[start, end] = self._read(start, end)
        return found

    def _read(self, start: int, end: int) -> bytes:
        if end - start > self._BLOCK:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            return node_hash(SHA256, self.subtree(start, middle), self.subtree(middle, end))
        tree = Frontier(SHA256)
        leaves = Leaf.objects.filter(seq__gte=start, seq__lt=end).order_by("seq")
        for raw in leaves.values_list("sha256", flat=True):
            tree.append(bytes(raw))
        return tree.root()


def current_heads() -> list[heads.Head]:
    """Where every stream ends now."""
    last = Entry.objects.values("stream").annotate(last=Max("sseq")).values_list("stream", "last")
    ends = dict(last)
    found: list[heads.Head] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.stream, e.sseq, l.sha256 FROM ledger_entry e JOIN ledger_leaf l ON l.eid = e.eid ORDER BY e.stream, e.sseq"
        )
        while rows := cursor.fetchmany(5000):
            found.extend(
                heads.Head(stream, sseq, bytes(leaf).hex())
                for stream, sseq, leaf in rows
                if ends[stream] == sseq
            )
    return found


def _completeness(stream: str, now: datetime) -> dict[str, object]:
    """The signed root over all heads, and the proof that this stream's head is among them."""
    everything = sorted(current_heads())
    leaves = heads.leaves(SHA256, everything)
    index = next(number for number, head in enumerate(everything) if head.stream == stream)
    day = now.astimezone(SHANGHAI).date().isoformat()
    stated = note.Checkpoint(f"{checkpoints.origin()}/heads/{day}", len(leaves), root_of(SHA256, leaves))
    head = everything[index]
    return {
        "note": note.sign(stated, [office_key(signed_before=True)]),
        "index": index,
        "proof": [node.hex() for node in inclusion_proof(subtrees(SHA256, leaves), index, len(leaves))],
        "head": [head.stream, head.sseq, head.leaf],
    }
