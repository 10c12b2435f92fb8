"""Hints to the reviewer of a reply."""

from __future__ import annotations

import pytest

from qianshao.modules.hotline.matters.replies import Earlier, Hints, core, hints

COMPLAINT = "B3区榕荫花园烧烤摊油烟扰民\n楼下的烧烤摊每晚营业到两点，油烟直往家里灌，请管一管。"
GOOD = (
    "网友“UU001”您好！您的留言已收悉。现将有关情况回复如下：3月5日晚，区城管局与东街街道对榕荫花园烧烤摊进行了检查，"
    "责令两家摊主安装油烟净化装置，3月20日前完成。感谢您的关心与支持！2026年3月9日"
)


def test_a_reply_that_says_what_who_and_when_gets_no_hint() -> None:
    assert hints(COMPLAINT, GOOD) == Hints(())


def test_the_frame_of_a_reply_is_left_out() -> None:
    assert (
        core(GOOD)
        == "3月5日晚,区城管局与东街街道对榕荫花园烧烤摊进行了检查,责令两家摊主安装油烟净化装置,3月20日前完成"
    )


@pytest.mark.parametrize(
    ("question", "reply", "expected"),
    [
        (COMPLAINT, "", {"empty"}),
        (COMPLAINT, "网友您好！您的留言已收悉。感谢您的支持！2026年3月9日", {"empty"}),
        (COMPLAINT, "您反映的问题已转交区城管局调查处理，请耐心等待。", {"forwarded", "no_time"}),
        (COMPLAINT, "已转有关部门办理。", {"forwarded", "no_time"}),
        (COMPLAINT, "3月5日，市公交公司对27路公交车班次进行了调整，末班车延长到晚上十点整。", {"off_topic"}),
        (COMPLAINT, "榕荫花园烧烤摊油烟扰民，城管局高度重视，将努力改善居民的生活环境。", {"no_act", "no_time"}),
        (COMPLAINT, "3月5日已对榕荫花园的烧烤摊油烟问题进行了检查并责令改正。", {"no_actor"}),
        (COMPLAINT, "区城管局已对榕荫花园的烧烤摊油烟问题进行了检查并责令改正。", {"no_time"}),
        ("咨询清源新村何时通天然气\n我们小区一直没有天然气。", "清源新村的天然气管道由燃气公司负责施工，请您耐心等待通气。", {"asked_when"}),
        ("咨询落户手续费是多少钱\n想办落户。", "办理落户手续请携带身份证到派出所户籍窗口，工作人员会告诉您手续费。", {"asked_how_much"}),
        ("请问居住证去哪里办理\n我刚来本市打工。", "办理居住证须提供身份证和租房合同，当场可以受理，符合条件的都能办。", {"asked_where"}),
        ("咨询医保缴费政策\n灵活就业。", "灵活就业人员可以按照医保缴费政策自愿参加，缴费比例由本人选择。", set()),
    ],
)  # fmt: skip
def test_each_hint_has_its_reason(question: str, reply: str, expected: set[str]) -> None:
    assert set(hints(question, reply).hints) == expected


def test_a_reply_copied_to_another_question_is_found_and_to_the_same_question_only_told() -> None:
    earlier = Earlier([("1", "B3区榕荫花园烧烤摊油烟扰民", GOOD)])
    copied = GOOD.replace("UU001", "UU777").replace("2026年3月9日", "2026年4月1日")

    same = hints("B3区榕荫花园烧烤摊油烟扰民依旧\n", copied, earlier)
    other = hints("B5区长虹路路灯不亮\n请修。", copied, earlier)

    assert (same.copy_of, same.hints) == ("1", ())
    assert (other.copy_of, other.hints) == ("1", ("off_topic", "copied"))


def test_short_answers_that_are_alike_are_not_called_copies() -> None:
    earlier = Earlier([("1", "咨询医保", "请到市政务服务中心三楼办理医保手续。")])

    assert hints("咨询医保\n", "请到市政务服务中心三楼办理医保手续。", earlier).copy_of == ""
