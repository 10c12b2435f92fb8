"""The declaration of a round."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from ..claims.kind import DECIDE, READ, RUN
from . import facts as f
from . import rules

ROUND = Kind(
    key="appraisal.round",
    title="评比轮次",
    law="自主申报、专业抽查、综合评比为本市做法（DUB-13 未见原文）；抽查参照国发〔2019〕5号",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("declaring", "申报中"),
        Phase("sealed", "名单已封存"),
        Phase("drawn", "抽查中", second="抽查开始"),
        Phase("revealed", "待评分"),
        Phase("rated", "待公布"),
        Phase("published", "已公布", open=False),
    ),
    acts=(
        Act(f.Opened, "开始评比", who=RUN, opens=True),
        Act(f.Sealed, "封存名单和种子", who=RUN, allow=rules.may_seal, evidence="none"),
        Act(
            f.Drawn,
            "抽取事项和督查员",
            who=RUN,
            allow=rules.may_draw,
            evidence="none",
            takes="qianshao.modules.appraisal.rounds.taking.draw",
        ),
        Act(f.Revealed, "公布种子", who=RUN, allow=rules.may_reveal, evidence="none"),
        Act(f.Rated, "计算评分", who=RUN, allow=rules.may_rate, evidence="none"),
        Act(f.Published, "公布评比结果", who=DECIDE, allow=rules.may_publish),
    ),
    rules=(rules.PUBLISH,),
    reads=READ,
    prefix="PB",
    searched=("title", "name"),
    needs=("Opened.declare_by", "Opened.visit_by"),
)
