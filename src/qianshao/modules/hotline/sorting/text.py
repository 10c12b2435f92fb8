"""A message as the model reads it: folded to one form, and cut into words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Protocol

MOST = 2000  # characters of a text; what a message is about stands before: with more of them nothing was told apart better

BREAK = "\0"  # after a text; no text holds one that counts


class _Cutter(Protocol):
    def cut(self, text: str) -> list[str]: ...


@cache
def _cutter() -> _Cutter:
    import rjieba  # slow to import

    cutter: _Cutter = (
        rjieba.Jieba()
    )  # one of our own: words another part adds to the shared one change nothing here
    return cutter


def folded(text: str) -> str:
    """One form of every letter (NFKC, lower case), no white space; only the first ``MOST`` characters.

    White space goes because exports differ in it; so a text cut into words reads as the sentence it was.
    """
    whole = "".join(unicodedata.normalize("NFKC", text[:MOST]).lower().split())[:MOST]
    return whole.encode("utf-8", "replace").decode(
        "utf-8"
    )  # half of a character, from a broken export, is none


def words(text: str) -> list[str]:
    """A folded text, cut into words; together they are the text again."""
    return _cutter().cut(text) if text else []


def spelled(texts: Iterable[Iterable[str]]) -> list[str]:
    """All symbols of all texts one after another, with a break after each text."""
    flat: list[str] = []
    for text in texts:
        flat.extend(text)
        flat.append(BREAK)
    return flat
