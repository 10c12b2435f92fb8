"""The clocks of a warning card, and the days on which a duty of openness earns one."""

from __future__ import annotations

from datetime import date

import pytest
from cast import moment
from reckoning import due, reckon, refused, told

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.rulebook import in_force
from qianshao.modules.openness.cards import rules

KIND = "openness.card"
ISSUED = told("Issued", "2025-09-26", level="red", unit="housing", reason="期限届满仍未办结")


def day(text: str) -> str:
    return f"2025-{text}"


@pytest.mark.parametrize(
    ("facts", "last_day", "phase"),
    [
        ([], "09-30", "issued"),  # of Friday; a Sunday that is worked counts
        ([("SignedFor", "09-28")], "09-30", "signed"),
        ([("Explained", "09-29")], "10-13", "explained"),  # National Day and the worked Saturday 11
        ([("Appealed", "09-29")], "10-13", "appealed"),
        ([("Explained", "09-29"), ("Decided", "10-09", "upheld")], "", "upheld"),
        ([("Explained", "09-29"), ("Decided", "10-09", "withdrawn")], "10-13", "withdrawn"),
        (
            [("Explained", "09-29"), ("Decided", "10-09", "upheld"), ("Appealed", "10-10")],
            "10-16",
            "appealed",
        ),
        (
            [
                ("Explained", "09-29"),
                ("Decided", "10-09", "upheld"),
                ("Appealed", "10-10"),
                ("Decided", "10-14", "upheld"),
            ],
            "10-16",
            "closed",
        ),
    ],
)
def test_the_unit_explains_the_head_decides_and_the_unit_may_appeal_once(facts, last_day, phase) -> None:
    played = card(*facts)

    assert (due(played), played.look.phase, refused(played)) == (
        day(last_day) if last_day else None,
        phase,
        [],
    )


def card(*facts, **more):
    made = []
    for name, on, *outcome in facts:
        made.append(told(name, day(on), **({"outcome": outcome[0]} if outcome else {})))
    return reckon(KIND, ISSUED, *made, **more)


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ([("Decided", "09-28", "upheld")], "Decided"),  # before the unit had its time to speak
        ([("Explained", "09-29"), ("Explained", "09-30")], "Explained"),
        ([("Appealed", "09-29"), ("Appealed", "09-30")], "Appealed"),
        ([("SignedFor", "09-29"), ("SignedFor", "09-30")], "SignedFor"),
        ([("Closed", "09-29")], "Closed"),
        ([("Explained", "09-29"), ("Decided", "10-09", "upheld"), ("Closed", "10-10")], "Closed"),
        ([("Explained", "09-29"), ("Decided", "10-09", "upheld"), ("Explained", "10-10")], "Explained"),
        ([("Explained", "09-29"), ("Decided", "10-09", "withdrawn"), ("Appealed", "10-10")], "Appealed"),
        ([("Explained", "09-29"), ("Decided", "10-09", "upheld"), ("Appealed", "10-20")], "Appealed"),
    ],
)
def test_what_comes_out_of_turn_is_refused(facts, what) -> None:
    assert [name for name, _article in refused(card(*facts))] == [what]


def test_a_unit_that_stays_silent_is_judged_without_its_explanation_and_late_stays_late() -> None:
    played = card(("Decided", "10-09", "upheld"))

    assert (refused(played), played.look.phase) == ([], "upheld")
    assert played.missed_at == moment("2025-10-01")


@pytest.mark.parametrize(
    ("kind", "last", "amber", "yellow", "red"),
    [
        ("openness.request", "2025-10-29", "2025-10-23", "2025-10-25", "2025-10-30"),
        ("openness.document", "2025-10-09", "2025-09-28", "2025-09-29", "2025-10-10"),
        ("openness.interpretation", "2025-09-30", "2025-09-30", "2025-09-30", "2025-10-01"),
        ("openness.request", "2025-10-29", "2025-10-28", "2025-10-28", "2025-10-30"),
        ("openness.request", "2025-10-29", "", "2025-10-25", "2025-10-30"),
        ("openness.yearly_report", "2026-03-31", "2026-03-22", "2026-03-25", "2026-04-01"),
    ],
)
def test_a_duty_earns_yellow_near_its_limit_and_red_when_it_has_passed(
    kind, last, amber, yellow, red
) -> None:
    on = date.fromisoformat(last)
    one, other = (in_force(rulebook.shipped(), keys[kind], on).rule for keys in (rules.YELLOW, rules.RED))

    earned = rules.earns(
        Calendar.china(), one, other, amber_at=moment(amber) if amber else None, due_at=midnight(on) + DAY
    )

    assert earned == (moment(yellow), moment(red))


@pytest.mark.parametrize(
    ("at", "level"),
    [
        ("2025-10-26 23:59", ""),
        ("2025-10-27", "yellow"),
        ("2025-10-29 23:59", "yellow"),
        ("2025-10-30", "red"),
    ],
)
def test_what_is_found_overdue_is_red_and_not_yellow_as_well(at, level) -> None:
    assert rules.level((moment("2025-10-27"), moment("2025-10-30")), moment(at)) == level


def test_every_number_of_the_cards_is_marked_unverified() -> None:
    texts = [text for text in rulebook.shipped() if text.key.startswith("openness.card-")]

    assert len(texts) == 3 + 2 * 4
    assert {text.rule.citation.status for text in texts} == {"M"}
