"""Orders in groups of the same matter, and what people decided about them, kept by every later run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import NOW, clerk, moment

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.modules.hotline import facts as h
from qianshao.modules.hotline import gathering
from qianshao.modules.hotline.matters.grouping import Held
from qianshao.modules.hotline.models import Grouped, Member
from qianshao.modules.hotline.sameness import facts as f
from qianshao.modules.hotline.sameness.holding import held

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CLERK = clerk("hotline.analyse")
LAMPS = ("桐花路幼儿园门口路灯不亮", "桐花路幼儿园门口的路灯坏了三天，晚上接孩子看不见")
NOISE = ("海棠小区楼下烧烤店夜间噪音扰民", "海棠小区楼下的烧烤店每天营业到凌晨两点，音响声音很大")
BUS = ("建议增加27路公交班次", "早高峰27路公交车间隔太长，上班等车二十分钟")


def order(said: tuple[str, str], day: int) -> str:
    at = moment("2026-02-02 09:00") + timedelta(days=day)
    fact = h.Received(at=at, title=said[0], body=said[1], channel="web")
    return perform(
        kind=registry.kind("hotline.order"), fact=fact, actor=machine("test"), now=at, src="test"
    ).stream


def groups() -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for stream, group in Member.objects.values_list("stream", "group"):
        found.setdefault(group, set()).add(stream)
    return {frozenset(keys) for keys in found.values()}


def test_orders_about_one_matter_stand_together_and_their_words_nowhere_else(city: dict[str, Unit]) -> None:
    lamps = [order(LAMPS, day) for day in range(3)]
    lamps.append(order((f"反映{LAMPS[0]}", "路灯坏了好多天，请尽快修"), 4))
    noise = [order(NOISE, 1), order(NOISE, 2)]
    run = gathering.refresh(NOW)

    assert groups() == {frozenset(lamps), frozenset(noise)}
    assert (run.orders, run.groups) == (6, 2)
    assert dict(Member.objects.values_list("stream", "text"))[lamps[1]] == 0
    assert len({row.text for row in Member.objects.filter(stream__in=lamps)}) == 2


def test_a_run_is_not_made_again_while_nothing_was_recorded(city: dict[str, Unit]) -> None:
    order(LAMPS, 1)
    first = gathering.refresh(NOW)

    assert gathering.refresh(NOW + timedelta(hours=1)).pk == first.pk
    order(LAMPS, 2)
    assert gathering.refresh(NOW + timedelta(hours=1)).pk != first.pk
    assert Grouped.objects.count() == 2


def test_what_a_person_merged_or_split_holds_at_once_and_in_every_later_run(city: dict[str, Unit]) -> None:
    lamps = [order((LAMPS[0], f"{LAMPS[1]}{more}"), 1) for more in ("", "，请修", "，谢谢")]
    bus, noise = order(BUS, 1), order(NOISE, 2)
    gathering.refresh(NOW)

    gathering.decide(f.Merged(at=NOW, orders=bus, others=noise), actor=CLERK, now=NOW)
    split = f.Split(at=NOW, orders=",".join(lamps[:2]), others=lamps[2])
    gathering.decide(split, actor=CLERK, now=NOW)
    wanted = {frozenset((bus, noise)), frozenset(lamps[:2]), frozenset(lamps[2:])}

    assert groups() == wanted
    gathering.refresh(NOW)
    assert groups() == wanted


def test_a_decision_undone_counts_no_more(city: dict[str, Unit]) -> None:
    lamps = [order((LAMPS[0], f"{LAMPS[1]}{more}"), 1) for more in ("", "，请修")]
    gathering.refresh(NOW)
    split = f.Split(at=NOW, orders=lamps[0], others=lamps[1])
    receipt = gathering.decide(split, actor=CLERK, now=NOW)
    duty = Duty.objects.get(stream=receipt.stream)
    undone = f.Undone(at=NOW, reason="看错了")
    perform(kind=registry.kind(duty.kind), duty=duty, fact=undone, actor=CLERK, now=NOW, src="test")

    gathering.refresh(NOW)
    assert groups() == {frozenset(lamps)}


def test_one_text_cannot_be_two_matters(city: dict[str, Unit]) -> None:
    lamps = [order(LAMPS, day) for day in range(2)]
    gathering.refresh(NOW)
    with pytest.raises(Refused, match="一字不差"):
        gathering.decide(f.Split(at=NOW, orders=lamps[0], others=lamps[1]), actor=CLERK, now=NOW)


def test_an_order_whose_words_were_erased_stands_alone(city: dict[str, Unit]) -> None:
    lamps = [order(LAMPS, day) for day in range(2)]
    message = next(gathering.read([("0" * 26, NOW)]))

    assert (message.title, message.body) == ("", "")
    gathering.refresh(NOW)
    assert groups() == {frozenset(lamps)}


@pytest.mark.parametrize(
    ("decisions", "kept"),
    [
        ([f.Confirmed(at=NOW, orders="a,b,c")], Held((("a", "b"), ("b", "c")), ())),
        ([f.Split(at=NOW, orders="a,b", others="c")], Held((("a", "b"),), (("a", "c"),))),
        (
            [f.Split(at=NOW, orders="a", others="b"), f.Merged(at=NOW, orders="a", others="b")],
            Held((("a", "b"),), ()),
        ),
        (
            [f.Merged(at=NOW, orders="a", others="b"), f.Split(at=NOW, orders="a", others="b")],
            Held((), (("a", "b"),)),
        ),
    ],
    ids=["confirmed", "split", "split then merged", "merged then split"],
)
def test_the_newer_word_counts(decisions: list[f.Decision], kept: Held) -> None:
    assert held(decisions) == kept


def test_no_entry_of_a_decision_tells_what_the_orders_said(city: dict[str, Unit]) -> None:
    lamps = [order(LAMPS, day) for day in range(2)]
    gathering.refresh(NOW)
    receipt = gathering.decide(f.Confirmed(at=NOW, orders=",".join(lamps)), actor=CLERK, now=NOW)

    body = bytes(Entry.objects.get(stream=receipt.stream).body)
    assert lamps[0].encode() in body
    assert "路灯".encode() not in body
