"""An interpretation that only repeats its document, on invented texts."""

from __future__ import annotations

from qianshao.modules.openness.interpretations_excerpt import Limits, compare

DOCUMENT = """
第一条　为了规范全市公共体育场馆向社会开放，提高场馆使用效率，根据有关法律法规，结合本市实际，制定本办法。
第二条　市、县两级财政投资建设的体育场馆，应当在国家法定节假日和学校寒暑假期间延长开放时间，每日开放不少于十小时。
第三条　场馆经营单位应当对老年人、未成年人、残疾人和现役军人免费或者优惠开放，优惠幅度不低于百分之五十。
第四条　市体育行政主管部门每年组织一次开放情况评估，评估结果向社会公布，并作为安排补助资金的依据。
"""
OWN = """
为什么要出台这个办法？去年调查发现，三成场馆晚上七点以后就锁门，上班族下班没地方运动。
那么周末和假期能多玩多久呢？简单说，早上九点来、晚上七点走，中间不清场。
带孩子和老人来的家庭最划算：原来三十元一场的羽毛球，现在最多收十五元。
如果场馆没有做到，可以拨打热线反映，年底评分低的场馆，下一年拿到的补贴会减少。
"""
COPIED = (
    "一、总则。为了规范全市公共体育场馆向社会开放，提高场馆使用效率，制定本办法。"
    "二、开放时间。市、县两级财政投资建设的体育场馆，应当在国家法定节假日和学校寒暑假期间延长开放时间，每日开放不少于十小时。"
    "三、优惠。场馆经营单位应当对老年人、未成年人、残疾人和现役军人免费或者优惠开放，优惠幅度不低于百分之五十。"
)


def test_a_text_in_its_own_words_is_no_excerpt() -> None:
    found = compare(DOCUMENT, OWN, Limits())

    assert (found.share, found.is_excerpt, found.repeated) == (0, False, ())


def test_a_text_that_copies_the_articles_is_one_and_says_why() -> None:
    found = compare(DOCUMENT, COPIED, Limits())

    assert found.is_excerpt is True
    assert found.share is not None and found.share >= 90
    assert str(found.because) == (
        f"解读共 6 句，其中 3 句与文件原文相同或基本相同，占字数的 {found.share}%（限值 70%）。"
    )


def test_other_punctuation_and_full_width_letters_do_not_hide_a_copy() -> None:
    plain = compare(DOCUMENT, COPIED, Limits())
    hidden = compare(DOCUMENT, COPIED.replace("，", " , ").replace("、", "／"), Limits())

    assert hidden.share == plain.share


def test_a_quoted_article_among_own_words_is_allowed() -> None:
    quoted = OWN + "办法第四条规定：市体育行政主管部门每年组织一次开放情况评估，评估结果向社会公布。"

    found = compare(DOCUMENT, quoted, Limits())

    assert len(found.repeated) == 1
    assert found.is_excerpt is False


def test_the_limits_are_the_city_s_to_set() -> None:
    mixed = OWN + COPIED

    share = compare(DOCUMENT, mixed, Limits()).share

    assert share is not None and 30 < share < 70
    assert compare(DOCUMENT, mixed, Limits(share=share)).is_excerpt is True
    assert compare(DOCUMENT, mixed, Limits(share=share + 1)).is_excerpt is False


def test_too_little_text_is_not_judged() -> None:
    found = compare(DOCUMENT, "一图读懂，请看图。", Limits())

    assert (found.share, found.is_excerpt) == (None, None)
    assert "不足 100 字" in str(found.because)


def test_an_empty_document_repeats_nothing() -> None:
    assert compare("", COPIED, Limits()).share == 0
