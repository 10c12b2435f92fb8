"""The clocks of a finding as a table of dates, and what may follow what."""

from __future__ import annotations

import importlib.resources
from datetime import date

import pytest
from cast import moment

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.rulebook import in_force, parse
from qianshao.modules.openness.findings import facts as f
from qianshao.modules.openness.findings import rules
from qianshao.modules.openness.findings.kind import FINDING

TEXTS = parse(
    importlib.resources.files("qianshao.rulebook").joinpath("openness.toml").read_text(encoding="utf-8"),
    "openness.toml",
)
RULES = {key: in_force(TEXTS, key, date(2026, 2, 2)).rule for key in FINDING.rules}
CHINA = Calendar.china()


def at(text):
    return moment(text)


FOUND = f.Found(
    at=at("2026-02-09 10:00"),
    unit="water",
    rule="W4",
    title="栏目“工作动态”没有更新",
    url="http://x/",
    automatic="found",
)
CONFIRMED = f.Confirmed(at=at("2026-02-11"))
RECTIFIED = f.Rectified(at=at("2026-02-26"), done="已补充发布")
RETURNED = f.Returned(at=at("2026-02-27"), reason="仍是旧内容")
ACCEPTED = f.Accepted(at=at("2026-03-03"))
DISMISSED = f.Dismissed(at=at("2026-02-10"), reason="栏目已按规定归并")


def state(*facts):
    return rules.fold([FOUND, *facts])


def due(*facts):
    return rules.clock(state(*facts), CHINA, RULES).last_day


@pytest.mark.parametrize(
    "facts, last, phase",
    [
        ((), date(2026, 2, 12), "waiting"),
        # Five working days over the Spring Festival of 2026: 12, 13, 14 (a working Saturday), 24, 25 February.
        ((CONFIRMED,), date(2026, 2, 25), "rectifying"),
        ((CONFIRMED, RECTIFIED), date(2026, 2, 25), "rectified"),
        ((CONFIRMED, RECTIFIED, RETURNED), date(2026, 2, 25), "rectifying"),
        ((CONFIRMED, RECTIFIED, ACCEPTED), date(2026, 2, 25), "accepted"),
        ((DISMISSED,), date(2026, 2, 12), "dismissed"),
    ],
)
def test_review_is_owed_in_three_working_days_and_mending_in_five(facts, last, phase):
    assert due(*facts) == last
    assert rules.look(state(*facts)).phase == phase


@pytest.mark.parametrize(
    "before, fact",
    [
        ((), RECTIFIED),
        ((), ACCEPTED),
        ((), RETURNED),
        ((CONFIRMED,), CONFIRMED),
        ((CONFIRMED, RECTIFIED), RECTIFIED),
        ((CONFIRMED, RECTIFIED), DISMISSED),
        ((CONFIRMED, RECTIFIED, ACCEPTED), RETURNED),
        ((DISMISSED,), CONFIRMED),
        ((DISMISSED,), RECTIFIED),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(before, fact):
    allow = FINDING.act(type(fact).__name__).allow

    refusal = allow(state(*before), fact, rules.clock(state(*before), CHINA, RULES))

    assert refusal is not None
    assert str(refusal)


@pytest.mark.parametrize(
    "before, fact",
    [
        ((), CONFIRMED),
        ((), DISMISSED),
        ((CONFIRMED,), RECTIFIED),
        ((CONFIRMED, RECTIFIED), ACCEPTED),
        ((CONFIRMED, RECTIFIED), RETURNED),
    ],
)
def test_what_follows_in_order_is_allowed(before, fact):
    allow = FINDING.act(type(fact).__name__).allow

    assert allow(state(*before), fact, rules.clock(state(*before), CHINA, RULES)) is None
