"""Items that open by themselves: parts of an item, what the hotline raises, findings mended only on paper.

What comes from citizens is named by number, unit and topic; none of their words enters an item.
"""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.ledger.models import Entry
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body

from . import facts as f
from .state import fold

KIND = "supervision.item"
_RAISED = ("office", "mayor")
_ACTOR = machine("supervision")


def _entry(eid: int) -> Body:
    return Body.from_body(bytes(Entry.objects.get(eid=eid).body))


def open_part(*, stream: str, eid: int, now: datetime) -> None:
    """A part of an item was given to another unit: it is an item of that unit's own."""
    parent = Duty.objects.get(stream=stream)
    body = _entry(eid)
    data = body.data
    limit = last_day(parent.due_at.astimezone(SHANGHAI)).isoformat() if parent.due_at else None
    due = data.get("due") or limit
    (read,) = load([stream], lock=False)
    told = fold([item.fact for item in read.facts[:1]]).told  # type: ignore[misc]
    fact = f.Assigned(
        at=datetime.fromisoformat(body.at),
        title=data["title"],
        reference=told.reference,
        label=told.label,
        unit=data["unit"],
        due=datetime.fromisoformat(due).date() if due else None,
        weight=told.weight,
        rhythm=told.rhythm,
        content=told.content,
        origin="split",
        parent=stream,
    )
    perform(kind=registry.kind(KIND), fact=fact, actor=_ACTOR, now=now, src="reaction", source=f"split/{eid}")


def tell_parent(*, stream: str, eid: int, now: datetime) -> None:
    """A part is done or gone: the item it was split from may be closed as far as this part goes."""
    duty = Duty.objects.get(stream=stream)
    (read,) = load([stream], lock=False)
    first = read.facts[0].fact
    if not isinstance(first, f.Assigned) or not first.parent or duty.open:
        return
    parent = Duty.objects.filter(stream=first.parent, kind=KIND).first()
    if parent is None:
        return
    fact = f.PartClosed(at=datetime.fromisoformat(_entry(eid).at), unit=first.unit, part=stream)
    try:
        perform(
            kind=registry.kind(KIND),
            duty=parent,
            fact=fact,
            actor=_ACTOR,
            now=now,
            src="reaction",
            source=f"part/{eid}",
        )
    except Refused:
        return  # closed twice (reopened and closed again): the parent knows already


def from_hotline(*, stream: str, eid: int, now: datetime) -> None:
    """An order raised to the office or the mayor is proposed as an item; the head decides."""
    body = _entry(eid)
    if body.data.get("level") not in _RAISED:
        return
    order = Duty.objects.select_related("unit").get(stream=stream)
    if order.unit is None:
        return
    matter = " ".join(part for part in (order.topic, order.number) if part)
    _propose(order, "hotline", f"热线督办工单 {matter}", f"hotline/{stream}", body, now)


def from_problem(*, stream: str, eid: int, now: datetime) -> None:
    """A problem behind many calls was agreed to be one, or came back: it is proposed as an item with its limit."""
    problem = Duty.objects.select_related("unit").get(stream=stream)
    if problem.phase != "agreed" or problem.unit is None:
        return  # sent back or dropped, or supervision has it already
    (read,) = load([stream], lock=False)
    told = [body.data for body in read.bodies if body.data.get("cause")][-1]
    body = "\n".join(text for text in (told["cause"], told.get("proposal", "")) if text)[:5000]
    due = last_day(problem.due_at.astimezone(SHANGHAI)) if problem.due_at else None
    fact = f.Proposed(
        at=datetime.fromisoformat(_entry(eid).at),
        title=f"热线问题：{problem.title}"[:200],
        body=body,
        reference=problem.number,
        unit=problem.unit.code,
        co_units=told.get("co_units", ""),
        due=due,
        origin="problem",
        about=stream,
    )
    perform(
        kind=registry.kind(KIND), fact=fact, actor=_ACTOR, now=now, src="reaction", source=f"problem/{eid}"
    )


def from_finding(*, stream: str, eid: int, now: datetime) -> None:
    """A defect the unit said it had mended is still there: that is for supervision (整改不实)."""
    finding = Duty.objects.select_related("unit").get(stream=stream)
    if finding.unit is not None:
        title = f"网站问题整改不实：{finding.title}"
        _propose(finding, "finding", title, f"finding/{stream}", _entry(eid), now)


def _propose(duty: Duty, origin: str, title: str, source: str, body: Body, now: datetime) -> None:
    assert duty.unit is not None
    fact = f.Proposed(
        at=datetime.fromisoformat(body.at),
        title=title[:200],
        reference=duty.number,
        unit=duty.unit.code,
        origin=origin,
        about=duty.stream,
    )
    perform(kind=registry.kind(KIND), fact=fact, actor=_ACTOR, now=now, src="reaction", source=source)
