"""The life of an order as tables: what is refused and by which rule, what comes late and is marked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import moment

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline import allowed, rules
from qianshao.modules.hotline import facts as f

pytestmark = pytest.mark.django_db
MONDAY = moment("2025-09-22 09:00")


def hours(n: float) -> dict[str, object]:
    return {"at": MONDAY + timedelta(hours=n)}


def received(**more: str) -> f.Received:
    return f.Received(at=MONDAY, title="路灯不亮", body="坏了三天", channel="web", **more)


def clock(*facts: f.AnyFact) -> Deadline:
    book = rulebook.book()
    pinned = book.pinned(book.names(rules.RULES, facts[0].on), rules.RULES)
    return rules.clock(rules.fold(facts), Calendar.china(), pinned)


def late(*facts: f.AnyFact) -> set[str]:
    return {flag.name for flag in clock(*facts).flags if flag.name.startswith("late_")}


SENT = f.Dispatched(**hours(1), unit="housing")
SIGNED = f.Signed(**hours(2))
BACK = f.Returned(**hours(2), reason="not_ours", note="属水利局")
NO = f.ReturnJudged(**hours(3), result="refused", note="属该局职责")
YES = f.ReturnJudged(**hours(3), result="upheld", note="确属水利局")
REPLIED = f.Replied(**hours(24), reply="已修复")
PASSED = f.Reviewed(**hours(26), result="pass")
SENT_BACK = f.Reviewed(**hours(26), result="back", reason="没有说明何时修好")
CALLED = f.CalledBack(
    **hours(30), way="phone", outcome="reached", responded=True, solved=True, satisfied="basically"
)


@pytest.mark.parametrize(
    ("urgency", "until"),
    [
        ("", "2025-09-29 00:00"),
        ("urgent", "2025-09-23 09:00"),
        ("danger", "2025-09-22 11:00"),
    ],
)
def test_the_answer_is_due_by_urgency(urgency: str, until: str) -> None:
    assert clock(received(urgency=urgency)).until == moment(until)


@pytest.mark.parametrize(
    ("urgency", "sent", "signed", "marks"),
    [
        ("", 23.9, 24, set()),
        ("", 24, 25, {"late_dispatch"}),
        ("urgent", 1.9, 2.3, set()),
        ("urgent", 2, 2.6, {"late_dispatch", "late_sign"}),
        ("danger", 0.9, 1.1, set()),
        ("danger", 0.9, 1.2, {"late_sign"}),
        ("", 1, 24 + 24, {"late_sign"}),  # one working day: the whole of Tuesday, no more
        ("", 1, 24 + 14.9, set()),
    ],
)
def test_a_late_step_is_accepted_and_marked(
    urgency: str, sent: float, signed: float, marks: set[str]
) -> None:
    told = (received(urgency=urgency), f.Dispatched(**hours(sent), unit="housing"), f.Signed(**hours(signed)))

    assert late(*told) == marks


@pytest.mark.parametrize(
    ("facts", "act", "said"),
    [
        ((SENT, BACK), BACK, "已申请退单，等待审核"),
        ((SENT, BACK, NO), BACK, "退单已被驳回，不得再次退单"),
        ((SENT, BACK), SENT, "退单还没有审核，先审核再派单"),
        ((SENT, BACK), REPLIED, "已申请退单，等待审核，不能答复"),
        ((f.Dispatched(**hours(1), unit="housing", firm=True),), BACK, "热线已指定承办单位，不得退单"),
        ((SENT, BACK, YES, SENT, BACK, YES, SENT), BACK, "本工单已退单 2 次，达到上限"),
        ((SENT, SIGNED), SIGNED, "工单已于2025年9月22日 11:00签收"),
        ((SENT, REPLIED), CALLED, "答复审核通过后才能回访"),
        ((SENT, REPLIED, PASSED), f.Closed(**hours(40)), "回访以后才能归档"),
        ((SENT, REPLIED, PASSED, CALLED), CALLED, "诉求人已经作出评价，不能再次回访"),
        ((SENT,), f.Declined(**hours(2), reason="outside", way="另行反映"), "工单已派给承办单位"),
        (
            (f.Escalated(**hours(1), level="office", reason="久拖"),),
            f.Escalated(**hours(2), level="hotline", reason="久拖"),
            "工单已由“市政府办公室督办”，只能提到更高层级",
        ),
        ((f.Merged(**hours(1), into="RX1"),), SENT, "工单已并入RX1，先拆出再办"),
        ((), f.Unmerged(**hours(1), reason="不是一件事"), "工单没有并入别的工单"),
    ],
)
def test_an_act_against_the_rule_is_refused_with_a_sentence(
    facts: tuple[f.AnyFact, ...], act: f.AnyFact, said: str
) -> None:
    told = (received(), *facts)
    allow = {
        f.Returned: allowed.may_return,
        f.Dispatched: allowed.may_dispatch,
        f.Replied: allowed.may_reply,
        f.Signed: allowed.may_sign,
        f.CalledBack: allowed.may_call_back,
        f.Closed: allowed.may_close,
        f.Declined: allowed.before_dispatch,
        f.Escalated: allowed.may_escalate,
        f.Unmerged: allowed.may_unmerge,
    }[type(act)]  # type: ignore[index]

    assert str(allow(rules.fold(told), act, clock(*told))).startswith(said)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("facts", "phase"),
    [
        ((), "received"),
        ((SENT,), "dispatched"),
        ((SENT, SIGNED), "handling"),
        ((SENT, BACK), "returned"),
        ((SENT, BACK, YES), "received"),
        ((SENT, REPLIED), "replied"),
        ((SENT, REPLIED, PASSED), "reviewed"),
        ((SENT, SIGNED, REPLIED, SENT_BACK), "handling"),
        ((SENT, REPLIED, PASSED, CALLED), "called_back"),
        ((SENT, REPLIED, PASSED, CALLED, f.Closed(**hours(40))), "closed"),
        ((f.Merged(**hours(1), into="RX1"), f.Unmerged(**hours(2), reason="不是")), "received"),
    ],
)
def test_every_act_leads_to_its_station(facts: tuple[f.AnyFact, ...], phase: str) -> None:
    assert rules.look(rules.fold((received(), *facts))).phase == phase


def test_what_is_sent_back_gets_a_clock_of_its_own_from_that_day() -> None:
    until = clock(received(), SENT, SIGNED, REPLIED, SENT_BACK).until

    assert until is not None and until.astimezone(SHANGHAI) == moment("2025-09-27 00:00")


def test_the_three_rates_read_the_last_call_back() -> None:
    marks = rules.look(rules.fold((received(), SENT, REPLIED, PASSED, CALLED))).marks

    assert {"call_reached", "responded", "solved", "satisfied_basically"} <= set(marks)
