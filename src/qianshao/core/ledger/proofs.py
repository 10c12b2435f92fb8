"""Proofs from the leaves in the database; full blocks of 4,096 are read as one root each."""

from __future__ import annotations

from django.db import connection

from qianshao.kernel.ledger.hashes import ALGORITHMS, SHA256
from qianshao.kernel.ledger.heads import Head
from qianshao.kernel.ledger.merkle import Frontier, node_hash

from .models import Leaf, LeafBlock
from .store import LEVEL

_BLOCK = 1 << LEVEL


class Nodes:
    """Roots of subtrees of the log (SHA-256); ask only for what lies within its size."""

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
        if end - start > _BLOCK and (end - start) & (end - start - 1):
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            return node_hash(SHA256, self.subtree(start, middle), self.subtree(middle, end))
        tree = Frontier(SHA256)
        if end - start >= _BLOCK:
            blocks = LeafBlock.objects.filter(number__gte=start >> LEVEL, number__lt=end >> LEVEL)
            for raw in blocks.order_by("number").values_list("sha256", flat=True):
                tree.append(bytes(raw))
        else:
            leaves = Leaf.objects.filter(seq__gte=start, seq__lt=end).order_by("seq")
            for raw in leaves.values_list("sha256", flat=True):
                tree.append(bytes(raw))
        return tree.root()


def root_at(size: int) -> bytes:
    """The SHA-256 root when the log had ``size`` entries."""
    return Nodes().subtree(0, size) if size else Frontier(SHA256).root()


def frontiers_at(size: int) -> tuple[Frontier, Frontier]:
    """Both trees when the log had ``size`` entries."""
    one, other = (Frontier(alg) for alg in ALGORITHMS)
    blocks = LeafBlock.objects.filter(number__lt=size >> LEVEL).order_by("number")
    for sha256, sm3 in blocks.values_list("sha256", "sm3"):
        one.add_subtree(bytes(sha256), LEVEL)
        other.add_subtree(bytes(sm3), LEVEL)
    leaves = Leaf.objects.filter(seq__gte=one.size, seq__lt=size).order_by("seq")
    for sha256, sm3 in leaves.values_list("sha256", "sm3"):
        one.append(bytes(sha256))
        other.append(bytes(sm3))
    return one, other


def heads_at(size: int) -> list[Head]:
    """Where every stream ended when the log had ``size`` entries, in order of stream."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.stream, e.sseq, l.sha256 FROM ledger_entry e JOIN ledger_leaf l ON l.eid = e.eid"
            " JOIN (SELECT x.stream, max(x.sseq) AS last FROM ledger_entry x JOIN ledger_leaf y ON y.eid = x.eid"
            " WHERE y.seq < %s GROUP BY x.stream) t ON t.stream = e.stream AND t.last = e.sseq",
            [size],
        )
        return sorted(Head(stream, sseq, bytes(leaf).hex()) for stream, sseq, leaf in cursor.fetchall())
