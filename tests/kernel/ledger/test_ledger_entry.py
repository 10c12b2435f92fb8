"""An entry's bytes are the record: read strictly, linked in its stream, silent about personal values."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import entry, linked

from qianshao.kernel.ledger.entry import BadEntry, Entry, Tail, commit, link_problem

GOLDEN = (
    '{"actor":"account:7","at":"2026-03-02T09:00:00+08:00","data":{"note":"请核实办理","unit":"water"},"fact":"Dispatched",'
    '"files":[],"fv":1,"idem":"","kind":"hotline.order","log":"zayton","pii":{},"post":"科员","prev":"",'
    '"rec":"2026-03-02T09:30:00.000000+08:00","rule":"hotline.answer@2021","src":"web","sseq":1,"stream":"s1",'
    '"unit":"office","v":1}'
)


def test_version_1_is_written_as_it_always_was() -> None:
    assert entry().body().decode() == GOLDEN
    assert Entry.from_body(GOLDEN.encode()) == entry()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"v": 2}, "version"),
        ({"sseq": 0}, "sseq"),
        ({"sseq": True}, "sseq"),
        ({"fv": "1"}, "fv"),
        ({"stream": 7}, "stream"),
        ({"pii": []}, "pii"),
        ({"files": {}}, "files"),
        ({"data": None}, "data"),
        ({"more": 1}, "exactly the fields"),
    ],
    ids=str,
)
def test_bytes_of_another_shape_are_no_entry(change: dict[str, Any], why: str) -> None:
    value = {**json.loads(GOLDEN), **change}
    raw = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    with pytest.raises(BadEntry, match=why):
        Entry.from_body(raw)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", GOLDEN.encode() + b" ", GOLDEN.encode()[:-1]])
def test_other_bytes_are_no_entry(raw: bytes) -> None:
    with pytest.raises(BadEntry):
        Entry.from_body(raw)


@given(st.integers(0, len(GOLDEN.encode()) - 1), st.integers(1, 255))
def test_any_changed_byte_changes_the_leaf_or_is_no_entry(place: int, mask: int) -> None:
    raw = bytearray(GOLDEN.encode())
    raw[place] ^= mask

    try:
        read = Entry.from_body(bytes(raw))
    except BadEntry:
        return
    assert read.leaf() != entry().leaf()


def tail(last: Entry) -> Tail:
    return Tail(last.sseq, last.leaf(), last.rec)


def test_a_stream_is_followed_from_its_first_entry() -> None:
    one, two, three = linked(3, streams=1)

    assert link_problem(None, one) is None
    assert link_problem(tail(one), two) is None
    assert "number 3" in str(link_problem(tail(one), three))
    assert "number 2" in str(link_problem(None, two))
    assert "does not name" in str(link_problem(tail(one), replace(two, prev="0" * 64)))
    assert "before the entry before it" in str(
        link_problem(tail(one), replace(two, rec="2026-03-01T09:30:00.000000+08:00"))
    )


def test_the_same_moment_in_another_zone_is_not_going_back() -> None:
    one, two = linked(2, streams=1)

    assert link_problem(tail(one), replace(two, rec="2026-03-02T01:30:00.000001+00:00")) is None


@given(
    st.text(st.characters(exclude_categories=("Cs",))),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
)
def test_a_commitment_binds_its_value_and_its_salt(value: str, salt: bytes, other: bytes) -> None:
    assert commit(salt, value) == commit(salt, value)
    assert commit(salt, value) != commit(salt, value + "。")
    assert (commit(salt, value) == commit(other, value)) == (salt == other)
