"""The letters of a request, or of a disputed record, filled from its facts, beside it and as .docx.

A letter carries the applicant's name and words in full, so writing one is kept like any other look at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import Stream, load
from qianshao.core.files.names import content_disposition
from qianshao.core.ledger.models import Reveal
from qianshao.core.org.models import Unit
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.duties.asking import duty_of, page
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness.figures import RECORD, REQUEST
from qianshao.modules.openness.letters import of_records, prefilled, writing
from qianshao.modules.openness.letters.kinds import LABELS
from qianshao.modules.openness.letters.offered import Around, Offer
from qianshao.modules.openness.yearly.rules import GOVERNMENTS

_HANDLE, _TEXT = "openness.handle", "openness.text"
_WRITES: Mapping[str, Callable[[Any, Around], list[Offer]]] = {
    REQUEST: prefilled.offers,
    RECORD: of_records.offers,
}
_READS = {REQUEST: "applicant,wanted", RECORD: "applicant,record"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def beside(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """The section on the page of a request or a disputed record, for those who handle it."""
    if not _may(request, duty):
        return SafeString("")
    state, offers = _offers(duty, stream)
    shown = [(offer, [LABELS[name] for name in offer.blanks]) for offer in offers]
    context = {
        "duty": duty,
        "state": state,
        "ready": [item for item in shown if item[0].ready],
        "drafts": [item for item in shown if not item[0].ready],
    }
    return render_to_string("site/letters.html", context, request=request)


@page
@require_POST
def write(request: StaffRequest, stream: str, key: str, number: int) -> HttpResponse:
    """One letter as .docx; that the applicant's words were read for it is kept."""
    duty, kind = duty_of(stream, request.actor)
    if kind.key not in _WRITES:
        raise Http404
    if not _may(request, duty):
        raise NotAllowed(_("没有“{act}”的权限").format(act=_("出具文书")))
    (read,) = load([stream], lock=False)
    _state, offers = _offers(duty, read)
    offer = next((item for item in offers if (item.key, item.number) == (key, number)), None)
    if offer is None:
        raise Http404
    content = writing.write(offer.key, offer.values)
    Reveal.objects.create(
        at=request.now,
        actor=request.actor.key,
        stream=duty.stream,
        sseq=1,
        fields=_READS[kind.key],
        reason=_("出具文书：{title}").format(title=offer.title),
    )
    response = HttpResponse(content, content_type=_DOCX)
    response["Content-Disposition"] = content_disposition(f"{duty.number}-{offer.title}.docx")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may(request: StaffRequest, duty: Duty) -> bool:
    return all(request.actor.may(capability, path_of(duty)) for capability in (_HANDLE, _TEXT))


def _offers(duty: Duty, stream: Stream) -> tuple[Any, list[Offer]]:
    state = stream.kind.fold(counted(stream.facts))
    return state, _WRITES[stream.kind.key](state, _around(duty))


def _around(duty: Duty) -> Around:
    due = last_day(duty.due_at.astimezone(SHANGHAI)) if duty.due_at else None
    unit = duty.unit
    return Around(
        body=unit.name if unit else "",
        number=duty.number,
        due_on=due,
        review_body=_government_over(unit) if unit else "",
    )


def _government_over(unit: Unit) -> str:
    """The government a department belongs to; a government's own review body is another level's, and stays a blank."""
    if unit.kind in GOVERNMENTS:
        return ""
    above = unit.parent
    while above is not None and above.kind not in GOVERNMENTS:
        above = above.parent
    return above.name if above else ""
