"""Numbers as clerks write them: in cells (１２, 1,234, 3件, —, /) and in sentences (十二, 二百零三)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Number = int | Decimal
Fault = Literal["", "blank", "dash", "text"]

MOST_DIGITS = 15
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DASHES = frozenset("-–—―‐‑‒−─一/\\|～~._*")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?:万元|件次|[件元项条份个宗次家起人部])$")
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_CHINESE = re.compile(r"[零〇○一二两三四五六七八九十百千万亿]+")
_DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: ``text`` as printed, ``value`` when it is a number, else the ``fault``."""

    text: str
    value: Number | None = None
    fault: Fault = ""


def squeeze(text: str) -> str:
    """Full-width letters and digits made plain, every blank taken out."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def cell(text: str) -> Cell:
    """Read a printed cell; never raises."""
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return Cell(text, int(text))
    bare = squeeze(text)
    if not bare:
        return Cell("", None, "blank")
    if all(letter in _DASHES for letter in bare) or bare in ("无", "空", "null", "None"):
        return Cell(text.strip(), None, "dash")
    value = number(bare)
    return Cell(text.strip(), value, "" if value is not None else "text")


def number(bare: str) -> Number | None:
    """A squeezed text as a number, its unit dropped; None when it is something else or absurdly long."""
    bare = _UNIT.sub("", bare)
    if len(bare) > MOST_DIGITS * 2:
        return None
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if _PLAIN.fullmatch(bare):
        if len(bare.lstrip("+-").partition(".")[0]) > MOST_DIGITS:
            return None
        return whole(Decimal(bare))
    return chinese(bare)


def whole(value: Decimal) -> Number:
    """An ``int`` where the value is one: 3.0 is 3."""
    return int(value) if value == value.to_integral_value() else value


def chinese(text: str) -> int | None:
    """十二 is 12, 二百零三 203, 一千 1000, 二〇二三 2023; None for anything that is not a whole numeral."""
    text = text.translate(FORMAL)
    if not _CHINESE.fullmatch(text):
        return None
    if not set(text) & {"十", "百", "千", "万", "亿"}:
        if len(text) > MOST_DIGITS:
            return None
        return int("".join(str(_DIGITS[letter]) for letter in text))
    total = 0
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        before, found, text = text.rpartition(unit)
        if found:
            high = _below_ten_thousand(before)
            if not high:
                return None
            total += high * size
    low = _below_ten_thousand(text) if text else 0
    return None if low is None else total + low


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for place, letter in enumerate(text):
        if letter in _PLACES:
            size = _PLACES[letter]
            if size >= last or (digit is None and not (letter == "十" and not text[:place].strip("零"))):
                return None
            total += (1 if digit is None else digit) * size
            digit, last = None, size
        elif letter in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[letter]
        else:
            return None
    return total + (digit or 0)
