"""Documents, meetings and requests for material: length, number, and the same material only once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.burden.papers import facts as p
from qianshao.modules.burden.requests import facts as r
from qianshao.modules.supervision.items import facts as i

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AT = moment("2026-01-12 09:00")
KEEPER = clerk("burden.read", "burden.plan", "burden.file", key="account:3")


@pytest.fixture
def budgets(city: dict[str, Unit], robot: Actor) -> dict[str, Unit]:
    """Two documents and meetings for the office, two requests to the town this year."""
    for code, key in (
        ("office", "burden.documents"), ("office", "burden.meetings"), ("town-1", "burden.report-requests"),
    ):  # fmt: skip
        meters.set_limit(key, city[code], "2026", 2, actor=robot, now=AT)
        meters.explain(key, city[code], "首年启用，没有上年数", actor=robot, now=AT)
    return city


def tell(kind: str, fact: Fact, duty: Duty | None = None, actor: Actor = KEEPER) -> Duty:
    receipt = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)


def drafted(**more: Any) -> Duty:
    values: dict[str, Any] = {
        "at": AT, "title": "关于做好春运工作的通知", "unit": "office", "sort": "general",
        "characters": 4800, "assessed": True,
    }  # fmt: skip
    return tell("burden.document", p.Drafted(**{**values, **more}))


def arranged(**more: Any) -> Duty:
    values: dict[str, Any] = {
        "at": AT, "title": "春运工作会议", "unit": "office", "sort": "business",
        "on_day": date(2026, 1, 20), "minutes": 90, "speech": 30,
    }  # fmt: skip
    return tell("burden.meeting", p.Arranged(**{**values, **more}))


def register(duty: Duty) -> Duty:
    return tell(duty.kind, p.Registered(at=AT), duty)


@pytest.mark.parametrize(
    ("sort", "characters", "why"),
    [
        ("general", 5000, ""),
        ("general", 5001, "正文 5001 字，超过 5000 字"),
        ("special", 4000, ""),
        ("special", 4001, "正文 4001 字，超过 4000 字"),
        ("deployment", 12000, ""),
    ],
)
def test_a_document_too_long_needs_a_written_explanation(
    budgets: dict[str, Unit], sort: str, characters: int, why: str
) -> None:
    document = drafted(sort=sort, characters=characters)
    if why:
        with pytest.raises(Refused, match=f"{why}.*须先附书面说明"):
            register(document)
        tell("burden.document", p.Explained(at=AT, reason="涉及多个部门", by="秘书长"), document)

    assert register(document).phase == "registered"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"minutes": 240}, ""),
        ({"minutes": 241}, "会议 241 分钟，超过 240 分钟"),
        ({"sort": "discussion", "minutes": 720}, ""),
        ({"sort": "discussion", "minutes": 721}, "会议 721 分钟，超过 720 分钟"),
        ({"speech": 60}, ""),
        ({"speech": 61}, "讲话 61 分钟，超过 60 分钟"),
        ({"second_speech": True}, "一般不同时讲话"),
    ],
)
def test_a_meeting_too_long_needs_a_written_explanation(
    budgets: dict[str, Unit], more: dict[str, Any], why: str
) -> None:
    meeting = arranged(**more)
    if why:
        with pytest.raises(Refused, match=why):
            register(meeting)
    else:
        assert register(meeting).phase == "registered"


def test_the_years_number_of_documents_is_a_hard_stop_and_withdrawal_gives_back(
    budgets: dict[str, Unit],
) -> None:
    first, second, third = drafted(), drafted(), drafted()
    register(first)
    register(second)
    with pytest.raises(Refused, match="发文数量在 2026 的额度为 2，已用 2"):
        register(third)

    tell("burden.document", p.Withdrawn(at=AT, reason="不再印发"), first)

    assert register(third).phase == "registered"


def requested(title: str = "“三资”清理情况表") -> Duty:
    fact = r.Requested(
        at=AT, title=title, body="office", unit="town-1", until=date(2026, 1, 30), basis="工作需要"
    )
    return tell("burden.request", fact)


def test_the_same_material_is_asked_for_once_and_then_shared(budgets: dict[str, Unit]) -> None:
    first, second = requested(), requested("三资清理情况表")
    sent = r.Sent(at=AT)
    tell("burden.request", sent, first)

    with pytest.raises(Refused, match=f"{first.number}.*同一材料原则上只报一次"):
        tell("burden.request", sent, second)
    shared = tell("burden.request", r.Shared(at=AT, body="housing"), first)

    assert "|shared|" in shared.marks
    assert meters.stands("burden.report-requests", budgets["town-1"], AT).used == 1


def test_what_supervision_asks_of_a_town_besides_the_rhythm_is_counted(
    budgets: dict[str, Unit], robot: Actor
) -> None:
    for number in range(3):
        assigned = i.Assigned(at=AT, title=f"任务{number}", unit="town-1", origin="minutes")
        item = tell("supervision.item", assigned, actor=robot)
        tell("supervision.item", i.Signed(at=AT), item, robot)
        asked = i.ReportAsked(at=AT, who="市发改委")
        if number < 2:
            tell("supervision.item", asked, item, robot)
        else:
            with pytest.raises(Refused, match="向基层索要材料次数在 2026 的额度为 2"):
                tell("supervision.item", asked, item, robot)
