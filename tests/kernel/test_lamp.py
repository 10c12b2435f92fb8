"""A lamp is a comparison with now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.lamp import Lamp, lamp

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
SOON, PAST = NOON + timedelta(hours=1), NOON - timedelta(hours=1)


@pytest.mark.parametrize(
    ("open_", "paused", "amber", "due", "missed", "colour"),
    [
        (True, False, SOON, SOON, None, Lamp.GREEN),
        (True, False, None, None, None, Lamp.GREEN),
        (True, False, PAST, SOON, None, Lamp.AMBER),
        (True, False, NOON, SOON, None, Lamp.AMBER),
        (True, False, PAST, NOON, None, Lamp.RED),
        (True, True, None, None, None, Lamp.GREY),
        (True, False, SOON, SOON, PAST, Lamp.GREEN),
        (False, False, None, PAST, None, Lamp.DONE),
        (False, False, None, PAST, PAST, Lamp.LATE),
    ],
)
def test_the_lamp_of_a_moment(
    open_: bool,
    paused: bool,
    amber: datetime | None,
    due: datetime | None,
    missed: datetime | None,
    colour: Lamp,
) -> None:
    assert lamp(NOON, open=open_, paused=paused, amber_at=amber, due_at=due, missed_at=missed) is colour
