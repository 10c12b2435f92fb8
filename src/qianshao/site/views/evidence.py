"""What the watch saw, beside a finding: when, where, how often, and the page as it came."""

from __future__ import annotations

import zlib

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import Stream
from qianshao.core.files.names import content_disposition
from qianshao.kit.duties.asking import duty_of, page
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness.findings.kind import FINDING
from qianshao.modules.openness.models import SiteFinding
from qianshao.modules.openness.watch.items import BY_RULE


def beside(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """The evidence on a finding's page; nothing where a person typed the finding in."""
    row = SiteFinding.objects.select_related("capture").filter(stream=duty.stream).first()
    if row is None:
        return SafeString("")
    context = {"duty": duty, "row": row, "item": BY_RULE.get(row.rule)}
    return render_to_string("site/evidence.html", context, request=request)


@page
@require_GET
def capture(request: StaffRequest, stream: str) -> HttpResponse:
    """The bytes of the page as they came, to be saved and never shown: what they say is somebody else's."""
    duty, kind = duty_of(stream, request.actor)
    row = SiteFinding.objects.select_related("capture").filter(stream=duty.stream).first()
    if kind.key != FINDING.key or row is None or row.capture is None:
        raise Http404
    response = HttpResponse(
        zlib.decompress(bytes(row.capture.packed)), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition(f"{duty.number}-{row.capture.sha256[:12]}.html.txt")
    response["X-Content-Type-Options"] = "nosniff"
    return response
