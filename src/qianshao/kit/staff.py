"""The request of somebody signed in, as the middleware prepares it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from qianshao.core.accounts.actor import Actor


class StaffRequest(HttpRequest):
    """``actor`` is who acts, with their rights today; ``now`` is read once per request, ``address`` is the client's."""

    actor: Actor
    now: datetime
    address: str
    by_token: bool
