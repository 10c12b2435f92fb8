"""The page of problems: stage, month, before and after with the interval, each number with its orders."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from cast import NOW, SignIn, moment

from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline.problems import facts as f
from qianshao.modules.hotline.problems.looking import look_after
from qianshao.modules.supervision.items import facts as i

from .conftest import Opens

pytestmark = pytest.mark.django_db


def problem(*facts: Fact, co_units: str = "", counts: str = "") -> Duty:
    kind, actor = registry.kind("hotline.problem"), machine("test")
    opened = f.Opened(
        at=moment("2025-06-02 09:00"), title="背街路灯反复不亮", source="found", unit="housing", scope="class",
        topic="路灯", since=date(2025, 3, 3), until=date(2025, 5, 31), cause="管护责任不明",
        co_units=co_units, counts=counts,
    )  # fmt: skip
    receipt = perform(kind=kind, fact=opened, actor=actor, now=NOW, src="test")
    duty = Duty.objects.get(stream=receipt.stream)
    for fact in facts:
        perform(kind=kind, duty=duty, fact=fact, actor=actor, now=NOW, src="test")
    return duty


def test_before_and_after_stand_with_their_interval_and_open_their_orders(
    sign_in: SignIn, opens: Opens
) -> None:
    for day in range(30):
        opens((moment("2025-03-03 09:00") + timedelta(days=day)).isoformat()[:16], topic="路灯")
    late = [opens(f"2025-07-{day} 09:00", topic="路灯") for day in (10, 20)]
    problem(
        f.Reviewed(at=moment("2025-06-04"), result="pass", note="同意"),
        f.Chosen(at=moment("2025-06-05"), month="2025-07"),
        f.Handed(at=moment("2025-06-06"), item="DC1", stream="0" * 26),
        f.Mended(at=moment("2025-07-01 10:00"), item="DC1"),
    )
    assert look_after(NOW) == 1
    client = sign_in("hotline.chief")
    page = client.get("/hotline/problems/").content.decode()
    row = page.split('id="problems"')[1]

    assert "2025-07" in row
    assert "已见效" in row
    assert re.search(r"0\.07（0\.01–0\.2\d）", row)
    before, after = re.findall(r'href="(/duties/\?[^"]+)">(\d+)<', row)
    assert (before[1], after[1]) == ("30", "2")
    listed = client.get(after[0].replace("&amp;", "&")).content.decode()
    assert set(re.findall(r'/duties/([0-9a-z]{26})/"', listed)) == {duty.stream for duty in late}


def test_a_unit_sees_the_problems_it_answers_for(sign_in: SignIn, opens: Opens) -> None:
    problem()
    assert "背街路灯" in sign_in("hotline.unit", "housing").get("/hotline/problems/").content.decode()
    assert "还没有提出过问题" in sign_in("hotline.unit", "water").get("/hotline/problems/").content.decode()
    assert sign_in("openness.clerk").get("/hotline/problems/").status_code == 403


def test_an_item_is_a_link_only_for_those_who_may_see_it_and_the_evidence_has_its_number(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    item = registry.kind("supervision.item")
    assigned = i.Assigned(
        at=moment("2025-06-05 10:00"),
        title="热线问题",
        unit="housing",
        origin="decision",
        due=date(2025, 9, 1),
    )
    stream = perform(kind=item, fact=assigned, actor=machine("test"), now=NOW, src="test").stream
    duty = problem(
        f.Reviewed(at=moment("2025-06-04"), result="pass", note="同意"),
        f.Handed(at=moment("2025-06-06"), item="DC1", stream=stream),
        co_units="water", counts="2025-03 12\n2025-05 9",
    )  # fmt: skip
    client = sign_in("hotline.chief")
    page = client.get("/hotline/problems/").content.decode()
    told = client.get(f"/duties/{duty.stream}/").content.decode()
    Grant.objects.create(
        account=Account.objects.get(),
        role="supervision.clerk",
        unit=city["city"],
        valid_from=date(2020, 1, 1),
    )
    seen = client.get("/hotline/problems/").content.decode()

    assert "DC1" in page and f"/duties/{stream}/" not in page
    assert f'href="/duties/{stream}/">DC1</a>' in seen
    assert ">21</a>" in page and '<td class="num">90</td>' in page
    assert city["water"].name in told
