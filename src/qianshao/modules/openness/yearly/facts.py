"""What can happen to a yearly report on disclosure (政府信息公开工作年度报告, 第四十九、五十条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, long, number, text, unit

BODIES: Mapping[str, str] = {"government": "政府", "department": "政府部门"}


@dataclass(frozen=True, kw_only=True)
class YearEnded(Fact):
    """A year is over, and its report is owed; ``year`` may be left out when the day tells it."""

    body: str = choice("报告主体", BODIES)
    unit: str = unit("报告单位", required=False)
    year: int = number("报告年度", required=False, maximum=2999)


# A field of ``Compiled`` → the row and the column of table two (form of 2021, 国办公开办函〔2021〕30号).
TABLE_TWO: Mapping[str, tuple[str, str]] = {
    "regulations_made": ("regulation", "made"),
    "regulations_repealed": ("regulation", "repealed"),
    "regulations_in_force": ("regulation", "in_force"),
    "normative_made": ("normative", "made"),
    "normative_repealed": ("normative", "repealed"),
    "normative_in_force": ("normative", "in_force"),
    "permits": ("permit", "decisions"),
    "penalties": ("penalty", "decisions"),
    "coercions": ("coercion", "decisions"),
    "fees": ("fee", "amount"),
}
AMOUNT = "fees"


@dataclass(frozen=True, kw_only=True)
class Compiled(Fact):
    """What people give for the report: the figures of table two, and their own words for each section.

    The rest is counted. Given again, it replaces what was given before; both stay in the ledger.
    """

    regulations_made: int = number("规章：本年制发件数", required=False)
    regulations_repealed: int = number("规章：本年废止件数", required=False)
    regulations_in_force: int = number("规章：现行有效件数", required=False)
    normative_made: int = number("行政规范性文件：本年制发件数", required=False)
    normative_repealed: int = number("行政规范性文件：本年废止件数", required=False)
    normative_in_force: int = number("行政规范性文件：现行有效件数", required=False)
    permits: int = number("行政许可：本年处理决定数量", required=False)
    penalties: int = number("行政处罚：本年处理决定数量", required=False)
    coercions: int = number("行政强制：本年处理决定数量", required=False)
    fees: int = number(
        "行政事业性收费：本年收费金额（元）", required=False, maximum=10**13, hint="报告中换算为万元"
    )
    overview: str = long("一、总体情况", required=False, maximum=10_000)
    disclosed: str = long("二、主动公开政府信息情况", required=False, maximum=5_000, hint="表格之外的说明")
    asked: str = long(
        "三、收到和处理政府信息公开申请情况", required=False, maximum=5_000, hint="表格之外的说明"
    )
    disputed: str = long(
        "四、政府信息公开行政复议、行政诉讼情况", required=False, maximum=5_000, hint="表格之外的说明"
    )
    problems: str = long("五、存在的主要问题及改进情况", required=False, maximum=10_000)
    others: str = long(
        "六、其他需要报告的事项", required=False, maximum=5_000, hint="收取信息处理费的情况由系统写入"
    )


@dataclass(frozen=True, kw_only=True)
class HandedIn(Fact):
    """A department handed its report to the office in charge of its level (第四十九条第一款)."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Published(Fact):
    """The report is out."""

    url: str = text("网址", required=False, maximum=500)


AnyFact = YearEnded | Compiled | HandedIn | Published
