"""The clock of a document: out within twenty working days of forming or changing (第二十六条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Segment, Unit, last_day, run, set_limit
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from .. import flags
from ..interpretations.facts import OWED
from . import facts as f

PUBLISH = "openness.publish"
ACTIVE = "active"
TO_INTERPRET = "20.1"  # rules and normative documents: of a kind that has to be interpreted (INT-5)
_LAW = "政府信息公开条例 第二十六条"


@dataclass(frozen=True)
class Version:
    """The document from forming or a change until the next one; ``published`` is its first publication."""

    since: datetime
    published: f.Published | None = None


@dataclass(frozen=True)
class Document:
    """A document as its facts leave it; ``versions`` are never empty and the last one counts."""

    formed: f.Formed
    openness: str
    reason: str
    article: str
    decided_at: datetime
    versions: tuple[Version, ...]
    scope: str = ""
    uninterpreted: str = ""
    taken_down: f.TakenDown | None = None
    abolished: f.Abolished | None = None

    @property
    def now(self) -> Version:
        """The version that counts."""
        return self.versions[-1]

    @property
    def came_out(self) -> f.Published | None:
        """Its very first publication, whatever changed since."""
        return next((version.published for version in self.versions if version.published), None)

    @property
    def interpreted_as(self) -> str:
        """The scope in which an interpretation is owed; empty when none is.

        What article 20 item 1 names owes one unless somebody said why not; other documents when somebody said so.
        """
        if self.openness != ACTIVE or (self.abolished and self.came_out is None):
            return ""
        if self.scope in OWED:
            return self.scope
        excused = self.scope == "none" and self.uninterpreted.strip()
        return "normative" if self.formed.category == TO_INTERPRET and not excused else ""

    @property
    def closed_at(self) -> datetime | None:
        """When nothing was owed any more."""
        if self.now.published:
            return self.now.published.at
        if self.abolished:
            return self.abolished.at
        return None if self.openness == ACTIVE else self.decided_at


def fold(facts: Iterable[f.AnyFact]) -> Document:
    """The document after these facts; the first is always ``Formed``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Formed)
    document = Document(
        formed=first,
        openness=first.openness or ACTIVE,
        reason=first.reason,
        article=first.article,
        decided_at=first.at,
        versions=(Version(first.at),),
        scope=first.scope,
        uninterpreted=first.uninterpreted,
    )
    for fact in stream:
        document = _after(document, fact)
    return document


def _after(document: Document, fact: f.AnyFact) -> Document:
    match fact:
        case f.Formed():
            return fold([fact])
        case f.Decided():
            opened = fact.openness == ACTIVE and document.openness != ACTIVE
            versions = (*document.versions, Version(fact.at)) if opened else document.versions
            return replace(
                document,
                openness=fact.openness,
                reason=fact.reason,
                article=fact.article,
                decided_at=fact.at,
                versions=versions,
                scope=fact.scope or document.scope,
                uninterpreted=fact.uninterpreted if fact.scope else document.uninterpreted,
            )
        case f.Changed():
            return replace(document, versions=(*document.versions, Version(fact.at)), taken_down=None)
        case f.Published():
            now = replace(document.now, published=document.now.published or fact)
            return replace(document, versions=(*document.versions[:-1], now), taken_down=None)
        case f.TakenDown():
            return replace(document, taken_down=fact)
        case f.Abolished():
            return replace(document, abolished=fact)
        case _:
            assert_never(fact)


def clock(document: Document, calendar: Calendar, rules: Rules) -> Deadline:
    """When the version that counts must be out; nothing runs for what is not disclosed unasked."""
    remarks = (
        [] if document.openness == ACTIVE or (document.reason and document.article) else [flags.no_grounds()]
    )
    remarks += _uninterpreted(document)
    unpublished = document.now.published is None
    if document.openness != ACTIVE or (document.abolished and unpublished):
        return Deadline(None, flags=tuple(remarks))
    deadline = _counted(document, document.now, calendar, rules)
    article = str(rules[PUBLISH].citation)
    limit, published = deadline.last_day, document.now.published
    if published is not None and limit is not None and published.on > limit:
        remarks.append(flags.late_publication(limit, published.on, article))
    if len(document.versions) > 1:
        before = document.versions[-2]
        due = _counted(document, before, calendar, rules).until
        if before.published is None and due is not None and due <= document.now.since:
            remarks.append(flags.changed_after_due(last_day(due), article))
    return replace(
        deadline,
        amber_at=deadline.amber_at if unpublished else None,
        flags=(*deadline.flags, *remarks),
        story=lambda: (*_earlier(document), *deadline.segments),
    )


def _uninterpreted(document: Document) -> list[Words]:
    """INT-5: of a kind that has to be interpreted, and somebody said that this one need not be."""
    named = document.openness == ACTIVE and document.formed.category == TO_INTERPRET
    if not named or document.scope != "none":
        return []
    if document.interpreted_as:
        return [flags.uninterpreted_unsaid()]
    return [flags.excused_in_scope(f.CATALOGUE[TO_INTERPRET])]


def _counted(document: Document, version: Version, calendar: Calendar, rules: Rules) -> Deadline:
    stopped = version.published.at if version.published else None
    deadline = run(rules[PUBLISH], calendar, version.since, stopped_at=stopped)
    by = document.formed.due_by
    if by is None or len(document.versions) > 1 or by < version.since.date():
        return deadline
    why = say("法律、法规对公开期限另有规定的，从其规定")
    law = document.formed.due_by_law or _LAW
    return set_limit(version.since, midnight(by) + DAY, why, law, deadline.rule)


def _earlier(document: Document) -> tuple[Segment, ...]:
    """One stretch for all that passed before the version that counts."""
    since, until = document.formed.at, document.now.since
    if until <= since:
        return ()
    days = (until.date() - since.date()).days
    why = say("变更之前经过的时间，不计入；公开期限自变更之日起重新计算")
    return (Segment(since, until, False, days, Unit.CALENDAR_DAY, why, _LAW, False),)


def look(document: Document) -> Look:
    """What lists show."""
    formed = document.formed
    return Look(
        phase=phase(document),
        opened_at=formed.at,
        closed_at=document.closed_at,
        title=formed.title,
        unit=formed.unit,
        topic=f.CATALOGUE.get(formed.category, ""),
        channel=document.now.published.where if document.now.published else "",
        number=formed.document_number,
    )


def phase(document: Document) -> str:
    """The station a document is at."""
    if document.abolished:
        return "abolished"
    if document.openness != ACTIVE:
        return document.openness
    if document.now.published is None:
        return "waiting"
    return "taken_down" if document.taken_down else "published"


def in_force(document: Document, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to a document that is abolished."""
    return say("已于{on}废止", on=document.abolished.on) if document.abolished else None


def may_decide(document: Document, fact: f.Decided, deadline: Deadline) -> Words | None:
    """Not disclosing needs a reason and an article; what is out already is taken down, not decided away."""
    if fact.openness != ACTIVE and not (fact.reason.strip() and fact.article.strip()):
        article = "政府信息公开条例 第十三条至第十六条"
        return say("不主动公开须写明理由和依据条款（{article}）", article=article)
    if fact.openness != ACTIVE and document.now.published and not document.taken_down:
        return say("已经公开，须先撤下并写明理由")
    if fact.scope == "none" and not fact.uninterpreted.strip():
        return say("认为无需解读的，须写明理由（{article}）", article="国办发〔2016〕80号")
    return in_force(document, fact, deadline)


def may_publish(document: Document, fact: f.Published, deadline: Deadline) -> Words | None:
    """What is not to be disclosed is not; what is out already is not published again unless it changed."""
    if document.openness != ACTIVE:
        article = document.article or "政府信息公开条例 第十四条至第十七条"
        return say(
            "公开属性为“{openness}”，须先重新确定公开属性（{article}）",
            openness=f.OPENNESS[document.openness],
            article=article,
        )
    if document.now.published and not document.taken_down:
        return say("已于{on}公开，内容没有变更", on=document.now.published.on)
    if document.abolished and document.now.published is None:
        return in_force(document, fact, deadline)
    return None


def may_take_down(document: Document, fact: f.TakenDown, deadline: Deadline) -> Words | None:
    """Only what is in view."""
    if document.now.published is None or document.taken_down:
        return say("没有正在公开的内容可以撤下")
    return None
