"""12345 便民热线: what this module promises, said once."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Module, Phase, Role

from . import facts as f
from . import rules
from .figures import INDICATORS

ORDER = Kind(
    key="hotline.order",
    title="诉求工单",
    law="国办发〔2020〕53号；国办函〔2025〕66号；办理时限由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("received", "待派单"),
        Phase("handling", "办理中"),
        Phase("asked", "待补充", paused=True, second="诉求人补充期限"),
        Phase("replied", "已答复", open=False),
        Phase("withdrawn", "已撤回", open=False),
    ),
    acts=(
        Act(f.Received, "受理诉求", who="hotline.receive", opens=True),
        Act(f.Dispatched, "派单", who="hotline.dispatch", allow=rules.while_open, evidence="none"),
        Act(f.Asked, "请诉求人补充", who="hotline.handle", allow=rules.may_ask),
        Act(f.Supplied, "收到补充", who="hotline.handle", allow=rules.may_supply),
        Act(f.Extended, "同意延期", who="hotline.extend", allow=rules.may_be_extended),
        Act(f.Replied, "答复", who="hotline.handle", allow=rules.while_open),
        Act(f.Withdrawn, "诉求人撤回", who="hotline.receive", allow=rules.while_open),
    ),
    rules=(rules.ANSWER,),
    reads="hotline.read",
    prefix="RX",
    sealed_title="title",
    subject="caller",
    searched=("title", "body", "place", "number"),
    indicators=INDICATORS,
)

MODULE = Module(
    key="hotline",
    title="12345 热线",
    kinds=(ORDER,),
    roles=(
        Role(
            "hotline.agent",
            "热线话务员",
            frozenset(
                {"hotline.read", "hotline.receive", "hotline.dispatch", "hotline.import", "hotline.text"}
            ),
            city=True,
        ),
        Role(
            "hotline.chief",
            "热线负责人",
            frozenset(
                {
                    "hotline.read",
                    "hotline.receive",
                    "hotline.dispatch",
                    "hotline.extend",
                    "hotline.import",
                    "hotline.correct",
                    "hotline.text",
                    "hotline.reveal",
                    "hotline.export",
                }
            ),
            city=True,
        ),
        Role("hotline.unit", "承办单位联络员", frozenset({"hotline.read", "hotline.handle", "hotline.text"})),
    ),
)
