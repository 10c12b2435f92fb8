"""An item as its facts leave it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from . import facts as f

_NODE = re.compile(r"\s*(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?[\s，,：:]+(\S.*?)\s*")


class BadNode(ValueError):
    """A line of a plan that is no milestone; ``line`` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


@dataclass(frozen=True)
class Node:
    """A milestone: by the end of which day, and when it was reached."""

    due: date
    title: str
    reached_at: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """A lead unit's turn, from when it was named."""

    unit: str
    since: datetime
    signed_at: datetime | None = None
    planned_at: datetime | None = None


@dataclass(frozen=True)
class Return:
    """A lead wanted to be rid of the item."""

    unit: str
    returned: f.Returned
    judged: f.ReturnJudged | None = None


@dataclass(frozen=True)
class Asking:
    """Time was asked for, and what became of it."""

    asked: f.ExtensionAsked
    judged: f.ExtensionJudged | None = None


@dataclass(frozen=True)
class Difficulty:
    """Something the lead could not solve alone."""

    reported: f.DifficultyReported
    answered: f.DifficultyAnswered | None = None


@dataclass(frozen=True)
class Closing:
    """A proposal to close, and what the review said."""

    proposed: f.CloseProposed
    reviewed: f.CloseReviewed | None = None


@dataclass(frozen=True)
class Part:
    """A part given to another unit, done or not."""

    unit: str
    title: str
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Item:
    """What is known of an item; ``begun_at`` is when its clock began, None for a mere proposal."""

    told: f.Assigned | f.Proposed
    begun_at: datetime | None
    due: date | None
    co_units: tuple[str, ...]
    turns: tuple[Turn, ...]
    declined: f.Declined | None = None
    returns: tuple[Return, ...] = ()
    nodes: tuple[Node, ...] = ()
    reports: tuple[f.Reported, ...] = ()
    asked: tuple[f.ReportAsked, ...] = ()
    extensions: tuple[Asking, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    closings: tuple[Closing, ...] = ()
    parts: tuple[Part, ...] = ()
    slips: tuple[f.Escalated, ...] = ()
    cancelled: f.Cancelled | None = None
    reopened: tuple[f.Reopened, ...] = ()

    @property
    def unit(self) -> str:
        """Who leads now; nobody while a return was upheld and no other lead is named."""
        last = self.returns[-1] if self.returns else None
        free = last is not None and last.judged is not None and last.judged.result == "upheld"
        return "" if free and last and last.returned.at >= self.turns[-1].since else self.turns[-1].unit

    @property
    def since(self) -> datetime | None:
        """Where the clock that counts begins: at the hand-over or approval, or when it was reopened."""
        return self.reopened[-1].at if self.reopened else self.begun_at

    @property
    def pending_return(self) -> Return | None:
        """The return nobody has judged yet."""
        return self.returns[-1] if self.returns and self.returns[-1].judged is None else None

    @property
    def pending_extension(self) -> Asking | None:
        """The request for time nobody has judged yet."""
        return self.extensions[-1] if self.extensions and self.extensions[-1].judged is None else None

    @property
    def pending_difficulty(self) -> Difficulty | None:
        """The oldest difficulty nobody has answered."""
        return next((one for one in self.difficulties if one.answered is None), None)

    @property
    def closing(self) -> Closing | None:
        """The proposal to close that stands: not sent back, not overtaken by a reopening."""
        last = self.closings[-1] if self.closings else None
        if last is None or (last.reviewed and last.reviewed.result == "back"):
            return None
        overtaken = self.reopened and self.reopened[-1].at >= last.proposed.at
        return None if overtaken else last

    @property
    def granted(self) -> tuple[f.ExtensionJudged, ...]:
        """The later limits that were agreed to under the clock that counts."""
        since = self.since
        return tuple(
            one.judged
            for one in self.extensions
            if one.judged and one.judged.result == "upheld" and since and one.judged.at >= since
        )

    @property
    def closed_at(self) -> datetime | None:
        """When nothing was owed any more. What was reviewed and passed was done when it was proposed."""
        if self.cancelled:
            return self.cancelled.at
        if self.declined:
            return self.declined.at
        done = self.closing
        return done.proposed.at if done and done.reviewed else None

    @property
    def waiting_for(self) -> tuple[f.ReportAsked, ...]:
        """Who asked how far it is since the last report."""
        since = self.reports[-1].at if self.reports else None
        return tuple(one for one in self.asked if since is None or one.at > since)


def codes(text: str) -> tuple[str, ...]:
    """The unit codes of a list somebody typed, in either comma, each once."""
    split = text.replace("，", ",").replace("、", ",").replace(" ", "").split(",")
    return tuple(dict.fromkeys(code for code in split if code))


def nodes_of(text: str) -> tuple[Node, ...]:
    """The milestones of a plan, one a line; raises ``BadNode`` for a line that does not begin with a day."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _NODE.fullmatch(line)
        try:
            if match is None:
                raise ValueError(line)
            due = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise BadNode(number, line.strip()[:40]) from None
        found.append(Node(due, match[4]))
    return tuple(found)


def fold(facts: Iterable[f.AnyFact]) -> Item:
    """The item after these facts; the first is ``Assigned`` or ``Proposed``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Assigned | f.Proposed)
    item = _opened(first)
    for fact in stream:
        item = _after(item, fact)
    return item


def _opened(fact: f.Assigned | f.Proposed) -> Item:
    begun = fact.at if isinstance(fact, f.Assigned) else None
    return Item(fact, begun, fact.due, codes(fact.co_units), (Turn(fact.unit, fact.at),))


def _after(item: Item, fact: f.AnyFact) -> Item:
    match fact:
        case f.Assigned() | f.Proposed():
            return _opened(fact)
        case f.Approved():
            return replace(item, begun_at=fact.at, turns=(Turn(item.told.unit, fact.at),))
        case f.Declined():
            return replace(item, declined=fact)
        case f.Escalated():
            return replace(item, slips=(*item.slips, fact))
        case f.ReportAsked():
            return replace(item, asked=(*item.asked, fact))
        case f.Reported():
            return replace(item, reports=(*item.reports, fact))
        case f.Cancelled():
            return replace(item, cancelled=fact)
        case f.Reopened():
            return replace(item, reopened=(*item.reopened, fact), due=fact.due, cancelled=None)
        case f.CloseProposed():
            return replace(item, closings=(*item.closings, Closing(fact)))
        case f.CloseReviewed() if item.closings:
            last = replace(item.closings[-1], reviewed=fact)
            return replace(item, closings=(*item.closings[:-1], last))
        case f.CloseReviewed():
            return item
        case f.Signed() | f.Returned() | f.ReturnJudged() | f.Transferred() | f.Split() | f.PartClosed():
            return _in_hands(item, fact)
        case (
            f.Planned()
            | f.NodeReached()
            | f.ExtensionAsked()
            | f.ExtensionJudged()
            | f.DifficultyReported()
            | f.DifficultyAnswered()
        ):
            return _at_work(item, fact)
        case _:
            assert_never(fact)


def _in_hands(
    item: Item, fact: f.Signed | f.Returned | f.ReturnJudged | f.Transferred | f.Split | f.PartClosed
) -> Item:
    """Whose hands the item, or a part of it, is in."""
    turn = item.turns[-1]
    match fact:
        case f.Signed():
            return replace(item, turns=(*item.turns[:-1], replace(turn, signed_at=fact.at)))
        case f.Returned():
            return replace(item, returns=(*item.returns, Return(item.unit or turn.unit, fact)))
        case f.ReturnJudged():
            if not item.returns:
                return item
            last = replace(item.returns[-1], judged=fact)
            return replace(item, returns=(*item.returns[:-1], last))
        case f.Transferred():
            co_units = codes(fact.co_units) or item.co_units
            return replace(item, turns=(*item.turns, Turn(fact.unit, fact.at)), co_units=co_units)
        case f.Split():
            return replace(item, parts=(*item.parts, Part(fact.unit, fact.title)))
        case f.PartClosed():
            parts = list(item.parts)
            for place, part in enumerate(parts):
                if part.unit == fact.unit and part.closed_at is None:
                    parts[place] = replace(part, closed_at=fact.at)
                    break
            return replace(item, parts=tuple(parts))


def _at_work(
    item: Item,
    fact: f.Planned
    | f.NodeReached
    | f.ExtensionAsked
    | f.ExtensionJudged
    | f.DifficultyReported
    | f.DifficultyAnswered,
) -> Item:
    """How the work goes on."""
    match fact:
        case f.Planned():
            turn = replace(item.turns[-1], planned_at=item.turns[-1].planned_at or fact.at)
            return replace(item, nodes=_planned(fact), turns=(*item.turns[:-1], turn))
        case f.NodeReached():
            nodes = tuple(
                replace(node, reached_at=node.reached_at or fact.at) if number == fact.node else node
                for number, node in enumerate(item.nodes, 1)
            )
            return replace(item, nodes=nodes)
        case f.ExtensionAsked():
            return replace(item, extensions=(*item.extensions, Asking(fact)))
        case f.ExtensionJudged():
            if not item.extensions:
                return item
            judged = replace(item.extensions[-1], judged=fact)
            return replace(item, extensions=(*item.extensions[:-1], judged))
        case f.DifficultyReported():
            return replace(item, difficulties=(*item.difficulties, Difficulty(fact)))
        case f.DifficultyAnswered():
            return replace(
                item,
                difficulties=tuple(
                    replace(one, answered=fact) if one is item.pending_difficulty else one
                    for one in item.difficulties
                ),
            )


def _planned(fact: f.Planned) -> tuple[Node, ...]:
    """The milestones of a plan the door let in; one it would not let in has none."""
    try:
        return nodes_of(fact.nodes)
    except BadNode:
        return ()
