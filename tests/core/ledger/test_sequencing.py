"""The log's numbers: gapless, one sequencer at a time, blocks kept when full."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import proofs, reading, store
from qianshao.core.ledger.models import Entry, Head, Leaf, LeafBlock, Pending
from qianshao.kernel.ledger.hashes import ALGORITHMS, SHA256
from qianshao.kernel.ledger.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def write(count: int, first: int = 0) -> None:
    with transaction.atomic():
        store.write([store.Row(f"s{n:05}", 1, None, b'{"n":%d}' % n) for n in range(first, first + count)])


def test_numbers_have_no_gap_and_follow_the_entries(ledger: list[Receipt]) -> None:
    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(12))
    in_log = Leaf.objects.order_by("seq").values_list("eid", flat=True)
    assert list(in_log) == sorted(Entry.objects.values_list("eid", flat=True))
    assert not Pending.objects.exists()


def test_a_rolled_back_entry_leaves_no_number_behind(receive: Callable[[int], Receipt]) -> None:
    receive(0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(3)
        raise ZeroDivisionError
    receive(1)

    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == [0, 1]


def test_the_frontier_is_that_of_all_leaves(ledger: list[Receipt]) -> None:
    bodies = [bytes(body) for body in Entry.objects.order_by("eid").values_list("body", flat=True)]
    size, sha256, sm3 = store.frontiers()

    assert size == Head.objects.get().size == 12
    for tree in (sha256, sm3):
        assert tree.root() == root_of(tree.alg, [leaf_hash(tree.alg, body) for body in bodies])


def test_blocks_are_kept_when_they_fill_and_give_the_same_proofs() -> None:
    for first in range(0, 10_000, 2500):
        write(2500, first)
        store.seal_all()
    leaves = [bytes(leaf) for leaf in Leaf.objects.order_by("seq").values_list("sha256", flat=True)]
    tree = proofs.Nodes()

    assert list(LeafBlock.objects.order_by("number").values_list("number", flat=True)) == [0, 1]
    for size in (1, 4095, 4096, 4097, 8192, 9999, 10_000):
        assert proofs.root_at(size) == root_of(SHA256, leaves[:size])
        for side, alg in zip(proofs.frontiers_at(size), ALGORITHMS, strict=True):
            column = "sha256" if alg is SHA256 else "sm3"
            raw = Leaf.objects.filter(seq__lt=size).order_by("seq").values_list(column, flat=True)
            assert side.root() == root_of(alg, map(bytes, raw))
    for index in (0, 4095, 4096, 9999):
        proof = inclusion_proof(tree.subtree, index, 10_000)
        assert verify_inclusion(SHA256, leaves[index], index, 10_000, proof, root_of(SHA256, leaves))


def test_a_place_without_its_leaf_reads_as_nothing_there() -> None:
    rows = [(1, b"b", b"1", b"2", "s", 1, None), (3, None, b"1", b"2", None, None, None)]

    assert reading.arranged(rows, 1, 4) == [
        (b"b", b"1", b"2", ("s", 1, None)),
        (b"", None, None, None),
        (b"", b"1", b"2", None),
    ]


def test_the_sequencer_stands_back_while_another_is_at_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite numbers in line: there is one writer")
    import psycopg
    from psycopg.conninfo import make_conninfo

    write(2)
    parameters = dict(reading.here().parameters)
    with psycopg.connect(make_conninfo("", **parameters)) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [store._SEQUENCER])

        assert store.seal() == 0

        other.rollback()
    assert store.seal() == 2
