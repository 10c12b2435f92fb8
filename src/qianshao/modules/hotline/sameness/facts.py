"""What can be decided about orders that look like one matter (同一诉求认定). Orders are named, nothing of them is told."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.kernel.declare import Fact, long, text

LONGEST = 20_000  # characters: some seven hundred orders
_STREAMS = "工单标识，用逗号隔开"


@dataclass(frozen=True, kw_only=True)
class Confirmed(Fact):
    """These orders are about one matter."""

    orders: str = long("工单", maximum=LONGEST, hint=_STREAMS)


@dataclass(frozen=True, kw_only=True)
class Merged(Fact):
    """Two groups are about one matter."""

    orders: str = long("一组工单", maximum=LONGEST, hint=_STREAMS)
    others: str = long("另一组工单", maximum=LONGEST, hint=_STREAMS)


@dataclass(frozen=True, kw_only=True)
class Split(Fact):
    """Some orders of a group are about another matter than the rest."""

    orders: str = long("留下的工单", maximum=LONGEST, hint=_STREAMS)
    others: str = long("拆出的工单", maximum=LONGEST, hint=_STREAMS)


@dataclass(frozen=True, kw_only=True)
class Undone(Fact):
    """The decision no longer counts."""

    reason: str = text("理由", maximum=500)


AnyFact = Confirmed | Merged | Split | Undone
Decision = Confirmed | Merged | Split
