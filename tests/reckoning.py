"""Reckon dates from facts written as a clerk would: a name, a day, and what else matters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from qianshao.core.duties import registry, rulebook
from qianshao.kernel.bare import read
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.replay import Replayed, replay
from qianshao.kernel.rulebook import in_force


def told(name: str, on: str, **more: Any) -> dict[str, Any]:
    """One fact as it stands in a file."""
    return {"fact": name, "on": on, **more}


def reckon(kind: str, *facts: dict[str, Any], on: str = "", known_on: str = "") -> Replayed:
    """How the duty stands after the facts, on a day, by the calendar known on a day."""
    found = registry.kind(kind)
    known: list[Fact] = read(found, list(facts))
    born = min(fact.on for fact in known)
    rules = {key: in_force(rulebook.shipped(), key, born).rule for key in found.rules}
    calendar = Calendar.china(date.fromisoformat(known_on) if known_on else None)
    return replay(found, known, calendar, rules, until=end_of(on) if on else None)


def end_of(on: str) -> datetime:
    """The last moment of a day."""
    return midnight(date.fromisoformat(on)) + DAY - timedelta.resolution


def due(played: Replayed) -> str | None:
    """The last day of the deadline."""
    last = played.deadline.last_day
    return last.isoformat() if last else None


def flags(played: Replayed) -> list[str]:
    """The names of the remarks that are not about the clock's own standing."""
    return [flag.name for flag in played.deadline.flags if flag.name not in ("standing", "provisional")]


def refused(played: Replayed) -> list[tuple[str, str]]:
    """(fact, article) of what was not taken."""
    return [(type(one.fact).__name__, one.article) for one in played.refused]


def clocks(played: Replayed) -> list[tuple[str, str | None]]:
    """(name, last day) of every clock beside the main one."""
    return [
        (str(one.name), (one.until - timedelta.resolution).date().isoformat() if one.until else None)
        for one in played.beside
    ]
