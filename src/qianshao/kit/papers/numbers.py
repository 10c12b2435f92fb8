"""The numbers that Word prints by itself before a paragraph: 一、, （一）, 1. (ECMA-376 Part 1, 17.9)."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_VAL = qn("w:val")
_DIGITS = "〇一二三四五六七八九"
_BLANK = re.compile(r"%([1-9])")
_CHINESE = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
    )
)
_SILENT = frozenset(("bullet", "none", ""))


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九; larger ones digit by digit."""
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


class Numbers:
    """Counts through a document in reading order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._learn(numbering)
        if styles is not None:
            for style in styles.iter(qn("w:style")):
                found = _numbered(style.find(qn("w:pPr")))
                if found is not None:
                    self._styles[style.get(qn("w:styleId")) or ""] = found

    def _learn(self, numbering: Any) -> None:
        for abstract in numbering.iter(qn("w:abstractNum")):
            levels = self._levels.setdefault(abstract.get(qn("w:abstractNumId")) or "", {})
            for level in abstract.iter(qn("w:lvl")):
                at = level.get(qn("w:ilvl")) or "0"
                form, text, start = (_value(level, name) for name in ("w:numFmt", "w:lvlText", "w:start"))
                if at.isdigit():
                    levels[int(at)] = (form, text, int(start) if start.isdigit() and len(start) < 6 else 1)
        for number in numbering.iter(qn("w:num")):
            self._abstract[number.get(qn("w:numId")) or ""] = _value(number, "w:abstractNumId")

    def before(self, paragraph: Any) -> str:
        """What Word prints before this paragraph; counts it."""
        properties = paragraph.find(qn("w:pPr"))
        found = _numbered(properties)
        if found is None and properties is not None:
            found = self._styles.get(_value(properties, "w:pStyle"))
        if found is None:
            return ""
        number, level = found
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        if level not in levels or levels[level][0] in _SILENT:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _BLANK.sub(lambda match: self._one(levels, counts, int(match[1]) - 1), levels[level][1])

    @staticmethod
    def _one(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
        form, _text, start = levels.get(level, ("decimal", "", 1))
        number = counts.get(level, start)
        if form in _CHINESE:
            return chinese(number)
        if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
            return chr(0x245F + number)
        return str(number)


def _value(parent: Any, name: str) -> str:
    found = parent.find(qn(name))
    return "" if found is None else found.get(_VAL) or ""


def _numbered(properties: Any) -> tuple[str, int] | None:
    found = properties.find(qn("w:numPr")) if properties is not None else None
    if found is None:
        return None
    number, level = _value(found, "w:numId"), _value(found, "w:ilvl") or "0"
    return (number, int(level)) if number and number != "0" and level.isdigit() and len(level) == 1 else None
