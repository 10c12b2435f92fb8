"""What supervision does with the item of a problem is told to the problem; both know each other by stream alone."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.kernel.ledger.entry import Entry as Body

from . import facts as f

KEY = "hotline.problem"
_ACTOR = machine("hotline")


def handed(*, stream: str, eid: int, now: datetime) -> None:
    """An item was proposed for a problem, or its item was reopened; one that is done by now tells nothing."""
    problem, number = _about(stream)
    if problem is not None and Duty.objects.filter(stream=stream, open=True).exists():
        _tell(problem, f.Handed(at=_at(eid), item=number, stream=stream), eid, now)


def mended(*, stream: str, eid: int, now: datetime) -> None:
    """The item was closed; a closing sent back tells nothing."""
    problem, number = _about(stream)
    if problem is not None and _body(eid).data.get("result") == "pass":
        _tell(problem, f.Mended(at=_at(eid), item=number), eid, now)


def declined(*, stream: str, eid: int, now: datetime) -> None:
    """The head did not approve the item."""
    _gone(stream, eid, now, "declined")


def cancelled(*, stream: str, eid: int, now: datetime) -> None:
    """The item is no longer owed."""
    _gone(stream, eid, now, "cancelled")


def _gone(stream: str, eid: int, now: datetime, why: str) -> None:
    problem, number = _about(stream)
    if problem is not None:
        _tell(problem, f.Gone(at=_at(eid), item=number, why=why), eid, now)


def _about(stream: str) -> tuple[Duty | None, str]:
    """The problem an item is about, and the item's number."""
    raw = Entry.objects.filter(stream=stream, sseq=1).values_list("body", flat=True).get()
    about = Body.from_body(bytes(raw)).data.get("about", "")
    problem = Duty.objects.filter(stream=about, kind=KEY).first() if about else None
    return problem, Duty.objects.values_list("number", flat=True).get(stream=stream)


def _body(eid: int) -> Body:
    return Body.from_body(bytes(Entry.objects.values_list("body", flat=True).get(eid=eid)))


def _at(eid: int) -> datetime:
    return datetime.fromisoformat(_body(eid).at)


def _tell(problem: Duty, fact: f.AnyFact, eid: int, now: datetime) -> None:
    try:
        perform(
            kind=registry.kind(KEY), duty=problem, fact=fact, actor=_ACTOR, now=now, src="reaction",
            source=f"item/{eid}",
        )  # fmt: skip
    except Refused:
        return  # the problem moved on meanwhile: it was reopened, or its item closed twice
