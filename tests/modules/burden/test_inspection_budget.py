"""Inspections under a budget: filed or refused at once, with the article; what is refused leaves no trace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, Receipt, Refused, perform, perform_many, void
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.matter import same_matter
from qianshao.modules.burden.inspections import facts as f
from qianshao.modules.burden.inspections.taking import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RECEIVED, MADE = "burden.inspections-received", "burden.inspections-made"
AT = moment("2026-01-12 09:00")
KEEPER = clerk("burden.read", "burden.plan", "burden.file", "burden.correct", key="account:3")


@pytest.fixture
def budgets(city: dict[str, Unit], robot: Actor) -> dict[str, Unit]:
    """The county may be inspected twice this year, with last year's explanation on file."""
    for code, key, amount in (("county-1", RECEIVED, 2), ("office", MADE, 9), ("housing", MADE, 9)):
        meters.set_limit(key, city[code], "2026", amount, actor=robot, now=AT)
        meters.explain(key, city[code], "首年启用，没有上年数", actor=robot, now=AT)
    return city


def planned(**more: Any) -> Duty:
    values: dict[str, Any] = {
        "at": AT, "title": "营商环境督查", "matter": "营商环境", "body": "office", "unit": "county-1",
        "since": date(2026, 2, 2), "until": date(2026, 2, 4), "form": "special", "basis": "年度督查计划",
    }  # fmt: skip
    receipt = perform(
        kind=registry.kind("burden.inspection"), fact=f.Planned(**{**values, **more}), actor=KEEPER, now=AT, src="test"
    )  # fmt: skip
    return Duty.objects.get(stream=receipt.stream)


def act(duty: Duty, fact: Fact, actor: Actor = KEEPER) -> Duty:
    perform(kind=registry.kind(duty.kind), duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    duty.refresh_from_db()
    return duty


def file(duty: Duty, at: str = "2026-01-13") -> Duty:
    return act(duty, f.Filed(at=moment(at)))


def used(city: dict[str, Unit], code: str = "county-1", key: str = RECEIVED) -> int:
    return meters.stands(key, city[code], AT).used


def test_filing_draws_the_targets_and_the_bodys_budget(budgets: dict[str, Unit]) -> None:
    inspection = planned()
    assert used(budgets) == 0

    file(inspection)

    assert (inspection.phase, used(budgets), used(budgets, "office", MADE)) == ("filed", 1, 1)
    assert set(Drawn.objects.values_list("stream", flat=True)) == {inspection.stream}
    assert rebuild(write=False).none


def test_an_empty_budget_refuses_at_once_with_the_article(budgets: dict[str, Unit]) -> None:
    for matter in ("营商环境", "安全生产"):
        file(planned(matter=matter))
    third = planned(matter="耕地保护")

    with pytest.raises(Refused, match=r"接受检查次数在 2026 的额度为 2，已用 2.*政府督查工作条例 第十五条"):
        file(third)

    third.refresh_from_db()
    assert (third.phase, third.version, used(budgets), used(budgets, "office", MADE)) == ("planned", 1, 2, 2)


def test_an_empty_budget_of_the_body_gives_back_what_the_target_was_asked_for(
    budgets: dict[str, Unit], robot: Actor
) -> None:
    meters.set_limit(MADE, budgets["office"], "2026", 0, actor=robot, now=AT)

    with pytest.raises(Refused, match="开展检查次数"):
        file(planned())

    assert (used(budgets), Drawn.objects.count()) == (0, 0)


def test_the_number_may_not_rise_without_an_explanation(city: dict[str, Unit], robot: Actor) -> None:
    for code, key in (("county-1", RECEIVED), ("office", MADE)):
        meters.set_limit(key, city[code], "2026", 9, actor=robot, now=AT)

    with pytest.raises(Refused, match="只减不增：上年同期 0"):
        file(planned())


def test_the_same_matter_on_overlapping_days_is_refused_and_merging_proposed(
    budgets: dict[str, Unit],
) -> None:
    first = file(planned())
    second = planned(
        title="优化营商环境专项检查", matter="营商环境专项检查", body="housing", mandate="刺政办〔2026〕1号",
        since=date(2026, 2, 4), until=date(2026, 2, 6),
    )  # fmt: skip

    with pytest.raises(Refused, match=f"市政府办公室已备案.*{first.number}.*可以并入.*第十五条"):
        file(second)
    assert used(budgets) == 1

    act(second, f.Merged(at=moment("2026-01-14"), into=first.number))
    assert (second.phase, second.open) == ("merged", False)


def test_other_days_or_another_matter_do_not_clash_but_are_proposed_together(
    budgets: dict[str, Unit],
) -> None:
    first = file(planned())
    other = file(planned(matter="安全生产", since=date(2026, 2, 4), until=date(2026, 2, 5)))

    (pair,) = together("county-1")

    assert [key for key, _state in pair] == [first.stream, other.stream]


def test_moving_onto_taken_days_is_refused(budgets: dict[str, Unit]) -> None:
    file(planned())
    later = file(planned(since=date(2026, 3, 2), until=date(2026, 3, 3)))

    with pytest.raises(Refused, match="日期重叠"):
        act(
            later,
            f.Moved(at=moment("2026-01-14"), since=date(2026, 2, 3), until=date(2026, 2, 3), reason="会议"),
        )
    act(
        later, f.Moved(at=moment("2026-01-14"), since=date(2026, 2, 9), until=date(2026, 2, 9), reason="会议")
    )

    assert later.due_at == moment("2026-02-10")
    assert used(budgets) == 2


def test_cancelling_gives_back_and_both_draws_stay_readable(budgets: dict[str, Unit]) -> None:
    inspection = file(planned())

    act(inspection, f.Cancelled(at=moment("2026-01-20"), reason="不再需要"))

    assert (used(budgets), used(budgets, "office", MADE), Drawn.objects.count()) == (0, 0, 4)
    file(planned())
    assert used(budgets) == 1


def test_a_filing_is_not_voided_but_cancelled(budgets: dict[str, Unit]) -> None:
    inspection = file(planned())

    with pytest.raises(Refused, match="“备案”不能冲正"):
        void(
            duty=inspection, kind=registry.kind(inspection.kind), entry=2, reason="误录",
            actor=KEEPER, now=moment("2026-01-14"), src="test",
        )  # fmt: skip


def test_a_delivery_sent_twice_draws_once(budgets: dict[str, Unit]) -> None:
    inspection = planned()
    kind = registry.kind(inspection.kind)
    filed = Delivery(kind=kind, fact=f.Filed(at=AT), stream=inspection.stream, source="token-1")

    for _again in range(2):
        (outcome,) = perform_many([filed], actor=KEEPER, now=AT, src="test")
        assert isinstance(outcome, Receipt)

    assert used(budgets) == 1


def test_a_batch_files_what_the_budget_holds_and_refuses_the_rest(budgets: dict[str, Unit]) -> None:
    kind = registry.kind("burden.inspection")
    plans = [planned(matter=matter) for matter in ("营商环境", "营商环境", "安全生产", "耕地保护")]

    outcomes = perform_many(
        [Delivery(kind=kind, fact=f.Filed(at=AT), stream=plan.stream) for plan in plans],
        actor=KEEPER, now=AT, src="test",
    )  # fmt: skip

    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True, False, True, False]
    assert used(budgets) == 2


def test_a_department_inspects_only_when_its_government_named_it(budgets: dict[str, Unit]) -> None:
    with pytest.raises(Refused, match="须经本级政府指定"):
        file(planned(body="housing"))

    assert file(planned(body="housing", mandate="刺政办〔2026〕1号")).phase == "filed"


def test_what_was_not_filed_is_not_carried_out_and_a_conclusion_is_fed_back(budgets: dict[str, Unit]) -> None:
    inspection = planned()
    carried = f.CarriedOut(at=moment("2026-02-05"), since=date(2026, 2, 2), until=date(2026, 2, 5))
    with pytest.raises(Refused, match="没有备案的检查不得进行"):
        act(inspection, carried)
    file(inspection)
    act(inspection, carried)
    assert (inspection.phase, "longer" in inspection.marks) == ("carried", True)
    # Ten working days: 14 February is worked, 15 to 23 are the Spring Festival.
    assert inspection.due_at == moment("2026-02-27")

    concluded = f.Concluded(at=moment("2026-02-12"), conclusion="总体良好", delivered=date(2026, 2, 12))
    act(inspection, concluded)

    # It went on beyond its last day, and stays late.
    assert (inspection.phase, inspection.missed_at) == ("concluded", moment("2026-02-05"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("营商环境", "关于开展营商环境专项督查", True),
        ("安全生产", "安全生产工作情况", True),
        ("安全生产", "食品安全", False),
        ("检查", "督查", False),
    ],
)
def test_two_names_of_one_matter_are_the_same(one: str, other: str, same: bool) -> None:
    assert same_matter(one, other) is same
