"""The whole log verified: sound when it is, and otherwise the entry, its stream and the reason named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import kept, linked, stored

from qianshao.kernel.ledger import verify
from qianshao.kernel.ledger.hashes import SHA256, SM3
from qianshao.kernel.ledger.merkle import leaf_hash, root_of
from qianshao.kernel.ledger.verify import Finding, verify_log

ENTRIES = linked(20)
STORED = stored(ENTRIES)


def test_a_sound_log_gives_both_roots_at_every_size_asked_for() -> None:
    report = verify_log(STORED, workers=1, sizes=range(21))

    assert (report.sound, report.size, report.streams) == (True, 20, 3)
    for size in range(21):
        bodies = [body for body, _, _ in STORED[:size]]
        assert report.roots_at[size] == tuple(
            root_of(alg, [leaf_hash(alg, body) for body in bodies]) for alg in (SHA256, SM3)
        )
    assert report.roots_at[20] == (report.sha256_root, report.sm3_root)


def test_blocks_over_processes_give_what_one_process_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    many = stored(linked(2 * verify.BLOCK + 100, streams=50))
    sizes = {1, verify.BLOCK - 1, verify.BLOCK, verify.BLOCK + 7, 2 * verify.BLOCK, len(many)}

    alone, together = (verify_log(many, workers=workers, sizes=sizes) for workers in (1, 2))

    assert alone == together
    assert alone.roots_at.keys() == sizes
    assert alone.sha256_root == root_of(SHA256, [one for _, one, _ in many if one])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_changed_byte_of_a_stored_entry_names_that_entry(data: st.DataObject) -> None:
    seq = data.draw(st.integers(0, 19))
    row = list(STORED[seq])
    column = data.draw(st.integers(0, 2))
    raw = bytearray(row[column] or b"")
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    row[column] = bytes(raw)
    changed = [*STORED[:seq], (row[0] or b"", row[1], row[2]), *STORED[seq + 1 :]]

    report = verify_log(changed, workers=1)

    assert seq in {finding.seq for finding in report.findings}


def test_a_rewritten_entry_with_fresh_hashes_breaks_the_entry_after_it() -> None:
    forged = replace(ENTRIES[4], data={"n": 999})
    changed = [*STORED[:4], kept(forged.body()), *STORED[5:]]

    report = verify_log(changed, workers=1, sizes=[20])

    assert report.findings == [Finding(7, "s1", 3, "does not name the entry before it in its stream")]
    assert report.roots_at[20] != verify_log(STORED, workers=1, sizes=[20]).roots_at[20]


@pytest.mark.parametrize("gone", range(17))
def test_an_entry_left_out_is_missed_by_its_stream(gone: int) -> None:
    report = verify_log([*STORED[:gone], *STORED[gone + 1 :]], workers=1)

    assert report.findings[0].stream == ENTRIES[gone].stream
    assert "is due" in report.findings[0].reason


def test_entries_in_another_order_or_twice_are_found() -> None:
    swapped = [*STORED[:3], STORED[6], *STORED[4:6], STORED[3], *STORED[7:]]

    assert not verify_log(swapped, workers=1).sound
    assert not verify_log([*STORED, STORED[19]], workers=1).sound
    assert not verify_log([*STORED[:5], (b"", None, None), *STORED[5:]], workers=1).sound


def test_a_report_stays_short_when_everything_is_broken() -> None:
    report = verify_log([(b"x", None, None)] * 3000, workers=1)

    assert (len(report.findings), report.size) == (1000, 3000)
