"""The two clocks of a finding: a person looks at it in so many days, then the unit mends it in so many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f

REVIEW = "openness.finding-review"
RECTIFY = "openness.finding-rectify"


@dataclass(frozen=True)
class Finding:
    """A defect as its facts leave it."""

    found: f.Found
    confirmed: f.Confirmed | None = None
    dismissed: f.Dismissed | None = None
    rectified: f.Rectified | None = None
    accepted: f.Accepted | None = None
    returned: int = 0

    @property
    def closed_at(self) -> datetime | None:
        """When it was dismissed, or its mending accepted."""
        last = self.dismissed or self.accepted
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Finding:
    """The finding after these facts; the first is always ``Found``."""
    first, *rest = facts
    assert isinstance(first, f.Found)
    finding = Finding(first)
    for fact in rest:
        match fact:
            case f.Found():
                finding = replace(finding, found=fact)
            case f.Confirmed():
                finding = replace(finding, confirmed=fact)
            case f.Dismissed():
                finding = replace(finding, dismissed=fact)
            case f.Rectified():
                finding = replace(finding, rectified=fact)
            case f.Returned():
                finding = replace(finding, rectified=None, returned=finding.returned + 1)
            case f.Accepted():
                finding = replace(finding, accepted=fact)
            case _:
                assert_never(fact)
    return finding


def clock(finding: Finding, calendar: Calendar, rules: Rules) -> Deadline:
    """Before a person confirmed it the review is owed, after that the mending; a return does not start it anew."""
    if finding.confirmed is None:
        return run(rules[REVIEW], calendar, finding.found.at, stopped_at=finding.closed_at)
    stopped = finding.rectified.at if finding.rectified else finding.closed_at
    return run(rules[RECTIFY], calendar, finding.confirmed.at, stopped_at=stopped)


def look(finding: Finding) -> Look:
    """What lists show."""
    if finding.dismissed:
        phase = "dismissed"
    elif finding.accepted:
        phase = "accepted"
    elif finding.rectified:
        phase = "rectified"
    else:
        phase = "rectifying" if finding.confirmed else "waiting"
    return Look(
        phase=phase,
        opened_at=finding.found.at,
        closed_at=finding.closed_at,
        title=finding.found.title,
        unit=finding.found.unit,
        topic=finding.found.rule,
    )


def _while_open(finding: Finding) -> Words | None:
    return say("这项发现已于{at}了结", at=finding.closed_at) if finding.closed_at else None


def may_confirm(finding: Finding, fact: f.Confirmed, deadline: Deadline) -> Words | None:
    """Once."""
    return _while_open(finding) or (say("这项发现已经确认过") if finding.confirmed else None)


def may_dismiss(finding: Finding, fact: f.Dismissed, deadline: Deadline) -> Words | None:
    """Before or after confirming, but not what the unit has already mended."""
    return _while_open(finding) or (
        say("单位已报整改，请复核，不能再认定不成立") if finding.rectified else None
    )


def may_rectify(finding: Finding, fact: f.Rectified, deadline: Deadline) -> Words | None:
    """What nobody confirmed need not be mended; what is being checked waits for the check."""
    if finding.confirmed is None:
        return _while_open(finding) or say("这项发现还没有经人确认，暂不需要整改")
    return _while_open(finding) or (say("已报整改，正在等待复核") if finding.rectified else None)


def may_check(finding: Finding, fact: f.Accepted | f.Returned, deadline: Deadline) -> Words | None:
    """Only what was reported as mended can be checked."""
    return _while_open(finding) or (None if finding.rectified else say("单位还没有报整改"))
