"""The declarations of documents and meetings under a yearly number."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped

from ..inspections.kind import FILE, PLAN, READ
from ..meters import FORMALISM
from . import facts as f
from . import rules

_TAKING = "qianshao.modules.burden.papers.taking"
_MARKS = {
    "explained": "附书面说明",
    "too_long": "超长",
    "not_assessed": "未作评估",
    "asks_follow_up": "要求报送落实情况",
    "speech_too_long": "讲话超时",
    "second_speech": "两人讲话",
    "below": "要求县级以下参加",
}


def _of(kind: str, *conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(kind, scope, *conditions)

    return selection


def _figures(kind: str, key: str, title: str, long_title: str) -> tuple[Indicator, ...]:
    registered = Condition("phase", "", "registered")
    return (
        Indicator(
            key=f"burden.{key}",
            title=title,
            formula="已登记且未撤回的数量",
            counts=_of(kind, registered),
            inputs=("register",),
        ),
        Indicator(
            key=f"burden.{key}-long",
            title=long_title,
            formula="超长的数量 ÷ 已登记且未撤回的数量",
            counts=_of(kind, registered, Condition("marks", "", "too_long")),
            base=_of(kind, registered),
            inputs=("register",),
        ),
    )


_PHASES = (
    Phase("drafted", "待登记"),
    Phase("registered", "已登记", open=False),
    Phase("withdrawn", "已撤回", open=False),
)

DOCUMENT = Kind(
    key="burden.document",
    title="发文登记",
    law=FORMALISM,
    fold=rules.document,
    clock=rules.document_clock,
    look=rules.document_look,
    phases=_PHASES,
    acts=(
        Act(f.Drafted, "拟发文件", who=PLAN, opens=True),
        Act(f.Explained, "附书面说明", who=PLAN, allow=rules.while_drafted),
        Act(f.Registered, "登记", who=FILE, allow=rules.may_register, takes=f"{_TAKING}.document"),
        Act(f.Withdrawn, "撤回", who=PLAN, allow=rules.may_withdraw, takes=f"{_TAKING}.back"),
    ),
    rules=(rules.REGISTER,),
    reads=READ,
    prefix="FW",
    searched=("title",),
    indicators=_figures("burden.document", "documents", "登记的文件", "超长的文件"),
    marks={
        key: title
        for key, title in _MARKS.items()
        if key not in ("speech_too_long", "second_speech", "below")
    },
)

MEETING = Kind(
    key="burden.meeting",
    title="会议登记",
    law=FORMALISM,
    fold=rules.meeting,
    clock=rules.meeting_clock,
    look=rules.meeting_look,
    phases=_PHASES,
    acts=(
        Act(f.Arranged, "拟开会议", who=PLAN, opens=True),
        Act(f.Explained, "附书面说明", who=PLAN, allow=rules.while_drafted),
        Act(f.Registered, "登记", who=FILE, allow=rules.may_register, takes=f"{_TAKING}.meeting"),
        Act(f.Withdrawn, "撤回", who=PLAN, allow=rules.may_withdraw, takes=f"{_TAKING}.back"),
    ),
    rules=(rules.REGISTER, rules.SPEECH, rules.HALF_DAY, rules.DAY_AND_A_HALF),
    reads=READ,
    prefix="HY",
    searched=("title",),
    indicators=_figures("burden.meeting", "meetings", "登记的会议", "超时的会议"),
    marks={key: title for key, title in _MARKS.items() if key not in ("not_assessed", "asks_follow_up")},
)
