"""Whatever a stranger hands in: a report or a sentence, never a crash."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
import registers
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.modules.openness.report import exports, numerals, opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.model import Unreadable

WORDS = st.sampled_from(
    [
        "一、本年新收政府信息公开申请数量",
        "（七）总计",
        "3.其他",
        "（三）1",
        "自然人",
        "总计",
        "行政复议",
        "规章",
        "结果维持",
        "table3",
        "—",
        "12",
        "",
        "年",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=30,
)


def survives(file: Path) -> None:
    try:
        reports = opening.reports_in(file)
    except Unreadable as refusal:
        assert file.name in str(refusal) or "工作簿" in str(refusal)
    else:
        for finding in check(reports):
            json.dumps(finding.as_json(), allow_nan=False)


@settings(max_examples=300, deadline=None)
@given(
    made=st.fixed_dictionaries(
        {"table3": VALUES},
        optional={
            "table2": VALUES,
            "table4": VALUES,
            "text": VALUES,
            "year": VALUES,
            "form": VALUES,
            "body": VALUES,
        },
    )
)
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, made: dict[str, Any]) -> None:
    file = tmp_path_factory.mktemp("s") / "r.json"
    file.write_text(json.dumps(made), encoding="utf-8")

    survives(file)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_page_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    data = bytearray(exports.as_html(registers.a_report()).encode())
    for _change in range(30):
        place = dice.randrange(len(data))
        data[place : place + dice.randrange(40)] = dice.choice(
            [b"", b"<td>", b"</table>", b"<", b"\xff\xfe", b"colspan=9999999"]
        )

    (tmp_path / "r.html").write_bytes(data)

    survives(tmp_path / "r.html")


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_document_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    whole = exports.as_docx(registers.a_report())
    if seed % 2:
        data = bytearray(whole)
        for _change in range(20):
            data[dice.randrange(len(data))] = dice.randrange(256)
        (tmp_path / "r.docx").write_bytes(data)
    else:
        with zipfile.ZipFile(io.BytesIO(whole)) as package:
            text = package.read("word/document.xml").decode()
        for _change in range(20):
            place = text.find("<w:", dice.randrange(len(text)))
            end = text.find(">", place) + 1
            text = (
                text[:place]
                + dice.choice(["", "<w:tbl/>", '<w:gridSpan w:val="99999"/>', "<w:tr/>"])
                + text[end:]
            )
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as package:
            package.writestr("word/document.xml", text)
        (tmp_path / "r.docx").write_bytes(kept.getvalue())

    survives(tmp_path / "r.docx")


@settings(max_examples=300)
@given(number=st.integers(0, 99_999_999))
def test_a_chinese_numeral_means_its_number(number: int) -> None:
    assert numerals.chinese(spelled(number)) == number


def spelled(number: int) -> str:
    """A number as it is spoken: 二百零三, 一十二万零五."""
    if number == 0:
        return "零"
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return spelled(high) + "万" + (gap + spelled(low) if low else "")
    digits, text, gap = f"{low:04}", "", False
    for digit, place in zip(digits, ("千", "百", "十", ""), strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap and not text.endswith("零") else "") + "零一二三四五六七八九"[int(digit)] + place
        gap = False
    return text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("二十", 20),
        ("两百", 200),
        ("一百一十", 110),
        ("二〇二四", 2024),
        ("十百", None),
        ("一二百", None),
        ("百", None),
        ("", None),
        ("千万", None),
    ],
)
def test_numerals_as_people_write_them(text: str, number: int | None) -> None:
    assert numerals.chinese(text) == number


@pytest.mark.parametrize(
    ("printed", "value", "fault"),
    [
        ("１２", 12, ""), (" 1,234 ", 1234, ""), ("1，234", 1234, ""), ("3件", 3, ""), ("12.50万元", pytest.approx(12.5), ""), ("3.0", 3, ""),
        ("", None, "blank"), ("　", None, "blank"), ("—", None, "dash"), ("/", None, "dash"), ("－－", None, "dash"), ("无", None, "dash"),
        ("12,34", None, "text"), ("约10", None, "text"), ("9" * 40, None, "text"), ("-3", -3, ""),
    ],
)  # fmt: skip
def test_cells_as_people_fill_them(printed: str, value: object, fault: str) -> None:
    read = numerals.cell(printed)

    assert (read.value if fault else float(read.value or 0), read.fault) == (value, fault)
