"""Which function does which kind of job; filled at start-up by whoever owns the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .work import Work

Handler = Callable[[Work], Any]

_handlers: dict[str, Handler] = {}


class UnknownWork(LookupError):
    """No part of this installation does jobs of this kind."""


def register(kind: str, handler: Handler) -> None:
    """Say who does jobs of a kind.

    A handler may be run again from the start at any moment: it is idempotent by the keys of what it
    writes, beats at least every ten seconds outside its transactions, and returns JSON.
    """
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind; raises ``UnknownWork``."""
    found = _handlers.get(kind)
    if found is None:
        raise UnknownWork(kind)
    return found
