"""Sentences against tables: what contradicts is found, what may be meant otherwise is left alone."""

from __future__ import annotations

import pytest

from qianshao.modules.openness.report import prose
from qianshao.modules.openness.report.model import Report
from qianshao.modules.openness.report.numerals import Cell

TOTALS = {
    "new": 120, "carried_in": 7, "granted": 60, "partly": 11, "secret": 1, "third_party": 4, "process": 6,
    "not_held": 20, "to_be_made": 2, "petition": 3, "repeated": 5, "other_reasons": 3, "total": 115, "carried_out": 12,
}  # fmt: skip
PERSONS = {"new": 100, "carried_in": 5, "total": 95, "carried_out": 10}


def report_with(text: str, section: str = "一", body: str = "刺桐市教育局") -> Report:
    def cells(values: dict[str, int]) -> dict[str, Cell]:
        return {name: Cell(str(value), value) for name, value in values.items()}

    table3 = {row: cells({"total": total}) for row, total in TOTALS.items()}
    for row, persons in PERSONS.items():
        table3[row] |= cells({"person": persons, "company": TOTALS[row] - persons})
        table3[row] |= cells(dict.fromkeys(("research", "welfare", "legal", "body"), 0))
    return Report(
        body=body,
        year=2024,
        table3=table3,
        table4={
            "review": cells({"upheld": 5, "corrected": 1, "other": 0, "pending": 2, "total": 8}),
            "direct": cells({"upheld": 1, "corrected": 0, "other": 0, "pending": 0, "total": 1}),
            "after_review": cells({"upheld": 2, "corrected": 0, "other": 1, "pending": 0, "total": 3}),
        },
        table2={
            "normative": cells({"made": 6, "repealed": 2, "in_force": 31}),
            "penalty": cells({"decisions": 240}),
        },
        text={section: text},
    )


def found(text: str, **how: str) -> list[tuple[object, object]]:
    return [(finding.stands, finding.should) for finding in prose.against_tables(report_with(text, **how))]


TRUE = [
    "2024年，我局共收到政府信息公开申请120件，上年结转7件，均按期答复。",
    "2024年，全年新收政府信息公开申请一百二十件，办结115件，结转下年度继续办理12件。",
    "全年共受理申请127件（含上年结转7件），答复政府信息公开申请115件，12件结转下一年度办理。",
    "共受理依申请公开127件，其中上年结转7件。",
    "收到政府信息公开申请 １２０ 件，其中自然人申请100件，法人或其他组织20件。",
    "已答复申请115件，其中予以公开60件，部分公开11件，不予公开11件，无法提供22件，不予处理8件，其他处理3件。",
    "答复申请115件：予以公开和部分公开71件，占61.7%；不予公开11件，占9.6%。",
    "本年度共收到申请120件，其中网络申请80件，信函申请30件，当面申请10件。",
    "因政府信息公开被申请行政复议8件，其中维持5件，纠正1件，尚未审结2件；被提起行政诉讼4件。",
    "信息公开类行政复议八件，诉讼4件。",
    "制发规范性文件6件，废止规范性文件2件，现行有效规范性文件31件，作出行政处罚决定240件。",
    "属于四类过程性信息的6件，重复申请5件，本机关不掌握相关政府信息20件，均已答复申请人。",
]

TRUE += [
    "2024年，收到政府信息公开申请120件，上年结转7件，共受理127件，答复115件，结转下年度12件。",
    "全年共办理政府信息公开申请115件。",
    "共办理政府信息公开申请127件。",
    "答复申请中，予以公开占52.2%，自然人占比83.3%。",
    "收到申请120件，自然人申请100件，占83.33%。",
]

NOT_OURS_TO_JUDGE = [
    "2023年共收到政府信息公开申请98件。",
    "与2023年相比，共收到政府信息公开申请增加22件。",
    "去年收到政府信息公开申请98件，今年较上年增加22件。",
    "截至2024年6月，共收到政府信息公开申请50件。",
    "上半年共收到政府信息公开申请50件，答复申请45件。",
    "自2019年以来，累计收到政府信息公开申请800件。",
    "共收到政府信息公开申请约100件，收到政府信息公开申请100余件。",
    "通过网络收到政府信息公开申请80件，通过信函收到政府信息公开申请30件。",
    "其中，市直单位收到政府信息公开申请40件，各县区收到政府信息公开申请80件。",
    "我市教育系统各单位共收到政府信息公开申请340件。",
    "下属单位共受理政府信息公开申请12件。",
    "刺桐市财政局收到政府信息公开申请33件。",
    "办理行政复议案件300件，行政诉讼案件20件。",
    "作为复议机关，办理信息公开类行政复议案件30件。",
    "拟制公文中予以公开30件，不予公开50件。",
    "答复市民留言500件，答复人大代表建议12件。",
    "延期答复申请9件。",
    "通过微信发布信息120条，通过微博发布信息80条，共150条。",
    "共发布信息500条，其中网站300条，新媒体等100条。",
    "好评数占评价总数的99.58%，全年收到评价200件。",
    "未收到通过传真提出的申请。",
    "无行政复议败诉案件，未发生因政府信息公开被行政复议纠错的情形。",
    "收到申请10至12件。",
    "累计收到政府信息公开申请1,200件，办结率100%。",
    "受理行政复议案件52件，其中维持30件，纠正5件，涉及政府信息公开的行政复议8件。",
    "第三季度收到政府信息公开申请30件，第四季度收到政府信息公开申请40件。",
    "全年共收到政府信息公开申请120件，较2023年的98件增长22.4%。",
    "2024年，指导各县区办理政府信息公开申请340件，协助答复12件。",
    "2024年我单位承办市政府转来的政府信息公开申请9件。",
    "收到政府信息公开申请120件，其中撤回3件，实际答复112件。",
    "主动公开政府信息1500条，其中政务动态类900条、政策文件类200条、其他类300条等。",
    "教育局机关收到申请60件，局属单位收到60件，合计120件。",
    "平均每月收到政府信息公开申请10件，最多的一月收到申请18件。",
    "月均收到政府信息公开申请10件；收到政府信息公开申请最多的当月共收到申请18件。",
    "收取政府信息公开信息处理费2件，共计3,940元。",
    "12345平台受理诉求120件，办结118件。",
    "发布政策文件120件、解读材料115件，其中图解60件，占52.2%。",
]

TRUE += [
    "收到政府信息公开申请壹佰贰拾件，答复壹佰壹拾伍件。",
    "因政府信息公开引发行政诉讼4件，其中直接起诉1件，复议后起诉3件。",
    "予以公开60件（52.2%），部分公开11件（9.6%），不予公开11件（9.6%），无法提供22件（19.1%），不予处理8件（7.0%），其他3件（2.6%）。",
    "2024年度受理政府信息公开申请120件，其中涉及招生类60件、占50%，学籍类40件、占33.3%，其他20件、占16.7%。",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_sentence_is_no_finding(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", NOT_OURS_TO_JUDGE)
def test_a_sentence_of_another_time_part_or_thing_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "stands", "should"),
    [
        ("收到政府信息公开申请120件，上年结转7件，共受理126件。", 126, 127),
        ("2024年，政府信息公开工作有序开展，收到申请119件。", 119, 120),
        ("共办理政府信息公开申请116件。", 116, 115),
        ("答复申请中，自然人占比84.3%。", "84.3%", "83.3%"),
        ("办理的申请中，自然人申请100件，占85.0%。", "85.0%", "83.3%"),
        ("2024年，我局共收到政府信息公开申请121件。", 121, 120),
        ("共收到政府信息公开申请十二件。", 12, 120),
        ("全年共受理政府信息公开申请127件。", 127, 120),
        ("刺桐市教育局收到12件政府信息公开申请。", 12, 120),
        ("收到公民、法人和其他组织提出的政府信息公开申请1,200件。", 1200, 120),
        ("新收申请120件，上年结转8件。", 8, 7),
        ("12件答复完毕，结转下年度继续办理13件。", 13, 12),
        ("另有11件结转至下年度办理。", 11, 12),
        ("全年办结政府信息公开申请116件。", 116, 115),
        ("答复申请115件，其中予以公开61件。", 61, 60),
        ("答复申请115件，其中予以公开60件，部分公开11件，不予公开12件。", 12, 11),
        ("答复申请中，本机关不掌握相关政府信息21件。", 21, 20),
        ("收到申请120件，其中自然人101件。", 101, 100),
        ("因政府信息公开被申请行政复议9件。", 9, 8),
        ("政府信息公开类行政诉讼案件三件。", 3, 4),
        ("因政府信息公开被申请行政复议8件，其中维持6件。", 6, 5),
        ("未收到政府信息公开申请。", 0, 120),
        ("2024年没有发生因政府信息公开被申请行政复议情况。", 0, 8),
        ("制发规范性文件7件。", 7, 6),
        ("现行有效行政规范性文件30件。", 30, 31),
        ("答复申请115件，予以公开60件，占52.71%。", "52.71%", "52.17%"),
        ("共收到申请120件，其中网络申请80件，信函申请30件，当面申请11件。", 120, 121),
        ("共收到申请120件。其中，网络申请80件，信函申请30件，当面申请9件。", 120, 119),
        ("全年主动公开信息900条，分为三类：机构类300条，政策类400条，其他类201条。", 900, 901),
        ("主动公开信息900条，其中机构职能类300条、政策法规类400条、规划计划类100条、业务类90条。", 900, 890),
    ],
)
def test_a_sentence_that_contradicts_is_found(text: str, stands: object, should: object) -> None:
    assert found(text) == [(stands, should)]


def test_the_quoted_phrase_is_the_printed_one() -> None:
    (finding,) = prose.against_tables(
        report_with("全年共收到政府信息公开申请 １２１ 件，均已答复。", section="二")
    )

    assert finding.where.section == "二"
    assert finding.where.quote == "共收到政府信息公开申请 １２１ 件"


def test_a_city_is_not_held_to_what_its_office_received() -> None:
    text = "市政府办公室共收到政府信息公开申请40件。"

    assert found(text, body="刺桐市人民政府") == []
    assert found(text, body="刺桐市人民政府办公室") == [(40, 120)]


def test_section_four_speaks_of_openness_without_saying_so() -> None:
    text = "被申请行政复议9件。"

    assert found(text, section="一") == []
    assert found(text, section="四") == [(9, 8)]


def test_growth_is_held_against_last_year_when_its_report_is_here() -> None:
    before = report_with("")
    before.table3["new"]["total"] = Cell("100", 100)
    for text, wrong in (
        ("同比增长20%", False),
        ("较上年增长20.0%", False),
        ("同比增长25%", True),
        ("同比下降20%", True),
    ):
        report = report_with(f"收到政府信息公开申请120件，{text}。")

        assert prose.against_tables(report) == []
        assert bool(prose.against_tables(report, before)) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("共收到121件，上年结转7件，答复115件，结转下年2件。", [(2, 12), (121, 120)]),
        ("予以公开61件。", [(61, 60)]),
        ("共收到申请120件。答复114件。", [(114, 115)]),
    ],
)
def test_section_three_speaks_of_requests_without_saying_so(text: str, wrong: list[tuple[int, int]]) -> None:
    assert sorted(found(text, section="三")) == sorted(wrong)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("section", "text", "wrong"),
    [
        ("三", "答复116件，办结率100%。", [(116, 115)]),
        ("三", "收到申请壹佰贰拾壹件。", [(121, 120)]),
        ("三", "新收政府信息公开申请数121件。", [(121, 120)]),
        ("四", "直接起诉2件。", [(2, 1)]),
        ("四", "未经复议直接起诉1件，复议后起诉3件。", []),
    ],
)
def test_a_section_says_what_its_figures_are_about(
    section: str, text: str, wrong: list[tuple[int, int]]
) -> None:
    assert found(text, section=section) == wrong
