"""One value has one form: the canonical bytes are what RFC 8785 asks, and nothing else is read."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.kernel.ledger.canonical import LARGEST, NotCanonical, canonical_texts, decode, encode

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_every_value_is_written_as_an_independent_rfc_8785_writer_does(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    assert decode(encode(value)) == value


@given(values, st.data())
def test_no_changed_byte_reads_as_the_same_value(value: Any, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        read = decode(bytes(raw))
    except NotCanonical:
        return
    assert encode(read) == bytes(raw) != encode(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.5,
        float("nan"),
        2**53,
        -(2**53),
        {"钥": 1},
        {1: 2},
        {"a": [{"b": 0.1}]},
        b"raw",
        {"a": {1}},
        "\ud800",
        {"a": "\udfff"},
    ],
    ids=repr,
)
def test_what_the_restricted_form_leaves_out_cannot_be_written(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":"\\u4e2d"}',
        b'{"a":"\\/"}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"\xe9\x92\xa5":1}',
        b'{"a":"\\ud800"}',
        b"\xff",
        b"",
        b"[" * 100_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_bytes_in_another_form_are_not_read(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(raw)


@settings(deadline=None)
@given(st.lists(values.map(lambda value: encode(value).decode()) | texts, max_size=150))
def test_of_many_texts_each_is_judged_as_if_it_stood_alone(told: list[str]) -> None:
    def taken(text: str) -> bool:
        try:
            decode(text.encode())
        except NotCanonical:
            return False
        return True

    assert canonical_texts(told) == [taken(text) for text in told]


def test_texts_that_only_make_sense_together_are_not_taken() -> None:
    assert canonical_texts(['{"a":[{}', "{}]}", "{},{}"]) == [False, False, False]


def test_text_is_kept_as_received_without_folding() -> None:
    decomposed, composed = "e\u0301", "\u00e9"

    assert encode(decomposed) != encode(composed)
    assert decode(encode(decomposed)) == decomposed


def test_the_sentence_names_the_place() -> None:
    with pytest.raises(NotCanonical, match=r"\$\.data\.rate\[1\]"):
        encode({"data": {"rate": [1, 0.5]}})
