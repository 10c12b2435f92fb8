"""What may be done to an order when; a refusal names the rule. What comes late is accepted and marked instead."""

from __future__ import annotations

from qianshao.kernel.clock import Deadline, may_extend
from qianshao.kernel.declare import codes
from qianshao.kernel.words import Words, say

from . import facts as f
from .rules import BARRED
from .state import Order, extension

_RANK = list(f.LEVELS)


def while_open(order: Order, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to an order that was answered, merged, turned away or taken back."""
    if order.merged:
        return say("工单已并入{number}，先拆出再办", number=order.merged.into)
    return say("工单已于{at}办结", at=order.closed_at) if order.closed_at else None


def with_unit(order: Order, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Only the unit it was dispatched to acts on it."""
    return while_open(order, fact, deadline) or (None if order.unit else say("工单还没有派给承办单位"))


def may_merge(order: Order, fact: f.Merged, deadline: Deadline) -> Words | None:
    """Into another order, before anybody has answered."""
    return while_open(order, fact, deadline)


def may_unmerge(order: Order, fact: f.Unmerged, deadline: Deadline) -> Words | None:
    """Only what was merged."""
    return None if order.merged else say("工单没有并入别的工单")


def before_dispatch(order: Order, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """The agent answers or turns away while no unit has it."""
    if order.unit:
        return say("工单已派给承办单位，应由承办单位答复或者申请退单")
    return while_open(order, fact, deadline)


def may_dispatch(order: Order, fact: f.Dispatched, deadline: Deadline) -> Words | None:
    """Not while a return is being judged, and nobody both leads and helps."""
    if order.pending:
        return say("退单还没有审核，先审核再派单")
    if fact.unit in codes(fact.co_units):
        return say("主办单位不能同时是协办单位")
    return while_open(order, fact, deadline)


def may_sign(order: Order, fact: f.Signed, deadline: Deadline) -> Words | None:
    """Once for every dispatch."""
    refusal = with_unit(order, fact, deadline)
    if refusal:
        return refusal
    if order.pending:
        return say("已申请退单，等待审核，不能签收")
    if order.turn is None:
        return say("工单不是派来的，不用签收")
    return say("工单已于{at}签收", at=order.turn.signed_at) if order.turn.signed_at else None


def may_return(order: Order, fact: f.Returned, deadline: Deadline) -> Words | None:
    """Not twice at once, and not against a judgement (潍坊市条例 第二十二条); too late is marked."""
    refusal = with_unit(order, fact, deadline)
    if refusal:
        return refusal
    if order.pending:
        return say("已申请退单，等待审核")
    if fact.rather and fact.rather == order.unit:
        return say("建议改派的单位就是本单位")
    return next((flag for flag in deadline.flags if flag.name == BARRED), None)


def may_judge(order: Order, fact: f.ReturnJudged, deadline: Deadline) -> Words | None:
    """Only a return that waits."""
    return while_open(order, fact, deadline) or (None if order.pending else say("没有等待审核的退单"))


def may_ask(order: Order, fact: f.Asked, deadline: Deadline) -> Words | None:
    """One question at a time, and the caller gets at least the day."""
    if order.asked:
        return say("正在等待诉求人补充，不能再次要求补充")
    if fact.until < fact.on:
        return say("补充期限{until}早于要求补充的日期", until=fact.until)
    return while_open(order, fact, deadline)


def may_supply(order: Order, fact: f.Supplied, deadline: Deadline) -> Words | None:
    """Only what was asked for can be brought."""
    return while_open(order, fact, deadline) or (None if order.asked else say("没有要求诉求人补充过内容"))


def may_be_extended(order: Order, fact: f.Extended, deadline: Deadline) -> Words | None:
    """Within the rule's own limits: how often, how much, with whose consent, and before it ran out."""
    if fact.days < 1:
        return say("延长至少 1 个工作日")
    if order.asked:
        return say("时限正在暂停，恢复后才能延期")
    if deadline.rule is None:
        return say("本期限不能延长")
    granted = [given for given in order.extensions if given.at >= order.since]
    return while_open(order, fact, deadline) or may_extend(
        deadline.rule, deadline.until, granted, extension(fact)
    )


def may_co_report(order: Order, fact: f.CoReported, deadline: Deadline) -> Words | None:
    """Only the units named to help."""
    if fact.unit not in order.co_units:
        return say("该单位不是本工单的协办单位")
    return while_open(order, fact, deadline)


def may_reply(order: Order, fact: f.Replied, deadline: Deadline) -> Words | None:
    """Who wants to be rid of an order does not answer it meanwhile."""
    if order.pending:
        return say("已申请退单，等待审核，不能答复")
    return while_open(order, fact, deadline)


def may_review(order: Order, fact: f.Reviewed, deadline: Deadline) -> Words | None:
    """Each reply once; sending back needs a reason."""
    if order.answer is None:
        return say("还没有答复，不能审核")
    if order.answer.reviewed:
        return say("这次答复已经审核过")
    if fact.result == "back" and not fact.reason:
        return say("退回重办须写明审核意见")
    return None


def may_call_back(order: Order, fact: f.CalledBack, deadline: Deadline) -> Words | None:
    """After the reply passed its review, until the caller was reached (国办发〔2020〕53号: 办结、回访、评价)."""
    if order.answer is None or order.answer.reviewed is None:
        return say("答复审核通过后才能回访")
    if order.closed:
        return say("工单已于{at}归档", at=order.closed.at)
    if order.answer.called and order.answer.called.outcome == "reached":
        return say("诉求人已经作出评价，不能再次回访")
    if fact.outcome == "reached" and not fact.satisfied:
        return say("接通的回访须记明满意程度")
    if fact.outcome != "reached" and (fact.responded or fact.solved or fact.satisfied):
        return say("诉求人没有作出评价，不能填写响应、解决和满意程度")
    return None


def may_rate(order: Order, fact: f.Rated, deadline: Deadline) -> Words | None:
    """Once for each answer."""
    if order.answer is None and order.at_once is None:
        return say("还没有答复，不能评价")
    return say("诉求人已经评价过") if order.rated else None


def may_close(order: Order, fact: f.Closed, deadline: Deadline) -> Words | None:
    """Filed only after the caller was called back."""
    if order.closed or order.at_once:
        return say("工单已经归档")
    if order.answer is None or order.answer.called is None:
        return say("回访以后才能归档")
    return None


def may_reopen(order: Order, fact: f.Reopened, deadline: Deadline) -> Words | None:
    """Only what was answered can be done again."""
    if order.merged or order.declined or order.withdrawn or (order.answer is None and order.at_once is None):
        return say("只有已答复的工单才能重办")
    return None


def may_escalate(order: Order, fact: f.Escalated, deadline: Deadline) -> Words | None:
    """Upwards only (济南市条例 第二十九、三十条)."""
    if order.level and _RANK.index(fact.level) <= _RANK.index(order.level):
        return say("工单已由“{level}”，只能提到更高层级", level=f.LEVELS[order.level])
    return say("诉求人已撤回") if order.withdrawn else None
