"""The 22 outcomes of a request and the row each is counted in, on both forms.

Articles are those of 政府信息公开条例 (2019); ``status`` as in the reference: V read in the law, R our reading,
E seen in practice, M from memory, ``form`` only the form knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .form import ROW, Form


@dataclass(frozen=True)
class Outcome:
    """How a request ended. ``row`` is the key of its row on the 2021 form."""

    code: str
    title: str
    articles: str
    row: str
    status: str


OUTCOMES = (
    Outcome("O1", "已主动公开，告知获取方式", "第三十六条第一项", "granted", "R"),
    Outcome("O2", "提供信息，或告知获取的方式和时间", "第三十六条第二项", "granted", "R"),
    Outcome("O3", "区分处理，部分公开", "第三十七条", "partly", "V"),
    Outcome("O4", "属于国家秘密", "第十四条、第三十六条第三项", "secret", "R"),
    Outcome("O5", "法律、行政法规禁止公开", "第十四条、第三十六条第三项", "forbidden", "R"),
    Outcome(
        "O6",
        "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
        "第十四条、第三十六条第三项",
        "safety",
        "R",
    ),
    Outcome("O7", "公开会损害第三方合法权益", "第十五条、第三十二条、第三十六条第三项", "third_party", "R"),
    Outcome("O8", "内部事务信息", "第十六条第一款、第三十六条第三项", "internal", "R"),
    Outcome("O9", "过程性信息", "第十六条第二款、第三十六条第三项", "process", "R"),
    Outcome("O10", "行政执法案卷信息", "第十六条第二款、第三十六条第三项", "case_file", "R"),
    Outcome("O11", "法律、行政法规对获取另有规定", "第三十六条第七项", "special_access", "R"),
    Outcome("O12", "经检索没有，或不属于本机关负责公开", "第三十六条第四项、第五项", "not_held", "R"),
    Outcome("O13", "没有现成信息，需要加工、分析", "第三十八条", "to_be_made", "R"),
    Outcome("O14", "补正后申请内容仍不明确", "第三十条", "unclear", "R"),
    Outcome("O15", "以申请的形式进行信访、投诉、举报", "第三十九条第一款", "petition", "R"),
    Outcome("O16", "重复申请", "第三十六条第六项", "repeated", "R"),
    Outcome("O17", "要求提供公开出版物", "第三十九条第二款", "publication", "R"),
    Outcome("O18", "无正当理由大量反复申请", "第三十五条", "mass", "R"),
    Outcome("O19", "要求确认或重新出具已获取的信息", "", "confirm", "form"),
    Outcome("O20", "逾期不补正，视为放弃", "第三十条", "not_corrected", "R"),
    Outcome("O21", "逾期未缴纳信息处理费", "", "fee_unpaid", "M"),
    Outcome("O22", "其他，包括申请人撤回", "", "other_reasons", "E"),
)
OUTCOME = {outcome.code: outcome for outcome in OUTCOMES}


def row_of(code: str, form: Form) -> str:
    """The key of the row an outcome is counted in; the 2019 form has one row for all of （六）.

    Raises ``KeyError`` for a code that is none of the 22.
    """
    row = OUTCOME[code].row
    return "otherwise" if form == "2019" and ROW[row].group == "otherwise" else row
