"""The clock of a hotline order, as a table of dates: five working days, the day of receipt not counted."""

from __future__ import annotations

from datetime import date

import pytest
from cast import moment

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.modules.hotline import allowed, rules
from qianshao.modules.hotline import facts as f

pytestmark = pytest.mark.django_db


def received(at: str) -> f.Received:
    return f.Received(at=moment(at), title="路灯不亮", body="坏了三天", channel="web", unit="housing")


def clock(*facts: f.AnyFact) -> Deadline:
    book = rulebook.book()
    names = book.names(rules.RULES, facts[0].on)
    return rules.clock(rules.fold(facts), Calendar.china(), book.pinned(names, rules.RULES))


def last_day(*facts: f.AnyFact) -> date | None:
    return clock(*facts).last_day


@pytest.mark.parametrize(
    ("at", "last"),
    [
        ("2025-09-22 00:00", "2025-09-28"),  # 28 September 2025, a Sunday, is worked for National Day
        ("2025-09-22 23:59:59", "2025-09-28"),
        ("2025-09-25 10:00", "2025-10-09"),  # over the eight days off
        ("2025-10-01 10:00", "2025-10-14"),  # received on a day off; 11 October, a Saturday, is worked
        ("2020-01-22 09:00", "2020-02-06"),  # Spring Festival, prolonged to 2 February by notice
        ("2019-12-31 17:00", "2020-01-08"),
        ("2024-02-28 09:00", "2024-03-06"),  # a leap day counts
        ("2026-02-13 09:00", "2026-02-27"),  # Spring Festival 2026, 14 and 28 February worked
    ],
)
def test_when_an_answer_is_due(at: str, last: str) -> None:
    assert last_day(received(at)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("at", "replied", "late"),
    [
        ("2025-09-22", "2025-09-28 23:59:59", False),
        ("2025-09-22", "2025-09-29 00:00:00", True),
        ("2025-09-25", "2025-10-08 12:00:00", False),
        ("2025-09-25", "2025-10-10 00:00:01", True),
    ],
)
def test_the_last_day_counts_whole(at: str, replied: str, late: bool) -> None:
    answer = f.Replied(at=moment(replied), reply="已修复")

    until = clock(received(at), answer).until

    assert until is not None and (until <= answer.at) is late


def test_an_extension_adds_working_days_and_the_old_date_stays_told() -> None:
    given = f.Extended(at=moment("2025-09-24"), days=3, reason="需现场勘查", agreed_by="热线负责人")

    assert last_day(received("2025-09-22"), given) == date(2025, 10, 9)


def test_time_the_caller_needs_is_not_counted() -> None:
    asked = f.Asked(at=moment("2025-09-23"), until=date(2025, 9, 26), what="门牌号")
    brought = f.Supplied(at=moment("2025-09-25 10:00"))

    assert clock(received("2025-09-22"), asked).until is None
    assert last_day(received("2025-09-22"), asked, brought) == date(2025, 9, 30)


def refusal(act: object, *facts: f.AnyFact) -> str | None:
    order = rules.fold(facts)
    allow = {
        f.Asked: allowed.may_ask,
        f.Supplied: allowed.may_supply,
        f.Extended: allowed.may_be_extended,
        f.Replied: allowed.may_reply,
    }[type(act)]  # type: ignore[index]
    words = allow(order, act, clock(*facts))  # type: ignore[operator]
    return None if words is None else str(words)


def test_what_is_refused_says_why() -> None:
    opening = received("2025-09-22 08:30")
    asked = f.Asked(at=moment("2025-09-23"), until=date(2025, 9, 26), what="门牌号")
    replied = f.Replied(at=moment("2025-09-24 09:00"), reply="已修复")

    assert refusal(replied, opening) is None
    assert refusal(replied, opening, replied) == "工单已于2025年9月24日 09:00办结"
    assert refusal(asked, opening, asked) == "正在等待诉求人补充，不能再次要求补充"
    early = f.Asked(at=moment("2025-09-23"), until=date(2025, 9, 22), what="门牌号")
    assert refusal(early, opening) == "补充期限2025年9月22日早于要求补充的日期"
    assert refusal(f.Supplied(at=moment("2025-09-23")), opening) == "没有要求诉求人补充过内容"
    none = f.Extended(at=moment("2025-09-23"), days=0, reason="等", agreed_by="负责人")
    assert refusal(none, opening) == "延长至少 1 个工作日"
    paused = f.Extended(at=moment("2025-09-24"), days=1, reason="等", agreed_by="负责人")
    assert refusal(paused, opening, asked) == "时限正在暂停，恢复后才能延期"


@pytest.mark.parametrize(
    ("facts", "phase"),
    [
        ((), "handling"),
        ((f.Asked(at=moment("2025-09-23"), until=date(2025, 9, 26), what="门牌号"),), "asked"),
        ((f.Replied(at=moment("2025-09-23"), reply="好"),), "replied"),
        ((f.Withdrawn(at=moment("2025-09-23"), reason="已解决"),), "withdrawn"),
    ],
)
def test_how_an_order_looks(facts: tuple[f.AnyFact, ...], phase: str) -> None:
    look = rules.look(rules.fold([received("2025-09-22"), *facts]))

    assert (look.phase, look.title, look.unit) == (phase, "", "housing")
