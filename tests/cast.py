"""The moments and people the tests share by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponseBase
from django.test import Client

from qianshao.core.accounts.actor import Actor
from qianshao.kernel.hours import SHANGHAI

SignIn = Callable[..., Client]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)


def moment(text: str) -> datetime:
    """``2025-09-25`` or ``2025-09-25 10:30`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clerk(*capabilities: str, path: str = "/", key: str = "account:1", unit: str = "office") -> Actor:
    """An actor with these capabilities in one place."""
    return Actor(key=key, name="林一", unit=unit, post="科员", scopes=dict.fromkeys(capabilities, (path,)))


def put_down(answer: HttpResponseBase) -> None:
    """Let go what an answer not read to its end holds, without the signal that would end the test's own connection."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)
