"""The text beside itself with one kind of bracket, digit, colon and space, character for character, so offsets agree."""

from __future__ import annotations

import re

_ONE = {
    "(": "（",
    ")": "）",
    "[": "〔",
    "]": "〕",
    "【": "〔",
    "】": "〕",
    "﹝": "〔",
    "﹞": "〕",
    "［": "〔",
    "］": "〕",
    "〖": "〔",
    "〗": "〕",
    "❲": "〔",
    "❳": "〕",
    ":": "：",
    "∶": "：",
    "︰": "：",
    "﹕": "：",
    "꞉": "：",
    ";": "；",
    "﹔": "；",
    ",": "，",
    "﹐": "，",
    "､": "、",
    "﹑": "、",
    "｡": "。",
    "．": ".",
    "﹒": ".",
    "・": ".",
    "＊": "*",
    "＃": "#",
    "－": "-",
    "‐": "-",
    "‑": "-",
    "–": "—",
    "−": "-",
    "～": "—",
    "~": "—",
    "〜": "—",
    "／": "/",
    "○": "〇",
    "\t": " ",
}
# Traditional forms of the words that names of units, roles and deadlines are made of: reprints often have them.
_SIMPLE = dict(
    zip(
        "牽頭責單負參與協辦導實時間節點內個務組織關區縣鎮鄉發財聯會黨國總團處機構學醫銀開標為項計劃據業農環衛資統籌領號達長風電訊書記門廳屬級擔執進設體當後從",
        "牵头责单负参与协办导实时间节点内个务组织关区县镇乡发财联会党国总团处机构学医银开标为项计划据业农环卫资统筹领号达长风电讯书记门厅属级担执进设体当后从",
        strict=True,
    )
)
_TABLE = str.maketrans(
    _SIMPLE
    | _ONE
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    )
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", " ")
)
_WRAP = re.compile(r"\s*\n\s*")
_GAP = re.compile(
    r"(?<![\x21-\x7e])[ \t\u00a0\u3000\u200b\ufeff]+|[ \t\u00a0\u3000\u200b\ufeff]+(?![\x21-\x7e])"
)
_SPACES = re.compile(r"[\s\u00a0\u3000\u200b-\u200d\u2060\ufeff\u00ad]+")

_ANEW = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、](?!\d)|[①-⑳●■▲◆·•-]|[^，。；：]{2,8}[：:]"
)
OPENING = "（〔"
CLOSING = {"）": "（", "〕": "〔"}
_NUMERALS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}


def fold(text: str) -> str:
    """The same length, evened; look things up here and cut them from the original."""
    return text.translate(_TABLE)


def clean(text: str) -> str:
    """Printed words without line breaks and gaps of the layout; gaps between Latin words stay."""
    return _SPACES.sub(" ", _GAP.sub("", _WRAP.sub(_joined, text))).strip()


def _joined(match: re.Match[str]) -> str:
    """A wrapped line goes on without a gap, unless Latin letters meet."""
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return " " if before.isascii() and after.isascii() and before.isalpha() and after.isalpha() else ""


def paragraphs(text: str) -> str:
    """The same of several lines: a break stays where a sentence, a label or a number begins anew, else the line was wrapped."""
    found = ""
    for line in text.split("\n"):
        words = clean(line)
        if not words:
            continue
        if found and (found[-1] in "。；：！？”）" or _ANEW.match(words)):
            found += "\n" + words
        else:
            gap = " " if found[-1:].isascii() and words[0].isascii() and found[-1:].isalpha() else ""
            found += gap + words
    return found


def numeral(written: str) -> int | None:
    """12, 十二, 二十一, 一百零三, 二〇二五; None for anything else."""
    if written.isascii() and written.isdigit():
        return int(written)
    if not written:
        return None
    if not set(written) & set("十百"):
        digits = [_NUMERALS.get(char) for char in written]
        if None in digits:
            return None
        return int("".join(str(digit) for digit in digits))
    total, waiting = 0, None
    for char in written:
        if char in "十百":
            total += (1 if waiting is None else waiting) * (10 if char == "十" else 100)
            waiting = None
        elif (digit := _NUMERALS.get(char)) is not None:
            waiting = digit
        else:
            return None
    return total + (waiting or 0)
