"""What may be done to a problem when; a refusal says the reason."""

from __future__ import annotations

import re

from qianshao.kernel.clock import Deadline
from qianshao.kernel.words import Words, say

from . import facts as f
from .state import Problem

_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


def while_open(problem: Problem, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to what is solved, dropped or gone."""
    if problem.closed_at is not None:
        return say("这个问题已于{on}了结", on=problem.closed_at.date())
    return None


def may_revise(problem: Problem, fact: f.Revised, deadline: Deadline) -> Words | None:
    """Until it was handed to supervision."""
    if problem.reviewed and problem.reviewed.result == "pass":
        return say("已经移交督查，不能再改")
    return while_open(problem, fact, deadline)


def may_review(problem: Problem, fact: f.Reviewed, deadline: Deadline) -> Words | None:
    """What waits for a review, with the evidence that a judgement needs."""
    if refusal := while_open(problem, fact, deadline):
        return refusal
    if problem.reviewed is not None:
        return say("没有等待审核的问题；退回的，改好以后再审核")
    if fact.result != "pass":
        return None
    if fact.due is not None and fact.due < fact.on:
        return say("整改期限{due}早于今天", due=fact.due)
    return incomplete(problem)


def incomplete(problem: Problem) -> Words | None:
    """What is missing in the evidence before supervision can be asked; None when nothing is."""
    told = problem.opened
    if told.since is None or told.until is None:
        return say("请写明佐证时段")
    if told.since > told.until:
        return say("佐证时段的起日{since}晚于止日{until}", since=told.since, until=told.until)
    if told.scope == "matter" and not problem.numbers:
        return say("按同一诉求组计数的，须列出佐证工单编号")
    if told.scope == "class" and not told.topic:
        return say("按类别计数的，须写明类别")
    return None


def may_choose(problem: Problem, fact: f.Chosen, deadline: Deadline) -> Words | None:
    """A month, once, and only what was agreed to be a problem."""
    if not _MONTH.fullmatch(fact.month):
        return say("月份请写成 2026-03 的样子")
    if fact.month in problem.months:
        return say("已经是{month}的每月一题", month=fact.month)
    if problem.reviewed is None or problem.reviewed.result != "pass":
        return say("审核同意以后才能列为每月一题")
    return while_open(problem, fact, deadline)


def may_release(problem: Problem, fact: f.Released, deadline: Deadline) -> Words | None:
    """Only from a month it was chosen for."""
    return None if fact.month in problem.months else say("不是{month}的每月一题", month=fact.month)


def may_hand(problem: Problem, fact: f.Handed, deadline: Deadline) -> Words | None:
    """Only what was agreed; an item that is reopened comes back the same way."""
    if problem.gone and problem.handed and problem.handed.stream == fact.stream:
        return None
    if problem.reviewed is None or problem.reviewed.result != "pass":
        return say("审核同意以后才能移交督查")
    if problem.handed and problem.mended is None:
        return say("已经移交督查（{item}）", item=problem.handed.item)
    return None


def with_supervision(problem: Problem, fact: f.Mended | f.Gone, deadline: Deadline) -> Words | None:
    """Only of the item supervision has it under now."""
    if problem.phase != "mending" or problem.handed is None:
        return say("督查没有在办的对应事项")
    if problem.handed.item != fact.item:
        return say("现在对应的督查事项是 {item}", item=problem.handed.item)
    return None


def may_compare(problem: Problem, fact: f.Compared, deadline: Deadline) -> Words | None:
    """When the watch is over."""
    if problem.phase != "watching":
        return say("不在观察期")
    until = deadline.waiting.until if deadline.waiting else None
    if until is None or fact.at < until:
        return say("观察期还没有结束")
    return None


def may_conclude(problem: Problem, fact: f.Concluded, deadline: Deadline) -> Words | None:
    """Only where the comparison left it open."""
    return None if problem.phase == "judging" else say("没有等待定论的前后对比")


def may_reopen(problem: Problem, fact: f.Reopened, deadline: Deadline) -> Words | None:
    """Only what was mended, whether the watch is over or not."""
    if problem.phase not in ("watching", "judging", "solved"):
        return say("只有整改已经办结的问题才能重启")
    return None
