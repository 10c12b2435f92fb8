"""Prose taken apart into sentences, with plain digits, and quoted as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import names

_PLAIN = str.maketrans("０１２３４５６７８９％．：；，（）", "0123456789%.：；，（）") | {
    ord(","): "，",
    ord("("): "（",
    ord(")"): "）",
    ord(";"): "；",
    ord(":"): "：",
}
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u3000]")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:，\d{3})+(?!\d)")
_YEAR = re.compile(r"(20\d\d)年")


@dataclass(frozen=True)
class Sentence:
    """``text`` without blanks; ``before`` is the paragraph up to it; ``years_before`` the year in force there."""

    section: str
    text: str
    before: str
    years_before: frozenset[int]
    original: str = field(repr=False)
    places: tuple[int, ...] = field(repr=False)

    def clause(self, start: int, end: int) -> str:
        """The words between the commas around a phrase."""
        first = max((self.text.rfind(mark, 0, start) for mark in "，；。：（"), default=-1) + 1
        lasts = [place for mark in "，；。（）" if (place := self.text.find(mark, end)) >= 0]
        return self.text[first : min(lasts, default=len(self.text))]

    def quote(self, start: int, end: int) -> str:
        """The printed words of a phrase."""
        return self.original[self.places[start] : self.places[end - 1] + 1]

    def is_section(self, index: int) -> bool:
        """Whether it stands in that section (0 to 5)."""
        return names.section_of_key(self.section) == index


def sentences_of(section: str, text: str) -> Iterator[Sentence]:
    """Sentences end at 。！？ or at a new line; a year named in one holds for the rest of its paragraph."""
    start = 0
    for paragraph in text.splitlines(keepends=True):
        before, year = "", frozenset[int]()
        offset = start
        for piece in re.split(r"(?<=[。！？])", paragraph):
            plain, places = _plain(piece, offset)
            offset += len(piece)
            if not plain:
                continue
            yield Sentence(section, plain, before, year, text, places)
            before += plain
            opening = _YEAR.match(plain)
            year = frozenset({int(opening.group(1))}) if opening else year
        start += len(paragraph)


def _plain(piece: str, offset: int) -> tuple[str, tuple[int, ...]]:
    letters, places = [], []
    for index, letter in enumerate(piece.translate(_PLAIN)):
        if not _BLANK.match(letter):
            letters.append(letter)
            places.append(offset + index)
    joined = "".join(letters)
    return _THOUSANDS.sub(lambda match: match.group().replace("，", ","), joined), tuple(places)
