"""Document and interpretation beside each other: what a document owes, and what an interpretation is of."""

from __future__ import annotations

from typing import cast

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import Stream
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness import interpreting
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.documents import rules


def of_document(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """The interpretation a document owes or has, or why it owes none; nothing where it is not disclosed unasked."""
    document = rules.fold(cast("list[d.AnyFact]", counted(stream.facts)))
    if document.openness != rules.ACTIVE:
        return SafeString("")
    owed = interpreting.of_document(stream.key, document).duty
    context = {"document": document, "duties": [_told(owed)] if owed else [], "now": request.now}
    return render_to_string("site/interpretation.html", context, request=request)


def of_interpretation(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """The documents an interpretation is of; nothing where none is registered."""
    found = [_told(document) for document in interpreting.documents_of(duty)]
    if not found:
        return SafeString("")
    return render_to_string(
        "site/interpretation.html", {"duties": found, "now": request.now}, request=request
    )


def _told(duty: Duty) -> tuple[Duty, str]:
    return duty, registry.kind(duty.kind).phase(duty.phase).title
