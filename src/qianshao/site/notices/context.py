"""How many notices lie unread, for the header of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qianshao.core.accounts.models import Account
from qianshao.core.notices.models import Notice

MOST = 99


def unread(request: HttpRequest) -> dict[str, Any]:
    """Counted only where a page shows it, and no further than it shows."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account) or getattr(request, "actor", None) is None:
        return {}
    mine = Notice.objects.filter(account_id=account.pk, read_at=None)
    return {"unread": SimpleLazyObject(lambda: mine[: MOST + 1].count())}
