"""The Merkle tree of the log: RFC 9162 section 2, over either hash function.

A leaf is H(0x00 ‖ body), a node H(0x01 ‖ left ‖ right). ``Frontier`` grows a tree with at most 64 hashes in hand; proofs are made
from anything that can give the root of a full subtree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .hashes import Algorithm

SIZE = 32


class BadProof(ValueError):
    """A proof that cannot be made or does not hold."""


def leaf_hash(alg: Algorithm, body: bytes) -> bytes:
    """The hash of an entry's body as a leaf."""
    return alg.function(b"\x00" + body)


def node_hash(alg: Algorithm, left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return alg.function(b"\x01" + left + right)


class Frontier:
    """A growing tree: ``size`` leaves so far, kept as the roots of its full subtrees from left to right."""

    __slots__ = ("alg", "hashes", "size")

    def __init__(self, alg: Algorithm, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise BadProof(f"a tree of {size} leaves has {size.bit_count()} full subtrees, not {len(hashes)}")
        self.alg = alg
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash."""
        self.add_subtree(leaf, 0)

    def add_subtree(self, root: bytes, level: int) -> None:
        """Add a full subtree of 2**level leaves; the size must be a multiple of it."""
        if self.size & ((1 << level) - 1):
            raise BadProof(f"a subtree of {1 << level} leaves cannot follow {self.size} leaves")
        above = self.size >> level
        while above & 1:
            root = node_hash(self.alg, self.hashes.pop(), root)
            above >>= 1
        self.hashes.append(root)
        self.size += 1 << level

    def root(self) -> bytes:
        """The tree's root; the hash of nothing for an empty tree."""
        if not self.hashes:
            return self.alg.function(b"")
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(self.alg, left, root)
        return root

    def to_bytes(self) -> bytes:
        """Eight bytes of size and the subtree roots, as ``from_bytes`` reads them."""
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, alg: Algorithm, raw: bytes) -> Frontier:
        """A frontier kept with ``to_bytes``; raises ``BadProof`` when it cannot be one."""
        if len(raw) < 8 or (len(raw) - 8) % SIZE:
            raise BadProof("a kept frontier is eight bytes and whole hashes")
        return cls(alg, int.from_bytes(raw[:8], "big"), [raw[i : i + SIZE] for i in range(8, len(raw), SIZE)])


def root_of(alg: Algorithm, leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Frontier(alg)
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


Subtree = Callable[[int, int], bytes]  # (start, end) → root of the leaves in between


def subtrees(alg: Algorithm, leaves: Sequence[bytes]) -> Subtree:
    """Roots of subtrees over leaf hashes in memory, each full one computed once."""
    kept: dict[tuple[int, int], bytes] = {}

    def root(start: int, end: int) -> bytes:
        if end - start == 1:
            return leaves[start]
        found = kept.get((start, end))
        if found is None:
            middle = start + _split(end - start)
            found = kept[start, end] = node_hash(alg, root(start, middle), root(middle, end))
        return found

    return root


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root of ``size`` leaves (RFC 9162 2.1.3.1)."""
    if not 0 <= index < size:
        raise BadProof(f"there is no leaf {index} among {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    return proof[::-1]


def verify_inclusion(
    alg: Algorithm, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from the leaf to the root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    found = leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(alg, sibling, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(alg, found, sibling)
        at >>= 1
        last >>= 1
    return last == 0 and found == root


def consistency_proof(subtree: Subtree, old: int, size: int) -> list[bytes]:
    """The hashes that show the tree of ``old`` leaves to be the beginning of the tree of ``size`` (RFC 9162 2.1.4.1)."""
    if not 0 <= old <= size:
        raise BadProof(f"a log of {size} leaves has no earlier state of {old}")
    if old in (0, size):
        return []
    proof: list[bytes] = []
    start, end, whole = 0, size, True
    while old - start != end - start:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start, whole = middle, False
    return ([] if whole else [subtree(start, end)]) + proof[::-1]


def verify_consistency(
    alg: Algorithm, old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes
) -> bool:
    """Whether the proof shows the old root to be a beginning of the new one (RFC 9162 2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == alg.function(b"")
    if not 0 < old < size:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(alg, sibling, before), node_hash(alg, sibling, after)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            after = node_hash(alg, after, sibling)
        at >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == root
