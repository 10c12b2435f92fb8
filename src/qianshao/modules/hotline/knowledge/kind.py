"""The knowledge base of answers: every entry has a unit that keeps it and a day by which it is read again.

国办发〔2020〕53号 asks for a knowledge base kept up by the departments; 济南市条例 第二十八条 puts a stale one under
supervision. How often it is read again is this city's own setting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Segment, Unit, run
from qianshao.kernel.declare import Act, Kind, Look, Phase, Rules
from qianshao.kernel.figures import Condition, Indicator, Scope, Selection, scoped
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from . import facts as f

KEEP = "hotline.knowledge"
KEY = "hotline.knowledge"


@dataclass(frozen=True)
class Item:
    """An entry as it stands; ``read_at`` is when its unit last stood by it."""

    written: f.Written
    answer: str
    basis: str
    expires: date | None
    read_at: datetime
    used: int = 0
    retired: f.Retired | None = None


def fold(facts: Iterable[f.AnyFact]) -> Item:
    """The entry after these facts; the first is always ``Written``."""
    first, *rest = facts
    assert isinstance(first, f.Written)
    item = Item(first, first.answer, first.basis, first.expires, first.at)
    for fact in rest:
        match fact:
            case f.Revised():
                basis, expires = fact.basis or item.basis, fact.expires
                item = replace(item, answer=fact.answer, basis=basis, expires=expires, read_at=fact.at)
            case f.Confirmed():
                item = replace(item, expires=fact.expires, read_at=fact.at)
            case f.Used():
                item = replace(item, used=item.used + 1)
            case f.Retired():
                item = replace(item, retired=fact)
    return item


def clock(item: Item, calendar: Calendar, rules: Rules) -> Deadline:
    """When it is to be read again: so long after it was last read, and never after it expires."""
    stopped = item.retired.at if item.retired else None
    deadline = run(rules[KEEP], calendar, item.read_at, stopped_at=stopped)
    if item.expires is None or deadline.until is None:
        return deadline
    until = max(midnight(item.expires), midnight(item.read_at.date())) + DAY
    if until >= deadline.until:
        return deadline
    amber = deadline.amber_at and min(deadline.amber_at, max(item.read_at, until - 15 * DAY))
    days = (until.date() - item.read_at.date()).days
    why = say("条目有效期至{on}", on=item.expires)
    told = Segment(item.read_at, until, True, days, Unit.CALENDAR_DAY, why, "", False)
    return replace(deadline, until=until, amber_at=amber, provisional=False, story=lambda: (told,))


def look(item: Item) -> Look:
    """What lists show."""
    return Look(
        phase="retired" if item.retired else "kept",
        opened_at=item.written.at,
        closed_at=item.retired.at if item.retired else None,
        title=item.written.question,
        unit=item.written.unit,
        topic=item.written.topic,
        marks=("used",) if item.used else (),
    )


def while_kept(item: Item, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """A retired answer stays as it was."""
    return say("本条答复已停用") if item.retired else None


def may_renew(item: Item, fact: f.Revised | f.Confirmed, deadline: Deadline) -> Words | None:
    """Not until a day that is over."""
    if fact.expires is not None and fact.expires < fact.on:
        return say("有效期至{on}，早于今天", on=fact.expires)
    return while_kept(item, fact, deadline)


def _entries(scope: Scope) -> Selection:
    return scoped(KEY, scope, Condition("open", "", True))


def _stale(scope: Scope) -> Selection:
    return scoped(KEY, scope, Condition("open", "", True), Condition("lamp", "", "red"))


KNOWLEDGE = Kind(
    key=KEY,
    title="知识库条目",
    law="国办发〔2020〕53号；济南市12345市民服务热线条例 第二十八条；复核周期由本市规定",
    fold=fold,
    clock=clock,
    look=look,
    phases=(Phase("kept", "使用中"), Phase("retired", "已停用", open=False)),
    acts=(
        Act(f.Written, "编写条目", who="hotline.maintain", opens=True),
        Act(f.Revised, "修订条目", who="hotline.maintain", allow=may_renew),
        Act(f.Confirmed, "复核无误", who="hotline.maintain", allow=may_renew, evidence="none"),
        Act(f.Used, "用于答复", who="hotline.receive", allow=while_kept, evidence="none"),
        Act(f.Retired, "停用条目", who="hotline.maintain", allow=while_kept, evidence="none"),
    ),
    rules=(KEEP,),
    reads="hotline.read",
    prefix="ZS",
    searched=("question", "words", "answer"),
    indicators=(
        Indicator(
            key="hotline.knowledge-stale",
            title="知识库过期未复核",
            formula="过期未复核的知识库条目数 ÷ 使用中的条目数",
            counts=_stale,
            base=_entries,
            inputs=("upkeep",),
        ),
    ),
    marks={"used": "用于答复过"},
)
