"""A duty's file is complete to a day, and a witness accepts only what continues what it holds."""

from __future__ import annotations

import pytest

from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.heads import Head, leaves, root
from qianshao.kernel.ledger.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtrees,
    verify_inclusion,
)
from qianshao.kernel.ledger.note import Checkpoint
from qianshao.kernel.ledger.witness import Unwitnessed, Witness

HEADS = [Head(f"s{number}", number + 1, f"{number:064x}") for number in range(11)]


def test_where_a_stream_ends_is_proved_whatever_order_they_come_in() -> None:
    hashes = leaves(SHA256, reversed(HEADS))
    order = sorted(HEADS)
    tree = subtrees(SHA256, hashes)

    assert root(SHA256, HEADS) == root_of(SHA256, hashes)
    for index, head in enumerate(order):
        proof = inclusion_proof(tree, index, len(order))
        leaf = leaf_hash(SHA256, head.body())
        assert verify_inclusion(SHA256, leaf, index, len(order), proof, root(SHA256, HEADS))


def test_a_stream_that_ended_elsewhere_has_another_root() -> None:
    shorter = [Head("s3", 3, "0" * 64) if head.stream == "s3" else head for head in HEADS]

    assert root(SHA256, shorter) != root(SHA256, HEADS) != root(SHA256, HEADS[1:])


def test_a_stream_has_one_head() -> None:
    with pytest.raises(ValueError, match="s3 has two heads"):
        leaves(SHA256, [*HEADS, Head("s3", 9, "f" * 64)])


LOG = [leaf_hash(SHA256, b"%d" % number) for number in range(40)]


def state(size: int, log: list[bytes] = LOG, origin: str = "log") -> Checkpoint:
    return Checkpoint(origin, size, root_of(SHA256, log[:size]))


def proof(old: int, size: int, log: list[bytes] = LOG) -> list[bytes]:
    return consistency_proof(subtrees(SHA256, log[:size]), old, size)


def test_a_witness_follows_a_log_that_only_grows() -> None:
    witness = Witness()
    for size in (1, 5, 5, 17, 40):
        held = witness.held
        witness = witness.accept(state(size), proof(held.size, size) if held else [])

    assert witness.held == state(40)


@pytest.mark.parametrize("old", range(1, 40, 3))
def test_a_witness_refuses_the_shorter_the_forked_and_the_stranger(old: int) -> None:
    witness = Witness(state(old))
    fork = [leaf_hash(SHA256, b"another past"), *LOG[1:]]

    with pytest.raises(Unwitnessed, match=f"says {old}") as shorter:
        witness.accept(state(old - 1), [])
    with pytest.raises(Unwitnessed) as forked:
        witness.accept(state(40, fork), proof(old, 40, fork))
    with pytest.raises(Unwitnessed) as stranger:
        witness.accept(state(40, origin="other"), proof(old, 40))

    assert [found.value.fault for found in (shorter, forked, stranger)] == ["shorter", "forked", "origin"]
