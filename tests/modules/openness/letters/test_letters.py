"""Letters, read back as Word reads them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from qianshao.kit import paper
from qianshao.modules.openness.letters import writing
from qianshao.modules.openness.letters.kinds import LABELS, LETTERS, Value, replies_for
from qianshao.modules.openness.letters.writing import EVERY
from qianshao.modules.openness.requests.outcomes import OUTCOMES

COMMON = {
    "body": "刺桐市教育局",
    "number": "刺教公开〔2025〕12号",
    "applicant": "林某某",
    "request_number": "2025-0012",
    "received_on": date(2025, 9, 25),
    "content": "2025年秋季招生方案。",
    "dated_on": date(2025, 10, 29),
    "contact": "陈某某",
    "phone": "0000-0000",
}
REMEDIES = {"review_body": "刺桐市人民政府", "court": "刺桐市开元区人民法院"}
REFUSALS = [f"O{number}" for number in range(3, 20)]


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in opened(content).paragraphs)


def fitting(key: str) -> dict[str, Value]:
    return {name: value for name, value in {**COMMON, **REMEDIES}.items() if name in EVERY[key].asks}


@pytest.mark.parametrize("key", EVERY)
def test_every_letter_has_the_official_parts_in_order(key: str) -> None:
    letter = EVERY[key]

    lines = [p.text for p in opened(writing.write(key, fitting(key))).paragraphs if p.text]

    assert lines[:3] == ["刺桐市教育局", letter.title, "刺教公开〔2025〕12号"]
    assert lines[3].endswith("：")
    assert letter.closing in lines
    assert lines.index("刺桐市教育局（印章）") < lines.index("2025年10月29日")
    assert "。。" not in "".join(lines) and "{" not in "".join(lines)


@pytest.mark.parametrize("key", EVERY)
def test_missing_values_are_blanks_to_be_seen(key: str) -> None:
    empty = text_of(writing.write(key, {}))

    assert paper.BLANK in empty and "＿＿＿＿年＿＿月＿＿日" in empty
    assert set(EVERY[key].asks) <= set(LABELS)


@pytest.mark.parametrize("outcome", [outcome.code for outcome in OUTCOMES.values()])
def test_each_of_the_22_outcomes_has_its_letter_with_its_article(outcome: str) -> None:
    letters = replies_for(outcome)

    assert len(letters) == (2 if outcome == "O12" else 1)
    told = next(each for each in OUTCOMES.values() if each.code == outcome)
    for article in re.findall("第.+?条", told.grounds):
        assert any(article in "".join(letter.text) for letter in letters)


@pytest.mark.parametrize("outcome", REFUSALS)
def test_every_refusal_names_review_first(outcome: str) -> None:
    for letter in replies_for(outcome):
        text = text_of(writing.write(letter.key, fitting(letter.key)))

        assert "应当先自收到本文书之日起60日内向刺桐市人民政府申请行政复议" in text
        assert "15日内向刺桐市开元区人民法院提起行政诉讼" in text
        assert "第二十三条" in text


@pytest.mark.parametrize("outcome", ["O1", "O2", "O20", "O21"])
def test_other_replies_leave_the_choice(outcome: str) -> None:
    (letter,) = replies_for(outcome)

    text = text_of(writing.write(letter.key, fitting(letter.key)))

    assert "或者自收到本文书之日起6个月内直接向刺桐市开元区人民法院提起行政诉讼" in text
    assert "应当先" not in text


def test_the_correction_notice_says_what_and_until_when() -> None:
    text = text_of(
        writing.write(
            "correction_notice",
            {**COMMON, "items": "写明所需文件的名称或者文号", "until": date(2025, 10, 20)},
        )
    )

    assert "林某某：" in text
    assert "申请内容为：2025年秋季招生方案。" in text
    assert "请对下列事项作出补正：写明所需文件的名称或者文号。" in text
    assert "请于2025年10月20日前" in text
    assert "视为放弃申请" in text


def test_the_third_party_letter_gives_15_working_days_and_a_slip_but_not_the_applicant() -> None:
    values = {name: value for name, value in COMMON.items() if name != "applicant"}
    made = writing.write("third_party_letter", {**values, "third_party": "某某公司", "information": "合同"})

    text = text_of(made)

    assert "某某公司：" in text and "林某某" not in text
    assert "15个工作日内" in text
    assert "意见回执" in text and "□ 不同意公开" in text
    assert "applicant" not in LETTERS["third_party_letter"].asks


def test_values_are_text_and_never_markup_or_template() -> None:
    text = text_of(
        writing.write("reply.O2", {**COMMON, "how": "<w:br/>&amp;{court}\x07\n见附件", "content": "{body}"})
    )

    assert "现提供该信息：<w:br/>&amp;{court} 见附件。" in text
    assert "申请内容为：{body}。" in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"until": "下周"}, "补正期限"),
        ({"items": "长" * 5001}, "需要补正的事项"),
        ({"court": "某法院"}, "court"),
    ],
)
def test_a_value_that_cannot_stand_is_refused_by_name(values: dict[str, Value], sentence: str) -> None:
    with pytest.raises(writing.BadValue, match=sentence):
        writing.write("correction_notice", values)


def test_a_letter_says_nothing_of_who_made_it_or_when() -> None:
    made = writing.write("registration_receipt", COMMON)

    known = opened(made).core_properties
    assert (known.author, known.last_modified_by, known.created, known.modified) == ("", "", None, None)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.filename for info in package.infolist()} >= {"word/document.xml", "docProps/core.xml"}
        assert not any(
            "thumbnail" in info.filename or "app.xml" in info.filename for info in package.infolist()
        )
    assert made == writing.write("registration_receipt", COMMON)


def test_the_paper_has_the_measures_and_types_of_the_standard() -> None:
    document = opened(writing.write("registration_receipt", COMMON))

    section, title, body = document.sections[0], document.paragraphs[0], document.paragraphs[6]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert title.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert title.runs[0].font.size.pt == 22
    assert body.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (body.runs[0].font.size.pt, body.paragraph_format.first_line_indent.pt) == (16, 32)
    with zipfile.ZipFile(io.BytesIO(writing.write("registration_receipt", COMMON))) as package:
        assert "FangSong" in package.read("word/fontTable.xml").decode()
