"""The tree of the log: roots as RFC 9162 defines them, every proof up to 64 leaves, and no broken proof accepted."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.kernel.ledger.hashes import ALGORITHMS, SHA256, Algorithm
from qianshao.kernel.ledger.merkle import (
    BadProof,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    subtrees,
    verify_consistency,
    verify_inclusion,
)

MOST = 64
algorithms = pytest.mark.parametrize("alg", ALGORITHMS, ids=lambda alg: alg.name)


@cache
def leaves(alg: Algorithm, size: int) -> list[bytes]:
    return [leaf_hash(alg, b"%d" % number) for number in range(size)]


def plain_root(alg: Algorithm, hashes: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word: split at the largest power of two below the size."""
    if not hashes:
        return alg.function(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(alg, plain_root(alg, hashes[:split]), plain_root(alg, hashes[split:]))


@cache
def root(alg: Algorithm, size: int) -> bytes:
    return plain_root(alg, leaves(alg, size))


def flips(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with each single bit of each hash turned over."""
    made = []
    for number, node in enumerate(proof):
        for bit in range(256):
            turned = int.from_bytes(node, "big") ^ (1 << bit)
            made.append([*proof[:number], turned.to_bytes(32, "big"), *proof[number + 1 :]])
    return made


@algorithms
def test_the_root_at_every_size_is_the_one_the_standard_defines(alg: Algorithm) -> None:
    growing = Frontier(alg)

    for size in range(MOST + 1):
        assert growing.root() == root_of(alg, leaves(alg, size)) == root(alg, size)
        growing.append(leaf_hash(alg, b"%d" % size))


def test_known_roots_of_certificate_transparency_hold() -> None:
    # The test vectors of RFC 6962's reference implementation, inputs of 0 to 2 entries.
    inputs = [b"", b"\x00"]

    assert Frontier(SHA256).root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    found = [root_of(SHA256, [leaf_hash(SHA256, raw) for raw in inputs[:n]]).hex() for n in (1, 2)]
    assert found == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ]


@algorithms
def test_every_leaf_is_proved_in_every_tree(alg: Algorithm) -> None:
    for size in range(1, MOST + 1):
        tree = subtrees(alg, leaves(alg, size))
        for index in range(size):
            proof = inclusion_proof(tree, index, size)
            assert verify_inclusion(alg, leaves(alg, size)[index], index, size, proof, root(alg, size))


@algorithms
def test_every_earlier_tree_is_proved_a_beginning_of_every_later_one(alg: Algorithm) -> None:
    for size in range(MOST + 1):
        tree = subtrees(alg, leaves(alg, size))
        for old in range(size + 1):
            proof = consistency_proof(tree, old, size)
            assert verify_consistency(alg, old, size, proof, root(alg, old), root(alg, size))


def test_no_proof_of_a_leaf_holds_with_one_bit_turned() -> None:
    for size in (1, 2, 3, 7, 8, 21, 64):
        hashes = leaves(SHA256, size)
        tree = subtrees(SHA256, hashes)
        for index in range(size):
            proof = inclusion_proof(tree, index, size)
            held = [
                verify_inclusion(SHA256, hashes[index], index, size, broken, root(SHA256, size))
                for broken in flips(proof)
            ]
            assert not any(held)


def test_no_proof_of_consistency_holds_with_one_bit_turned() -> None:
    for size in (2, 3, 7, 8, 21):
        tree = subtrees(SHA256, leaves(SHA256, size))
        for old in range(1, size):
            proof = consistency_proof(tree, old, size)
            held = [
                verify_consistency(SHA256, old, size, broken, root(SHA256, old), root(SHA256, size))
                for broken in flips(proof)
            ]
            assert not any(held)


def test_a_proof_shows_no_other_leaf_place_size_or_root() -> None:
    for size in range(2, 34):
        hashes = leaves(SHA256, size)
        tree = subtrees(SHA256, hashes)
        for index in range(size):
            proof = inclusion_proof(tree, index, size)
            other = hashes[(index + 1) % size]
            assert not verify_inclusion(SHA256, other, index, size, proof, root(SHA256, size))
            assert not verify_inclusion(
                SHA256, hashes[index], (index + 1) % size, size, proof, root(SHA256, size)
            )
            assert not verify_inclusion(SHA256, hashes[index], index, size, proof, root(SHA256, size - 1))
            assert not verify_inclusion(SHA256, hashes[index], index, size, proof[:-1], root(SHA256, size))
            assert not verify_inclusion(
                SHA256, hashes[index], index, size, [*proof, other], root(SHA256, size)
            )


@given(st.integers(1, 300), st.integers(1, 300), st.data())
@settings(deadline=None)
def test_a_log_whose_past_was_changed_never_proves_to_continue_it(
    one: int, two: int, data: st.DataObject
) -> None:
    old, size = sorted((one, two))
    changed = list(leaves(SHA256, size))
    changed[data.draw(st.integers(0, old - 1))] = leaf_hash(SHA256, b"another past")

    proof = consistency_proof(subtrees(SHA256, changed), old, size)

    past = root_of(SHA256, leaves(SHA256, old))
    assert not verify_consistency(SHA256, old, size, proof, past, root_of(SHA256, changed))


@given(st.integers(0, 300), st.integers(0, 8))
def test_a_tree_grows_by_whole_subtrees_as_by_leaves(blocks: int, level: int) -> None:
    width = 1 << level
    hashes = leaves(SHA256, 300)[: blocks - blocks % width]
    whole = Frontier(SHA256)
    for start in range(0, len(hashes), width):
        whole.add_subtree(root_of(SHA256, hashes[start : start + width]), level)

    assert (whole.size, whole.root()) == (len(hashes), root_of(SHA256, hashes))


@given(st.integers(0, 300))
def test_a_kept_frontier_is_read_back(size: int) -> None:
    tree = Frontier(SHA256)
    for leaf in leaves(SHA256, size):
        tree.append(leaf)

    again = Frontier.from_bytes(SHA256, tree.to_bytes())

    assert (again.size, again.root()) == (size, tree.root())


@pytest.mark.parametrize("raw", [b"", b"\x00" * 7, (3).to_bytes(8, "big") + bytes(32), bytes(8 + 31)])
def test_bytes_that_are_no_frontier_are_refused(raw: bytes) -> None:
    with pytest.raises(BadProof):
        Frontier.from_bytes(SHA256, raw)


def test_a_proof_nobody_can_make_is_refused() -> None:
    tree = subtrees(SHA256, leaves(SHA256, 8))

    with pytest.raises(BadProof):
        inclusion_proof(tree, 8, 8)
    with pytest.raises(BadProof):
        consistency_proof(tree, 9, 8)
