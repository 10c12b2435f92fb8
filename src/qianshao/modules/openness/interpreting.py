"""The interpretation a document owes opens by itself and learns when the document comes out.

One question is asked after every fact of a document: does what stands of its interpretation follow from it? So it
makes no difference in which order facts came, or whether one was reversed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform, stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.kernel.declare import Fact

from .documents import facts as f
from .documents import rules as documents
from .interpretations import facts as i
from .interpretations import rules as interpretations

DOCUMENT = "openness.document"
KIND = "openness.interpretation"
_ACTOR = machine("openness")
_LOOKED_AT = 20  # of one title and unit, the latest


@dataclass(frozen=True, slots=True)
class Owed:
    """An interpretation's duty and its state; ``times`` is how often this document has opened one by itself."""

    duty: Duty | None
    state: interpretations.Interpretation | None
    times: int

    @property
    def dropped(self) -> bool:
        """Closed only because the document was not going to come out."""
        return bool(self.state and self.state.excused and self.state.excused.unpublished)


def follow(*, stream: str, eid: int, now: datetime) -> None:
    """Open, tell or close the interpretation as the document of ``stream`` stands now."""
    document = document_of(stream)
    owed = of_document(stream, document)
    scope = document.interpreted_as
    if not scope:
        if owed.times and owed.state and owed.duty and owed.duty.open and owed.state.document is None:
            _tell(_excused(document, now), f"{eid}", now, duty=owed.duty)
        return
    out = document.came_out
    duty = owed.duty
    if duty is None or owed.dropped:
        formed = document.formed
        proposed = i.Proposed(at=formed.at, title=formed.title, unit=formed.unit, scope=scope)
        opened = _tell(proposed, _source(stream, owed.times + 1), now)
        duty, told = Duty.objects.get(stream=opened), False
    else:
        told = not duty.open or bool(owed.state and owed.state.document)
    if out is not None and not told:
        published = i.DocumentPublished(
            at=out.at,
            title=document.formed.title,
            document_number=document.formed.document_number,
            unit=document.formed.unit,
            url=out.url,
            scope=scope,
        )
        _tell(published, f"{eid}", now, duty=duty)


def document_of(stream: str) -> documents.Document:
    """The document as it stands."""
    (read,) = load([stream], lock=False)
    return documents.fold(cast("list[f.AnyFact]", counted(read.facts)))


def of_document(stream: str, document: documents.Document) -> Owed:
    """The interpretation this document opened itself, or else the one somebody registered for it while drafting."""
    times, own = 0, None
    while duty := Duty.objects.filter(
        stream=stream_of(registry.kind(KIND), _source(stream, times + 1))
    ).first():
        times, own = times + 1, duty
    duty, state = (own, _state(own)) if own else _registered(document)
    return Owed(duty, state, times)


def documents_of(interpretation: Duty) -> list[Duty]:
    """The documents an interpretation is of, the latest first: those that would find it as theirs."""
    titled = Duty.objects.filter(kind=DOCUMENT, title=interpretation.title, unit=interpretation.unit)
    return [
        duty
        for duty in titled.order_by("-opened_at", "-id")[:_LOOKED_AT]
        if of_document(duty.stream, document_of(duty.stream)).duty == interpretation
    ]


def _registered(document: documents.Document) -> tuple[Duty | None, interpretations.Interpretation | None]:
    """By title and drafting unit; one that names the number of another document is of that one."""
    formed, out = document.formed, document.came_out
    titled = Duty.objects.filter(kind=KIND, title=formed.title)
    own = titled.filter(unit__code=formed.unit) if formed.unit else titled.filter(unit=None)
    for duty in own.order_by("-opened_at", "-id")[:_LOOKED_AT]:
        state = _state(duty)
        if state.document is None:
            if out is None or duty.opened_at <= out.at:
                return duty, state
        elif state.document.document_number == formed.document_number:
            return duty, state
    return None, None


def _state(duty: Duty) -> interpretations.Interpretation:
    (read,) = load([duty.stream], lock=False)
    return interpretations.fold(cast("list[i.AnyFact]", counted(read.facts)))


def _source(stream: str, times: int) -> str:
    return f"document/{stream}/{times}"


def _excused(document: documents.Document, now: datetime) -> i.Excused:
    if document.openness == documents.ACTIVE and not document.abolished:
        return i.Excused(at=now, reason=document.uninterpreted)
    why = "文件已废止" if document.abolished else f"文件的公开属性改为{f.OPENNESS[document.openness]}"
    return i.Excused(at=now, reason=why, unpublished=True)


def _tell(fact: Fact, source: str, now: datetime, duty: Duty | None = None) -> str:
    kind = registry.kind(KIND)
    told = perform(kind=kind, duty=duty, fact=fact, actor=_ACTOR, now=now, src="reaction", source=source)
    return told.stream
