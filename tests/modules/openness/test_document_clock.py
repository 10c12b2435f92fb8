"""Out within twenty working days of forming or changing (PRO-1), and what is not to come out stays in."""

from __future__ import annotations

from datetime import date

import pytest
from reckoning import due, flags, reckon, refused, told

KIND = "openness.document"
FORMED = told("Formed", "2025-09-25", openness="active")


def document(*facts, **more: str):
    return reckon(KIND, FORMED, *facts, **more)


@pytest.mark.parametrize(
    ("formed", "known_on", "last_day", "provisional"),
    [
        ("2025-09-25", "", "2025-10-29", False),
        ("2020-01-20", "", "2020-02-25", False),
        ("2020-01-20", "2020-01-20", "2020-02-21", False),
        ("2026-12-20", "", "2027-01-18", True),
        ("2018-06-01", "", "2018-07-02", False),  # the old law gave twenty days too
    ],
)
def test_information_is_out_twenty_working_days_after_it_was_formed(formed, known_on, last_day, provisional):
    played = reckon(KIND, told("Formed", formed), known_on=known_on)

    assert (due(played), played.deadline.provisional) == (last_day, provisional)


@pytest.mark.parametrize(
    ("facts", "last_day", "phase", "remarks"),
    [
        ([], "2025-10-29", "waiting", []),
        ([told("Published", "2025-09-25")], "2025-10-29", "published", []),
        ([told("Published", "2025-10-29")], "2025-10-29", "published", []),
        ([told("Published", "2025-10-30")], "2025-10-29", "published", ["late_publication"]),
        ([told("Changed", "2025-10-09")], "2025-11-05", "waiting", []),
        ([told("Changed", "2025-10-09"), told("Published", "2025-11-05")], "2025-11-05", "published", []),
        ([told("Published", "2025-10-09"), told("Changed", "2025-12-01")], "2025-12-29", "waiting", []),
        ([told("Changed", "2025-11-03")], "2025-12-01", "waiting", ["changed_after_due"]),
    ],
)
def test_a_change_begins_the_period_anew(facts, last_day, phase, remarks):
    played = document(*facts)

    assert (due(played), played.look.phase, flags(played)) == (last_day, phase, remarks)
    assert sum(s.amount for s in played.deadline.segments if s.counted) == 20
    assert played.deadline.segments[0].since.date() == date(2025, 9, 25)


def test_a_change_after_the_day_does_not_make_it_in_time():
    played = document(told("Changed", "2025-11-03"), told("Published", "2025-11-04"))

    assert played.missed_at is not None


def test_another_law_may_set_another_period():
    played = reckon(
        KIND, told("Formed", "2025-09-25", openness="active", due_by="2025-10-02", due_by_law="某法 第十条")
    )

    assert (due(played), played.deadline.segments[0].article) == ("2025-10-02", "某法 第十条")


@pytest.mark.parametrize("openness", ["on_request", "withheld"])
def test_what_is_not_disclosed_unasked_has_no_clock_and_a_reason(openness):
    bare = reckon(KIND, told("Formed", "2025-09-25", openness=openness))
    grounded = reckon(
        KIND, told("Formed", "2025-09-25", openness=openness, reason="过程性信息", article="第十六条第二款")
    )

    assert (due(bare), bare.look.phase, flags(bare)) == (None, openness, ["no_grounds"])
    assert (flags(grounded), grounded.look.closed_at is not None) == ([], True)
    assert refused(
        reckon(KIND, *[told("Formed", "2025-09-25", openness=openness)], told("Published", "2025-09-26"))
    )


def test_openness_decided_anew_keeps_the_old_decision_on_record_and_starts_the_clock():
    withheld = told("Formed", "2025-09-25", openness="withheld", reason="草稿", article="第十六条第二款")

    played = reckon(KIND, withheld, told("Decided", "2025-10-09", openness="active"))

    assert (due(played), played.look.phase) == ("2025-11-05", "waiting")
    assert played.state.formed.openness == "withheld"


def test_hiding_needs_a_reason_and_what_is_out_is_taken_down_first():
    published = told("Published", "2025-10-09")
    hidden = told("Decided", "2025-10-10", openness="withheld", reason="涉密", article="第十四条")

    no_reason = document(told("Decided", "2025-10-10", openness="withheld"))
    in_view = document(published, hidden)
    taken = document(published, told("TakenDown", "2025-10-10", reason="核查"), hidden)

    assert refused(no_reason) == [("Decided", "政府信息公开条例 第十三条至第十六条")]
    assert [name for name, _ in refused(in_view)] == ["Decided"]
    assert (refused(taken), taken.look.phase) == ([], "withheld")


def test_taking_down_and_abolishing_keep_what_was_shown():
    played = document(
        told("Published", "2025-10-09", where="site", url="/a"),
        told("TakenDown", "2025-11-03", reason="更正"),
        told("Abolished", "2025-12-01"),
    )

    assert (played.look.phase, played.state.now.published.url) == ("abolished", "/a")
    assert played.missed_at is None


def test_nothing_is_published_twice_without_a_change():
    twice = document(told("Published", "2025-10-09"), told("Published", "2025-10-10"))
    again = document(
        told("Published", "2025-10-09"),
        told("TakenDown", "2025-10-10", reason="核查"),
        told("Published", "2025-10-13"),
    )

    assert [name for name, _ in refused(twice)] == ["Published"]
    assert (refused(again), again.look.phase) == ([], "published")
