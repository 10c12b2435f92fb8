"""The declaration of a request for material."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped

from ..inspections.kind import FILE, PLAN, READ
from ..meters import FORMALISM
from . import facts as f
from . import rules

_KEY = "burden.request"
_TAKING = "qianshao.modules.burden.requests.taking"
ANSWER = "burden.answer"


def _requests(*conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(_KEY, scope, *conditions)

    return selection


_STANDING = Condition("phase", "in", ("sent", "delivered"))

REQUEST = Kind(
    key=_KEY,
    title="向基层索要材料",
    law=f"{FORMALISM}：同一材料原则上只报一次",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("requested", "待发出"),
        Phase("sent", "待报送"),
        Phase("delivered", "已报送", open=False),
        Phase("cancelled", "已取消", open=False),
    ),
    acts=(
        Act(f.Requested, "拟索要材料", who=PLAN, opens=True),
        Act(f.Sent, "发出索要", who=FILE, allow=rules.may_send, takes=f"{_TAKING}.send", evidence="none"),
        Act(f.Delivered, "报送材料", who=ANSWER, allow=rules.may_deliver),
        Act(f.Shared, "共享材料", who=PLAN, allow=rules.may_share, evidence="none"),
        Act(f.Cancelled, "取消索要", who=PLAN, allow=rules.while_open, takes=f"{_TAKING}.back"),
    ),
    rules=(),
    reads=READ,
    prefix="SC",
    searched=("title",),
    indicators=(
        Indicator(
            key="burden.requests",
            title="索要的材料",
            formula="向下级发出、没有取消的索要份数",
            counts=_requests(_STANDING),
            inputs=("request",),
        ),
        Indicator(
            key="burden.requests-shared",
            title="共享使用的材料",
            formula="共享给其他单位使用的材料份数 ÷ 发出、没有取消的索要份数",
            counts=_requests(_STANDING, Condition("marks", "", "shared")),
            base=_requests(_STANDING),
            inputs=("request",),
        ),
    ),
    needs=("Requested.until",),
    marks={"shared": "已共享"},
)
