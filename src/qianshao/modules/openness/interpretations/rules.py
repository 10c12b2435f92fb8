"""The clock of an interpretation: planned and signed with the document, out with it or three working days later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f

INTERPRET = "openness.interpret"
_LAW = "国办发〔2016〕80号"


@dataclass(frozen=True)
class Interpretation:
    """An interpretation as its facts leave it."""

    opened_at: datetime
    proposed: f.Proposed | None = None
    planned: f.Planned | None = None
    submitted: f.Submitted | None = None
    drafted: f.Drafted | None = None
    document: f.DocumentPublished | None = None
    interpreted: f.Interpreted | None = None
    links: str = ""
    excused: f.Excused | None = None

    @property
    def scope(self) -> str:
        """What sort of document it is, as said when it came out, or when it was drafted."""
        return (self.document and self.document.scope) or (self.proposed and self.proposed.scope) or ""

    @property
    def drafter(self) -> str:
        """The unit that drafts the document, and so interprets it."""
        return (self.proposed and self.proposed.unit) or (self.document and self.document.unit) or ""

    @property
    def closed_at(self) -> datetime | None:
        """When it was out, or excused."""
        last = self.interpreted or self.excused
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Interpretation:
    """The interpretation after these facts; the first is the draft or the published document."""
    told = list(facts)
    found = Interpretation(opened_at=told[0].at)
    for fact in told:
        found = _after(found, fact)
    return found


def _after(found: Interpretation, fact: f.AnyFact) -> Interpretation:
    match fact:
        case f.Proposed():
            return replace(found, proposed=fact)
        case f.Planned():
            return replace(found, planned=fact)
        case f.Submitted():
            return replace(found, submitted=fact)
        case f.Drafted():
            return replace(found, drafted=fact)
        case f.DocumentPublished():
            return replace(found, document=fact)
        case f.Interpreted():
            return replace(found, interpreted=fact, links=fact.links)
        case f.Linked():
            return replace(found, links=fact.links)
        case f.Excused():
            return replace(found, excused=fact)
        case _:
            assert_never(fact)


def clock(found: Interpretation, calendar: Calendar, rules: Rules) -> Deadline:
    """Nothing is due before the document is out; then three working days at most."""
    if found.document is None or found.excused:
        return Deadline(None, flags=tuple(_by_whom(found)))
    deadline = run(rules[INTERPRET], calendar, found.document.at, stopped_at=found.closed_at)
    remarks = _by_whom(found)
    if found.proposed and not found.planned:
        remarks.append(flags.no_plan())
    limit, out = deadline.last_day, found.interpreted
    if out is not None:
        if limit is not None and out.on > limit:
            remarks.append(flags.late_interpretation(limit, out.on))
        if found.links not in ("", "both"):
            remarks.append(flags.not_linked())
        if out.excerpt:
            remarks.append(flags.excerpt())
    return replace(deadline, flags=(*deadline.flags, *remarks))


def _by_whom(found: Interpretation) -> list[Words]:
    """INT-4: who drafts interprets, the head first. INT-5: what has to be interpreted is not excused."""
    remarks: list[Words] = []
    if found.planned and found.planned.unit and found.drafter and found.planned.unit != found.drafter:
        remarks.append(flags.not_by_drafter())
    if found.planned and found.planned.by not in ("", "head"):
        remarks.append(flags.not_by_head())
    if found.excused and not found.excused.unpublished and found.scope in f.OWED:
        remarks.append(flags.excused_in_scope(f.SCOPE[found.scope]))
    return remarks


def look(found: Interpretation) -> Look:
    """What lists show."""
    title = (found.document and found.document.title) or (found.proposed and found.proposed.title) or ""
    form = (found.interpreted and found.interpreted.form) or (found.planned and found.planned.form) or ""
    return Look(
        phase=phase(found),
        opened_at=found.opened_at,
        closed_at=found.closed_at,
        title=title,
        unit=found.drafter,
        topic=f.FORMS.get(form, ""),
    )


def phase(found: Interpretation) -> str:
    """The station an interpretation is at."""
    stations = (
        ("excused", found.excused),
        ("interpreted", found.interpreted),
        ("due", found.document),
        ("drafted", found.drafted),
        ("submitted", found.submitted),
        ("planned", found.planned),
    )
    return next((key for key, there in stations if there), "proposed")


def while_open(found: Interpretation, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more is planned or drafted for what is out or excused."""
    if found.interpreted:
        return say("已于{on}发布解读", on=found.interpreted.on)
    return say("已确认无需解读") if found.excused else None


def may_submit(found: Interpretation, fact: f.Submitted, deadline: Deadline) -> Words | None:
    """The gate: a document that comes without its plan is not received (三同步)."""
    if found.planned is None:
        return say("没有解读方案，文件不予接收（{article}）", article=_LAW)
    return while_open(found, fact, deadline)


def may_publish(found: Interpretation, fact: f.DocumentPublished, deadline: Deadline) -> Words | None:
    """A document comes out once."""
    if found.document:
        return say("文件已于{on}发布", on=found.document.on)
    return while_open(found, fact, deadline)


def may_interpret(found: Interpretation, fact: f.Interpreted, deadline: Deadline) -> Words | None:
    """With the document or after it."""
    if found.document is None:
        return say("文件尚未发布，解读与文件同步发布（{article}）", article=_LAW)
    if fact.on < found.document.on:
        return say("解读早于文件发布之日{on}", on=found.document.on)
    return while_open(found, fact, deadline)


def may_link(found: Interpretation, fact: f.Linked, deadline: Deadline) -> Words | None:
    """Only what is out can be linked."""
    return None if found.interpreted else say("解读尚未发布")
