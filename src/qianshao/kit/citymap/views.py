"""The shapes for the browser: under an address that changes with them, so that it may keep them."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_GET

from qianshao.kit.staff import StaffRequest

from . import keeping


@require_GET
def shapes(request: StaffRequest, digest: str) -> HttpResponseBase:
    """The file; an address of an earlier map is gone."""
    found = keeping.current()
    if found is None or found.digest != digest:
        raise Http404
    response = FileResponse(keeping.file().open("rb"), content_type="application/geo+json")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
