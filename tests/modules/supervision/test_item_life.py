"""An item through the door: signed for, split, reported, extended, closed by somebody else, chased by slips."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from cast import NOW, clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline import facts as h
from qianshao.modules.openness.findings import facts as o
from qianshao.modules.supervision.items import facts as f
from qianshao.modules.supervision.slips import facts as s
from qianshao.modules.supervision.slips import paper
from qianshao.modules.supervision.slips.rules import fold as slip_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
READ, HANDLE, SUPERVISE, APPROVE = (
    f"supervision.{name}" for name in ("read", "handle", "supervise", "approve")
)
OFFICE = clerk(READ, SUPERVISE, APPROVE, unit="office", key="account:8")
HOUSING = clerk(READ, HANDLE, path="/housing/", unit="housing", key="account:7")
BEGUN = moment("2025-09-01 09:00")


def tell(kind: str, fact: Fact, actor: Actor = OFFICE, duty: Duty | None = None) -> Duty:
    receipt = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    if duty is None:
        return Duty.objects.get(stream=receipt.stream)
    duty.refresh_from_db()
    return duty


def act(duty: Duty, fact: Fact, actor: Actor = HOUSING) -> Duty:
    return tell(duty.kind, fact, actor, duty)


def assigned(**more: Any) -> Duty:
    values: dict[str, Any] = {
        "at": BEGUN, "title": "建成口袋公园十个", "unit": "housing", "origin": "report",
        "due": date(2025, 10, 31), "phrase": "10月底前",
    }  # fmt: skip
    return tell("supervision.item", f.Assigned(**{**values, **more}))


def signed(**more: Any) -> Duty:
    return act(assigned(**more), f.Signed(at=moment("2025-09-02 09:00")))


def deliver() -> None:
    while outbox.deliver(NOW):
        pass


def run_tick(*days: str) -> None:
    for day in days:
        while wake(moment(day), limit=10):
            pass


def slips() -> list[tuple[str, str]]:
    found = Duty.objects.filter(kind="supervision.slip").order_by("id")
    return [(slip.number, slip.unit.code if slip.unit else "") for slip in found]


def test_an_item_is_closed_by_somebody_else_and_stays_late(city: dict[str, Unit]) -> None:
    item = signed()
    act(item, f.Reported(at=moment("2025-10-09 10:00"), progress="完成六个", percent=60))
    act(item, f.CloseProposed(at=moment("2025-11-03 10:00"), summary="已全部建成"))
    assert (item.phase, item.open, item.paused, item.due_at) == ("reviewing", True, True, None)
    reviewed = f.CloseReviewed(at=moment("2025-11-05 10:00"), result="pass", conclusion="属实")

    with pytest.raises(Refused, match="被评判单位以外"):
        act(item, reviewed, clerk(SUPERVISE, unit="housing"))
    act(item, reviewed, OFFICE)

    assert (item.phase, item.open, item.closed_at) == ("closed", False, moment("2025-11-03 10:00"))
    assert item.missed_at == moment("2025-11-01")
    assert rebuild(write=False).none


def test_a_moved_limit_does_not_undo_that_the_old_one_was_missed(city: dict[str, Unit]) -> None:
    item = signed()
    act(item, f.ExtensionAsked(at=moment("2025-11-03 10:00"), until=date(2025, 12, 31), reason="台风"))
    assert "|extension_pending|" in item.marks
    judged = f.ExtensionJudged(
        at=moment("2025-11-04 10:00"), result="upheld", until=date(2025, 12, 31), by="副市长"
    )
    act(item, judged, OFFICE)

    assert item.due_at == moment("2026-01-01")
    assert item.missed_at == moment("2025-11-01")
    assert {"extended", "late_extension"} <= set(item.marks.strip("|").split("|"))


def test_a_proposal_owes_nothing_until_the_head_has_approved(city: dict[str, Unit]) -> None:
    proposal = f.Proposed(at=BEGUN, title="整治占道堆放", unit="housing", origin="instruction")
    item = tell("supervision.item", proposal)
    assert (item.phase, item.due_at) == ("proposed", None)
    with pytest.raises(Refused, match="立项还没有批准"):
        act(item, f.Signed(at=moment("2025-09-02")))

    act(item, f.Approved(at=moment("2025-09-03 10:00"), by="市长"), OFFICE)

    assert (item.phase, item.due_at) == ("assigned", moment("2025-09-19"))


def test_a_return_is_judged_and_another_unit_leads(city: dict[str, Unit]) -> None:
    item = assigned()
    back = f.Returned(at=moment("2025-09-02"), reason="not_ours", note="属于水利部门", rather="water")
    act(item, back)
    with pytest.raises(Refused, match="已申请退回"):
        act(item, f.Signed(at=moment("2025-09-03")))
    act(item, f.ReturnJudged(at=moment("2025-09-04"), result="upheld", note="理由成立"), OFFICE)
    assert item.phase == "unled"

    moved = f.Transferred(at=moment("2025-09-05"), unit="water", reason="职责所在")
    act(item, moved, OFFICE)

    assert (item.phase, item.unit and item.unit.code) == ("assigned", "water")
    assert item.due_at == moment("2025-11-01")


def test_a_refused_return_does_not_come_back(city: dict[str, Unit]) -> None:
    item = assigned()
    back = f.Returned(at=moment("2025-09-02"), reason="not_ours", note="属于水利部门")
    act(item, back)
    act(item, f.ReturnJudged(at=moment("2025-09-04"), result="refused", note="职责在你单位"), OFFICE)

    with pytest.raises(Refused, match="不得再次退回"):
        act(item, f.Returned(at=moment("2025-09-05"), reason="not_ours", note="属于水利部门"))


def test_a_part_is_an_item_of_its_own_and_the_whole_waits_for_it(city: dict[str, Unit]) -> None:
    county = clerk(HANDLE, path="/county-1/", unit="county-1", key="account:5")
    item = tell(
        "supervision.item",
        f.Assigned(at=BEGUN, title="建成公园", unit="county-1", origin="report", due=date(2025, 12, 31)),
    )
    act(item, f.Signed(at=moment("2025-09-02")), county)
    act(
        item,
        f.Split(at=moment("2025-09-03"), unit="town-1", title="建成一个", due=date(2025, 11, 30)),
        county,
    )
    deliver()
    deliver()
    (part,) = Duty.objects.filter(kind="supervision.item").exclude(pk=item.pk)
    assert (part.title, part.unit and part.unit.code, part.due_at) == (
        "建成一个", "town-1", moment("2025-12-01"),
    )  # fmt: skip
    with pytest.raises(Refused, match="“建成一个”还没有办结"):
        act(item, f.CloseProposed(at=moment("2025-10-01"), summary="完成"), county)

    act(part, f.Signed(at=moment("2025-09-04")), county)
    act(part, f.CloseProposed(at=moment("2025-10-08"), summary="完成"), county)
    act(part, f.CloseReviewed(at=moment("2025-10-09"), result="pass", conclusion="属实"), OFFICE)
    deliver()

    item.refresh_from_db()
    act(item, f.CloseProposed(at=moment("2025-10-10"), summary="完成"), county)
    assert item.phase == "reviewing"
    assert rebuild(write=False).none


def test_cancelled_and_reopened_with_a_limit_of_its_own(city: dict[str, Unit]) -> None:
    item = signed()
    act(item, f.Cancelled(at=moment("2025-09-10"), by="市长", reason="规划调整"), OFFICE)
    assert (item.phase, item.open) == ("cancelled", False)

    act(item, f.Reopened(at=moment("2025-12-01"), due=date(2025, 12, 31), reason="恢复建设"), OFFICE)

    assert (item.phase, item.due_at, item.missed_at) == ("working", moment("2026-01-01"), None)
    act(item, f.CloseProposed(at=moment("2025-12-30"), summary="完成"))
    assert item.phase == "reviewing"


def test_an_order_raised_to_the_office_is_proposed_without_a_word_of_the_citizen(
    city: dict[str, Unit], robot: Actor
) -> None:
    received = h.Received(
        at=BEGUN, title="王家门口垃圾", body="王大妈反映", channel="phone", unit="housing", topic="环境卫生"
    )
    order = tell("hotline.order", received, robot)
    act(order, h.Escalated(at=moment("2025-09-05"), level="hotline", reason="久拖不决"), robot)
    deliver()
    assert not Duty.objects.filter(kind="supervision.item").exists()

    act(order, h.Escalated(at=moment("2025-09-06"), level="office", reason="久拖不决"), robot)
    deliver()
    deliver()

    (item,) = Duty.objects.filter(kind="supervision.item")
    (stream,) = load([item.stream], lock=False)
    assert (item.phase, item.title) == ("proposed", f"热线督办工单 环境卫生 {order.number}")
    assert "王" not in stream.bodies[0].body().decode()


def test_a_finding_mended_only_on_paper_is_proposed(city: dict[str, Unit], robot: Actor) -> None:
    found = o.Found(
        at=BEGUN, unit="water", rule="S1", title="栏目空白", url="https://x.test/", automatic="found"
    )
    finding = tell("openness.finding", found, robot)
    act(finding, o.Confirmed(at=moment("2025-09-02")), robot)
    act(finding, o.Rectified(at=moment("2025-09-03"), done="已更新"), robot)
    act(finding, o.Returned(at=moment("2025-09-04"), reason="仍然空白"), robot)
    deliver()

    (item,) = Duty.objects.filter(kind="supervision.item")
    assert (item.title, item.unit and item.unit.code) == ("网站问题整改不实：栏目空白", "water")


def test_slips_rise_level_by_level_each_once_and_numbered(city: dict[str, Unit]) -> None:
    item = signed()
    run_tick("2025-10-28 23:59")
    assert slips() == []

    run_tick("2025-10-29", "2025-10-30", "2025-11-01", "2025-11-02", "2025-11-09 23:59")
    assert slips() == [("督〔2025〕蓝1号", "housing"), ("督〔2025〕橙1号", "housing")]
    run_tick("2025-11-10", "2025-12-01", "2025-12-02")

    assert [number for number, _unit in slips()] == ["督〔2025〕蓝1号", "督〔2025〕橙1号", "督〔2025〕红1号"]
    item.refresh_from_db()
    assert {"slip_blue", "slip_orange", "slip_red"} <= set(item.marks.strip("|").split("|"))
    assert rebuild(write=False).none


@pytest.mark.parametrize(("weight", "first"), [("important", "橙"), ("special", "红")])
def test_what_matters_more_starts_higher(city: dict[str, Unit], weight: str, first: str) -> None:
    signed(weight=weight)

    run_tick("2025-10-29")

    assert slips() == [(f"督〔2025〕{first}1号", "housing")]


def test_a_good_reason_keeps_slips_away_after_the_limit(city: dict[str, Unit]) -> None:
    item = signed()
    run_tick("2025-10-29")
    act(item, f.ExtensionAsked(at=moment("2025-10-30"), until=date(2025, 12, 31), reason="台风"))

    run_tick("2025-11-05")
    assert [number for number, _unit in slips()] == ["督〔2025〕蓝1号"]
    refused = f.ExtensionJudged(at=moment("2025-11-06"), result="refused", by="副市长", note="不充分")
    act(item, refused, OFFICE)
    run_tick("2025-11-07")

    assert [number for number, _unit in slips()] == ["督〔2025〕蓝1号", "督〔2025〕橙1号"]


def test_a_slip_is_received_answered_and_printed_with_its_receipt(city: dict[str, Unit]) -> None:
    signed()
    run_tick("2025-11-02")
    (slip,) = Duty.objects.filter(kind="supervision.slip")
    with pytest.raises(Refused, match="签收以后才能回复"):
        act(slip, s.Answered(at=moment("2025-11-02 10:00"), why="台风", remedy="月底完成"))
    act(slip, s.Received(at=moment("2025-11-05 10:00"), way="platform", post="科长"))
    assert "|late_receipt|" in slip.marks
    act(slip, s.Answered(at=moment("2025-11-06 10:00"), why="台风", remedy="月底完成"))
    assert (slip.phase, slip.open, slip.missed_at) == ("answered", False, None)

    (stream,) = load([slip.stream], lock=False)
    state = slip_of([item.fact for item in stream.facts])  # type: ignore[misc]
    made = paper.write(state, body="刺桐市人民政府办公室", unit="市住房和城乡建设局")

    assert made == paper.write(state, body="刺桐市人民政府办公室", unit="市住房和城乡建设局")
    text = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    for said in ("督〔2025〕橙1号", "建成口袋公园十个", "2025年10月31日", "签收回执", "平台签收", "科长"):
        assert said in text
