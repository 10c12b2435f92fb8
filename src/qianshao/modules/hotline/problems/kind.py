"""The declaration of a problem."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from . import allowed, rules
from . import facts as f
from .figures import INDICATORS

ANALYSE, DECIDE, WATCH = "hotline.analyse", "hotline.decide", "hotline.watch"
_DECIDING = "qianshao.modules.hotline.problems.deciding"

PROBLEM = Kind(
    key="hotline.problem",
    title="体制机制性问题",
    law="国办函〔2025〕66号（高频共性问题、未诉先办）；北京市接诉即办工作条例 第二十四、二十五条；时限由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("drafted", "待审核"),
        Phase("revising", "退回修改"),
        Phase("agreed", "待移交督查"),
        Phase("mending", "整改中"),
        Phase("watching", "观察期", paused=True, second="观察期"),
        Phase("judging", "待定论"),
        Phase("solved", "已见效", open=False),
        Phase("dropped", "不列为问题", open=False),
        Phase("gone", "督查未立项或者已撤销", open=False),
    ),
    acts=(
        Act(f.Opened, "提出问题", who=ANALYSE, opens=True),
        Act(f.Revised, "修改问题", who=ANALYSE, allow=allowed.may_revise),
        Act(
            f.Reviewed,
            "审核问题",
            who=DECIDE,
            allow=allowed.may_review,
            apart=True,
            takes=f"{_DECIDING}.by_another",
        ),
        Act(
            f.Chosen,
            "列为每月一题",
            who=DECIDE,
            allow=allowed.may_choose,
            evidence="none",
            takes=f"{_DECIDING}.one_a_month",
        ),
        Act(f.Released, "撤换每月一题", who=DECIDE, allow=allowed.may_release, evidence="none"),
        Act(f.Handed, "登记督查事项", who=WATCH, allow=allowed.may_hand, evidence="none"),
        Act(f.Mended, "登记整改办结", who=WATCH, allow=allowed.with_supervision, evidence="none"),
        Act(f.Gone, "登记督查未办", who=WATCH, allow=allowed.with_supervision, evidence="none"),
        Act(f.Compared, "登记前后对比", who=WATCH, allow=allowed.may_compare, evidence="none"),
        Act(f.Concluded, "定论", who=DECIDE, allow=allowed.may_conclude, apart=True),
        Act(f.Reopened, "反弹重启", who=DECIDE, allow=allowed.may_reopen, apart=True),
    ),
    rules=rules.RULES,
    reads="hotline.read",
    prefix="WT",
    searched=("title", "cause", "proposal", "topic", "place"),
    indicators=INDICATORS,
    marks=rules.MARKS,
)
