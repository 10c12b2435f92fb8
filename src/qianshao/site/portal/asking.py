"""What every page of the portal asks of a request: the moment, and whose address it came from."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest


def now_of(request: HttpRequest) -> datetime:
    """The moment the request came in, read once."""
    moment: datetime = request.now  # type: ignore[attr-defined]
    return moment


def address_of(request: HttpRequest) -> str:
    """The address limits are counted by."""
    return str(request.META.get("REMOTE_ADDR", ""))
