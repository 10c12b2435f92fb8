"""The first letters of Chinese words (拼音首字母), so that a Latin keyboard finds 财政局 by ``czj``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TYPED = re.compile(r"[a-z0-9]+")
LONGEST = 60  # letters of a title that count; nobody types more


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """财政局 as ``czj``; words decide (银行 is ``yh``), Latin letters and digits stay, everything else is left out."""
    # Loaded when first needed: the dictionary is large, and most commands never ask.
    from pypinyin import Style, lazy_pinyin

    plain = unicodedata.normalize("NFKC", text).lower()
    parts = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=lambda rest: "".join(_TYPED.findall(rest)))
    return "".join(part for part in parts if _TYPED.fullmatch(part))


def typed(query: str) -> str:
    """The query as initials are compared, or empty where it cannot be any: Latin letters and digits only, two at least."""
    plain = unicodedata.normalize("NFKC", query).lower().replace(" ", "")
    return plain if len(plain) > 1 and _TYPED.fullmatch(plain) and not plain.isdigit() else ""
