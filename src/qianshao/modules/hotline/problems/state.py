"""A problem as its facts leave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from . import facts as f


@dataclass(frozen=True)
class Problem:
    """What is known of a problem. ``drafted_at`` is when it was last written; ``due_from`` when mending was last owed."""

    opened: f.Opened
    unit: str
    co_units: str
    cause: str
    proposal: str
    drafted_at: datetime
    reviewed: f.Reviewed | None = None
    handed: f.Handed | None = None
    due_from: datetime | None = None
    mended: f.Mended | None = None
    gone: f.Gone | None = None
    compared: tuple[f.Compared, ...] = ()
    judged: bool = False
    concluded: f.Concluded | None = None
    reopened: tuple[f.Reopened, ...] = ()
    months: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the orders given as evidence."""
        return numbers(self.opened.orders)

    @property
    def latest(self) -> f.Compared | None:
        """The comparison of the watch that is over; None while none is."""
        return self.compared[-1] if self.judged and self.compared else None

    @property
    def solved_at(self) -> datetime | None:
        """When it was proved or decided to be solved."""
        if self.concluded and self.concluded.result == "done":
            return self.concluded.at
        return self.latest.at if self.latest and self.latest.reading == "fell" else None

    @property
    def phase(self) -> str:
        """The station it is at."""
        if self.gone:
            return "gone"
        if self.solved_at:
            return "solved"
        if self.judged:
            return "judging"
        if self.mended:
            return "watching"
        if self.handed:
            return "mending"
        if self.reviewed is None:
            return "drafted"
        return {"pass": "agreed", "back": "revising", "drop": "dropped"}[self.reviewed.result]

    @property
    def closed_at(self) -> datetime | None:
        """When nothing was owed any more."""
        if self.gone:
            return self.gone.at
        if self.reviewed and self.reviewed.result == "drop":
            return self.reviewed.at
        return self.solved_at


def numbers(text: str) -> tuple[str, ...]:
    """The numbers somebody typed, with any comma or white space between, each once."""
    for comma in "，、；;,":
        text = text.replace(comma, " ")
    return tuple(dict.fromkeys(text.split()))


def fold(facts: Iterable[f.AnyFact]) -> Problem:
    """The problem after these facts; the first is always ``Opened``."""
    first, *rest = facts
    assert isinstance(first, f.Opened)
    problem = Problem(first, first.unit, first.co_units, first.cause, first.proposal, first.at)
    for fact in rest:
        problem = _after(problem, fact)
    return problem


def _after(problem: Problem, fact: f.AnyFact) -> Problem:
    match fact:
        case f.Opened():
            return fold([fact])
        case f.Revised():
            return replace(
                problem,
                unit=fact.unit,
                co_units=fact.co_units,
                cause=fact.cause,
                proposal=fact.proposal,
                drafted_at=fact.at,
                reviewed=None,
            )
        case f.Reviewed():
            since = fact.at if fact.result == "pass" else None
            return replace(problem, reviewed=fact, due_from=since)
        case f.Chosen():
            return replace(problem, months=(*problem.months, fact.month))
        case f.Released():
            return replace(problem, months=tuple(one for one in problem.months if one != fact.month))
        case _:
            return _mended(problem, fact)


def _mended(
    problem: Problem, fact: f.Handed | f.Mended | f.Gone | f.Compared | f.Concluded | f.Reopened
) -> Problem:
    """What supervision did, and what the calls said afterwards."""
    match fact:
        case f.Handed():
            since = fact.at if problem.mended else problem.due_from or fact.at
            return replace(
                problem, handed=fact, due_from=since, mended=None, gone=None, judged=False, concluded=None
            )
        case f.Mended():
            return replace(problem, mended=fact, judged=False, concluded=None)
        case f.Gone():
            return replace(problem, gone=fact)
        case f.Compared():
            return replace(problem, compared=(*problem.compared, fact), judged=True)
        case f.Concluded():
            return replace(problem, concluded=fact) if fact.result == "done" else _again(problem, fact.at)
        case f.Reopened():
            return replace(_again(problem, fact.at), reopened=(*problem.reopened, fact))
        case _:
            assert_never(fact)


def _again(problem: Problem, at: datetime) -> Problem:
    """Back to where supervision is asked for an item."""
    return replace(problem, handed=None, mended=None, gone=None, judged=False, concluded=None, due_from=at)
