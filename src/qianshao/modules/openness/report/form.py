"""The yearly report's forms: sections, rows and columns of tables two, three and four, and their outcomes.

2021 form: 国办公开办函〔2021〕30号; 2019 form (reports for 2019 and 2020): 国办公开办函〔2019〕60号.
Rows and columns have one key each; labels are the printed ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["2021", "2019"]

FIRST_YEAR_OF_2021_FORM = 2021

SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
NUMERALS = "一二三四五六"

COLUMNS = {
    "person": "自然人",
    "company": "商业企业",
    "research": "科研机构",
    "welfare": "社会公益组织",
    "legal": "法律服务机构",
    "body": "其他",
    "total": "总计",
}
APPLICANTS = tuple(column for column in COLUMNS if column != "total")


@dataclass(frozen=True)
class Row:
    """A row of table three. ``group`` is the heading it stands under; a heading carries no figures.

    ``part`` is how the form itself names the row in its sum: ``（三）1``.
    """

    key: str
    label: str
    part: str
    group: str = ""
    heading: bool = False

    @property
    def number(self) -> str:
        """Its place on the form in digits: ``3.3.1`` is （三）1, ``4`` is 四."""
        if not self.part.startswith("（"):
            return str(NUMERALS.index(self.part) + 1)
        group, _bracket, item = self.part[1:].partition("）")
        return ".".join(filter(None, ("3", str(_GROUPS.index(group) + 1), item)))


_GROUPS = "一二三四五六七"
ROWS = (
    Row("new", "一、本年新收政府信息公开申请数量", "一"),
    Row("carried_in", "二、上年结转政府信息公开申请数量", "二"),
    Row("results", "三、本年度办理结果", "三", heading=True),
    Row("granted", "（一）予以公开", "（一）"),
    Row("partly", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）"),
    Row("refused", "（三）不予公开", "（三）", heading=True),
    Row("secret", "1.属于国家秘密", "（三）1", "refused"),
    Row("forbidden", "2.其他法律行政法规禁止公开", "（三）2", "refused"),
    Row("safety", "3.危及“三安全一稳定”", "（三）3", "refused"),
    Row("third_party", "4.保护第三方合法权益", "（三）4", "refused"),
    Row("internal", "5.属于三类内部事务信息", "（三）5", "refused"),
    Row("process", "6.属于四类过程性信息", "（三）6", "refused"),
    Row("case_file", "7.属于行政执法案卷", "（三）7", "refused"),
    Row("special_access", "8.属于行政查询事项", "（三）8", "refused"),
    Row("unable", "（四）无法提供", "（四）", heading=True),
    Row("not_held", "1.本机关不掌握相关政府信息", "（四）1", "unable"),
    Row("to_be_made", "2.没有现成信息需要另行制作", "（四）2", "unable"),
    Row("unclear", "3.补正后申请内容仍不明确", "（四）3", "unable"),
    Row("not_processed", "（五）不予处理", "（五）", heading=True),
    Row("petition", "1.信访举报投诉类申请", "（五）1", "not_processed"),
    Row("repeated", "2.重复申请", "（五）2", "not_processed"),
    Row("publication", "3.要求提供公开出版物", "（五）3", "not_processed"),
    Row("mass", "4.无正当理由大量反复申请", "（五）4", "not_processed"),
    Row("confirm", "5.要求行政机关确认或重新出具已获取信息", "（五）5", "not_processed"),
    Row("otherwise", "（六）其他处理", "（六）", heading=True),
    Row(
        "not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "（六）1",
        "otherwise",
    ),
    Row(
        "fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "（六）2",
        "otherwise",
    ),
    Row("other_reasons", "3.其他", "（六）3", "otherwise"),
    Row("total", "（七）总计", "（七）"),
    Row("carried_out", "四、结转下年度继续办理", "四"),
)
ROW = {row.key: row for row in ROWS}
GROUPS = ("granted", "partly", "refused", "unable", "not_processed", "otherwise")
LEAVES = {
    group: tuple(row.key for row in ROWS if row.group == group)
    for group in ("refused", "unable", "not_processed", "otherwise")
}


def rows(form: Form) -> tuple[Row, ...]:
    """The printed rows in order. The 2019 form has one row with figures for （六）."""
    if form == "2021":
        return ROWS
    return tuple(
        Row("otherwise", "（六）其他处理", "（六）") if row.key == "otherwise" else row
        for row in ROWS
        if row.group != "otherwise"
    )


def figures(form: Form) -> tuple[str, ...]:
    """The keys of the rows that carry figures: 25 on the 2021 form, 23 on the 2019 form."""
    return tuple(row.key for row in rows(form) if not row.heading)


RESULTS = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
COURSES = {
    "review": "行政复议",
    "direct": "未经复议直接起诉",
    "after_review": "复议后起诉",
}


@dataclass(frozen=True)
class Block:
    """A block of table two: its clause of article 20, its rows and its columns."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


DISCLOSED = {
    "regulation": "规章",
    "normative": "行政规范性文件",
    "permit": "行政许可",
    "service": "其他对外管理服务事项",
    "penalty": "行政处罚",
    "coercion": "行政强制",
    "fee": "行政事业性收费",
    "purchase": "政府集中采购",
}
MEASURES = {
    "made": "本年制发件数",
    "repealed": "本年废止件数",
    "in_force": "现行有效件数",
    "decisions": "本年处理决定数量",
    "amount": "本年收费金额（单位：万元）",
    "newly_made": "本年新制作数量",
    "newly_public": "本年新公开数量",
    "public_total": "对外公开总数量",
    "items_before": "上一年项目数量",
    "change": "本年增/减",
    "handled": "处理决定数量",
    "purchases": "采购项目数量",
    "purchase_sum": "采购总金额",
}
MONEY = frozenset({"amount", "purchase_sum"})  # the only cells that may have decimals
SIGNED = frozenset({"change"})

BLOCKS: dict[Form, tuple[Block, ...]] = {
    "2021": (
        Block("第二十条第（一）项", ("regulation", "normative"), ("made", "repealed", "in_force")),
        Block("第二十条第（五）项", ("permit",), ("decisions",)),
        Block("第二十条第（六）项", ("penalty", "coercion"), ("decisions",)),
        Block("第二十条第（八）项", ("fee",), ("amount",)),
    ),
    "2019": (
        Block(
            "第二十条第（一）项", ("regulation", "normative"), ("newly_made", "newly_public", "public_total")
        ),
        Block("第二十条第（五）项", ("permit", "service"), ("items_before", "change", "handled")),
        Block("第二十条第（六）项", ("penalty", "coercion"), ("items_before", "change", "handled")),
        Block("第二十条第（八）项", ("fee",), ("items_before", "change")),
        Block("第二十条第（九）项", ("purchase",), ("purchases", "purchase_sum")),
    ),
}


def columns_of(row: str, form: Form) -> tuple[str, ...]:
    """The columns a row of table two has on a form; none when the form has no such row."""
    return next((block.columns for block in BLOCKS[form] if row in block.rows), ())
