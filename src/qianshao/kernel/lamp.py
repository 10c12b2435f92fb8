"""Lamps: a comparison of stored dates with now; nothing stores a colour, no job paints one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Lamp(StrEnum):
    """How a duty stands to its promise. ``LATE`` is closed after the limit, or after one that was moved too late."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    DONE = "done"
    LATE = "late"


TITLES = {
    Lamp.GREEN: "正常",
    Lamp.AMBER: "临期",
    Lamp.RED: "逾期",
    Lamp.GREY: "暂停",
    Lamp.DONE: "按时办结",
    Lamp.LATE: "逾期办结",
}


def lamp(
    now: datetime,
    *,
    open: bool,
    paused: bool,
    amber_at: datetime | None,
    due_at: datetime | None,
    missed_at: datetime | None,
) -> Lamp:
    """The lamp at ``now``. An open duty is red from ``due_at`` (the exclusive end of the promise) on.

    A limit missed before it was moved is not a colour but a mark beside it (``missed_at``): late stays late.
    """
    if not open:
        return Lamp.LATE if missed_at is not None else Lamp.DONE
    if due_at is not None and due_at <= now:
        return Lamp.RED
    if paused:
        return Lamp.GREY
    if amber_at is not None and amber_at <= now:
        return Lamp.AMBER
    return Lamp.GREEN
