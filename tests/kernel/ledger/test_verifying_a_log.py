"""The whole log verified: sound when it is, and otherwise the entry, its stream and the reason named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import kept, linked, stored, verified

from qianshao.kernel.ledger import verify
from qianshao.kernel.ledger.hashes import SHA256, SM3
from qianshao.kernel.ledger.heads import Head
from qianshao.kernel.ledger.heads import root as heads_root
from qianshao.kernel.ledger.merkle import leaf_hash, root_of
from qianshao.kernel.ledger.verify import Finding

ENTRIES = linked(20)
STORED = stored(ENTRIES)


def test_a_sound_log_gives_both_roots_at_every_size_asked_for() -> None:
    report = verified(STORED, sizes=range(21))

    assert (report.sound, report.size, report.streams) == (True, 20, 3)
    for size in range(21):
        bodies = [body for body, *_hashes in STORED[:size]]
        assert report.roots_at[size] == tuple(
            root_of(alg, [leaf_hash(alg, body) for body in bodies]) for alg in (SHA256, SM3)
        )
    assert report.roots_at[20] == (report.sha256_root, report.sm3_root)


def test_blocks_over_processes_give_what_one_process_gives() -> None:
    many = stored(linked(2 * verify.BLOCK + 100, streams=50))
    sizes = {1, verify.BLOCK - 1, verify.BLOCK, verify.BLOCK + 7, 2 * verify.BLOCK, len(many)}

    alone, together = (verified(many, workers=workers, sizes=sizes, heads_at=sizes) for workers in (1, 2))

    assert alone == together
    assert alone.roots_at.keys() == alone.heads_at.keys() == sizes
    for size in (1, verify.BLOCK + 7, len(many)):
        assert alone.heads_at[size] == verified(many[:size], heads_at=[size]).heads_at[size]
    assert alone.sha256_root == root_of(SHA256, [one for _body, one, *_more in many if one])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_changed_byte_of_a_stored_entry_names_that_entry(data: st.DataObject) -> None:
    seq = data.draw(st.integers(0, 19))
    row = list(STORED[seq][:3])
    column = data.draw(st.integers(0, 2))
    raw = bytearray(row[column] or b"")
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    row[column] = bytes(raw)
    changed = [*STORED[:seq], (row[0] or b"", row[1], row[2], None), *STORED[seq + 1 :]]

    report = verified(changed)

    assert seq in {finding.seq for finding in report.findings}


def test_a_rewritten_entry_with_fresh_hashes_breaks_the_entry_after_it() -> None:
    forged = replace(ENTRIES[4], data={"n": 999})
    changed = [*STORED[:4], kept(forged.body()), *STORED[5:]]

    report = verified(changed, sizes=[20])

    assert report.findings == [Finding(7, "s1", 3, "does not name the entry before it in its stream")]
    assert report.roots_at[20] != verified(STORED, sizes=[20]).roots_at[20]


@pytest.mark.parametrize("gone", range(17))
def test_an_entry_left_out_is_missed_by_its_stream(gone: int) -> None:
    report = verified([*STORED[:gone], *STORED[gone + 1 :]])

    assert report.findings[0].stream == ENTRIES[gone].stream
    assert "is due" in report.findings[0].reason


def test_entries_in_another_order_or_twice_are_found() -> None:
    swapped = [*STORED[:3], STORED[6], *STORED[4:6], STORED[3], *STORED[7:]]

    assert not verified(swapped).sound
    assert not verified([*STORED, STORED[19]]).sound
    assert not verified([*STORED[:5], (b"", None, None, None), *STORED[5:]]).sound


def test_a_report_stays_short_when_everything_is_broken() -> None:
    report = verified([(b"x", None, None, None)] * 3000)

    assert (len(report.findings), report.size) == (1000, 3000)


def test_the_heads_at_any_size_are_the_last_entries_of_the_streams_by_then() -> None:
    report = verified(STORED, heads_at=range(1, 21))

    for size in range(1, 21):
        last = {entry.stream: Head(entry.stream, entry.sseq, entry.leaf()) for entry in ENTRIES[:size]}
        assert report.heads_at[size] == (len(last), heads_root(SHA256, last.values()))


def test_columns_that_differ_from_the_body_name_the_entry() -> None:
    columns = [("s2", 4, None), ("s1", 5, None), ("s1", 4, b"x" * 16)]
    assert ENTRIES[10].stream == "s1" and ENTRIES[10].sseq == 4

    assert verified([*STORED[:10], (*STORED[10][:3], ("s1", 4, None)), *STORED[11:]]).sound
    for wrong in columns:
        report = verified([*STORED[:10], (*STORED[10][:3], wrong), *STORED[11:]])
        assert report.findings == [Finding(10, "s1", 4, "columns do not match the body")]


def test_bodies_that_are_canonical_only_when_read_together_are_found() -> None:
    """Bodies are read in one list for speed: a body cut in two at a comma must not pass as two."""
    first, second = b'{"a":[{"b":1}', b'{"b":2}],"c":3},{"d":4}'

    report = verified([kept(first), kept(second)])

    assert [finding.seq for finding in report.findings] == [0, 1]
