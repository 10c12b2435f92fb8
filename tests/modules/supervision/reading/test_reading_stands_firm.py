"""Texts made to break a reader end in time; what is odd in ordinary texts is marked, not guessed."""

import time

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.kit.papers import text
from qianshao.kit.papers.model import Cell, Table
from qianshao.modules.supervision.reading import Decision, read


def decision(words: str) -> Decision:
    return read(text.blocks_in(words.encode(), "文件.txt"), calendar=Calendar.china())


HOSTILE = {
    "brackets nested a hundred thousand deep": "一、修路" + "（" * 100_000 + "市教育局负责" + "）" * 100_000,
    "brackets that never close": "一、修路" + "（" * 200_000,
    "brackets that close each other's": "一、修路" + "（〔" * 100_000 + "）〕" * 100_000,
    "colons": "一、" + "：牵头单位" * 50_000,
    "one endless list": "一、修路（" + "市教育局、" * 100_000 + "市财政局负责）",
    "joints": "一、修路（" + "市教育局和" * 400 + "市财政局负责）",
    "dates": "一、" + "2025年6月" * 100_000,
    "numerals": "一、" + "二" * 300_000,
    "spaces": "一、修路" + " " * 500_000 + "。",
    "numbers": "".join(f"{number}.\n" for number in range(20_000)),
    "by and by": "一、" + "由" * 300_000 + "负责",
    "a rule that never ends": "一、" + "没有牵头单位" * 50_000 + "责任单位",
    "a row of ten thousand cells": "|"
    + "牵头单位|" * 10_000
    + "\n|"
    + "---|" * 10_000
    + "\n|"
    + "甲|" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_done_with_in_seconds(name):
    began = time.process_time()

    decision(HOSTILE[name])

    assert time.process_time() - began < 10


def test_a_text_without_any_item_gives_none_and_says_so():
    read_one = decision("今天天气很好。\n我们去海边。")

    assert read_one.items == ()
    assert "没有读到任务" in str(read_one.unsure[-1])
    assert read_one.document()["items"] == []


def test_no_blocks_at_all_give_an_empty_decision():
    assert read([], calendar=Calendar.china()).items == ()


def test_a_quoted_number_is_not_the_documents_own():
    read_one = decision(
        "刺桐市实施方案\n根据《关于加强管理的意见》（国发〔2019〕3号）精神，制定本方案。\n一、修路。（市交通局负责）"
    )

    assert read_one.number is None


def test_an_odd_name_is_kept_as_written_and_marked():
    (item,) = decision("刺桐市方案\n1.修路。（牵头单位：老李；配合单位：市财政局）\n2025年1月1日").items

    assert (item.lead, item.co) == (["老李"], ["市财政局"])
    assert any("老李" in str(words) for words in item.unsure)


def test_a_deadline_before_the_day_of_issue_is_marked():
    (item,) = decision("刺桐市方案\n1.修路，3月底前完成。（市交通局负责）\n2025年9月1日").items

    assert item.day is not None and item.day.isoformat() == "2025-03-31"
    assert any("早于成文日期" in str(words) for words in item.unsure)


def test_a_plan_for_next_year_is_dated_in_the_year_of_its_title():
    (item,) = decision("刺桐市2026年工作计划\n1.修路，3月底前完成。（市交通局负责）\n2025年12月20日").items

    assert item.day is not None and item.day.isoformat() == "2026-03-31"


def test_the_lead_rule_tells_where_the_document_says_so():
    read_one = decision(
        "刺桐市方案\n1.修路。（市交通局、市财政局负责，排第一位的为牵头单位，下同）\n2025年1月1日"
    )
    rule = read_one.document()["lead_rule"]

    assert (rule["rule"], rule["stated"]) == ("first_listed", "排第一位的为牵头单位")
    assert read_one.text[rule["source"]["start"] : rule["source"]["end"]] == rule["stated"]


def test_a_merged_cell_holds_for_all_its_rows_and_a_row_across_is_a_heading():
    cells = [
        *(Cell(0, column, name) for column, name in enumerate(("序号", "工作任务", "牵头单位", "完成时限"))),
        Cell(1, 0, "一、城建", 1, 4),
        *(Cell(2, 0, "1"), Cell(2, 1, "修路"), Cell(2, 2, "市交通局", 2, 1), Cell(2, 3, "6月底", 3, 1)),
        *(Cell(3, 0, "2"), Cell(3, 1, "架桥")),
        *(Cell(4, 0, "3"), Cell(4, 1, "种树"), Cell(4, 2, "市林业局")),
    ]
    items = read([Table(tuple(cells))], calendar=Calendar.china()).items

    assert [(item.label, item.text, item.section, item.lead, item.deadline) for item in items] == [
        ("1", "修路", "一、城建", ["市交通局"], "6月底"),
        ("2", "架桥", "一、城建", ["市交通局"], "6月底"),
        ("3", "种树", "一、城建", ["市林业局"], "6月底"),
    ]


def test_a_form_of_label_and_value_is_one_item_for_each_task():
    pairs = [
        "督查事项",
        "修路",
        "承办单位",
        "市交通局",
        "办理时限",
        "2025年6月底前",
        "督查事项",
        "架桥",
        "承办单位",
        "市水务局",
    ]
    cells = [Cell(place // 2, place % 2, words) for place, words in enumerate(pairs)]
    items = read([Table(tuple(cells))], calendar=Calendar.china()).items

    assert [(item.text, item.lead, item.deadline) for item in items] == [
        ("修路", ["市交通局"], "2025年6月底前"),
        ("架桥", ["市水务局"], None),
    ]


def test_a_deadline_of_its_own_goes_before_that_of_the_heading():
    items = decision(
        "刺桐市方案\n一、修路（牵头单位：市交通局；完成时限：2025年底前）\n1.建桥，6月底前完成。\n2.铺轨。"
    ).items

    assert [(item.lead, item.deadline) for item in items] == [
        (["市交通局"], "6月底前"),
        (["市交通局"], "2025年底前"),
    ]


def test_who_runs_a_web_page_leads_nothing():
    items = decision("主办单位：刺桐市人民政府办公室\n刺桐市方案\n一、修路。\n二、架桥。").items

    assert [item.lead for item in items] == [[], []]


def test_a_table_without_a_header_goes_on_with_the_one_before():
    first = [
        *(Cell(0, n, name) for n, name in enumerate(("序号", "工作任务", "牵头单位"))),
        Cell(1, 0, "1"),
        Cell(1, 1, "修路"),
        Cell(1, 2, "市交通局"),
    ]
    second = [Cell(0, 0, "2"), Cell(0, 1, "架桥"), Cell(0, 2, "市水务局")]
    items = read([Table(tuple(first)), Table(tuple(second))], calendar=Calendar.china()).items

    assert [(item.label, item.text, item.lead) for item in items] == [
        ("1", "修路", ["市交通局"]),
        ("2", "架桥", ["市水务局"]),
    ]
