"""Draws repeat for everyone, do not care about order, and are fair."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.sampling import (
    BadDraw,
    Candidate,
    commitment,
    draw,
    list_digest,
    match,
    number_of,
    shares,
)

SEED = bytes(range(16))
names = st.lists(st.text("abcdefg", min_size=1, max_size=4), min_size=2, max_size=20, unique=True)


def drawn(seed: bytes, people: list[Candidate], wanted: int) -> set[str]:
    return {ticket.candidate.key for ticket in draw(seed, "2026-1", people, wanted) if ticket.drawn}


def test_a_ticket_is_what_sha256sum_says() -> None:
    told = hashlib.sha256(
        b"qianshao-draw/1\0" + SEED + b"\0" + b"2026-1" + b"\0" + "住建局".encode()
    ).hexdigest()

    assert number_of(SEED, "2026-1", Candidate("住建局")) == told


@given(names, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(keys: list[str], shuffle: random.Random) -> None:
    people = [Candidate(key) for key in keys]
    mixed = people[:]
    shuffle.shuffle(mixed)

    assert draw(SEED, "x", people, 2) == draw(SEED, "x", mixed, 2)
    assert list_digest(people) == list_digest(mixed)


def test_every_candidate_is_drawn_about_equally_often() -> None:
    people = [Candidate(f"u{n}") for n in range(10)]
    times = dict.fromkeys((p.key for p in people), 0)
    for n in range(2000):
        for key in drawn(n.to_bytes(16, "big"), people, 3):
            times[key] += 1

    # Chi-square with 9 degrees of freedom; 27.9 is passed by chance once in a thousand, and the seeds are fixed.
    assert sum((seen - 600) ** 2 / 600 for seen in times.values()) < 27.9


def test_a_candidate_of_weight_three_comes_first_three_times_as_often() -> None:
    people = [Candidate("heavy", weight=3), Candidate("light")]
    heavy = sum(drawn(n.to_bytes(16, "big"), people, 1) == {"heavy"} for n in range(4000))

    assert 0.73 < heavy / 4000 < 0.77


@given(
    st.dictionaries(st.text("xyz", min_size=1, max_size=3), st.integers(1, 40), min_size=1, max_size=6),
    st.data(),
)
def test_shares_add_up_and_leave_no_stratum_out(sizes: dict[str, int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(len(sizes), sum(sizes.values())))

    found = shares(sizes, wanted)

    assert sum(found.values()) == wanted
    assert all(1 <= found[name] <= sizes[name] for name in sizes)


def test_a_matching_is_found_whenever_there_is_one() -> None:
    conflicts = [("site-a", "lin"), ("site-a", "chen"), ("site-b", "chen")]

    assert match(SEED, "m", ["site-a", "site-b", "site-c"], ["lin", "chen", "wu"], conflicts) == {
        "site-a": "wu",
        "site-b": "lin",
        "site-c": "chen",
    }


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: commitment(b"short"), "16 个随机字节"),
        (lambda: draw(SEED, "x", [Candidate("a"), Candidate("a")], 1), "出现了两次"),
        (lambda: draw(SEED, "x", [Candidate("a")], 2), "要抽 2 个，候选共 1 个"),
        (lambda: draw(SEED, "x", [Candidate("a", weight=0)], 1), "权重"),
        (lambda: match(SEED, "x", ["t"], ["p"], [("t", "p")]), "找不到可派"),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(make: object, said: str) -> None:
    with pytest.raises(BadDraw, match=said):
        make()  # type: ignore[operator]
