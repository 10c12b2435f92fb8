"""Draws that anyone can repeat from a public seed, with ``sha256sum`` and a sorted list.

Commit–reveal: the list of candidates and the seed's commitment are in the ledger before the seed is
shown, so nobody can steer the draw (RFC 3797 for the idea of verifiable selection). A candidate's ticket is
SHA-256("qianshao-draw/1" NUL seed NUL draw NUL candidate), and the smallest tickets are drawn. A risk weight of *w* gives
a candidate *w* tickets ("…candidate NUL 1" and so on), of which the smallest counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

_DRAW = b"qianshao-draw/1"
_SEED = b"qianshao-seed/1"
_LIST = b"qianshao-list/1"


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


def commitment(seed: bytes) -> str:
    """What is published before the draw; the seed itself is shown after. At least 16 random bytes."""
    if len(seed) < 16:
        raise BadDraw("种子至少 16 个随机字节")
    return hashlib.sha256(_SEED + b"\0" + seed).hexdigest()


def list_digest(candidates: Collection[Candidate]) -> str:
    """The digest of the candidates, sealed before the seed is shown; their order does not matter."""
    lines = [f"{item.key}\t{item.stratum}\t{item.weight}\n" for item in _checked(candidates)]
    return hashlib.sha256(_LIST + b"\0" + "".join(lines).encode()).hexdigest()


def _checked(candidates: Collection[Candidate]) -> list[Candidate]:
    order = sorted(candidates, key=lambda item: item.key)
    for before, item in zip(order, order[1:], strict=False):
        if before.key == item.key:
            raise BadDraw(f"候选名单中“{item.key}”出现了两次")
    for item in order:
        if not item.key or any(mark in item.key + item.stratum for mark in "\0\t\n"):
            raise BadDraw(f"候选“{item.key!r}”为空或含有不允许的字符")
        if not 1 <= item.weight <= 1000:
            raise BadDraw(f"候选“{item.key}”的权重须为 1 至 1000 的整数")
    return order


def number_of(seed: bytes, draw: str, candidate: Candidate) -> str:
    """The smallest of the candidate's tickets, in hexadecimal."""
    head = b"\0".join((_DRAW, seed, draw.encode(), candidate.key.encode()))
    extra = (hashlib.sha256(head + b"\0" + str(n).encode()).hexdigest() for n in range(1, candidate.weight))
    return min([hashlib.sha256(head).hexdigest(), *extra])


def shares(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many to draw from each stratum: by size, at least one of each, the largest remainders rounded up.

    Raises ``BadDraw`` when there are more strata than draws, or more draws than candidates.
    """
    total = sum(sizes.values())
    if not 0 < wanted <= total:
        raise BadDraw(f"要抽 {wanted} 个，候选共 {total} 个")
    if wanted < len(sizes):
        raise BadDraw(f"分为 {len(sizes)} 层，每层至少抽 1 个，不能只抽 {wanted} 个")
    found = {name: max(1, wanted * size // total) for name, size in sizes.items()}
    by_rest = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % total), name))
    while sum(found.values()) < wanted:
        for name in by_rest:
            if sum(found.values()) < wanted and found[name] < sizes[name]:
                found[name] += 1
    while sum(found.values()) > wanted:
        largest = max((name for name in found if found[name] > 1), key=lambda name: (found[name], name))
        found[largest] -= 1
    return found


def draw(seed: bytes, name: str, candidates: Collection[Candidate], wanted: int) -> list[Ticket]:
    """Every candidate's ticket in order of its number, the drawn ones marked; the same for everyone who repeats it."""
    order = _checked(candidates)
    sizes: dict[str, int] = {}
    for item in order:
        sizes[item.stratum] = sizes.get(item.stratum, 0) + 1
    left = shares(sizes, wanted)
    tickets = []
    for number, _key, item in sorted((number_of(seed, name, item), item.key, item) for item in order):
        taken = left[item.stratum] > 0
        left[item.stratum] -= taken
        tickets.append(Ticket(item, number, taken))
    return tickets


def match(
    seed: bytes,
    name: str,
    tasks: Iterable[str],
    people: Collection[str],
    conflicts: Collection[tuple[str, str]],
) -> dict[str, str]:
    """Give each task a person by lot, nobody twice, no pair of ``conflicts`` (task, person).

    Tasks choose in the order of their tickets; each prefers people in the order of the pair's own ticket, and a task
    that finds nobody free asks earlier ones to move on (augmenting paths), so a full matching is found whenever one exists.
    Raises ``BadDraw`` naming the task nobody may take.
    """
    barred = frozenset(conflicts)

    def ticket(*parts: str) -> str:
        return number_of(seed, name, Candidate("/".join(parts)))

    order = sorted(tasks, key=lambda task: (ticket("task", task), task))
    wishes = {
        task: sorted(
            (person for person in people if (task, person) not in barred),
            key=lambda person: (ticket("pair", task, person), person),
        )
        for task in order
    }
    held: dict[str, str] = {}

    def place(task: str, asked: set[str]) -> bool:
        for person in wishes[task]:
            if person in asked:
                continue
            asked.add(person)
            if person not in held or place(held[person], asked):
                held[person] = task
                return True
        return False

    for task in order:
        if not place(task, set()):
            raise BadDraw(f"“{task}”找不到可派且无利益冲突的人员")
    return {task: person for person, task in held.items()}
