"""Does an interpretation only repeat its document? (安顺 rule of 2020 article 4: not a mere excerpt, E.)

The measure: both texts are stripped to their letters; a sentence of the interpretation is *repeated* when enough
of its runs of five letters (shingles, Broder 1997) stand in the document too; the share is the letters of
repeated sentences out of all letters. No number is in the law: the limits are settings of the city.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qianshao.kernel.words import Words, say

SHINGLE = 5


@dataclass(frozen=True)
class Limits:
    """In per cent. Unverified: our own starting values, to be set by the city.

    A sentence is repeated from ``sentence`` on; the whole is an excerpt from ``share`` on. Fewer than
    ``fewest`` letters are not judged: a caption or a link is no interpretation yet.
    """

    sentence: int = 70
    share: int = 70
    fewest: int = 100


@dataclass(frozen=True)
class Repeated:
    """A sentence of the interpretation and how much of it stands in the document, in per cent."""

    text: str
    letters: int
    overlap: int


@dataclass(frozen=True)
class Excerpt:
    """The measure and its reasons. ``share`` in per cent, None when there is too little to judge."""

    share: int | None
    sentences: tuple[Repeated, ...]
    limits: Limits

    @property
    def repeated(self) -> tuple[Repeated, ...]:
        """The sentences that repeat the document."""
        return tuple(each for each in self.sentences if each.overlap >= self.limits.sentence)

    @property
    def is_excerpt(self) -> bool | None:
        """None when it cannot be judged."""
        return None if self.share is None else self.share >= self.limits.share

    @property
    def because(self) -> Words:
        """The finding in one sentence."""
        if self.share is None:
            return say("解读材料不足 {n} 字，无法判断是否照搬原文。", n=self.limits.fewest)
        return say(
            "解读共 {n} 句，其中 {same} 句与文件原文相同或基本相同，占字数的 {share}%（限值 {limit}%）。",
            n=len(self.sentences),
            same=len(self.repeated),
            share=self.share,
            limit=self.limits.share,
        )


def compare(document: str, interpretation: str, limits: Limits) -> Excerpt:
    """Measure an interpretation against the document it interprets."""
    known = _shingles(_letters(document))
    sentences = tuple(
        Repeated(text.strip(), len(letters), _overlap(letters, known))
        for text in re.split(r"(?<=[。！？；!?;])|\n", interpretation)
        if (letters := _letters(text))
    )
    total = sum(each.letters for each in sentences)
    if total < limits.fewest:
        return Excerpt(None, sentences, limits)
    same = sum(each.letters for each in sentences if each.overlap >= limits.sentence)
    return Excerpt(100 * same // total, sentences, limits)


def _letters(text: str) -> str:
    """Letters and digits alone: punctuation, blanks and full-width forms do not make a text one's own."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def _shingles(letters: str) -> frozenset[str]:
    return frozenset(letters[start : start + SHINGLE] for start in range(len(letters) - SHINGLE + 1))


def _overlap(letters: str, known: frozenset[str]) -> int:
    """Shingles of the sentence that the document has, in per cent; a sentence too short for one has none."""
    own = [letters[start : start + SHINGLE] for start in range(len(letters) - SHINGLE + 1)]
    return 100 * sum(each in known for each in own) // len(own) if own else 0
