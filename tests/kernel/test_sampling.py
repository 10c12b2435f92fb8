"""Draws repeat for everyone, do not care about order, and are fair."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel import sampling
from qianshao.kernel.sampling import (
    BadDraw,
    Candidate,
    Sealed,
    commitment,
    draw,
    list_digest,
    match,
    number_of,
    seal,
    shares,
    verify_draw,
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


@pytest.mark.skipif(
    not (shutil.which("sha256sum") and shutil.which("xxd")), reason="the auditor's tools are not here"
)
def test_the_recipe_of_the_module_gives_the_same_ticket_in_a_shell() -> None:
    recipe = (
        "{ printf 'qianshao-draw/1\\0'; printf %s \"$SEED_HEX\" | xxd -r -p;"
        ' printf \'\\0%s\\0%s\' "$DRAW" "$CANDIDATE"; } | sha256sum'
    )
    told = {"SEED_HEX": SEED.hex(), "DRAW": "2026-1", "CANDIDATE": "住建局"}

    answer = subprocess.run(
        ["/bin/sh", "-c", recipe], env={"PATH": "/usr/bin:/bin", **told}, capture_output=True, check=True
    )

    assert recipe in (sampling.__doc__ or "")
    assert answer.stdout.decode().split()[0] == number_of(SEED, "2026-1", Candidate("住建局"))


def test_a_ticket_of_a_published_draw_never_changes() -> None:
    # Computed apart from the module, with hashlib alone.
    told = ["c241df8879b5f92c", "87136fa7059fafbf", "18a4fa62a9c724a3"]

    assert [number_of(SEED, "2026-1", Candidate("e", weight=n))[:16] for n in (1, 2, 3)] == told


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


def test_heavy_candidates_are_drawn_without_replacement_as_efraimidis_and_spirakis_say() -> None:
    weights = {"a": 1, "b": 2, "c": 3}
    people = [Candidate(key, weight=weight) for key, weight in weights.items()]
    seen = Counter(
        tuple(t.candidate.key for t in draw(n.to_bytes(16, "big"), "x", people, 3)) for n in range(6000)
    )

    def chance(order: tuple[str, ...]) -> float:
        left, found = 6, 1.0
        for key in order:
            found *= weights[key] / left
            left -= weights[key]
        return found

    # Chi-square with 5 degrees of freedom; 20.5 is passed by chance once in a thousand, and the seeds are fixed.
    expected = {order: 6000 * chance(order) for order in permutations("abc")}
    assert sum((seen[order] - n) ** 2 / n for order, n in expected.items()) < 20.5


@pytest.mark.parametrize(
    ("sizes", "wanted", "told"),
    [
        ({"a": 9, "b": 56, "c": 55}, 12, {"a": 1, "b": 6, "c": 5}),
        ({"a": 1, "b": 9, "c": 90}, 10, {"a": 1, "b": 1, "c": 8}),
        ({"a": 5, "b": 5}, 3, {"a": 2, "b": 1}),
        ({"a": 1, "b": 1, "c": 1}, 3, {"a": 1, "b": 1, "c": 1}),
    ],
)
def test_the_largest_remainders_are_rounded_up(
    sizes: dict[str, int], wanted: int, told: dict[str, int]
) -> None:
    assert shares(sizes, wanted) == told


@given(
    st.dictionaries(st.text("xyz", min_size=1, max_size=3), st.integers(1, 40), min_size=1, max_size=6),
    st.data(),
)
def test_shares_add_up_and_leave_no_stratum_out(sizes: dict[str, int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(len(sizes), sum(sizes.values())))

    found = shares(sizes, wanted)

    assert sum(found.values()) == wanted
    assert all(1 <= found[name] <= sizes[name] for name in sizes)
    assert all(found[name] <= max(1, -(-wanted * sizes[name] // sum(sizes.values()))) for name in sizes)


@given(st.lists(st.integers(1, 12), min_size=3, max_size=12), st.data())
def test_each_stratum_gives_its_smallest_tickets(weights: list[int], data: st.DataObject) -> None:
    people = [Candidate(f"u{n}", "东" if n % 3 else "西", weight) for n, weight in enumerate(weights)]

    tickets = draw(SEED, "x", people, data.draw(st.integers(2, len(people))))

    assert [t.number for t in tickets] == sorted(t.number for t in tickets)
    for stratum in ("东", "西"):
        marks = [t.drawn for t in tickets if t.candidate.stratum == stratum]
        assert marks == sorted(marks, reverse=True)


PEOPLE = [Candidate(f"u{n}") for n in range(6)]
SEALED = seal(SEED, "2026-1", PEOPLE, 2)
DRAWN = sorted(drawn(SEED, PEOPLE, 2))


@pytest.mark.parametrize(
    ("sealed", "seed", "people", "told", "said"),
    [
        (SEALED, SEED, PEOPLE[::-1], DRAWN[::-1], None),
        (SEALED, bytes(16), PEOPLE, DRAWN, "种子与抽取前封存的承诺不符"),
        (SEALED, SEED, PEOPLE[1:], DRAWN, "名单与抽取前封存的名单不符"),
        (SEALED, SEED, [replace(PEOPLE[0], weight=2), *PEOPLE[1:]], DRAWN, "名单与抽取前封存的名单不符"),
        (SEALED, SEED, PEOPLE, DRAWN[:1], f"不一致：{DRAWN[1]}"),
        (SEALED, SEED, PEOPLE, [*DRAWN, DRAWN[0]], "有重复"),
        (replace(SEALED, wanted=3), SEED, PEOPLE, DRAWN, "不一致"),
    ],
)
def test_a_published_draw_is_checked_by_anyone(
    sealed: Sealed, seed: bytes, people: list[Candidate], told: list[str], said: str | None
) -> None:
    words = verify_draw(sealed, seed, people, told)

    assert (words is None) if said is None else said in str(words)


@given(
    st.sets(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"))), st.randoms(use_true_random=False)
)
def test_a_matching_never_breaks_a_conflict_and_is_refused_only_when_there_is_none(
    conflicts: set[tuple[str, str]], shuffle: random.Random
) -> None:
    tasks, people = list("abcd"), list("wxyz")
    possible = any(conflicts.isdisjoint(zip(tasks, order, strict=True)) for order in permutations(people))

    try:
        found = match(SEED, "m", tasks, people, conflicts)
    except BadDraw:
        assert not possible
        return
    shuffle.shuffle(tasks)
    shuffle.shuffle(people)
    assert match(SEED, "m", tasks, people, conflicts) == found
    assert sorted(found) == sorted(tasks) and len(set(found.values())) == 4
    assert conflicts.isdisjoint(found.items())


@given(st.binary(min_size=16, max_size=16))
def test_the_task_with_the_smallest_ticket_gets_the_person_with_the_smallest(seed: bytes) -> None:
    def ticket(*parts: str) -> str:
        return hashlib.sha256(
            b"\0".join((b"qianshao-match/1", seed, b"m", *map(str.encode, parts)))
        ).hexdigest()

    tasks, people = ["site-a", "site-b", "site-c"], ["chen", "lin", "wu"]
    first = min(tasks, key=ticket)

    assert match(seed, "m", tasks, people, [])[first] == min(people, key=lambda one: ticket(first, one))


def test_a_long_chain_of_moves_is_followed_to_its_end() -> None:
    size = 300
    tasks, people = [f"t{n}" for n in range(size)], [f"p{n}" for n in range(size)]
    free = {(f"t{n}", f"p{m}") for n in range(size) for m in (n, n - 1)}
    conflicts = {(task, person) for task in tasks for person in people} - free

    found = match(SEED, "m", tasks, people, conflicts)

    assert found == {f"t{n}": f"p{n}" for n in range(size)}


def test_a_matching_is_found_whenever_there_is_one() -> None:
    conflicts = [("site-a", "lin"), ("site-a", "chen"), ("site-b", "chen"), ("site-b", "wu")]

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
        (lambda: draw(SEED, "x\0y", [Candidate("a")], 1), "抽取名称"),
        (lambda: draw(SEED, "x", [Candidate("a", "东\t")], 1), "分层"),
        (lambda: seal(SEED, "x", [Candidate("a", "东"), Candidate("b", "西")], 1), "每层至少抽 1 个"),
        (lambda: shares({"东": 3, "西": 0}, 2), "“西”没有候选"),
        (lambda: match(SEED, "x", ["t"], ["p"], [("t", "p")]), "找不到可派"),
        (lambda: match(SEED, "x", ["t", "t"], ["p", "q"], []), "任务中“t”出现了两次"),
        (lambda: match(SEED, "x", ["t"], ["p", "p"], []), "人员中“p”出现了两次"),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(make: object, said: str) -> None:
    with pytest.raises(BadDraw, match=said):
        make()  # type: ignore[operator]
