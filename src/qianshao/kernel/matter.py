"""Whether two inspections look at the same matter, by what they are called."""

from __future__ import annotations

import re
import unicodedata

# What every inspection is called, whatever it looks at.
_COMMON = re.compile(r"[\W_]+|关于|开展|进行|情况|工作|专项|综合|督查|督导|检查|调研|考核|抽查|暗访|的")
_TELLING = 4  # characters from which one name that holds the other says the same


def same_matter(one: str, other: str) -> bool:
    """Whether two names mean one matter: the same, or one within the other, without the words every inspection has."""
    short, long = sorted((_core(one), _core(other)), key=len)
    return short == long or (len(short) >= _TELLING and short in long)


def _core(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _COMMON.sub("", folded) or folded
