"""A problem behind many calls, from the evidence to the proof: reviewed by another, mended, compared, reopened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline import facts as h
from qianshao.modules.hotline.models import Member
from qianshao.modules.hotline.problems import facts as f
from qianshao.modules.hotline.problems.looking import look_after
from qianshao.modules.supervision.items import facts as i

pytestmark = [pytest.mark.django_db, pytest.mark.database]
READ, ANALYSE, DECIDE = "hotline.read", "hotline.analyse", "hotline.decide"
CLERK = clerk(READ, ANALYSE, key="account:3")
CHIEF = clerk(READ, ANALYSE, DECIDE, key="account:4")
SUPERVISION = clerk(
    *(f"supervision.{name}" for name in ("read", "handle", "supervise", "approve")), key="account:8"
)
BEGUN = moment("2025-06-02 09:00")
CLOSED = moment("2025-07-01 10:00")


def tell(duty: Duty | None, fact: Fact, actor: Actor = CHIEF, kind: str = "hotline.problem") -> Duty:
    receipt = perform(
        kind=registry.kind(duty.kind if duty else kind),
        duty=duty,
        fact=fact,
        actor=actor,
        now=fact.at,
        src="test",
    )
    return Duty.objects.get(stream=receipt.stream)


def problem(**more: Any) -> Duty:
    values: dict[str, Any] = {
        "at": BEGUN, "title": "背街路灯反复不亮", "source": "found", "unit": "housing", "co_units": "water",
        "scope": "class", "topic": "路灯", "since": date(2025, 3, 3), "until": date(2025, 5, 31),
        "cause": "管护责任在移交时没有写明", "proposal": "明确移交和管护清单",
    }  # fmt: skip
    return tell(None, f.Opened(**{**values, **more}), CLERK)


def handed(**more: Any) -> Duty:
    found = tell(problem(**more), f.Reviewed(at=moment("2025-06-04"), result="pass", note="同意"))
    return told(found)


def told(duty: Duty) -> Duty:
    """Let every reaction run, then look at the duty again."""
    while outbox.deliver(moment("2026-03-02")):
        pass
    duty.refresh_from_db()
    return duty


def item_of(duty: Duty) -> Duty:
    return Duty.objects.filter(kind="supervision.item").order_by("-id")[0]


def close(item: Duty, at: str = "2025-07-01 10:00") -> None:
    when = moment(at)
    tell(item, i.Approved(at=when - timedelta(days=9), by="市长"), SUPERVISION)
    tell(item, i.Signed(at=when - timedelta(days=8)), SUPERVISION)
    tell(item, i.CloseProposed(at=when - timedelta(days=1), summary="已明确"), SUPERVISION)
    item.refresh_from_db()
    tell(item, i.CloseReviewed(at=when, result="pass", conclusion="属实"), SUPERVISION)


def mended(**more: Any) -> Duty:
    found = handed(**more)
    close(item_of(found))
    return told(found)


def calls(first: str, n: int, every: int = 1, **more: Any) -> list[Duty]:
    found = []
    for number in range(n):
        at = moment(first) + timedelta(days=number * every, hours=9)
        values: dict[str, Any] = {
            "title": "路灯不亮",
            "body": "坏了三天",
            "channel": "web",
            "topic": "路灯",
            **more,
        }
        found.append(tell(None, h.Received(at=at, **values), machine("test"), "hotline.order"))
    return found


def facts_of(duty: Duty) -> list[str]:
    (read,) = load([duty.stream], lock=False)
    return [type(item.fact).__name__ for item in read.facts]


def test_a_problem_agreed_to_becomes_an_item_of_supervision_with_its_limit_and_units(
    city: dict[str, Unit],
) -> None:
    found = handed()
    item = item_of(found)

    assert found.phase == "mending"
    assert facts_of(found) == ["Opened", "Reviewed", "Handed"]
    (read,) = load([item.stream], lock=False)
    first = read.facts[0].fact
    assert isinstance(first, i.Proposed)
    assert (first.origin, first.unit, first.co_units) == ("problem", "housing", "water")
    assert (first.due, first.about) == (date(2025, 12, 4), found.stream)
    assert "明确移交" in first.body
    assert rebuild(write=False).none


def test_nobody_reviews_what_they_wrote_nor_the_unit_it_lies_with(city: dict[str, Unit]) -> None:
    found = problem()
    both = clerk(READ, ANALYSE, DECIDE, key=CLERK.key)
    verdict = f.Reviewed(at=moment("2025-06-03"), result="pass", note="同意")

    with pytest.raises(Refused, match="提出人以外"):
        tell(found, verdict, both)
    with pytest.raises(Refused, match="被评判单位以外"):
        tell(found, verdict, clerk(DECIDE, unit="housing", key="account:9"))


def test_a_problem_sent_back_is_written_anew_and_reviewed_again(city: dict[str, Unit]) -> None:
    found = tell(problem(), f.Reviewed(at=moment("2025-06-03"), result="back", note="原因不清"))
    assert found.phase == "revising"

    revised = f.Revised(at=moment("2025-06-05"), unit="water", cause="供电与管护分属两家", proposal="合并")
    found = tell(found, revised, CHIEF)
    assert (found.phase, found.unit and found.unit.code) == ("drafted", "water")
    with pytest.raises(Refused, match="提出人以外"):
        tell(found, f.Reviewed(at=moment("2025-06-06"), result="pass", note="同意"))
    assert not Duty.objects.filter(kind="supervision.item").exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"scope": "matter", "orders": ""}, "佐证工单编号"),
        ({"scope": "class", "topic": ""}, "写明类别"),
        ({"since": date(2025, 6, 1), "until": date(2025, 5, 1)}, "晚于止日"),
    ],
)
def test_nothing_is_handed_over_that_could_not_be_counted_afterwards(
    city: dict[str, Unit], more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        tell(problem(**more), f.Reviewed(at=moment("2025-06-04"), result="pass", note="同意"))


def test_a_fall_is_proved_when_the_watch_is_over_and_not_before(city: dict[str, Unit]) -> None:
    calls("2025-03-03", 60)
    found = mended()
    calls("2025-07-10", 4, every=20)
    assert (found.phase, found.paused, found.due_at) == ("watching", True, None)
    assert look_after(moment("2025-09-29 23:00")) == 0

    assert look_after(moment("2025-09-30 01:00")) == 1
    found.refresh_from_db()

    assert (found.phase, found.open) == ("solved", False)
    assert "|fell|" in found.marks
    (read,) = load([found.stream], lock=False)
    compared = read.facts[-1].fact
    assert isinstance(compared, f.Compared)
    assert (compared.before, compared.days_before, compared.after, compared.days_after) == (60, 90, 4, 90)
    assert (compared.since, compared.until) == (date(2025, 7, 2), date(2025, 9, 29))
    assert (compared.ratio, compared.reading) == (67, "fell")
    assert 20 < compared.low < 67 < compared.high < 200
    assert look_after(moment("2025-10-01")) == 0
    assert rebuild(write=False).none


def test_what_cannot_be_told_is_left_to_a_person(city: dict[str, Unit]) -> None:
    calls("2025-03-03", 4)
    found = mended()
    calls("2025-07-10", 3, every=20)
    look_after(moment("2025-09-30 01:00"))
    found.refresh_from_db()
    assert (found.phase, found.open, "|unclear|" in found.marks) == ("judging", True, True)

    found = tell(found, f.Concluded(at=moment("2025-10-08"), result="again", note="仍有来电"))
    assert found.phase == "agreed"
    assert told(found).phase == "mending"
    assert Duty.objects.filter(kind="supervision.item").count() == 2


def test_what_comes_back_is_reopened_by_the_rule_and_gets_an_item_of_its_own(city: dict[str, Unit]) -> None:
    calls("2025-03-03", 20, every=4)
    found = mended()
    calls("2025-07-02", 4)
    assert (
        look_after(moment("2025-07-29 12:00")) == 0
    )  # no whole stretch of 28 days yet, and one call too few
    calls("2025-07-20", 3)

    assert look_after(moment("2025-07-30 01:00")) == 1
    found = told(found)

    assert facts_of(found)[-2:] == ["Reopened", "Handed"]
    assert (found.phase, "|reopened|" in found.marks) == ("mending", True)
    assert Duty.objects.filter(kind="supervision.item").count() == 2
    close(item_of(found), "2025-09-01 10:00")
    assert told(found).phase == "watching"


def test_solved_problems_are_guarded_for_a_year_and_no_longer(city: dict[str, Unit]) -> None:
    calls("2025-03-03", 30, every=3)
    found = mended()
    look_after(moment("2025-09-30 01:00"))
    calls("2025-12-01", 10)
    calls("2026-11-01", 10)

    assert look_after(moment("2026-11-20")) == 0
    assert look_after(moment("2025-12-20")) == 1
    found.refresh_from_db()
    assert found.phase == "agreed"


def test_copies_of_one_text_count_once_and_groups_are_followed(city: dict[str, Unit]) -> None:
    old = calls("2025-03-03", 4, topic="")
    late = calls("2025-07-10", 3, topic="")
    for number, duty in enumerate([*old, *late]):
        text = 0 if duty in late else number
        Member.objects.create(stream=duty.stream, group=old[0].stream, text=text, at=duty.opened_at)
    calls("2025-07-12", 9, topic="")  # of another matter
    found = mended(scope="matter", topic="", orders=f"{old[0].number}，{old[1].number}")
    look_after(moment("2025-09-30 01:00"))

    (read,) = load([found.stream], lock=False)
    compared = read.facts[-1].fact
    assert isinstance(compared, f.Compared)
    assert (compared.before, compared.after) == (4, 1)


def test_a_month_has_one_problem_and_may_change_it(city: dict[str, Unit]) -> None:
    one, other = handed(), handed(title="水压不足", topic="供水")
    with pytest.raises(Refused, match="2026-03 的样子"):
        tell(one, f.Chosen(at=moment("2025-06-05"), month="六月"))
    one = tell(one, f.Chosen(at=moment("2025-06-05"), month="2025-07"))
    assert "|month_2025-07|" in one.marks
    with pytest.raises(Refused, match="2025-07已有每月一题"):
        tell(other, f.Chosen(at=moment("2025-06-05"), month="2025-07"))

    tell(one, f.Released(at=moment("2025-06-06"), month="2025-07", reason="另有安排"))
    assert "|monthly|" in tell(other, f.Chosen(at=moment("2025-06-07"), month="2025-07")).marks


def test_an_item_declined_closes_the_problem_and_an_item_reopened_takes_it_up_again(
    city: dict[str, Unit],
) -> None:
    found = handed()
    tell(item_of(found), i.Declined(at=moment("2025-06-10"), by="市长", reason="已有专项"), SUPERVISION)
    assert told(found).phase == "gone"

    other = mended()
    item = item_of(other)
    item.refresh_from_db()
    tell(item, i.Reopened(at=moment("2025-08-01"), due=date(2025, 9, 1), reason="未到位"), SUPERVISION)
    assert told(other).phase == "mending"


def test_nobody_s_words_stand_in_the_entries_of_a_problem(city: dict[str, Unit]) -> None:
    orders = calls("2025-03-03", 3, title="王小明家门口路灯不亮", phone="13800000000")
    found = handed(scope="matter", orders=orders[0].number)
    bodies = b"".join(
        bytes(raw)
        for raw in Entry.objects.filter(stream__in=[found.stream, item_of(found).stream]).values_list(
            "body", flat=True
        )
    )

    assert orders[0].number.encode() in bodies
    assert "王小明".encode() not in bodies
    assert b"13800000000" not in bodies
