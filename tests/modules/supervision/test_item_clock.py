"""The clocks of an item as a table of days: what the decision says, what was agreed, what came late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from cast import moment

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.modules.supervision.items import allowed, rules
from qianshao.modules.supervision.items import facts as f
from qianshao.modules.supervision.items.state import BadNode, fold, nodes_of

BOOK = rulebook.Book(rulebook.shipped()).pinned(
    rulebook.Book(rulebook.shipped()).names(rules.RULES, date(2026, 1, 5)), rules.RULES
)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.china()


def assigned(**more: Any) -> f.Assigned:
    values: dict[str, Any] = {
        "at": moment("2026-01-05 10:00"),
        "title": "建成口袋公园十个",
        "unit": "housing",
        "origin": "report",
        "phrase": "6月底前",
        "due": date(2026, 6, 30),
    }
    return f.Assigned(**{**values, **more})


def proposed(**more: Any) -> f.Proposed:
    values: dict[str, Any] = {
        "at": moment("2026-01-05 10:00"),
        "title": "整治占道堆放",
        "unit": "housing",
        "origin": "instruction",
    }
    return f.Proposed(**{**values, **more})


def stands(calendar: Calendar, *facts: f.AnyFact) -> Deadline:
    return rules.clock(fold(facts), calendar, BOOK)


SIGNED = f.Signed(at=moment("2026-01-06 09:00"))


def test_a_limit_of_the_decision_is_its_whole_last_day(calendar: Calendar) -> None:
    deadline = stands(calendar, assigned())

    assert deadline.last_day == date(2026, 6, 30)
    assert deadline.until == moment("2026-07-01")
    assert deadline.amber_at == moment("2026-06-28")
    assert [str(segment.why) for segment in deadline.segments] == ["原文期限“6月底前”"]


@pytest.mark.parametrize(
    ("origin", "pace", "last"),
    [
        ("decision", "", date(2026, 2, 4)),
        ("upper", "", date(2026, 2, 4)),
        ("minutes", "", date(2026, 1, 26)),  # the 25th is a Sunday
        ("split", "", date(2026, 1, 20)),
        ("split", "urgent", date(2026, 1, 12)),  # the 10th is a Saturday
    ],
)
def test_without_a_day_the_source_decides(calendar: Calendar, origin: str, pace: str, last: date) -> None:
    assert stands(calendar, assigned(origin=origin, pace=pace, due=None)).last_day == last


def test_nothing_runs_before_the_head_has_approved_and_then_from_the_approval(calendar: Calendar) -> None:
    approved = f.Approved(at=moment("2026-01-08 09:00"), by="市长")

    assert stands(calendar, proposed()).until is None
    assert stands(calendar, proposed(), approved).last_day == date(2026, 1, 23)


def test_an_agreed_day_takes_the_place_of_the_old_one_and_the_story_keeps_both(calendar: Calendar) -> None:
    asked = f.ExtensionAsked(at=moment("2026-06-01"), until=date(2026, 9, 30), reason="汛期停工")
    judged = f.ExtensionJudged(at=moment("2026-06-03"), result="upheld", until=date(2026, 8, 31), by="副市长")

    deadline = stands(calendar, assigned(), SIGNED, asked, judged)

    assert deadline.last_day == date(2026, 8, 31)
    assert [segment.until for segment in deadline.segments] == [moment("2026-07-01"), moment("2026-09-01")]
    assert str(deadline.segments[-1].why) == "副市长于2026年6月3日同意延期"
    assert not deadline.flags


def test_an_extension_agreed_after_the_limit_is_marked(calendar: Calendar) -> None:
    asked = f.ExtensionAsked(at=moment("2026-06-29"), until=date(2026, 9, 30), reason="汛期停工")
    judged = f.ExtensionJudged(at=moment("2026-07-03"), result="upheld", until=date(2026, 9, 30), by="副市长")

    flags = stands(calendar, assigned(), SIGNED, asked, judged).flags

    assert {flag.name for flag in flags} == {"late_extension", "late_extend"}


def test_while_the_office_looks_the_item_stands_and_the_office_has_a_limit(calendar: Calendar) -> None:
    done = f.CloseProposed(at=moment("2026-06-30 16:00"), summary="已全部建成")

    waiting = stands(calendar, assigned(), SIGNED, done)

    assert waiting.until is None
    assert waiting.waiting is not None and waiting.waiting.until == moment("2026-07-08")


def test_an_item_sent_back_goes_on_under_the_limit_it_had(calendar: Calendar) -> None:
    done = f.CloseProposed(at=moment("2026-06-30 16:00"), summary="已全部建成")
    back = f.CloseReviewed(at=moment("2026-07-02"), result="back", conclusion="两个尚未开放")

    assert stands(calendar, assigned(), SIGNED, done, back).last_day == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("rhythm", "since", "owed"),
    [
        ("monthly", "2026-01-05 10:00", ["2026-01-29", "2026-03-01", "2026-03-29"]),
        ("monthly", "2026-01-29 10:00", ["2026-03-01", "2026-03-29", "2026-04-29"]),
        ("quarterly", "2026-01-05 10:00", ["2026-04-21", "2026-07-21", "2026-10-21"]),
        ("quarter_end", "2026-01-05 10:00", ["2026-03-31", "2026-07-01", "2026-10-01"]),
    ],
)
def test_reports_are_owed_by_the_days_the_rulebook_names(rhythm: str, since: str, owed: list[str]) -> None:
    days = rules.report_days(rhythm, moment(since), BOOK)

    found = [next(days) for _n in range(3)]

    assert found == [moment(day) for day in owed]


def test_a_report_given_late_serves_every_one_owed_before_it(calendar: Calendar) -> None:
    report = f.Reported(at=moment("2026-04-02 09:00"), progress="完成六个")
    item = fold([assigned(rhythm="monthly"), SIGNED, report])

    reports = [step for step in rules.steps(item, calendar, BOOK) if step.key == "report"]

    assert [(step.until, step.done) for step in reports] == [
        (moment("2026-01-29"), report.at),
        (moment("2026-03-01"), report.at),
        (moment("2026-03-29"), report.at),
        (moment("2026-04-29"), report.at),
        (moment("2026-05-29"), None),
    ]
    late = stands(calendar, assigned(rhythm="monthly"), SIGNED, report).flags
    assert "late_report" in {flag.name for flag in late}


def test_no_report_is_owed_before_the_time_to_sign_is_over(calendar: Calendar) -> None:
    item = fold([assigned(at=moment("2026-01-27 10:00"), rhythm="monthly")])

    (first,) = [step for step in rules.steps(item, calendar, BOOK) if step.key == "report"]

    assert first.until == moment("2026-03-01")


def test_what_is_reported_is_not_asked_for_again(calendar: Calendar) -> None:
    report = f.Reported(at=moment("2026-04-02 09:00"), progress="完成六个")
    asked = f.ReportAsked(at=moment("2026-04-20 09:00"), who="市发改委")
    later = f.ReportAsked(at=moment("2026-05-20 09:00"), who="市发改委")
    item = fold([assigned(), SIGNED, report])

    refusal = allowed.may_ask_report(item, asked, stands(calendar, assigned(), SIGNED, report))

    assert str(refusal).startswith("已于2026年4月2日报送进展，市发改委可以直接使用这份报告")
    assert allowed.may_ask_report(item, later, stands(calendar, assigned(), SIGNED, report)) is None
    served = fold([assigned(), SIGNED, report, later])
    assert [one.who for one in served.waiting_for] == ["市发改委"]
    again = f.Reported(at=moment("2026-05-28 09:00"), progress="完成八个")
    assert fold([assigned(), SIGNED, report, later, again]).waiting_for == ()


def test_a_plan_is_one_milestone_a_line() -> None:
    nodes = nodes_of("2026-03-31 完成选址\n2026年6月30日：全部建成\n")

    assert [(node.due, node.title) for node in nodes] == [
        (date(2026, 3, 31), "完成选址"),
        (date(2026, 6, 30), "全部建成"),
    ]
    for wrong in ("完成选址", "2026-02-30 完成", "2026-03-31"):
        with pytest.raises(BadNode):
            nodes_of(wrong)


def test_a_milestone_missed_is_late_and_one_after_the_limit_is_refused(calendar: Calendar) -> None:
    planned = f.Planned(at=moment("2026-01-12"), nodes="2026-03-31 选址\n2026-06-30 建成")
    reached = f.NodeReached(at=moment("2026-04-01"), node=1)
    too_far = f.Planned(at=moment("2026-01-12"), nodes="2026-07-01 建成")

    deadline = stands(calendar, assigned(), SIGNED, planned, reached)

    assert "late_node" in {flag.name for flag in deadline.flags}
    refusal = allowed.may_plan(fold([assigned(), SIGNED]), too_far, stands(calendar, assigned(), SIGNED))
    assert str(refusal) == "节点“建成”晚于事项的期限2026年6月30日"


def test_extensions_are_held_to_what_the_rule_allows(calendar: Calendar) -> None:
    given = []
    for month, until in ((3, date(2026, 8, 31)), (4, date(2026, 10, 31))):
        at = moment(f"2026-0{month}-01")
        given += [
            f.ExtensionAsked(at=at, until=until, reason="汛期"),
            f.ExtensionJudged(at=at, result="upheld", until=until, by="副市长"),
        ]
    facts = [assigned(), SIGNED, *given]
    third = f.ExtensionAsked(at=moment("2026-05-01"), until=date(2026, 11, 30), reason="汛期")

    refusal = allowed.may_ask_extension(fold(facts), third, stands(calendar, *facts))

    assert str(refusal) == "最多延长 2 次，已经用完"
    sooner = f.ExtensionAsked(at=moment("2026-02-01"), until=date(2026, 6, 30), reason="汛期")
    before = allowed.may_ask_extension(
        fold([assigned(), SIGNED]), sooner, stands(calendar, assigned(), SIGNED)
    )
    assert str(before) == "延至的日期2026年6月30日不晚于现在的期限2026年6月30日"
    far = f.ExtensionAsked(at=moment("2026-02-01"), until=date(2027, 6, 30), reason="汛期")
    too_much = allowed.may_ask_extension(
        fold([assigned(), SIGNED]), far, stands(calendar, assigned(), SIGNED)
    )
    assert str(too_much) == "延长合计最多 180 日"
