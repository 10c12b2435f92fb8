"""The quick way through an entry lets nothing pass that the strict reader refuses, and refuses nothing it accepts."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.ledger.entry import BadEntry, Entry
from qianshao.kernel.ledger.outline import Outline, outlines

_PLAIN = Entry(
    v=1,
    log="office",
    stream="01JB0000000000000000000000",
    sseq=2,
    prev="ab" * 32,
    kind="hotline.order",
    fact="Replied",
    fv=1,
    rule="hotline.answer@2021",
    actor="account:7",
    post="科员",
    unit="housing",
    at="2026-03-02T09:00:00+08:00",
    rec="2026-03-02T09:30:00.000000+08:00",
    src="web",
    idem="0f" * 16,
    pii={"title": "cd" * 32},
    files=[{"digest": "ef" * 32, "size": 3}],
    data={"note": "路灯已修好", "deep": {"fact": "x", "list": [1, True, None, {}]}},
)

_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abz_", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
_objects = st.dictionaries(st.text("abz_", max_size=3), _values, max_size=3)
_texts = st.text(st.characters(codec="utf-8"), max_size=12)


def _strict(body: bytes) -> Outline | None:
    try:
        entry = Entry.from_body(body)
    except BadEntry:
        return None
    return Outline(entry.idem, entry.prev, entry.rec, entry.sseq, entry.stream)


def _quick(body: bytes) -> Outline | None:
    (found,) = outlines([body])
    return None if isinstance(found, str) else found


@given(data=_objects, pii=st.dictionaries(st.text("ab", max_size=2), _texts, max_size=2), note=_texts)
def test_every_entry_that_is_written_is_read_with_its_place(
    data: dict[str, Any], pii: dict[str, str], note: str
) -> None:
    body = replace(_PLAIN, data=data, pii=pii, unit=note, rule=note[::-1]).body()
    assert _quick(body) == _strict(body) == Outline(_PLAIN.idem, _PLAIN.prev, _PLAIN.rec, 2, _PLAIN.stream)


def test_no_changed_byte_is_judged_otherwise_than_by_the_strict_reader() -> None:
    body = _PLAIN.body()
    for place in range(len(body)):
        for other in b'"\\{}[],:0a \x00\x7f\xff':
            changed = body[:place] + bytes([other]) + body[place + 1 :]
            assert _quick(changed) == _strict(changed), (place, other)
        dropped = body[:place] + body[place + 1 :]
        assert _quick(dropped) == _strict(dropped), place


@given(st.data())
def test_no_reordered_or_repeated_field_passes(data: st.DataObject) -> None:
    pairs = list(json.loads(_PLAIN.body()).items())
    picked = data.draw(st.lists(st.sampled_from(pairs), min_size=len(pairs) - 1, max_size=len(pairs) + 1))
    body = ("{" + ",".join(f'"{k}":{json.dumps(v, separators=(",", ":"))}' for k, v in picked) + "}").encode()
    assert _quick(body) == _strict(body)


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("sseq", "02"),
        ("sseq", "0"),
        ("sseq", "-1"),
        ("sseq", "1.0"),
        ("fv", "true"),
        ("v", "2"),
        ("rec", '"2026-03-02T09:30:00+08:00"'),
        ("rec", '"2026-03-02T09:30:00.000000+09:00"'),
        ("pii", "[]"),
        ("files", "{}"),
        ("data", "null"),
        ("data", '{"a":1.5}'),
        ("data", '{"b":1,"a":2}'),
        ("data", '{"a":1,"a":2}'),
        ("data", '{"键":1}'),
        ("data", '{ "a":1}'),
        ("data", '{"a":9007199254740992}'),
    ],
)
def test_what_is_no_entry_is_refused_in_words(field: str, written: str) -> None:
    fields = {
        name: json.dumps(value, separators=(",", ":")) for name, value in json.loads(_PLAIN.body()).items()
    }
    fields[field] = written
    body = ("{" + ",".join(f'"{name}":{text}' for name, text in fields.items()) + "}").encode()
    (found,) = outlines([body])
    assert isinstance(found, str) and _strict(body) is None


def test_a_body_made_to_keep_the_pattern_busy_does_not() -> None:
    tail = _PLAIN.body().decode().partition('"fact":')[2]
    trap = "{" + f'"a":{{}},"fact":{tail},' * 3000
    body = _PLAIN.body().replace(b'"data":{', b'"data":' + trap.encode(), 1)
    before = time.process_time()
    assert _quick(body) is None
    assert time.process_time() - before < 2, "the time grows faster than the body"
