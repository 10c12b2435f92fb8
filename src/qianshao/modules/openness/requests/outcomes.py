"""The 22 ways a request ends, and the row of the yearly table each is counted in (国办公开办函〔2021〕30号).

Every request that ended is in exactly one row, so the table's total is the number of records by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..report.form import ROWS as FORM_ROWS


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to end. ``code`` is the reference's, ``row`` the table's, ``grounds`` what the reply rests on.

    ``refuses``: something was not disclosed, so a reason is owed (第三十六、三十七条) and review comes before
    the court (行政复议法 第二十三条第一款第四项). ``said``: the office says it in a reply; the others happen.
    """

    code: str
    title: str
    grounds: str
    row: str
    refuses: bool = False
    said: bool = True


OUTCOMES: Mapping[str, Outcome] = {
    "public": Outcome("O1", "予以公开：已经主动公开", "第三十六条第一项", "3.1"),
    "provided": Outcome("O2", "予以公开：提供信息", "第三十六条第二项", "3.1"),
    "partly": Outcome("O3", "部分公开", "第三十七条", "3.2", refuses=True),
    "state_secret": Outcome("O4", "不予公开：国家秘密", "第十四条", "3.3.1", refuses=True),
    "forbidden": Outcome("O5", "不予公开：法律、行政法规禁止公开", "第十四条", "3.3.2", refuses=True),
    "endangers": Outcome("O6", "不予公开：危及“三安全一稳定”", "第十四条", "3.3.3", refuses=True),
    "third_party": Outcome(
        "O7", "不予公开：保护第三方合法权益", "第十五条、第三十二条", "3.3.4", refuses=True
    ),
    "internal": Outcome("O8", "不予公开：三类内部事务信息", "第十六条第一款", "3.3.5", refuses=True),
    "process": Outcome("O9", "不予公开：四类过程性信息", "第十六条第二款", "3.3.6", refuses=True),
    "case_file": Outcome("O10", "不予公开：行政执法案卷", "第十六条第二款", "3.3.7", refuses=True),
    "special_access": Outcome("O11", "不予公开：行政查询事项", "第三十六条第七项", "3.3.8", refuses=True),
    "not_held": Outcome("O12", "无法提供：本机关不掌握相关政府信息", "第三十六条第四、五项", "3.4.1"),
    "not_made": Outcome("O13", "无法提供：没有现成信息需要另行制作", "第三十八条", "3.4.2"),
    "unclear": Outcome("O14", "无法提供：补正后申请内容仍不明确", "第三十条", "3.4.3"),
    "petition": Outcome("O15", "不予处理：信访举报投诉类申请", "第三十九条第一款", "3.5.1"),
    "repeated": Outcome("O16", "不予处理：重复申请", "第三十六条第六项", "3.5.2"),
    "publication": Outcome("O17", "不予处理：要求提供公开出版物", "第三十九条第二款", "3.5.3"),
    "mass": Outcome("O18", "不予处理：无正当理由大量反复申请", "第三十五条", "3.5.4"),
    "confirm": Outcome("O19", "不予处理：要求确认或重新出具已获取信息", "年度报告格式", "3.5.5"),
    "not_corrected": Outcome("O20", "其他处理：无正当理由逾期不补正", "第三十条", "3.6.1", said=False),
    "fee_unpaid": Outcome(
        "O21", "其他处理：逾期未按收费通知要求缴纳费用", "国办函〔2020〕109号", "3.6.2", said=False
    ),
    "other": Outcome("O22", "其他处理：其他", "", "3.6.3"),
}
WITHDRAWN = "other"  # 申请人撤回计入“其他处理：其他” (E: 汉阳区 2022, 宿迁市 2024)
REPLIES = {key: outcome.title for key, outcome in OUTCOMES.items() if outcome.said}

BY_CODE: Mapping[str, Outcome] = {outcome.code: outcome for outcome in OUTCOMES.values()}

# Number of a row → how lists name it: the printed label without its directions for filling in.
ROWS: Mapping[str, str] = {
    row.number: row.label.partition("（区分处理")[0] for row in FORM_ROWS if not row.heading
}
APPLICANTS: Mapping[str, str] = {
    "person": "自然人",
    "company": "商业企业",
    "research": "科研机构",
    "welfare": "社会公益组织",
    "legal": "法律服务机构",
    "body": "其他组织",
}
RESULTS: Mapping[str, str] = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}
