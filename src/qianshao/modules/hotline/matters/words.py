"""The words of a message: cut once, used for comparing, for reading places and for explaining."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

from .lists import words_of

_STOP = words_of("courtesies")
_WORD = re.compile(r"[\u4e00-\u9fffa-z]")


class _Cutter(Protocol):
    def cut(self, text: str, hmm: bool = ...) -> list[str]: ...


@cache
def _cutter() -> _Cutter:
    import rjieba

    return cast(_Cutter, rjieba)


def cut(text: str) -> list[str]:
    """The text as words in order, punctuation kept."""
    return _cutter().cut(text)


def telling(words: list[str]) -> list[str]:
    """The words that can tell one matter from another: two letters or more, no number, no courtesy."""
    return [word for word in words if len(word) > 1 and word not in _STOP and _WORD.search(word)]


def pairs(text: str) -> list[str]:
    """Neighbouring letters; they find a name that was cut in different ways."""
    text = "".join(letter for letter in text if letter.isalnum())
    return [text[at : at + 2] for at in range(len(text) - 1)]
