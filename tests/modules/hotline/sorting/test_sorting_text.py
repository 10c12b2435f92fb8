"""Letters are folded by a table as the library folds them, whatever stands beside them."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qianshao.modules.hotline.sorting.text import MOST, folded


def by_the_library(text: str) -> str:
    whole = "".join(unicodedata.normalize("NFKC", text[:MOST]).lower().split())[:MOST]
    return whole.encode("utf-8", "replace").decode("utf-8")


def test_every_letter_of_the_first_plane_between_two_others() -> None:
    different = [
        hex(code)
        for code in range(0x10000)
        for text in (f"a{chr(code)}b", f"가{chr(code)}")
        if folded(text) != by_the_library(text)
    ]

    assert different == []


@given(st.text(max_size=40) | st.text("ＡａΣσＺ…㎡ﾊﾞか\u3099\u0301 \u3000，。一\U0001f600\ud800", max_size=12))
def test_any_text_is_folded_as_the_library_folds_it(text: str) -> None:
    assert folded(text) == by_the_library(text)


def test_a_long_text_is_cut_before_and_after(text: str = "㎡" * (MOST + 5)) -> None:
    assert folded(text) == by_the_library(text)
    assert len(folded("灯" * (MOST + 5))) == MOST
