"""A conclusion may be contested in thirty days and is decided in thirty, by people who had no part in it."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, Receipt, Refused, perform, perform_many
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.supervision.conclusions import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CAN = ("supervision.read", "supervision.supervise", "supervision.approve")
MAKER, OTHER = clerk(*CAN, key="account:8"), clerk(*CAN, key="account:9")
HOUSING = clerk("supervision.read", "supervision.handle", path="/housing/", unit="housing", key="account:7")


def act(fact: Fact, actor: Actor = MAKER, duty: Duty | None = None) -> Duty:
    kind = registry.kind("supervision.conclusion")
    receipt = perform(kind=kind, duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)


@pytest.fixture
def delivered(city: dict[str, Unit]) -> Duty:
    """Delivered to the housing bureau on 1 September 2025: contested by 1 October, which is a holiday until the 8th."""
    made = f.Made(at=moment("2025-08-29"), title="公园建设督查结论", conclusion="进度滞后", unit="housing")
    return act(f.Delivered(at=moment("2025-09-01 15:00"), way="直接送达"), MAKER, act(made))


def asked(duty: Duty, at: datetime) -> Duty:
    return act(f.ReviewAsked(at=at, grounds="统计口径不同"), HOUSING, duty)


def test_thirty_days_are_calendar_days_and_a_last_day_off_rolls_over(delivered: Duty) -> None:
    assert (delivered.phase, delivered.paused, delivered.due_at) == ("delivered", True, None)
    assert delivered.wake_at == moment("2025-10-10")  # 1 October rolls to the 9th, the first working day

    with pytest.raises(Refused, match=r"至2025年10月9日）已过.*第十七条"):
        asked(delivered, moment("2025-10-10"))
    contested = asked(delivered, moment("2025-10-09 17:00"))

    assert (contested.phase, contested.due_at) == (
        "reviewing",
        moment("2025-11-11"),
    )  # 8 November is a Saturday


def test_nobody_who_took_part_decides_the_review(delivered: Duty) -> None:
    contested = asked(delivered, moment("2025-09-10"))
    decided = f.ReviewDecided(at=moment("2025-09-20"), outcome="changed", reason="口径有误")

    with pytest.raises(Refused, match="应当回避"):
        act(decided, MAKER, contested)

    assert act(decided, OTHER, contested).phase == "changed"
    assert rebuild(write=False).none


def test_a_review_is_not_asked_and_decided_in_one_breath(delivered: Duty) -> None:
    kind = registry.kind("supervision.conclusion")
    facts = (
        f.ReviewAsked(at=moment("2025-09-10"), grounds="统计口径不同"),
        f.ReviewDecided(at=moment("2025-09-10"), outcome="changed", reason="口径有误"),
    )
    told = [Delivery(kind=kind, fact=fact, stream=delivered.stream) for fact in facts]

    done, refused = perform_many(told, actor=machine("test"), now=moment("2025-09-10"), src="import")

    assert isinstance(done, Receipt)
    assert isinstance(refused, Refused)
    assert "应当回避" in str(refused)


def test_nobody_contested_it_so_it_is_final_by_itself(delivered: Duty) -> None:
    with pytest.raises(Refused, match="未满"):
        act(f.BecameFinal(at=moment("2025-09-20")), MAKER, delivered)

    while wake(moment("2025-10-20"), limit=10):
        pass

    delivered.refresh_from_db()
    assert (delivered.phase, delivered.closed_at) == ("final", moment("2025-10-10"))
