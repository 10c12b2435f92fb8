"""Every layout is read as a clerk reads it."""

from datetime import date

import openpyxl
import pytest
from invented import CASES
from invented_strangers import CASES as STRANGERS
from invented_third import CASES as THIRD

from qianshao.kernel.calendar import Calendar
from qianshao.kit.papers import text
from qianshao.kit.papers.opening import open_paper
from qianshao.modules.supervision.reading import read


def told(words: str) -> list[str]:
    blocks = text.blocks_in(words.encode(), "决定.md")
    items = read(blocks, calendar=Calendar.china()).items
    return [
        "|".join(
            (
                item.label,
                " ".join(item.lead),
                " ".join(item.co),
                " ".join(item.guide),
                "等" if item.open_list else "",
                item.deadline or "",
                item.day.isoformat() if item.day else "",
            )
        )
        for item in items
    ]


@pytest.mark.parametrize("name", [*CASES, *STRANGERS, *THIRD])
def test_a_layout_is_read_as_a_clerk_reads_it(name):
    words, wanted = {**CASES, **STRANGERS, **THIRD}[name]

    assert told(words) == [line + "|" * (6 - line.count("|")) for line in wanted.split("\n")]


def sheet(folder, rows, merged):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(folder / "任务表.xlsx")
    return read(open_paper(folder / "任务表.xlsx"), calendar=Calendar.china())


def test_a_workbook_with_merged_cells_in_head_and_rows(tmp_path):
    decision = sheet(
        tmp_path,
        [
            ["刺桐市2025年重点工作任务分解表"],
            ["序号", "重点任务", "具体举措", "责任单位", None, "完成时限"],
            [None, None, None, "牵头单位", "配合单位", None],
            [1, "提升营商环境", "推行开办企业一日办结", "市市场监管局", "市税务局、市公安局", "6月底前"],
            [None, None, "推行告知承诺制", "市司法局", "市行政审批局\n市数据局等", "2025年9月底"],
            [2, "推进城市更新", "改造老旧小区50个", "市住建局", "各区政府、泉湾开发区管委会", "年底前"],
        ],
        ["A1:F1", "D2:E2", "A2:A3", "B2:B3", "C2:C3", "F2:F3", "A4:A5", "B4:B5"],
    )

    assert decision.title == "刺桐市2025年重点工作任务分解表"
    assert [(tuple(one.lead), tuple(one.co), one.open_list, str(one.day)) for one in decision.items] == [
        (("市市场监管局",), ("市税务局", "市公安局"), False, "2025-06-30"),
        (("市司法局",), ("市行政审批局", "市数据局"), True, "2025-09-30"),
        (("市住建局",), ("各区政府", "泉湾开发区管委会"), False, "2025-12-31"),
    ]


def test_a_rule_that_stands_in_the_columns_name_and_days_as_a_sheet_keeps_them(tmp_path):
    decision = sheet(
        tmp_path,
        [
            ["类别", "编号", "目标任务", "责任单位（排第一位的为牵头单位）", "开工时间", "完工时间"],
            [
                "经济发展",
                "1",
                "新增规上企业100家",
                "市工信局、市商务局",
                date(2025, 3, 1),
                date(2025, 12, 20),
            ],
            [None, "2", "扩建污水厂", "市城管局、市水利局", None, "2026年6月"],
        ],
        ["A2:A3"],
    )

    assert decision.lead_rule.name == "first_listed"
    assert [(list(one.lead), list(one.co), str(one.day)) for one in decision.items] == [
        (["市工信局"], ["市商务局"], "2025-12-20"),
        (["市城管局"], ["市水利局"], "2026-06-30"),
    ]


def test_a_sheets_sum_is_no_task_and_its_date_above_the_header_tells_the_year(tmp_path):
    decision = sheet(
        tmp_path,
        [
            ["刺桐市营商环境提升任务台账"],
            ["填报单位：市营商办", None, None, "2025年3月"],
            ["序号", "任务", "牵头单位", "时间节点"],
            [1, "推行电子印章", "市公安局", "9月底"],
            ["合计", 1],
        ],
        ["A1:D1"],
    )

    assert [(item.text, str(item.day)) for item in decision.items] == [("推行电子印章", "2025-09-30")]
