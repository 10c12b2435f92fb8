"""The product's own words, explained: shown where a word first stands on a page, and all together on one.

``docs/glossary.md`` holds the same words with their names in the code; a test keeps the two together.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

TERMS: dict[str, tuple[str, str]] = {
    "duty": (gettext_noop("事项"), gettext_noop("某人应当在某个时刻之前办完的一件事。")),
    "kind": (gettext_noop("事项类型"), gettext_noop("一类事项：有哪些记录、时限怎样计算、可以做哪些操作。")),
    "act": (gettext_noop("操作"), gettext_noop("对事项可以做的一件事，每做一次就留下一条记录。")),
    "fact": (gettext_noop("记录"), gettext_noop("发生过的一件事，写进账本后只能冲正，不能改写。")),
    "ledger": (gettext_noop("账本"), gettext_noop("只增不改的全部记录，任何有争议的事都以它为准。")),
    "checkpoint": (
        gettext_noop("检查点"),
        gettext_noop("对账本大小和指纹的签名说明，存到库外，用来发现账本被换旧。"),
    ),
    "witness": (gettext_noop("见证人"), gettext_noop("库外保存最近检查点的人或机构，拒绝接受变短的账本。")),
    "backfilled": (gettext_noop("补录"), gettext_noop("录入比发生晚了一个工作日以上。")),
    "void": (gettext_noop("冲正"), gettext_noop("用一条新记录撤销写错的记录，两条都保留可查。")),
    "evidence": (gettext_noop("佐证"), gettext_noop("证明某条记录的文件，按指纹保存，换了内容就对不上。")),
    "meter": (gettext_noop("额度"), gettext_noop("一段时间里的上限或下限，用满后会被拒绝。")),
    "indicator": (gettext_noop("指标"), gettext_noop("按写明的公式数出来的数字，点开就是被数的全部事项。")),
    "as-of": (gettext_noop("截至"), gettext_noop("按过去某一天结束时的情形来看，事实以今天已知的为准。")),
    "deadline": (gettext_noop("期限"), gettext_noop("时限届满的那一天或那一刻。")),
    "promised": (gettext_noop("承诺时限"), gettext_noop("本市自己承诺的、比法定更短的时限。")),
    "lamp": (
        gettext_noop("灯"),
        gettext_noop("期限和现在相比的结果：正常、临期、逾期、暂停，办结后分按时和逾期。"),
    ),
    "amber": (gettext_noop("临期"), gettext_noop("期限快到了，从规则规定的那一刻起算。")),
    "red": (gettext_noop("逾期"), gettext_noop("过了期限还没有办结。")),
    "grey": (gettext_noop("暂停"), gettext_noop("时限停止计算，同时另有一个时限在走。")),
    "late": (gettext_noop("逾期过"), gettext_noop("曾经过了期限；后来延期或办结也不会抹去。")),
    "provisional": (
        gettext_noop("暂定"),
        gettext_noop("期限跨入放假安排尚未公布的日期，通知载入后会重新计算。"),
    ),
    "workday": (gettext_noop("工作日"), gettext_noop("按法律和放假通知应当上班的日子。")),
    "rule": (gettext_noop("规则"), gettext_noop("法律或本市规定的一个数字，写明条款、生效日期和核实情况。")),
    "lead-unit": (gettext_noop("牵头单位"), gettext_noop("对事项负总责的单位，逾期算在它头上。")),
    "co-unit": (gettext_noop("配合单位"), gettext_noop("协助牵头单位办理的单位。")),
    "slip": (gettext_noop("督办单"), gettext_noop("就某个事项编号发出的书面要求。")),
    "cockpit": (gettext_noop("驾驶舱"), gettext_noop("登录后的第一页：什么逾期了、是谁的、到哪一步了。")),
}
