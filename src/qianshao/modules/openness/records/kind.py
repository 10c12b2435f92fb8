"""The declaration of a disputed record, for the module's own list of kinds."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from .. import figures
from . import facts as f
from . import rules

_HANDLE = "openness.handle"

RECORD = Kind(
    key="openness.record",
    title="更正信息记录",
    law="政府信息公开条例 第四十一条；处理日数由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("checking", "核查中"),
        Phase("settled", "已处理待告知"),
        Phase("told", "已告知申请人", open=False),
        Phase("taken_back", "申请人已撤回", open=False),
    ),
    acts=(
        Act(f.Disputed, "收到更正申请", who=_HANDLE, opens=True),
        Act(f.Handed, "确定核查单位", who=_HANDLE, allow=rules.while_open, evidence="none"),
        Act(f.Settled, "作出更正处理", who=_HANDLE, allow=rules.may_settle),
        Act(f.ApplicantTold, "告知更正结果", who=_HANDLE, allow=rules.may_tell),
        Act(f.TakenBack, "撤回更正申请", who=_HANDLE, allow=rules.while_open),
    ),
    rules=(rules.CORRECT,),
    reads="openness.read",
    prefix="GZ",
    sealed_title="record",
    subject="applicant",
    searched=("record", "applicant", "number"),
    indicators=figures.RECORDS,
)
