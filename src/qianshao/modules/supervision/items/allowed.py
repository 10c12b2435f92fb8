"""What may be done to an item when; a refusal names the rule. What comes late is accepted and marked instead."""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta

from qianshao.kernel.clock import Deadline, last_day, may_extend
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words, say

from . import facts as f
from .rules import extension
from .state import BadNode, Item, nodes_of

_ONCE = "整治形式主义为基层减负若干规定：同一材料原则上只报一次"


def while_open(item: Item, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to an item that is closed, cancelled or was never approved."""
    if item.closed_at is not None:
        return say("事项已于{on}了结", on=item.closed_at.date())
    return None


def when_owed(item: Item, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Only what counts as an item is worked on (政府督查工作条例 第十一条)."""
    if item.begun_at is None and item.closed_at is None:
        return say("立项还没有批准（政府督查工作条例 第十一条）")
    return while_open(item, fact, deadline)


def in_hand(item: Item, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Only the unit that leads works on it, and not while it wants to be rid of it or says it is done."""
    if refusal := when_owed(item, fact, deadline):
        return refusal
    if item.closing:
        return say("已于{on}报请办结，正在审核", on=item.closing.proposed.on)
    if item.pending_return:
        return say("已申请退回，等待审核")
    return None if item.unit else say("事项已退回，还没有另定牵头单位")


def may_decide(item: Item, fact: f.Approved | f.Declined, deadline: Deadline) -> Words | None:
    """Only a proposal, once."""
    if item.begun_at is not None:
        return say("事项已于{on}立项", on=item.begun_at.date())
    return while_open(item, fact, deadline)


def may_sign(item: Item, fact: f.Signed, deadline: Deadline) -> Words | None:
    """Once for every lead."""
    signed = item.turns[-1].signed_at
    return in_hand(item, fact, deadline) or (say("已于{at}签收", at=signed) if signed else None)


def may_return(item: Item, fact: f.Returned, deadline: Deadline) -> Words | None:
    """Not against a judgement, and not a lead that has handed in its plan."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    if any(one.judged and one.judged.result == "refused" and one.unit == item.unit for one in item.returns):
        return say("退回未获同意，不得再次退回")
    if item.turns[-1].planned_at:
        return say("已报工作方案，不能退回；情况变化的，请反映困难")
    return say("建议牵头单位就是本单位") if fact.rather == item.unit else None


def may_judge(item: Item, fact: f.ReturnJudged, deadline: Deadline) -> Words | None:
    """Only a return that waits."""
    waits = item.pending_return
    return when_owed(item, fact, deadline) or (None if waits else say("没有等待审核的退回"))


def may_transfer(item: Item, fact: f.Transferred, deadline: Deadline) -> Words | None:
    """To another unit, and not while a return or a proposal to close waits."""
    if refusal := when_owed(item, fact, deadline):
        return refusal
    if item.pending_return:
        return say("退回还没有审核，先审核再转办")
    if item.closing:
        return say("已于{on}报请办结，先审核再转办", on=item.closing.proposed.on)
    return say("事项已经由这个单位牵头") if fact.unit == item.unit else None


def may_split(item: Item, fact: f.Split, deadline: Deadline) -> Words | None:
    """After signing, to somebody else, within the item's own limit, one open part for each unit."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    if item.turns[-1].signed_at is None and not item.reopened:
        return say("签收以后才能分解")
    if fact.unit == item.unit:
        return say("不能分解给本单位")
    if any(part.unit == fact.unit and part.closed_at is None for part in item.parts):
        return say("已经有一部分分解给这个单位，尚未办结")
    limit = deadline.last_day
    if fact.due and limit and fact.due > limit:
        return say("分解的期限{due}晚于本事项的期限{limit}", due=fact.due, limit=limit)
    return None


def may_note_part(item: Item, fact: f.PartClosed, deadline: Deadline) -> Words | None:
    """Only a part that was split off and is not done."""
    there = any(part.unit == fact.unit and part.closed_at is None for part in item.parts)
    return None if there else say("没有分解给这个单位的未办结部分")


def may_plan(item: Item, fact: f.Planned, deadline: Deadline) -> Words | None:
    """Milestones in order of their days, none after the item's limit."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    try:
        nodes = nodes_of(fact.nodes)
    except BadNode as error:
        return say(
            "第 {n} 行“{line}”没有以日期开头，请写成：2026-03-31 完成选址", n=error.line, line=error.text
        )
    if not 0 < len(nodes) <= 100:
        return say("请写 1 至 100 个节点，每行一个")
    limit = deadline.last_day
    for before, node in zip((None, *nodes), nodes, strict=False):
        if before and node.due < before.due:
            return say("节点“{title}”的日期早于前一个节点", title=node.title)
        if limit and node.due > limit:
            return say("节点“{title}”晚于事项的期限{limit}", title=node.title, limit=limit)
    return None


def may_reach(item: Item, fact: f.NodeReached, deadline: Deadline) -> Words | None:
    """A milestone of the plan, once."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    if not 1 <= fact.node <= len(item.nodes):
        return say("工作方案没有第 {n} 个节点", n=fact.node)
    reached = item.nodes[fact.node - 1].reached_at
    return say("这个节点已于{at}完成", at=reached) if reached else None


def may_ask_report(item: Item, fact: f.ReportAsked, deadline: Deadline) -> Words | None:
    """What was reported is not asked for again: one report serves all (BUR-20, BUR-22)."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    given = [one for one in item.reports if one.at <= fact.at]
    if given and fact.at < given[-1].at + timedelta(days=_fresh(item, fact)):
        return say(
            "已于{on}报送进展，{who}可以直接使用这份报告，不再要求填报（{law}）",
            on=given[-1].on,
            who=fact.who,
            law=_ONCE,
        )
    return None


def _fresh(item: Item, fact: f.ReportAsked) -> int:
    """How many days a report serves everybody: a month, or the quarter between two reports."""
    local = fact.at.astimezone(SHANGHAI)
    month = monthrange(local.year, local.month)[1]
    return 92 if item.told.rhythm in ("quarterly", "quarter_end") else month


def may_ask_extension(item: Item, fact: f.ExtensionAsked, deadline: Deadline) -> Words | None:
    """A later day than the limit, within what the rule allows; late asking is accepted and lateness stays."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    if item.pending_extension:
        return say("延期申请正在等待审核")
    return _may_be_later(item, fact.until, fact, deadline, "申请")


def _may_be_later(
    item: Item, until: object, fact: f.ExtensionAsked | f.ExtensionJudged, deadline: Deadline, by: str
) -> Words | None:
    limit = deadline.last_day
    if limit is None or deadline.rule is None or fact.until is None:
        return say("请填写延至哪一天")
    if fact.until <= limit:
        return say("延至的日期{until}不晚于现在的期限{limit}", until=fact.until, limit=limit)
    granted = []
    before = limit
    for given in reversed(item.granted):
        granted.append(extension(item, before, given.until or given.on, given.at, given.by))
        before = given.until or given.on
    asked = extension(item, fact.until, limit, fact.at, by)
    return may_extend(deadline.rule, deadline.until, granted, asked)


def may_judge_extension(item: Item, fact: f.ExtensionJudged, deadline: Deadline) -> Words | None:
    """Agreed, with the later day; or not, with the reason."""
    if refusal := when_owed(item, fact, deadline):
        return refusal
    if item.pending_extension is None:
        return say("没有等待审核的延期申请")
    if item.closing:
        return say("已于{on}报请办结，正在审核", on=item.closing.proposed.on)
    if fact.result == "refused":
        return None if fact.note.strip() else say("不同意延期的，须写明理由")
    return _may_be_later(item, fact.until, fact, deadline, fact.by)


def may_answer(item: Item, fact: f.DifficultyAnswered, deadline: Deadline) -> Words | None:
    """Only what was reported."""
    waits = item.pending_difficulty
    return when_owed(item, fact, deadline) or (None if waits else say("没有等待协调的困难"))


def may_propose_closing(item: Item, fact: f.CloseProposed, deadline: Deadline) -> Words | None:
    """After signing, and when every part that was split off is done."""
    if refusal := in_hand(item, fact, deadline):
        return refusal
    if item.turns[-1].signed_at is None and not item.reopened:
        return say("签收以后才能报请办结")
    left = [part for part in item.parts if part.closed_at is None]
    if left:
        return say("分解出去的“{title}”还没有办结", title=left[0].title)
    return None


def may_review(item: Item, fact: f.CloseReviewed, deadline: Deadline) -> Words | None:
    """Only a proposal that waits, and not with a moment before it."""
    if item.closing is None or item.closing.reviewed:
        return while_open(item, fact, deadline) or say("没有等待审核的办结报告")
    return say("早于报请办结的时间") if fact.at < item.closing.proposed.at else None


def may_escalate(item: Item, fact: f.Escalated, deadline: Deadline) -> Words | None:
    """Upwards only: one matter, one slip of each level (DUB-07)."""
    rank = list(f.LEVELS)
    if item.slips and rank.index(fact.level) <= rank.index(item.slips[-1].level):
        return say("已经发过督办单 {slip}，一事一单，只能升级", slip=item.slips[-1].slip)
    return when_owed(item, fact, deadline)


def may_reopen(item: Item, fact: f.Reopened, deadline: Deadline) -> Words | None:
    """Only what was closed or cancelled, by a limit that is still to come."""
    if item.declined or item.closed_at is None:
        return say("只有已经办结或者撤销的事项才能重启")
    if fact.at < item.closed_at:
        return say("早于了结的时间")
    if fact.due and fact.due < last_day(fact.at + timedelta(microseconds=1)):
        return say("重启的期限{due}早于重启之日", due=fact.due)
    return None
