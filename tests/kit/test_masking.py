"""What is hidden before somebody asks with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kit.duties.masking import masked_name, masked_phone, scrub


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("来电13812345678请回", "来电138****5678请回"),
        ("来电 138-1234-5678", "来电 138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("座机0595-22345678", "座机0595****678"),
        ("身份证350102199001011234", "身份证******"),
        ("身份证35010219900101123X。", "身份证******。"),
        ("车牌闽C·A1234违停", "车牌闽C*****违停"),
        ("新能源闽CD12345", "新能源闽C*****"),
        ("2025年9月25日第3次反映，12345热线", "2025年9月25日第3次反映，12345热线"),
        ("门牌1380号", "门牌1380号"),
    ],
)
def test_numbers_of_people_and_cars_are_hidden_and_others_are_not(text: str, shown: str) -> None:
    assert scrub(text) == shown


def test_a_name_the_fact_tells_is_hidden_in_the_story_too() -> None:
    assert scrub("王小满反映噪声，请王小满回电", {"王小满"}) == "王**反映噪声，请王**回电"


def test_a_name_and_a_number_keep_enough_to_recognise() -> None:
    assert (masked_name("欧阳小满"), masked_phone("13812345678"), masked_phone("22345")) == (
        "欧***",
        "138****5678",
        "***45",
    )


@given(st.text(max_size=20), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=20))
def test_a_mobile_number_is_never_shown_whole(before: str, number: str, after: str) -> None:
    assert number not in scrub(f"{before} {number} {after}")
