"""What is true of an item beside its station and dates, by name: what lists are narrowed to and figures count."""

from __future__ import annotations

from collections.abc import Iterator

from . import facts as f
from .state import Item

MARKS = {
    **{f"origin_{key}": title for key, title in f.ORIGINS.items()},
    **{f"weight_{key}": title for key, title in f.WEIGHTS.items() if key},
    "open_list": "单位名单未列全",
    "co_units": "有配合单位",
    "signed": "已签收",
    "planned": "已报方案",
    "reported": "已报进展",
    "report_asked": "另有单位索要进展",
    "returned": "退回过",
    "returned_refused": "退回未获同意",
    "transferred": "转办过",
    "split": "有分解",
    "part": "由上级事项分解",
    "extension_asked": "申请过延期",
    "extension_pending": "延期待审",
    "extended": "延期",
    "difficulty": "反映过困难",
    "difficulty_open": "困难待协调",
    "sent_back": "办结退回过",
    "reopened": "重启过",
    **{f"slip_{key}": f"发过{title}色督办单" for key, title in f.LEVELS.items()},
    "late_approve": "立项审批超时",
    "late_sign": "签收超时",
    "late_plan": "方案超时",
    "late_report": "进展超时",
    "late_node": "节点超时",
    "late_judge": "退回审核超时",
    "late_extend": "延期审核超时",
    "late_extension": "期限届满后才延期",
    "late_answer": "协调超时",
    "late_review": "办结审核超时",
}


def marks(item: Item) -> Iterator[str]:
    """The marks of an item."""
    told = item.told
    yield f"origin_{told.origin}"
    if told.weight:
        yield f"weight_{told.weight}"
    there = {
        "open_list": told.open_list,
        "co_units": item.co_units,
        "signed": item.turns[-1].signed_at,
        "planned": item.turns[-1].planned_at,
        "reported": item.reports,
        "report_asked": item.asked,
        "returned": item.returns,
        "returned_refused": any(one.judged and one.judged.result == "refused" for one in item.returns),
        "transferred": len(item.turns) > 1,
        "split": item.parts,
        "part": isinstance(told, f.Assigned) and told.parent,
        "extension_asked": item.extensions,
        "extension_pending": item.pending_extension,
        "extended": item.granted,
        "difficulty": item.difficulties,
        "difficulty_open": item.pending_difficulty,
        "sent_back": any(one.reviewed and one.reviewed.result == "back" for one in item.closings),
        "reopened": item.reopened,
    }
    yield from (name for name, is_there in there.items() if is_there)
    yield from (f"slip_{level}" for level in dict.fromkeys(slip.level for slip in item.slips))
