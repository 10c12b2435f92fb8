"""What the law draws from silence, recorded when the time is out: a third party that did not answer, a fee not paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from qianshao.core.accounts.actor import machine

from . import calendars, registry, rulebook
from .door import Delivery, Receipt, perform_many
from .standing import counted
from .stream import load


def record(streams: Iterable[str], now: datetime) -> int:
    """Record for these duties what silence has brought about by ``now``; how many facts.

    The fact is dated when the time ran out, however late the tick comes. Its source is that moment, so a
    second tick records nothing.
    """
    calendar, book = calendars.current(), rulebook.book()
    deliveries = []
    for stream in load(set(streams), lock=False):
        draws = registry.kind(stream.kind.key).silence
        if draws is None:
            continue
        fact = draws(
            stream.kind.fold(counted(stream.facts)), calendar, book.pinned(stream.rule, stream.kind.rules)
        )
        if fact is not None and fact.at <= now:
            source = f"silence/{fact.at.isoformat()}"
            deliveries.append(
                Delivery(
                    kind=stream.kind, fact=fact, stream=stream.key, source=source, expected=stream.version
                )
            )
    if not deliveries:
        return 0
    outcomes = perform_many(deliveries, actor=machine("calendar"), now=now, src="tick")
    return sum(isinstance(outcome, Receipt) and not outcome.repeated for outcome in outcomes)
