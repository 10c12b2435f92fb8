"""The short way to initials and pypinyin's own segmentation give the same letters."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from qianshao.core.initials import _readings, initials


def by_words(text: str) -> str:
    """The letters of a text of Chinese characters as pypinyin cuts and reads it."""
    plain = unicodedata.normalize("NFKC", text)
    parts = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(part for part in parts if "a" <= part[:1] <= "z")


ODD = [word for words in _readings().odd.values() for word in words]


@given(
    st.lists(st.sampled_from([*sorted(PHRASES_DICT)[::200], *ODD[::20], "路", "灯", "行", "长"]), max_size=8)
)
def test_both_ways_agree_on_words_put_together(words: list[str]) -> None:
    text = "".join(words)

    assert initials(text) == by_words(text)


def test_both_ways_agree_on_every_odd_word_and_many_characters() -> None:
    asked = [*ODD, *map(chr, list(PINYIN_DICT)[::10])]

    assert [word for word in asked if initials(word) != by_words(word)] == []
