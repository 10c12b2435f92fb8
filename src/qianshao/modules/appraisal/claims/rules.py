"""A declaration's life. It carries no clock of its own: the round's days hold for all, an appeal's is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f

APPEAL, DECIDE = "appraisal.appeal", "appraisal.appeal-decision"


@dataclass(frozen=True)
class Claim:
    """A declaration as its facts leave it."""

    due: f.Due
    declared: f.Declared | None = None
    taken_back: f.TakenBack | None = None
    checked: f.Checked | None = None
    appealed: f.Appealed | None = None
    decided: f.AppealDecided | None = None

    @property
    def result(self) -> str:
        """What counts: the decision on appeal before the check; empty while nobody looked."""
        last = self.decided or self.checked
        return last.result if last else ""

    @property
    def appeal_open(self) -> bool:
        """Whether an appeal waits."""
        return self.appealed is not None and self.decided is None


def fold(facts: Iterable[f.AnyFact]) -> Claim:
    """The declaration after these facts; the first is always ``Due``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Due)
    claim = Claim(first)
    for fact in stream:
        match fact:
            case f.Due():
                claim = Claim(fact)
            case f.Declared():
                claim = replace(claim, declared=fact, taken_back=None)
            case f.TakenBack():
                claim = replace(claim, taken_back=fact, declared=None)
            case f.Checked():
                claim = replace(claim, checked=fact)
            case f.Appealed():
                claim = replace(claim, appealed=fact)
            case f.AppealDecided():
                claim = replace(claim, decided=fact)
            case _:
                assert_never(fact)
    return claim


def clock(claim: Claim, calendar: Calendar, rules: Rules) -> Deadline:
    """Only an appeal has a limit: so many working days to decide it."""
    if claim.appealed is None:
        return Deadline(None)
    stopped = claim.decided.at if claim.decided else None
    return run(rules[DECIDE], calendar, claim.appealed.at, stopped_at=stopped)


def look(claim: Claim) -> Look:
    """What lists show."""
    due = claim.due
    return Look(
        phase=phase(claim),
        opened_at=due.at,
        closed_at=_settled(claim),
        title=due.title,
        unit=due.unit,
        topic=due.round,
        marks=tuple(marks(claim)),
    )


def _settled(claim: Claim) -> datetime | None:
    if claim.appeal_open:
        return None
    last = claim.decided or claim.checked
    return last.at if last else None


def phase(claim: Claim) -> str:
    """The station a declaration is at."""
    if claim.appeal_open:
        return "appealed"
    return claim.result or ("declared" if claim.declared else "due")


def marks(claim: Claim) -> Iterator[str]:
    """What figures count."""
    yield f"stratum_{claim.due.stratum}"
    if claim.declared:
        yield "declared"
    if claim.checked:
        yield "checked"
    if claim.result:
        yield f"result_{claim.result}"
    if claim.appealed:
        yield "appealed"


def may_declare(claim: Claim, fact: f.Declared, deadline: Deadline) -> Words | None:
    """Once, before anybody looked."""
    if claim.checked:
        return say("已经核查，不能再申报")
    return say("已于{on}申报", on=claim.declared.on) if claim.declared else None


def may_take_back(claim: Claim, fact: f.TakenBack, deadline: Deadline) -> Words | None:
    """Before anybody looked."""
    if claim.checked:
        return say("已经核查，不能撤回申报")
    return None if claim.declared else say("还没有申报")


def may_check(claim: Claim, fact: f.Checked, deadline: Deadline) -> Words | None:
    """What was declared, once, and seen on the spot."""
    if claim.declared is None:
        return say("单位没有申报完成，不用核查")
    if claim.checked:
        return say("已于{on}核查", on=claim.checked.on)
    return None if fact.seen else say("抽查应当直奔现场，请到达现场后登记结果")


def may_appeal(claim: Claim, fact: f.Appealed, deadline: Deadline) -> Words | None:
    """Against a check, once."""
    if claim.checked is None:
        return say("还没有核查")
    return say("已于{on}申诉，申诉以一次为限", on=claim.appealed.on) if claim.appealed else None


def may_decide(claim: Claim, fact: f.AppealDecided, deadline: Deadline) -> Words | None:
    """What was appealed, once."""
    return None if claim.appeal_open else say("没有等待处理的申诉")
