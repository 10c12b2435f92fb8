"""The declaration of a rating."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Scope, Selection, scoped

from ..claims.kind import DECIDE, DECLARE, READ, RUN
from . import facts as f
from . import rules

_KEY = "appraisal.rating"


def _ratings(scope: Scope) -> Selection:
    return scoped(_KEY, scope)


def _over(scope: Scope) -> Selection:
    return scoped(_KEY, scope, Condition("marks", "", "over_declared"))


def _corrected(scope: Scope) -> Selection:
    return scoped(_KEY, scope, Condition("marks", "", "corrected"))


RATING = Kind(
    key=_KEY,
    title="单位评分",
    law="本市设定的公式，见说明；不以批示、信息刊载、会议、文件、照片、点赞、学时计分（整治形式主义为基层减负若干规定）",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("rated", "已评分", paused=True, second="申诉期限"),
        Phase("appealed", "申诉待处理"),
        Phase("decided", "申诉已处理"),
        Phase("placed", "已定等次", open=False),
    ),
    acts=(
        Act(f.Rated, "登记得分", who=RUN, opens=True, later=True, allow=rules.may_rate, evidence="none"),
        Act(f.Appealed, "对得分申诉", who=DECLARE, allow=rules.may_appeal),
        Act(
            f.AppealDecided,
            "处理得分申诉",
            who=DECIDE,
            allow=rules.may_decide,
            apart=True,
            takes="qianshao.modules.appraisal.ratings.withdrawing.decide",
        ),
        Act(f.Placed, "确定等次", who=DECIDE, allow=rules.may_place, evidence="none"),
    ),
    rules=(rules.CONTEST, rules.DECIDE),
    reads=READ,
    prefix="PF",
    indicators=(
        Indicator(
            key="appraisal.over-declared",
            title="虚报的单位",
            formula="申报超出区间上限的单位数 ÷ 评分的单位数",
            counts=_over,
            base=_ratings,
            inputs=("check",),
            appraisal=True,
        ),
        Indicator(
            key="appraisal.rating-corrected",
            title="申诉后更正的得分",
            formula="申诉后更正得分的单位数 ÷ 评分的单位数",
            counts=_corrected,
            base=_ratings,
            inputs=("check",),
        ),
    ),
    marks={
        **{f"level_{key}": title for key, title in f.LEVELS.items()},
        "over_declared": "虚报",
        "again": "重新评过",
        "appealed": "申诉过",
        "corrected": "申诉后更正",
    },
)
