"""Remarks on a duty: each a sentence for people and a name for machines.

An act late in law is recorded and remarked; one against the law is refused and leaves nothing to remark.
"""

from __future__ import annotations

from datetime import date, datetime

from qianshao.kernel.words import Words, named, say


def late_correction_notice(limit: date, on: date, article: str) -> Words:
    """The applicant was told to correct after the seven working days."""
    return named(
        "late_correction_notice",
        say(
            "补正告知逾期：应于{limit}前一次性告知，实际{on}（{article}）",
            limit=limit,
            on=on,
            article=article,
        ),
    )


def no_correction_period(article: str) -> Words:
    """The notice sets no day."""
    return named("no_correction_period", say("补正告知没有写明合理的补正期限（{article}）", article=article))


def late_opinion(limit: date, on: date, article: str) -> Words:
    """An opinion came after its period; the reply clock had gone on by then."""
    return named(
        "late_opinion",
        say(
            "意见逾期提出：应于{limit}前，实际{on}，答复期限自期满后继续计算（{article}）",
            limit=limit,
            on=on,
            article=article,
        ),
    )


def answered_before_opinion(limit: date, article: str) -> Words:
    """The reply disclosed while the other side still had time to speak."""
    return named(
        "answered_before_opinion",
        say("征求意见期限（至{limit}）未满即决定公开（{article}）", limit=limit, article=article),
    )


def late_answer(limit: date, on: date, article: str) -> Words:
    """The reply came after its period."""
    return named(
        "late_answer",
        say("答复逾期：应于{limit}前答复，实际{on}（{article}）", limit=limit, on=on, article=article),
    )


def posted_late(limit: date, on: date) -> Words:
    """Signed in time, sent too late; the law does not say which date counts."""
    return named(
        "posted_late",
        say(
            "落款在期限内，寄出或者送达日{on}已过{limit}；以哪一日为准法无明文，三个日期均予记录",
            limit=limit,
            on=on,
        ),
    )


def late_fee_notice(limit: date, on: date, article: str) -> Words:
    """The applicant was told the fee too late."""
    return named(
        "late_fee_notice",
        say("收费通知逾期：应于{limit}前发出，实际{on}（{article}）", limit=limit, on=on, article=article),
    )


def no_review_notice() -> Words:
    """A refusal that does not name the review that must come first."""
    return named(
        "no_review_notice", say("不予公开的答复没有告知先申请行政复议（行政复议法 第二十三条第二款）")
    )


def extension_untold(article: str) -> Words:
    """The applicant was told of the extension after the old day had passed."""
    return named("extension_untold", say("延长答复在期限届满之后才告知申请人（{article}）", article=article))


def late_publication(limit: date, on: date, article: str) -> Words:
    """A document came out after its twenty working days."""
    return named(
        "late_publication",
        say("公开逾期：应于{limit}前公开，实际{on}（{article}）", limit=limit, on=on, article=article),
    )


def changed_after_due(limit: date, article: str) -> Words:
    """A document changed when it should have been out already."""
    return named(
        "changed_after_due",
        say("变更前的公开期限（{limit}）已经届满，当时未公开（{article}）", limit=limit, article=article),
    )


def no_grounds() -> Words:
    """Not disclosed, and nobody said why."""
    return named("no_grounds", say("不主动公开没有写明理由和条款（政府信息公开条例 第十三至十六条）"))


def no_plan() -> Words:
    """A policy document that came out without a plan to explain it."""
    return named(
        "no_plan", say("没有解读方案（国办发〔2016〕80号：解读方案与文件同步组织、同步审签、同步部署）")
    )


def late_interpretation(limit: date, on: date) -> Words:
    """The interpretation came later than three working days after the document."""
    return named("late_interpretation", say("解读逾期：应于{limit}前发布，实际{on}", limit=limit, on=on))


def not_linked() -> Words:
    """Document and interpretation do not link to each other both ways."""
    return named("not_linked", say("文件与解读没有相互链接"))


def excerpt() -> Words:
    """The interpretation only repeats the document."""
    return named("excerpt", say("解读只是摘抄文件原文"))


def late_report(limit: date, on: date, article: str) -> Words:
    """The yearly report came out after its day."""
    return named(
        "late_report",
        say("年度报告逾期：应于{limit}前公布，实际{on}（{article}）", limit=limit, on=on, article=article),
    )


def late_hand_in(limit: date, on: date, article: str) -> Words:
    """A department handed its report to the office in charge after its day."""
    return named(
        "late_hand_in",
        say(
            "年度报告逾期提交主管部门：应于{limit}前，实际{on}（{article}）",
            limit=limit,
            on=on,
            article=article,
        ),
    )


def late_upkeep(limit: date, on: date, article: str) -> Words:
    """Guide or catalogue were brought up to date too late."""
    return named(
        "late_upkeep",
        say(
            "指南或者目录更新逾期：应于{limit}前，实际{on}（{article}）", limit=limit, on=on, article=article
        ),
    )


def late_record(limit: date, on: date, article: str) -> Words:
    """The applicant heard too late what came of the record they disputed."""
    return named(
        "late_record",
        say("更正处理逾期：应于{limit}前告知，实际{on}（{article}）", limit=limit, on=on, article=article),
    )


def late_word(limit: datetime, at: datetime, article: str) -> Words:
    """The first authoritative word came too late."""
    return named(
        "late_word",
        say("权威信息发布逾时：应于{limit}前，实际{at}（{article}）", limit=limit, at=at, article=article),
    )


def late_press(limit: datetime, at: datetime, article: str) -> Words:
    """The press conference came too late."""
    return named(
        "late_press",
        say("新闻发布会逾时：应于{limit}前，实际{at}（{article}）", limit=limit, at=at, article=article),
    )


def not_by_head() -> Words:
    """Somebody else than the head of the drafting unit is the first to interpret (INT-4)."""
    return named(
        "not_by_head",
        say("第一解读人不是起草部门主要负责人（辽政办〔2022〕43号，地方规定，未核实）"),
    )


def not_by_drafter() -> Words:
    """Another unit than the one that drafted interprets (INT-4)."""
    return named(
        "not_by_drafter", say("解读单位不是起草单位（谁起草谁解读；辽政办〔2022〕43号，地方规定，未核实）")
    )


def excused_in_scope(what: str) -> Words:
    """A document of a kind that is to be interpreted was excused (INT-5)."""
    return named(
        "excused_in_scope",
        say("{what}属于应当解读的范围，却确认无需解读（辽政办〔2022〕43号，地方规定，未核实）", what=what),
    )


def uninterpreted_unsaid() -> Words:
    """Said to need no interpretation, and not why: it is owed all the same."""
    return named(
        "uninterpreted_unsaid",
        say("登记为不在解读范围，却没有写明理由，解读事项照常登记（国办发〔2016〕80号）"),
    )
