"""Document and interpretation name each other on their pages, and a document that owes none says why."""

from __future__ import annotations

from typing import Any

import pytest
from cast import NOW, SignIn, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.modules.openness.documents import facts as d

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def formed(robot: Actor, title: str, **more: Any) -> Duty:
    fact = d.Formed(
        at=moment("2025-09-01"),
        title=title,
        unit="housing",
        **{"openness": "active", "category": "20.1"} | more,
    )
    made = perform(kind=registry.kind("openness.document"), fact=fact, actor=robot, now=NOW, src="test")
    return Duty.objects.get(stream=made.stream)


def test_a_document_and_its_interpretation_lead_to_each_other(sign_in: SignIn, robot: Actor) -> None:
    reader = sign_in("openness.unit", "housing")
    document = formed(robot, "停车管理办法")
    assert "正在自动登记" in reader.get(f"/duties/{document.stream}/").content.decode()

    while outbox.deliver(NOW):
        pass

    (duty,) = Duty.objects.filter(kind="openness.interpretation")
    page, back = (reader.get(f"/duties/{one.stream}/").content.decode() for one in (document, duty))
    assert f'href="/duties/{duty.stream}/"' in page and duty.number in page
    assert f'href="/duties/{document.stream}/"' in back and document.number in back


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"scope": "none", "uninterpreted": "只宣布文件废止"}, "无需解读：只宣布文件废止"),
        ({"category": "20.11"}, "不属于应当解读的目录类别"),
    ],
)
def test_a_document_that_owes_none_says_why(
    sign_in: SignIn, robot: Actor, more: dict[str, str], said: str
) -> None:
    document = formed(robot, "停车管理办法", **more)

    assert said in sign_in("openness.unit", "housing").get(f"/duties/{document.stream}/").content.decode()


def test_a_document_withheld_says_nothing_of_interpretation(sign_in: SignIn, robot: Actor) -> None:
    document = formed(robot, "会议纪要", openness="withheld", reason="内部事务", article="第十六条")

    assert (
        'id="interpretation"'
        not in sign_in("openness.unit", "housing").get(f"/duties/{document.stream}/").content.decode()
    )
