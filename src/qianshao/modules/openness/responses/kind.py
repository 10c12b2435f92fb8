"""The declaration of a public response, for the module's own list of kinds."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from . import facts as f
from . import rules

_HANDLE = "openness.handle"

RESPONSE = Kind(
    key="openness.response",
    title="舆情回应",
    law="国办发〔2016〕80号；时限凭记忆，可修改",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    beside=rules.beside,
    phases=(
        Phase("awaited", "待回应"),
        Phase("spoken", "已发声待发布会"),
        Phase("answered", "已回应", open=False),
        Phase("let_be", "无需回应", open=False),
    ),
    acts=(
        Act(f.Arose, "登记舆情", who=_HANDLE, opens=True),
        Act(f.Spoke, "发布权威信息", who=_HANDLE, allow=rules.while_open),
        Act(f.PressMet, "举行新闻发布会", who=_HANDLE, allow=rules.may_meet),
        Act(f.LetBe, "确认无需回应", who="openness.decide", allow=rules.while_open),
    ),
    rules=(rules.WORD, rules.PRESS, rules.OTHER),
    reads="openness.read",
    prefix="HY",
    searched=("title", "url"),
)
