"""A round from the declarations to the published places: sealed, drawn, visited unannounced, appealed, rated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.ledger.models import Entry
from qianshao.core.merits import services as merits
from qianshao.core.meters import services as meters
from qianshao.core.notices.models import Notice
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Holding, Person, Post, Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.merit import ForbiddenInput, MeritRule
from qianshao.kernel.meter import Span, standing
from qianshao.kernel.sampling import commitment
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims import facts as c
from qianshao.modules.appraisal.ratings import facts as g
from qianshao.modules.appraisal.ratings.rules import fold as rating_of
from qianshao.modules.appraisal.rounds import drawing, planning
from qianshao.modules.appraisal.rounds import facts as f
from qianshao.modules.burden.inspections import facts as b
from qianshao.modules.supervision.items import facts as i
from qianshao.modules.supervision.slips import facts as s

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SEED = bytes(range(16))
METER, MADE = "burden.inspections-received", "burden.inspections-made"
BEGUN = moment("2025-03-03 09:00")
OPENED = moment("2025-07-01 09:00")
KEEPER = clerk("appraisal.read", "appraisal.run", "merits.give", key="account:90")
HEAD = clerk("appraisal.read", "appraisal.decide", key="account:91")
UNITS = {"housing": 6, "water": 5, "county-1": 4}


def tell(kind: str, fact: Fact, actor: Actor, duty: Duty | None = None) -> Duty:
    receipt = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)


def of(unit: str) -> Actor:
    path = Unit.objects.get(code=unit).path
    return clerk("appraisal.read", "appraisal.declare", path=path, unit=unit, key=f"account:5{len(unit)}")


def inspector(name: str, unit: Unit) -> int:
    account = Account(login=name, person=Person.objects.create(name=f"督查员{name}"))
    account.set_unusable_password()
    account.save()
    Grant.objects.create(account=account, role=running.INSPECTOR, unit=unit, valid_from=date(2025, 1, 1))
    return account.pk


@pytest.fixture
def city_with_items(city: dict[str, Unit], robot: Actor) -> dict[str, Unit]:
    """Items due in the first half of 2025, inspectors of the office, the water bureau and the county, and budgets."""
    for unit, n in UNITS.items():
        for number in range(n):
            fact = i.Assigned(
                at=BEGUN, title=f"{unit} 任务{number}", unit=unit, origin="report", due=date(2025, 6, 20),
                weight="important" if number == 0 else "",
            )  # fmt: skip
            tell("supervision.item", fact, robot)
        meters.set_limit(METER, city[unit], "2025", 2, actor=robot, now=BEGUN)
        meters.explain(METER, city[unit], "首年启用，没有上年数", actor=robot, now=BEGUN)
    meters.set_limit(MADE, city["office"], "2025", 9, actor=robot, now=BEGUN)
    meters.explain(MADE, city["office"], "首年启用，没有上年数", actor=robot, now=BEGUN)
    for name, unit in (("a", "office"), ("b", "water"), ("c", "county-1")):
        inspector(name, city[unit])
    return city


def deliver() -> None:
    while outbox.deliver(OPENED):
        pass


def opened(robot: Actor) -> Duty:
    fact = f.Opened(
        at=OPENED, title="2025年上半年综合评比", name="2025-1", unit="office", since=date(2025, 1, 1),
        until=date(2025, 6, 30), declare_by=date(2025, 7, 10), visit_by=date(2025, 7, 31), share=40, risk_share=100,
    )  # fmt: skip
    duty = tell("appraisal.round", fact, KEEPER)
    deliver()
    return duty


def declared(robot: Actor) -> Duty:
    duty = opened(robot)
    for claim in Duty.objects.filter(kind="appraisal.claim").select_related("unit"):
        assert claim.unit is not None
        tell(
            claim.kind,
            c.Declared(at=moment("2025-07-05 10:00"), summary="已完成"),
            of(claim.unit.code),
            claim,
        )
    return duty


def drawn(robot: Actor) -> Duty:
    duty = declared(robot)
    running.seal(duty, seed=SEED, actor=KEEPER, now=moment("2025-07-11 09:00"))
    running.draw(duty, actor=KEEPER, now=moment("2025-07-11 10:00"))
    duty.refresh_from_db()
    return duty


def visit(duty: Duty, results: dict[str, str], at: str = "2025-07-31 10:00") -> None:
    """Check everything drawn; ``results`` are those not confirmed, by unit, of its first declaration."""
    left = dict(results)
    for stream, one in sorted(planning.plan(duty).items()):
        claim = Duty.objects.get(stream=stream)
        actor = clerk("appraisal.inspect", key=f"account:{one.inspector}", unit="office")
        result = left.pop(one.unit, "confirmed")
        tell(claim.kind, c.Checked(at=moment(at), result=result, found="现场核查", seen=True), actor, claim)


def test_every_item_due_is_listed_for_its_unit_in_the_stratum_its_life_earned(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    opened(robot)

    claims = Duty.objects.filter(kind="appraisal.claim")

    assert {unit: claims.filter(unit__code=unit).count() for unit in UNITS} == UNITS
    # All items are overdue by July, so they missed their limit; the sample is of the risk stratum.
    assert claims.filter(marks__contains="|stratum_risk|").count() >= len(UNITS)


def test_an_item_whose_closing_is_being_reviewed_was_due_all_the_same(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    item = Duty.objects.filter(kind="supervision.item", unit__code="water").order_by("id")[0]
    tell(item.kind, i.Signed(at=moment("2025-03-04")), robot, item)
    tell(item.kind, i.CloseProposed(at=moment("2025-06-18"), summary="已完成"), robot, item)
    opened(robot)

    claims = Duty.objects.filter(kind="appraisal.claim")

    assert {unit: claims.filter(unit__code=unit).count() for unit in UNITS} == UNITS


def test_the_list_is_sealed_only_when_the_time_to_declare_is_over(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = declared(robot)
    with pytest.raises(Refused, match="申报截止日"):
        running.seal(duty, seed=SEED, actor=KEEPER, now=moment("2025-07-10 09:00"))

    running.seal(duty, seed=SEED, actor=KEEPER, now=moment("2025-07-11 09:00"))

    late = Duty.objects.filter(kind="appraisal.claim").order_by("id")[0]
    assert late.unit is not None
    with pytest.raises(Refused, match="名单已经封存"):
        tell(late.kind, c.TakenBack(at=moment("2025-07-11 10:00")), of(late.unit.code), late)


def test_the_seed_is_in_the_vault_and_only_its_commitment_in_the_ledger(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = drawn(robot)

    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))

    assert SEED.hex().encode() not in bodies
    assert commitment(SEED).encode() in bodies
    plan = planning.plan(duty)
    assert plan
    for stream, one in plan.items():  # nothing tells a unit that it was drawn
        (read,) = load([stream], lock=False)
        assert [body.fact for body in read.bodies] == ["Due", "Declared"]
        assert f'"{one.inspector}"'.encode() not in b"".join(body.body() for body in read.bodies)


def test_nobody_inspects_the_unit_they_belong_to_or_belonged_to(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    office = Account.objects.get(login="a")
    post = Post.objects.create(unit=city_with_items["housing"], title="科员")
    Holding.objects.create(
        person=office.person, post=post, valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1)
    )
    duty = drawn(robot)

    found = planning.round_of(duty)
    assert found.sealed is not None
    barred = drawing.pairs(found.sealed.conflicts)

    water, county = (str(Account.objects.get(login=name).pk) for name in ("b", "c"))
    assert barred == {("water", water), ("county-1", county), ("housing", str(office.pk))}
    for one in planning.plan(duty).values():
        assert (one.unit, one.inspector) not in barred


def test_drawing_takes_one_inspection_of_every_unit_or_nothing(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = declared(robot)
    running.seal(duty, seed=SEED, actor=KEEPER, now=moment("2025-07-11 09:00"))
    meters.set_limit(METER, city_with_items["water"], "2025", 0, actor=robot, now=moment("2025-07-11 09:30"))
    at = moment("2025-07-11 10:00")

    with pytest.raises(
        Refused, match=r"市水利局的接受检查次数额度不够：已用 0 次，额度 0 次.*政府督查工作条例 第十五条"
    ):
        running.draw(duty, actor=KEEPER, now=at)
    assert [meters.stands(METER, city_with_items[unit], at).used for unit in UNITS] == [0, 0, 0]

    meters.set_limit(METER, city_with_items["water"], "2025", 1, actor=robot, now=at)
    running.draw(duty, actor=KEEPER, now=at)
    assert [meters.stands(METER, city_with_items[unit], at).used for unit in UNITS] == [1, 1, 1]
    assert meters.stands(MADE, city_with_items["office"], at).used == 1


def test_a_filed_inspection_of_the_same_unit_and_matter_on_these_days_refuses_the_draw(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = declared(robot)
    values: dict[str, Any] = {
        "at": moment("2025-07-02"), "title": "检查", "matter": "关于water 任务1的专项检查", "body": "office",
        "unit": "water", "since": date(2025, 7, 28), "until": date(2025, 7, 30), "form": "special", "basis": "计划",
    }  # fmt: skip
    inspection = tell("burden.inspection", b.Planned(**values), robot)
    tell("burden.inspection", b.Filed(at=moment("2025-07-03")), robot, inspection)
    running.seal(duty, seed=SEED, actor=KEEPER, now=moment("2025-07-11 09:00"))
    at = moment("2025-07-11 10:00")

    with pytest.raises(
        Refused,
        match=rf"市水利局已有备案的同一事项检查 {inspection.number}.*并入本轮抽查（政府督查工作条例 第十五条）",
    ):
        running.draw(duty, actor=KEEPER, now=at)
    assert meters.stands(METER, city_with_items["housing"], at).used == 0

    later = b.Moved(
        at=moment("2025-07-11"), since=date(2025, 8, 4), until=date(2025, 8, 5), reason="错开抽查"
    )
    tell("burden.inspection", later, robot, inspection)
    running.draw(duty, actor=KEEPER, now=at)

    back = b.Moved(at=moment("2025-07-12"), since=date(2025, 7, 30), until=date(2025, 8, 1), reason="提前")
    with pytest.raises(Refused, match=r"2025年上半年综合评比正在抽查同一对象、同一事项.*第十五条"):
        tell("burden.inspection", back, robot, inspection)
    meters.set_limit(METER, city_with_items["water"], "2025", 3, actor=robot, now=at)
    other = tell("burden.inspection", b.Planned(**{**values, "matter": "耕地保护"}), robot)
    tell("burden.inspection", b.Filed(at=moment("2025-07-12")), robot, other)


def test_inspectors_are_told_on_the_morning_and_not_before(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = drawn(robot)
    days = sorted({one.on for one in planning.plan(duty).values()})
    first = moment(days[0].isoformat())

    def told() -> int:
        return sum("今日抽查" in str(notice) for notice in Notice.objects.all())

    at = moment("2025-07-12")
    while at < first + timedelta(hours=6, minutes=59):
        wake(at, limit=100)
        at += timedelta(hours=12)
    assert told() == 0
    wake(first, limit=100)
    wake(first + timedelta(hours=7), limit=100)

    assert told() == sum(one.on == days[0] for one in planning.plan(duty).values())


def test_only_the_inspector_it_fell_to_checks_and_only_from_the_day_on(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = drawn(robot)
    stream, one = max(planning.plan(duty).items(), key=lambda item: item[1].on)
    claim = Duty.objects.get(stream=stream)
    fell_to = clerk("appraisal.inspect", key=f"account:{one.inspector}", unit="office")

    def checked(at: str, seen: bool = True) -> c.Checked:
        return c.Checked(at=moment(at), result="confirmed", found="属实", seen=seen)

    with pytest.raises(Refused, match="还没有开封"):
        tell(claim.kind, checked("2025-07-11 11:00"), fell_to, claim)
    with pytest.raises(Refused, match="由抽签确定的督查员"):
        tell(claim.kind, checked("2025-07-31 11:00"), clerk("appraisal.inspect", key="account:999"), claim)
    with pytest.raises(Refused, match="直奔现场"):
        tell(claim.kind, checked("2025-07-31 11:00", seen=False), fell_to, claim)
    tell(claim.kind, checked("2025-07-31 11:00"), fell_to, claim)


def test_a_round_to_its_publication_with_an_appeal_and_the_draw_repeated_by_anybody(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = drawn(robot)
    plan = planning.plan(duty)
    with pytest.raises(Refused, match="没有核查"):
        running.reveal(duty, actor=KEEPER, now=moment("2025-07-20"))
    visit(duty, {"water": "refuted"})
    running.reveal(duty, actor=KEEPER, now=moment("2025-08-01 09:00"))

    found = planning.round_of(duty)
    assert found.revealed is not None and found.drawn is not None and found.sealed is not None
    claims = planning.listed("2025-1")
    assert commitment(bytes.fromhex(found.revealed.seed)) == found.sealed.commitment
    assert drawing.digest_of(claims) == found.sealed.listed
    assert drawing.plan_digest(plan) == found.drawn.plan

    wrong = Duty.objects.get(kind="appraisal.claim", phase="refuted")
    tell(wrong.kind, c.Appealed(at=moment("2025-08-02"), grounds="查错了地点"), of("water"), wrong)
    with pytest.raises(Refused, match="申诉没有处理"):
        running.rate(duty, actor=KEEPER, now=moment("2025-08-03"))
    checked_by = clerk("appraisal.decide", key=f"account:{plan[wrong.stream].inspector}")
    decision = c.AppealDecided(at=moment("2025-08-04"), result="partly", reason="部分完成")
    with pytest.raises(Refused, match="应当回避"):
        tell(wrong.kind, decision, checked_by, wrong)
    tell(wrong.kind, decision, HEAD, wrong)

    assert running.rate(duty, actor=KEEPER, now=moment("2025-08-05")) == 3
    assert running.rate(duty, actor=KEEPER, now=moment("2025-08-06")) == 0
    with pytest.raises(Refused, match="申诉期限（至2025年8月12日）未满"):
        running.publish(duty, place="市政府门户网站", actor=HEAD, now=moment("2025-08-07"))
    running.publish(duty, place="市政府门户网站", actor=HEAD, now=moment("2025-08-13"))

    scores = {}
    for rating in Duty.objects.filter(kind="appraisal.rating").select_related("unit"):
        (read,) = load([rating.stream], lock=False)
        state = rating_of([item.fact for item in read.facts])  # type: ignore[misc]
        assert rating.unit is not None and state.placed is not None
        scores[rating.unit.code] = (state.rated.hundredths, state.placed.place)
    assert scores["housing"] == (10_000, 1) and scores["county-1"] == (10_000, 1)
    assert scores["water"][0] < 10_000 and scores["water"][1] == 3
    duty.refresh_from_db()
    assert (duty.phase, duty.open) == ("published", False)
    assert rebuild(write=False).none


def rated(robot: Actor) -> Duty:
    """Everything checked, one declaration of the water bureau refuted, and rated on 5 August (a Tuesday)."""
    duty = drawn(robot)
    visit(duty, {"water": "refuted"})
    running.reveal(duty, actor=KEEPER, now=moment("2025-08-01 09:00"))
    running.rate(duty, actor=KEEPER, now=moment("2025-08-05 09:00"))
    duty.refresh_from_db()
    return duty


def rating(unit: str) -> Duty:
    return Duty.objects.select_related("unit").get(kind="appraisal.rating", unit__code=unit)


def test_a_unit_hears_its_score_and_until_when_it_may_contest_it(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    account = Account(login="declarer", person=Person.objects.create(name="申报员"))
    account.set_unusable_password()
    account.save()
    water = city_with_items["water"]
    Grant.objects.create(account=account, role="appraisal.unit", unit=water, valid_from=date(2025, 1, 1))

    rated(robot)

    (told,) = [str(one) for one in Notice.objects.filter(account=account) if "得分" in str(one)]
    assert "2025年8月12日前申诉" in told
    assert Notice.objects.get(account=account, text__contains="得分").stream == rating("water").stream


def test_a_rating_is_contested_within_its_days_and_decided_by_somebody_who_had_no_part(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = rated(robot)
    contested = rating("water")
    before = running.rating_of(contested).hundredths
    appealed = g.Appealed(at=moment("2025-08-12 17:00"), grounds="一件事项已移交外单位，不应计入")
    with pytest.raises(Refused, match="申诉期限（至2025年8月12日）已过"):
        tell(contested.kind, replace(appealed, at=moment("2025-08-13 00:00")), of("water"), contested)
    tell(contested.kind, appealed, of("water"), contested)
    contested.refresh_from_db()

    # Ten working days, from the day after: 13 to 26 August.
    assert (contested.phase, contested.due_at) == ("appealed", moment("2025-08-27"))
    with pytest.raises(Refused, match="1 件得分申诉没有处理"):
        running.publish(duty, place="门户网站", actor=HEAD, now=moment("2025-08-14"))
    decision = g.AppealDecided(at=moment("2025-08-15"), result="raised", hundredths=250, reason="移交属实")
    plan = planning.plan(duty)
    inspector_key = next(f"account:{one.inspector}" for one in plan.values() if one.unit == "water")
    for key in ("account:90", inspector_key):  # who rated, and whoever checked anything of it
        with pytest.raises(Refused, match="应当回避"):
            tell(contested.kind, decision, clerk("appraisal.decide", key=key), contested)
    own = clerk("appraisal.decide", path="/", unit="water", key="account:92")
    with pytest.raises(Refused, match="被评判单位以外"):
        tell(contested.kind, decision, own, contested)
    with pytest.raises(Refused, match="须填写更正分值"):
        tell(contested.kind, replace(decision, hundredths=0), HEAD, contested)
    tell(contested.kind, decision, HEAD, contested)

    assert running.rating_of(contested).hundredths == before + 250
    assert (
        running.rate(duty, actor=KEEPER, now=moment("2025-08-16")) == 0
    )  # the correction outlives working it out
    running.publish(duty, place="门户网站", actor=HEAD, now=moment("2025-08-18"))
    contested.refresh_from_db()
    assert contested.phase == "placed" and f"{(before + 250) / 100:.2f}分" in contested.title
    assert "|corrected|" in contested.marks
    with pytest.raises(Refused, match="位次已于"):
        other = rating("housing")
        tell(other.kind, replace(appealed, at=moment("2025-08-18 10:00")), of("housing"), other)
    with pytest.raises(Refused, match="评比结果已经公布"):
        claim = Duty.objects.filter(kind="appraisal.claim", unit__code="housing", phase="confirmed")[0]
        tell(claim.kind, c.Appealed(at=moment("2025-08-19"), grounds="不服"), of("housing"), claim)
    assert rebuild(write=False).none


def test_what_changed_after_the_scores_were_worked_out_is_worked_out_again_before_publication(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    duty = rated(robot)
    wrong = Duty.objects.get(kind="appraisal.claim", phase="refuted")
    tell(wrong.kind, c.Appealed(at=moment("2025-08-06"), grounds="查错了地点"), of("water"), wrong)
    decision = c.AppealDecided(at=moment("2025-08-07"), result="confirmed", reason="属实")
    tell(wrong.kind, decision, HEAD, wrong)

    with pytest.raises(Refused, match="请重新计算评分"):
        running.publish(duty, place="门户网站", actor=HEAD, now=moment("2025-08-14"))

    assert running.rate(duty, actor=KEEPER, now=moment("2025-08-14")) == 1
    with pytest.raises(Refused, match="申诉期限（至2025年8月21日）未满"):  # a new score may be contested anew
        running.publish(duty, place="门户网站", actor=HEAD, now=moment("2025-08-18"))
    running.publish(duty, place="门户网站", actor=HEAD, now=moment("2025-08-22"))
    assert {rating(unit).phase for unit in UNITS} == {"placed"}


def test_a_slip_taken_back_gives_its_points_back(city_with_items: dict[str, Unit], robot: Actor) -> None:
    while wake(moment("2025-06-30 09:00"), limit=100):
        pass
    duty = rated(robot)
    cost = running.rating_of(rating("county-1")).rated.slips
    slip = Duty.objects.filter(kind="supervision.slip", unit__code="county-1", marks__contains="level_red")[0]
    tell(slip.kind, s.Withdrawn(at=moment("2025-08-06"), reason="发错单位"), robot, slip)

    running.rate(duty, actor=KEEPER, now=moment("2025-08-07"))

    assert running.rating_of(rating("county-1")).rated.slips == cost - 100
    points = standing(merits.points_of([city_with_items["county-1"]]))
    assert sum(point.hundredths for point in points) == 100 - cost


def test_slips_cost_points_each_traced_to_its_entry(city_with_items: dict[str, Unit], robot: Actor) -> None:
    while wake(moment("2025-06-30 09:00"), limit=100):
        pass  # everything is overdue: an orange slip each, for the important ones red
    duty = drawn(robot)
    visit(duty, {})
    running.reveal(duty, actor=KEEPER, now=moment("2025-08-01 09:00"))
    running.rate(duty, actor=KEEPER, now=moment("2025-08-02 09:00"))

    (rating,) = Duty.objects.filter(kind="appraisal.rating", unit__code="county-1")
    rated = running.rating_of(rating).rated
    points = merits.points_of([city_with_items["county-1"]])

    assert sum(point.hundredths for point in points) == -rated.slips < 0
    for point in points:
        stream, _slash, sseq = point.entry.partition("/")
        assert Entry.objects.filter(stream=stream, sseq=int(sseq)).exists()
    (worst, *_rest) = reversed(
        merits.ranking([city_with_items[unit] for unit in UNITS], span=Span.YEAR, now=moment("2025-08-02"))
    )
    assert worst.hundredths < 0


def test_the_excellent_are_spared_field_inspections_next_year(
    city_with_items: dict[str, Unit], robot: Actor
) -> None:
    rated = g.Rated(
        at=moment("2025-08-01"), round="2025-1", unit="county-1", due=4, declared=4, checked=4, declared_bp=10_000,
        completion_bp=10_000, low_bp=10_000, high_bp=10_000, excess_bp=0, slips=0, hundredths=10_000,
    )  # fmt: skip
    rating = tell("appraisal.rating", rated, robot)
    placed = g.Placed(at=moment("2025-08-09"), place=1, tied=False, level="excellent", exempt=2026)
    tell("appraisal.rating", placed, robot, rating)
    values: dict[str, Any] = {
        "at": moment("2025-12-20"), "title": "检查", "matter": "营商环境", "body": "office", "unit": "county-1",
        "since": date(2026, 2, 2), "until": date(2026, 2, 3), "form": "special", "basis": "计划",
    }  # fmt: skip
    inspection = tell("burden.inspection", b.Planned(**values), robot)

    with pytest.raises(Refused, match="2026年免予实地督查"):
        tell("burden.inspection", b.Filed(at=moment("2025-12-21")), robot, inspection)


@pytest.mark.parametrize(
    "trace", ["leader.instruction", "brief.published", "photo", "study.hours", "meeting.held"]
)
def test_a_score_by_a_forbidden_trace_cannot_even_be_declared(trace: str) -> None:
    with pytest.raises(ForbiddenInput, match="整治形式主义"):
        MeritRule("appraisal.bad", "加分", 100, (trace,), "本市设定")
