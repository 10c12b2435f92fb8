"""Length, duration and number: what is held against a document or a meeting before it is registered.

整治形式主义为基层减负若干规定 (2024): documents of places and departments 5,000 characters, of special work 4,000,
deployments excepted (BUR-11); a chief's speech one hour (BUR-17); half a day, with groups a day and a half (BUR-18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Rule, Term, Unit, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, named, say

from ..meters import FORMALISM
from . import facts as f

CHARACTERS: Mapping[str, int] = {"general": 5_000, "special": 4_000}
SPEECH, HALF_DAY, DAY_AND_A_HALF = "burden.speech", "burden.meeting", "burden.meeting-discussion"
REGISTER = "burden.register"
_MINUTES = {Unit.MINUTE: 1, Unit.HOUR: 60}


@dataclass(frozen=True)
class Document:
    """A document to be issued."""

    drafted: f.Drafted
    explained: f.Explained | None = None
    registered: f.Registered | None = None
    withdrawn: f.Withdrawn | None = None


@dataclass(frozen=True)
class Meeting:
    """A meeting to be held."""

    arranged: f.Arranged
    explained: f.Explained | None = None
    registered: f.Registered | None = None
    withdrawn: f.Withdrawn | None = None


P = TypeVar("P", Document, Meeting)


def _after(paper: P, fact: f.Explained | f.Registered | f.Withdrawn) -> P:
    match fact:
        case f.Explained():
            return replace(paper, explained=fact)
        case f.Registered():
            return replace(paper, registered=fact)
        case f.Withdrawn():
            return replace(paper, withdrawn=fact)
        case _:
            assert_never(fact)


def document(facts: Iterable[f.DocumentFact]) -> Document:
    """The document after these facts; the first is always ``Drafted``."""
    first, *rest = facts
    assert isinstance(first, f.Drafted)
    found = Document(first)
    for fact in rest:
        found = Document(fact) if isinstance(fact, f.Drafted) else _after(found, fact)
    return found


def meeting(facts: Iterable[f.MeetingFact]) -> Meeting:
    """The meeting after these facts; the first is always ``Arranged``."""
    first, *rest = facts
    assert isinstance(first, f.Arranged)
    found = Meeting(first)
    for fact in rest:
        found = Meeting(fact) if isinstance(fact, f.Arranged) else _after(found, fact)
    return found


def _stopped(paper: Document | Meeting) -> datetime | None:
    last = paper.withdrawn or paper.registered
    return last.at if last else None


def document_clock(found: Document, calendar: Calendar, rules: Rules) -> Deadline:
    """Registered or withdrawn within so many working days; the remarks say what is too long or missing."""
    deadline = run(rules[REGISTER], calendar, found.drafted.at, stopped_at=_stopped(found))
    return replace(deadline, flags=(*deadline.flags, *_of_document(found.drafted)))


def _of_document(drafted: f.Drafted) -> Iterator[Words]:
    most = CHARACTERS.get(drafted.sort)
    if most is not None and drafted.characters > most:
        words = say(
            "正文 {n} 字，超过 {most} 字，确有必要的须先附书面说明（{law}）",
            n=drafted.characters,
            most=most,
            law=FORMALISM,
        )
        yield named("too_long", words)
    if not drafted.assessed:
        yield named("not_assessed", say("没有作减负一致性评估，须先附书面说明（{law}）", law=FORMALISM))
    if drafted.asks_follow_up:
        words = say(
            "一般不得要求下级报送落实情况、制定配套文件，确有必要的须先附书面说明（{law}）", law=FORMALISM
        )
        yield named("asks_follow_up", words)


def meeting_clock(found: Meeting, calendar: Calendar, rules: Rules) -> Deadline:
    """Registered or withdrawn within so many working days; the remarks say what is too long."""
    deadline = run(rules[REGISTER], calendar, found.arranged.at, stopped_at=_stopped(found))
    return replace(deadline, flags=(*deadline.flags, *_of_meeting(found.arranged, rules)))


def _of_meeting(arranged: f.Arranged, rules: Rules) -> Iterator[Words]:
    whole = rules[DAY_AND_A_HALF if arranged.sort == "discussion" else HALF_DAY]
    if arranged.minutes > _minutes(whole):
        words = say(
            "会议 {n} 分钟，超过 {most} 分钟，确有必要的须先附书面说明（{law}）",
            n=arranged.minutes,
            most=_minutes(whole),
            law=str(whole.citation),
        )
        yield named("too_long", words)
    speech = rules[SPEECH]
    if arranged.speech > _minutes(speech):
        words = say(
            "讲话 {n} 分钟，超过 {most} 分钟，确有必要的须先附书面说明（{law}）",
            n=arranged.speech,
            most=_minutes(speech),
            law=str(speech.citation),
        )
        yield named("speech_too_long", words)
    if arranged.second_speech:
        words = say("党政主要负责同志一般不同时讲话，确有必要的须先附书面说明（{law}）", law=FORMALISM)
        yield named("second_speech", words)


def _minutes(rule: Rule) -> int:
    """A limit of the rulebook in minutes; raises ``ValueError`` for one in days, which no meeting is measured in."""
    term: Term = rule.term
    if term.unit not in _MINUTES:
        raise ValueError(f"{rule.key} is counted in {term.unit}, expected minutes or hours")
    return term.n * _MINUTES[term.unit]


def document_look(found: Document) -> Look:
    """What lists show."""
    drafted = found.drafted
    return Look(
        phase=_phase(found),
        opened_at=drafted.at,
        closed_at=_stopped(found),
        title=drafted.title,
        unit=drafted.unit,
        topic=f.DOCUMENTS.get(drafted.sort, ""),
        marks=("explained",) if found.explained else (),
    )


def meeting_look(found: Meeting) -> Look:
    """What lists show."""
    arranged = found.arranged
    there = (("explained", found.explained), ("below", arranged.below))
    return Look(
        phase=_phase(found),
        opened_at=arranged.at,
        closed_at=_stopped(found),
        title=arranged.title,
        unit=arranged.unit,
        topic=f.MEETINGS.get(arranged.sort, ""),
        marks=tuple(name for name, is_there in there if is_there),
    )


def _phase(paper: Document | Meeting) -> str:
    if paper.withdrawn:
        return "withdrawn"
    return "registered" if paper.registered else "drafted"


def while_drafted(paper: Document | Meeting, fact: object, deadline: Deadline) -> Words | None:
    """Before it is registered or withdrawn."""
    stopped = _stopped(paper)
    return say("已于{on}登记或者撤回", on=stopped.date()) if stopped else None


def may_register(paper: Document | Meeting, fact: f.Registered, deadline: Deadline) -> Words | None:
    """What is too long, or has not been assessed, needs its written explanation first."""
    if refusal := while_drafted(paper, fact, deadline):
        return refusal
    against = [flag for flag in deadline.flags if flag.name in HELD]
    return against[0] if against and paper.explained is None else None


HELD = frozenset({"too_long", "speech_too_long", "second_speech", "not_assessed", "asks_follow_up"})


def may_withdraw(paper: Document | Meeting, fact: f.Withdrawn, deadline: Deadline) -> Words | None:
    """Once; also after it was registered, when it is not issued or held after all."""
    return say("已于{on}撤回", on=paper.withdrawn.on) if paper.withdrawn else None
