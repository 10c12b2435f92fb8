"""The first letters of Chinese words (拼音首字母), so that a Latin keyboard finds 财政局 by ``czj``."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

_TYPED = re.compile(r"[a-z0-9]+")
LONGEST = 60  # letters of a title that count; nobody types more


class _Readings(NamedTuple):
    """What pypinyin's dictionaries say of first letters, arranged so that most texts need no segmentation."""

    letters: dict[int, str | None]  # a character's own letter, by code point; None where it has none
    odd: dict[str, tuple[str, ...]]  # by first character: words whose letters are not their characters' own


@cache
def _readings() -> _Readings:
    # Loaded when first needed: the dictionaries are large, and most commands never ask.
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    own = {code: _first(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}
    odd: dict[str, list[str]] = {}
    for word, readings in PHRASES_DICT.items():
        if [_first(each[0]) for each in readings] != [own.get(ord(character)) for character in word]:
            odd.setdefault(word[0], []).append(word)
    return _Readings(own, {first: tuple(words) for first, words in odd.items()})


@cache
def _first(reading: str) -> str | None:
    letter = unicodedata.normalize("NFD", reading)[:1]
    return letter if _TYPED.fullmatch(letter) else None


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """财政局 as ``czj``; words decide (银行 is ``yh``), Latin letters and digits stay, everything else is left out.

    A text without any word that is read otherwise than its characters is translated letter by letter; only one
    that has such a word is cut into words by pypinyin. Both give the same letters.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    letters, odd = _readings()
    if any(plain.startswith(odd[first], at) for at, first in enumerate(plain) if first in odd):
        return _by_words(plain)
    return "".join(_TYPED.findall(plain.translate(letters)))


def _by_words(plain: str) -> str:
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=lambda rest: "".join(_TYPED.findall(rest)))
    return "".join(part for part in parts if _TYPED.fullmatch(part))


def typed(query: str) -> str:
    """The query as initials are compared, or empty where it cannot be any: Latin letters and digits only, two at least."""
    plain = unicodedata.normalize("NFKC", query).lower().replace(" ", "")
    return plain if len(plain) > 1 and _TYPED.fullmatch(plain) and not plain.isdigit() else ""
