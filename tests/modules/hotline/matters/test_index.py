"""New messages find their group; clerks have the last word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qianshao.modules.hotline.matters.grouping import group
from qianshao.modules.hotline.matters.index import Index, Known, Unknown
from qianshao.modules.hotline.matters.like import like

from .letters import ALL, BUS, NOISE, OTHERS, START, letter

NEW = letter("n4", "榕荫花园烧烤摊油烟问题仍未解决", "B3区榕荫花园楼下烧烤摊油烟还是很大，请再来看看。", 9)


def test_a_new_message_joins_the_group_of_its_matter() -> None:
    index = Index(ALL)

    placed = index.place(NEW)

    assert (placed.group, placed.fresh) == ("n1", False)
    assert index.groups["n1"] == ("n1", "n2", "n3", "n4")


def test_a_matter_nobody_told_before_opens_a_group_and_the_next_one_joins_it() -> None:
    index = Index(ALL)

    first = index.place(letter("p1", "洛水公园喷泉漏水", "洛水公园的喷泉池漏水一个月，步道全湿。", 7))
    second = index.place(letter("p2", "洛水公园喷泉池一直漏水没人修", "步道都是洛水公园喷泉漏出来的水。", 8))

    assert (first.group, first.fresh) == ("p1", True)
    assert (second.group, second.fresh) == ("p1", False)


def test_placing_one_after_another_gives_what_grouping_all_gives_when_matters_are_clear() -> None:
    index = Index(ALL[:4])
    for message in ALL[4:]:
        index.place(message)

    together = {tuple(ALL[at].key for at in positions) for positions in group(ALL).groups}
    assert set(index.groups.values()) == together


def test_a_message_is_placed_once() -> None:
    index = Index(ALL)

    with pytest.raises(Known):
        index.place(NOISE[0])


def test_empty_messages_and_copies_find_their_place() -> None:
    index = Index(ALL)

    assert index.place(letter("e", "", "")).fresh
    assert index.place(letter("f", "", "")).fresh
    assert index.place(replace(NOISE[1], key="copy")).group == "n1"


def test_an_index_of_nothing_takes_the_first_message() -> None:
    index = Index([])

    assert index.place(NOISE[0]).group == "n1"
    assert index.place(NOISE[1]).group == "n1"


def test_what_looks_alike_comes_with_its_reasons() -> None:
    found = like(Index(ALL), "榕荫花园油烟", "楼下烧烤摊", START)

    assert {each.key for each in found} == {"n1", "n2", "n3"}
    assert all(each.group == "n1" and each.reasons.places == ("榕荫花园",) for each in found)
    assert all("油烟" in each.reasons.words for each in found)
    assert [each.likeness for each in found] == sorted((each.likeness for each in found), reverse=True)
    assert like(Index(ALL), "", "", None) == []
    assert like(Index([]), "榕荫花园油烟", "", None) == []


def test_a_split_holds_in_later_runs_and_a_merge_lifts_it() -> None:
    index = Index(ALL)

    out = index.split("n1", ["n3"])
    later = Index([*ALL, NEW], index.held)
    again = Index(ALL, index.held)
    back = again.merge("n1", out)

    assert later.group_of("n3") != later.group_of("n1") == later.group_of("n2")
    assert back == "n1"
    assert Index(ALL, again.held).groups["n1"] == ("n1", "n2", "n3")


def test_a_merge_holds_in_later_runs() -> None:
    index = Index(ALL)

    index.merge("o1", "o3")

    assert Index(ALL, index.held).group_of("o3") == "o1"


def test_a_confirmed_group_stays_together_even_when_its_texts_change() -> None:
    index = Index(ALL)
    index.confirm("b1")
    changed = [
        replace(message, title="另一件事", body="完全不同的内容") if message.key == "b2" else message
        for message in ALL
    ]

    assert Index(changed, index.held).group_of("b2") == "b1"
    assert Index(changed).group_of("b2") == "b2"


def test_a_confirmed_group_can_be_split_after_all() -> None:
    index = Index(ALL)
    index.confirm("n1")
    index.split("n1", ["n2"])

    later = Index(ALL, index.held)

    assert later.group_of("n1") == later.group_of("n3") != later.group_of("n2")


def test_what_is_not_there_is_refused() -> None:
    index = Index(ALL)

    with pytest.raises(Unknown):
        index.group_of("nobody")
    with pytest.raises(Unknown):
        index.merge("n1", "nobody")
    with pytest.raises(Unknown):
        index.split("n1", [OTHERS[0].key])
    with pytest.raises(ValueError, match="n1"):
        index.split("n1", [message.key for message in NOISE])
    assert index.merge("b1", "b1") == "b1"
    assert index.group_of(BUS[1].key) == "b1"
