"""Guide and catalogue are brought up to date in the days the city sets itself (PRO-2)."""

from __future__ import annotations

import pytest
from reckoning import due, flags, reckon, refused, told

OUTDATED = told("Outdated", "2025-09-25", part="guide", what="办公地址")


@pytest.mark.parametrize(("on", "remarks"), [("2025-10-29", []), ("2025-10-30", ["late_upkeep"])])
def test_what_changed_is_said_right_in_time_or_marked(on, remarks):
    played = reckon("openness.upkeep", OUTDATED, told("Updated", on))

    assert (due(played), flags(played), played.look.phase) == ("2025-10-29", remarks, "updated")


def test_an_update_is_recorded_once():
    twice = reckon("openness.upkeep", OUTDATED, told("Updated", "2025-10-09"), told("Updated", "2025-10-10"))

    assert [name for name, _article in refused(twice)] == ["Updated"]
