"""The public is answered within hours (OPN-1; the numbers are settings, from memory)."""

from __future__ import annotations

import pytest
from reckoning import clocks, flags, reckon, refused

from qianshao.core.duties import rulebook

KIND = "openness.response"


def at(name: str, moment: str, **more: object) -> dict[str, object]:
    return {"fact": name, "at": f"{moment}+08:00", **more}


GRAVE = at("Arose", "2025-10-01T22:30:00", title="决堤", grave=True)
PLAIN = at("Arose", "2025-10-01T22:30:00", title="停水")


@pytest.mark.parametrize(
    ("facts", "phase", "until"),
    [
        # the hours run through the night and the holiday
        ((GRAVE,), "awaited", "2025-10-02T03:30"),
        ((GRAVE, at("Spoke", "2025-10-02T01:00:00")), "spoken", "2025-10-02T22:30"),
        ((PLAIN,), "awaited", "2025-10-03T22:30"),
        ((PLAIN, at("Spoke", "2025-10-03T09:00:00")), "answered", "2025-10-03T22:30"),
        ((GRAVE, at("PressMet", "2025-10-02T02:00:00")), "answered", "2025-10-02T22:30"),
    ],
)
def test_first_the_word_then_the_press(facts, phase, until):
    played = reckon(KIND, *facts)

    assert (played.look.phase, played.deadline.until.isoformat(timespec="minutes")[:16]) == (phase, until)


def test_both_clocks_of_a_grave_event_run_from_the_start():
    assert clocks(reckon(KIND, GRAVE)) == [("举行新闻发布会", "2025-10-02")]
    assert clocks(reckon(KIND, PLAIN)) == []


def test_a_late_word_and_a_late_press_conference_stay_marked():
    played = reckon(KIND, GRAVE, at("Spoke", "2025-10-02T03:30:01"), at("PressMet", "2025-10-02T22:30:01"))

    assert flags(played) == ["late_word", "late_press"]
    assert played.missed_at is not None and played.missed_at.hour == 3


def test_what_needs_no_answer_is_closed_with_its_reason():
    played = reckon(
        KIND, PLAIN, at("LetBe", "2025-10-02T09:00:00", reason="不属实"), at("Spoke", "2025-10-02T10:00:00")
    )

    assert (played.look.phase, [name for name, _article in refused(played)]) == ("let_be", ["Spoke"])


def test_the_hours_say_that_they_are_unverified():
    texts = [text for text in rulebook.shipped() if text.key.startswith("openness.response-")]

    assert len(texts) == 3 and not any(text.checked for text in texts)
