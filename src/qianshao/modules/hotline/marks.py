"""The marks of an order, with the titles lists show: what figures count that is neither phase nor date."""

from __future__ import annotations

from .facts import APPEALS, LEVELS, RETURN_REASONS

MARKS = {
    **{f"appeal_{key}": title for key, title in APPEALS.items() if key},
    "urgent": "紧急",
    "danger": "特急",
    "secret": "要求保密",
    "at_once": "即时答复",
    "co_units": "有协办单位",
    "extended": "延期",
    "redone": "二次办理",
    "repeated": "重复来电",
    **{f"level_{key}": title for key, title in LEVELS.items()},
    "returned": "退过单",
    "returned_pending": "退单待审",
    "returned_upheld": "退单获准",
    "returned_refused": "退单被驳回",
    **{f"returned_for_{key}": f"退单：{title}" for key, title in RETURN_REASONS.items()},
    "return_barred": "不得再退",
    "not_called": "尚未回访",
    "call_reached": "回访接通",
    "call_unreached": "回访联系不上",
    "call_refused": "拒绝评价",
    "call_unreasonable": "诉求不合理",
    "responded": "已响应",
    "not_responded": "未响应",
    "solved": "已解决",
    "not_solved": "未解决",
    "satisfied_very": "满意",
    "satisfied_basically": "基本满意",
    "satisfied_not": "不满意",
    "late_dispatch": "派单超时",
    "late_sign": "签收超时",
    "late_contact": "联系超时",
    "late_return": "退单超时",
    "late_judge": "退单审核超时",
    "late_review": "审核超时",
    "late_call_back": "回访超时",
}
