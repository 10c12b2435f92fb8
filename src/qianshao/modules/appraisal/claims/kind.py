"""The declaration of a claim: an item due in a round, declared done or not."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped

from . import facts as f
from . import rules

READ, DECLARE, INSPECT, RUN, DECIDE = (
    "appraisal.read",
    "appraisal.declare",
    "appraisal.inspect",
    "appraisal.run",
    "appraisal.decide",
)
_KEY = "appraisal.claim"
_TAKING = "qianshao.modules.appraisal.claims.taking"


def _claims(*marks: str) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(_KEY, scope, *(Condition("marks", "", mark) for mark in marks))

    return selection


def _share(key: str, title: str, formula: str, counted: Part, base: Part) -> Indicator:
    return Indicator(
        key=f"appraisal.{key}", title=title, formula=formula, counts=counted, base=base, inputs=("check",)
    )


CLAIM = Kind(
    key=_KEY,
    title="自主申报",
    law="自主申报、专业抽查、综合评比为本市做法（DUB-13 未见原文）；抽查参照国发〔2019〕5号",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("due", "待申报"),
        Phase("declared", "已申报完成"),
        Phase("confirmed", "核查属实", open=False),
        Phase("partly", "部分属实", open=False),
        Phase("refuted", "不属实", open=False),
        Phase("appealed", "申诉待处理"),
    ),
    acts=(
        Act(f.Due, "列入申报", who=RUN, opens=True, evidence="none"),
        Act(f.Declared, "申报完成", who=DECLARE, allow=rules.may_declare, takes=f"{_TAKING}.declare"),
        Act(f.TakenBack, "撤回申报", who=DECLARE, allow=rules.may_take_back, takes=f"{_TAKING}.declare"),
        Act(
            f.Checked,
            "登记核查结果",
            who=INSPECT,
            allow=rules.may_check,
            evidence="must",
            apart=True,
            takes=f"{_TAKING}.check",
        ),
        Act(
            f.Appealed,
            "对核查结果申诉",
            who=DECLARE,
            allow=rules.may_appeal,
            takes=f"{_TAKING}.appeal",
        ),
        Act(
            f.AppealDecided,
            "处理申诉",
            who=DECIDE,
            allow=rules.may_decide,
            apart=True,
            takes=f"{_TAKING}.decide",
        ),
    ),
    rules=(rules.DECIDE,),
    reads=READ,
    prefix="SB",
    searched=("title", "item"),
    indicators=(
        _share("declared", "申报完成", "申报完成的事项数 ÷ 列入申报的事项数", _claims("declared"), _claims()),
        _share(
            "checked", "已核查", "核查过的事项数 ÷ 申报完成的事项数", _claims("checked"), _claims("declared")
        ),
        Indicator(
            key="appraisal.confirmed",
            title="核查属实",
            formula="核查属实的事项数 ÷ 核查过的事项数",
            counts=_claims("result_confirmed"),
            base=_claims("checked"),
            inputs=("check",),
            appraisal=True,
        ),
        _share(
            "refuted",
            "核查不属实",
            "核查不属实的事项数 ÷ 核查过的事项数",
            _claims("result_refuted"),
            _claims("checked"),
        ),
    ),
    marks={
        **{f"stratum_{key}": title for key, title in f.STRATA.items()},
        **{f"result_{key}": title for key, title in f.RESULTS.items()},
        "declared": "申报过",
        "checked": "核查过",
        "appealed": "申诉过",
    },
)
