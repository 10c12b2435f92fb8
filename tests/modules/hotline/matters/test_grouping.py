"""Which messages are one matter."""

from __future__ import annotations

import random
from dataclasses import replace

from qianshao.modules.hotline.matters.grouping import NOTHING_HELD, Held, group
from qianshao.modules.hotline.matters.message import Message

from .letters import ALL, BUS, NOISE, OTHERS, letter


def groups(messages: list[Message] | tuple[Message, ...], held: Held = NOTHING_HELD) -> set[frozenset[str]]:
    return {frozenset(messages[at].key for at in positions) for positions in group(messages, held).groups}


def keys(*messages: Message) -> frozenset[str]:
    return frozenset(message.key for message in messages)


def test_messages_about_one_matter_stand_together_and_the_others_alone() -> None:
    assert groups(ALL) == {keys(*NOISE), keys(*BUS), *(keys(other) for other in OTHERS)}


def test_the_order_of_the_file_changes_nothing() -> None:
    shuffled = list(ALL)
    random.Random(7).shuffle(shuffled)

    assert groups(shuffled) == groups(ALL)


def test_every_message_is_in_one_group_and_a_group_begins_with_its_first_message() -> None:
    found = group(ALL).groups

    assert sorted(at for positions in found for at in positions) == list(range(len(ALL)))
    for positions in found:
        times = [ALL[at].sent_at for at in positions]
        assert times == sorted(times)


def test_another_line_is_another_matter_though_the_words_are_the_same() -> None:
    one = letter("1", "建议B市27路公交车增加班次", "早高峰要等四十分钟，上班族很不方便。")
    other = letter("2", "建议B市31路公交车增加班次", "早高峰要等四十分钟，上班族都不方便。", 1)
    same = letter("3", "建议B市27路公交车多加班次", "早高峰要等四十分钟，上班族都不方便。", 1)

    assert keys(one, other) not in groups([one, other, *NOISE, *OTHERS[:3]])
    assert keys(one, same) in groups([one, same, *NOISE, *OTHERS[:3]])


def test_a_thousand_copies_of_one_text_are_one_group() -> None:
    copies = [letter(f"c{n}", "幸福路路灯不亮", "幸福路 的路灯不亮，请维修。", n / 24) for n in range(1000)]

    assert groups([*copies, *ALL]) >= {keys(*copies), keys(*NOISE)}


def test_a_flood_of_one_matter_is_one_group_though_it_makes_its_own_words_common() -> None:
    dice = random.Random(3)
    titles = ("投诉碧荷苑捆绑销售车位", "碧荷苑买房必须买车位合理吗", "请查处碧荷苑开发商强制买车位")
    said = (
        "碧荷苑要求买房必须买车位",
        "不买车位就取消购房资格",
        "车位十二万一个强行捆绑",
        "认购金交了不给签合同",
    )
    own = [
        f"我是第{n}位购房者，在{place}上班"
        for n, place in enumerate(("机场", "钢厂", "学校", "医院", "码头") * 60)
    ]
    flood = [
        letter(f"f{n}", dice.choice(titles), "。".join([*dice.sample(said, 3), own[n]]), n / 20)
        for n in range(300)
    ]

    found = groups([*flood, *ALL])

    assert max(len(each & keys(*flood)) for each in found) >= 295
    assert keys(*NOISE) in found


def test_empty_messages_are_each_a_group_of_their_own() -> None:
    empty = [letter("e1", "", ""), letter("e2", "", "  "), letter("e3", "12345", "您好")]

    assert groups([*empty, *NOISE]) == {keys(*NOISE), *(keys(one) for one in empty)}


def test_one_message_and_none_are_grouped_too() -> None:
    assert groups([NOISE[0]]) == {keys(NOISE[0])}
    assert group([]).groups == ()


def test_messages_without_a_time_are_grouped_by_what_they_say() -> None:
    timeless = tuple(replace(message, sent_at=None) for message in (*NOISE, *OTHERS))

    assert groups(timeless) == groups((*NOISE, *OTHERS))


def test_a_body_of_a_hundred_thousand_letters_is_read_in_part() -> None:
    long = letter("long", "B3区榕荫花园烧烤摊油烟扰民", NOISE[0].body + "无关" * 50_000)

    assert keys(*NOISE, long) in groups([*ALL, long])


def test_what_a_clerk_holds_together_or_apart_stays_so_in_later_runs() -> None:
    held = Held(together=(("o1", "o3"),), apart=(("n1", "n2"), ("n1", "n3"), ("gone", "n1")))

    found = groups(ALL, held)

    assert {keys(OTHERS[0], OTHERS[2]), keys(NOISE[0]), keys(NOISE[1], NOISE[2])} <= found


def test_where_two_words_of_a_clerk_contradict_together_holds() -> None:
    held = Held(together=(("o1", "o3"),), apart=(("o1", "o3"),))

    assert keys(OTHERS[0], OTHERS[2]) in groups(ALL, held)
