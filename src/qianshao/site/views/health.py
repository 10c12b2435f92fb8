"""Health for the administrator's watchdog: the database answers, the ledger keeps up."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from qianshao.core.ledger.models import Pending


def show(request: HttpRequest) -> HttpResponse:
    """200 with the number of entries not yet numbered; nothing about content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True, "unnumbered": Pending.objects.count()})
