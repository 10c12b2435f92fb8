"""Which places and bodies a message names: districts, roads, estates, schools, firms.

Two ways of naming a place are read: the codes of anonymised data (A市, A7县) and Chinese names, told by their
last word (…路, …小区, …学校). A name is followed to the left over the words that can belong to one and stops at
verbs, particles and the name of a larger place. Nothing here is a gazetteer: a new estate is read like an old one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lists import words_of

_CODE = re.compile(r"(?<![a-z0-9])([a-z])(\d{0,2})(?:市|区|县)(?:市)?", re.IGNORECASE)
_LINE = re.compile(
    r"(?<!\d)(\d{1,4})\s*(?:号线|路(?=公交|车|巴士|$|[^\w])|路公交)|(?:地铁|磁浮|轻轨)([一二三四五六七八九十\d]{1,3})号?线"
)
_HAN_DIGITS = {digit: str(value) for value, digit in enumerate("一二三四五六七八九十", 1)}

_BREAKS = words_of("breaks")
_COMMON = words_of("common")
_NO_END = words_of("not_ends")
_END = re.compile("(?:" + "|".join(sorted(words_of("ends"), key=lambda end: (-len(end), end))) + ")$")
# What adds nothing to a name: 阳光小区 and 阳光 are one place.
_LOOSE = re.compile("(?:住宅)?(?:小区|楼盘|项目|工地|有限公司|公司|集团)$")
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{2,4}[区县旗]")
_NO_DISTRICT = re.compile("(?:" + "|".join(sorted(words_of("not_districts"))) + ")$")
_NAME = re.compile(r"[\u4e00-\u9fffa-z0-9]+")
_CODED_ROAD = re.compile(r"([a-z]\d{0,2})(?:市|区|县)(?=[东南西北中]{0,2}(?:路|大道|街))")


@dataclass(frozen=True, slots=True)
class Places:
    """What was read: districts (``a7``, ``丰泽区``), names of places and bodies, lines of bus and train (``3``)."""

    districts: frozenset[str]
    names: tuple[str, ...]
    lines: frozenset[str]


def districts(text: str, cut: Sequence[str]) -> frozenset[str]:
    """The districts and counties of a text and its words: coded (a7) or by name (丰泽区); a whole city says too little."""
    coded = {letter.lower() + digits for letter, digits in _CODE.findall(text) if digits}
    return frozenset(
        coded.union(word for word in cut if _DISTRICT.fullmatch(word) and not _NO_DISTRICT.search(word))
    )


def lines(text: str) -> frozenset[str]:
    """Lines of bus and train, so that 3号线 and 7号线 are never one."""
    found = set()
    for bus, train in _LINE.findall(text):
        number = bus or "".join(_HAN_DIGITS.get(letter, letter) for letter in train)
        found.add(number)
    return frozenset(found)


def without_codes(text: str) -> str:
    """The text with coded districts left out; a road that is named by one (A1区南路) keeps it."""
    return _CODE.sub("，", _CODED_ROAD.sub(r"，\1", text))


def read(title: str, title_words: Sequence[str], body_words: Sequence[str] = ()) -> Places:
    """What a message names; the words in order, punctuation kept, cut from texts ``without_codes``.

    Districts and lines are read in the title only: a body often tells where the writer lives or what other cities do.
    """
    names: dict[str, None] = {}
    run: list[str] = []
    for word in (*title_words, "。", *body_words):
        if word in _BREAKS or not _NAME.fullmatch(word) or word.isdigit():
            run.clear()
            continue
        run.append(word)
        if _END.search(word) and (len(run) > 1 or word not in _NO_END):
            for name in _named(run):
                names[name] = None
            if len(word) > 1 and word not in _COMMON:
                run = [] if _larger(word) else run[-3:]
    return Places(districts(title, title_words), tuple(names), lines(title))


def _larger(word: str) -> bool:
    return word.endswith(("省", "市", "县", "镇", "乡", "街道"))


def _named(run: list[str]) -> list[str]:
    """The whole name that ends a run, and its shorter forms: 大榕榕荫之城 is also 榕荫之城."""
    found = []
    for start in range(max(0, len(run) - 4), len(run)):
        name = "".join(run[start:])
        if len(name) > 12 or name in _COMMON:
            continue
        stem = _LOOSE.sub("", name)
        if stem in _COMMON or len(stem) < 2 or (len(stem) == 2 and stem == name and start == len(run) - 1):
            continue
        found.append(stem)
    return found
