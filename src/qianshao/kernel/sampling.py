"""Draws that anyone can repeat from a public seed, with ``sha256sum`` and a sorted list.

1. *Seal.* The list of candidates, how many are wanted and the commitment to a secret random seed are recorded
   (``Sealed``). From here on neither list nor seed can be chosen to suit anybody.
2. *Reveal.* The seed is shown. A candidate's ticket is
   SHA-256("qianshao-draw/1" NUL seed NUL name of the draw NUL candidate), in hexadecimal, all text in UTF-8::

       { printf 'qianshao-draw/1\\0'; printf %s "$SEED_HEX" | xxd -r -p; printf '\\0%s\\0%s' "$DRAW" "$CANDIDATE"; } | sha256sum

   A candidate of weight *w* has *w* tickets, the others with NUL "1" … NUL "w-1" behind; its smallest counts.
3. *Draw.* Each stratum gives its share (``shares``): those with the smallest tickets.
4. *Check.* ``verify_draw`` repeats everything from what was published.

Verifiable selection from a public source of randomness: RFC 3797. The smallest of *w* even tickets is the weighted
draw without replacement of Efraimidis & Spirakis (Information Processing Letters 97, 2006) without its
logarithms: P(all w tickets > t) = (1 - t)^w, which orders candidates as their keys u^(1/w) do.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .words import Words, say

_DRAW = b"qianshao-draw/1"
_SEED = b"qianshao-seed/1"
_LIST = b"qianshao-list/1"
_MATCH = b"qianshao-match/1"
LEAST_SEED = 16
MOST_WEIGHT = 1000


class BadDraw(ValueError):
    """A draw that cannot be made: says which candidate, stratum or number is wrong."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be drawn; ``weight`` whole tickets, ``stratum`` the group it is drawn within."""

    key: str
    stratum: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Ticket:
    """A candidate's number in a draw, and whether it was drawn."""

    candidate: Candidate
    number: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is published before the seed is shown: the draw's name, how many, and the two digests."""

    name: str
    wanted: int
    candidates: str
    seed: str


def seal(seed: bytes, name: str, candidates: Collection[Candidate], wanted: int) -> Sealed:
    """Fix a draw before its seed is shown. Raises ``BadDraw`` when it could not be made."""
    _named("抽取名称", name)
    shares(_sizes(_checked(candidates)), wanted)
    return Sealed(name, wanted, list_digest(candidates), commitment(seed))


def commitment(seed: bytes) -> str:
    """What is published instead of the seed: SHA-256("qianshao-seed/1" NUL seed). At least 16 random bytes."""
    if len(seed) < LEAST_SEED:
        raise BadDraw(f"种子至少 {LEAST_SEED} 个随机字节")
    return hashlib.sha256(_SEED + b"\0" + seed).hexdigest()


def list_digest(candidates: Collection[Candidate]) -> str:
    """The digest of the candidates, one a line (key, stratum, weight between tabs), sorted by key."""
    lines = [f"{item.key}\t{item.stratum}\t{item.weight}\n" for item in _checked(candidates)]
    return hashlib.sha256(_LIST + b"\0" + "".join(lines).encode()).hexdigest()


def _checked(candidates: Collection[Candidate]) -> list[Candidate]:
    order = sorted(candidates, key=lambda item: item.key)
    _once("候选名单", [item.key for item in order])
    for item in order:
        _named("候选", item.key)
        if item.stratum:
            _named("分层", item.stratum)
        if not 1 <= item.weight <= MOST_WEIGHT:
            raise BadDraw(f"候选“{item.key}”的权重须为 1 至 {MOST_WEIGHT} 的整数")
    return order


def _once(what: str, order: Sequence[str]) -> None:
    for before, key in pairwise(order):
        if before == key:
            raise BadDraw(f"{what}中“{key}”出现了两次")


def _named(what: str, text: str) -> None:
    """A name that stands between NULs, tabs and line ends when it is hashed must not hold any."""
    if not text or any(mark in text for mark in "\0\t\n\r"):
        raise BadDraw(f"{what}“{text!r}”为空或含有不允许的字符")


def _sizes(candidates: Iterable[Candidate]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for item in candidates:
        sizes[item.stratum] = sizes.get(item.stratum, 0) + 1
    return sizes


def number_of(seed: bytes, name: str, candidate: Candidate) -> str:
    """The smallest of the candidate's tickets, in hexadecimal."""
    head = hashlib.sha256(b"\0".join((_DRAW, seed, name.encode(), candidate.key.encode())))
    numbers = [head.hexdigest()]
    for n in range(1, candidate.weight):
        more = head.copy()
        more.update(f"\0{n}".encode())
        numbers.append(more.hexdigest())
    return min(numbers)


def shares(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many to draw from each stratum: in proportion, the largest remainders rounded up, at least one of each.

    A stratum whose share came to none gets one from the stratum that draws most. Equal claims go in order of
    name. Raises ``BadDraw`` when there are more strata than draws, or more draws than candidates.
    """
    total = sum(sizes.values())
    for name, size in sizes.items():
        if size < 1:
            raise BadDraw(f"分层“{name}”没有候选")
    if not 0 < wanted <= total:
        raise BadDraw(f"要抽 {wanted} 个，候选共 {total} 个")
    if wanted < len(sizes):
        raise BadDraw(f"分为 {len(sizes)} 层，每层至少抽 1 个，不能只抽 {wanted} 个")
    found = {name: wanted * size // total for name, size in sizes.items()}
    by_rest = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % total), name))
    for name in by_rest[: wanted - sum(found.values())]:
        found[name] += 1
    for name in sorted(sizes):
        if not found[name]:
            found[min(found, key=lambda other: (-found[other], other))] -= 1
            found[name] = 1
    return found


def draw(seed: bytes, name: str, candidates: Collection[Candidate], wanted: int) -> list[Ticket]:
    """Every candidate's ticket in order of its number, the drawn ones marked; the same for everyone who repeats it."""
    _named("抽取名称", name)
    order = _checked(candidates)
    left = shares(_sizes(order), wanted)
    tickets = []
    for number, _key, item in sorted((number_of(seed, name, item), item.key, item) for item in order):
        taken = left[item.stratum] > 0
        left[item.stratum] -= taken
        tickets.append(Ticket(item, number, taken))
    return tickets


def verify_draw(
    sealed: Sealed, seed: bytes, candidates: Collection[Candidate], drawn: Collection[str]
) -> Words | None:
    """What is wrong with a published draw, or nothing. Raises ``BadDraw`` for a list no draw can be made from."""
    if commitment(seed) != sealed.seed:
        return say("公布的种子与抽取前封存的承诺不符")
    if list_digest(candidates) != sealed.candidates:
        return say("候选名单与抽取前封存的名单不符")
    if len(set(drawn)) < len(drawn):
        return say("抽取结果中有重复")
    tickets = draw(seed, sealed.name, candidates, sealed.wanted)
    wrong = {ticket.candidate.key for ticket in tickets if ticket.drawn} ^ set(drawn)
    return say("抽取结果与按种子重算的不一致：{wrong}", wrong="、".join(sorted(wrong))) if wrong else None


def match(
    seed: bytes,
    name: str,
    tasks: Collection[str],
    people: Collection[str],
    conflicts: Collection[tuple[str, str]],
) -> dict[str, str]:
    """Give each task a person by lot, nobody twice, no pair of ``conflicts`` (task, person).

    Tasks choose in the order of their tickets; each prefers people in the order of the pair's own ticket, and a task
    that finds nobody free asks earlier ones to move on (augmenting paths), so a full matching is found whenever one
    exists. A ticket is SHA-256("qianshao-match/1" NUL seed NUL name NUL task [NUL person]).
    Raises ``BadDraw`` naming the task nobody may take.
    """
    _named("抽取名称", name)
    for what, keys in (("任务", tasks), ("人员", people)):
        _once(what, sorted(keys))
        for key in keys:
            _named(what, key)
    head = hashlib.sha256(b"\0".join((_MATCH, seed, name.encode())))

    def ticket(*parts: str) -> str:
        ours = head.copy()
        ours.update("".join(f"\0{part}" for part in parts).encode())
        return ours.hexdigest()

    barred = frozenset(conflicts)
    wishes = {
        task: sorted((p for p in people if (task, p) not in barred), key=lambda p, task=task: ticket(task, p))  # type: ignore[misc]
        for task in sorted(tasks, key=ticket)
    }
    held: dict[str, str] = {}
    for task in wishes:
        if not _place(task, wishes, held):
            raise BadDraw(f"“{task}”找不到可派且无利益冲突的人员")
    return {task: person for person, task in held.items()}


def _place(task: str, wishes: Mapping[str, Sequence[str]], held: dict[str, str]) -> bool:
    """Find ``task`` a person along the shortest chain of moves; ``held`` says who holds which task."""
    asked_by: dict[str, str] = {}
    waiting = deque((task,))
    while waiting:
        asking = waiting.popleft()
        for person in wishes[asking]:
            if person in asked_by:
                continue
            asked_by[person] = asking
            if person in held:
                waiting.append(held[person])
                continue
            has = {mover: whom for whom, mover in held.items()}
            while True:
                mover = asked_by[person]
                held[person] = mover
                if mover == task:
                    return True
                person = has[mover]
    return False
