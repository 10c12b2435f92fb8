"""Prose taken apart into sentences, with plain digits, and quoted as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import names
from .numerals import FORMAL

_PLAIN = (
    str.maketrans("０１２３４５６７８９％．：；，（）", "0123456789%.：；，（）")
    | FORMAL
    | {
        ord(","): "，",
        ord("("): "（",
        ord(")"): "）",
        ord(";"): "；",
        ord(":"): "：",
    }
)
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u3000]")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:，\d{3})+(?!\d)")
_ENDS = re.compile(r"(?<=[。！？])")
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


def sentences_of(section: str, text: str, worth: re.Pattern[str]) -> Iterator[Sentence]:
    """The sentences in which ``worth`` is found. They end at 。！？ or at a new line.

    A year a sentence opens with holds for the rest of its paragraph.
    """
    start = 0
    for paragraph in text.splitlines(keepends=True):
        before, year = "", frozenset[int]()
        offset = start
        start += len(paragraph)
        if not worth.search(_joined(paragraph)):
            continue
        for piece in _ENDS.split(paragraph):
            plain = _joined(piece)
            if worth.search(plain):
                yield Sentence(section, plain, before, year, text, _places(piece, offset))
            offset += len(piece)
            before += plain
            opening = _YEAR.match(plain)
            year = frozenset({int(opening.group(1))}) if opening else year


def _joined(piece: str) -> str:
    joined = _BLANK.sub("", piece.translate(_PLAIN))
    return _THOUSANDS.sub(lambda match: match.group().replace("，", ","), joined)


def _places(piece: str, offset: int) -> tuple[int, ...]:
    """Where each letter of the joined text stood: neither blanks taken out nor commas made plain move others."""
    return tuple(offset + index for index, letter in enumerate(piece) if not _BLANK.match(letter))
