"""A message as the model reads it: folded to one form, and cut into words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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


_BY_ITSELF = 0x10000  # letters whose forms are kept in a table
_NOT_ALONE = 0xFFFFFFFF
"""Of a letter that becomes several, or whose form depends on its neighbours."""


@cache
def _forms() -> npt.NDArray[np.uint32]:
    """The form of each letter by itself; 0 of white space."""
    import numpy as np

    return np.fromiter(map(_form, range(_BY_ITSELF)), np.uint32, _BY_ITSELF)


def _form(code: int) -> int:
    letter = chr(code)
    form = unicodedata.normalize("NFKC", letter)
    joins = any(unicodedata.category(one)[0] == "M" or "\u1100" <= one <= "\u11ff" for one in letter + form)
    if joins or "Σ" in form or code == 0 or 0xD800 <= code < 0xE000:
        return _NOT_ALONE  # marks and Korean letters join the one before, a last Σ is small in another way
    form = "".join(form.lower().split())
    return _NOT_ALONE if len(form) > 1 else ord(form or "\0")


def folded(text: str) -> str:
    """One form of every letter (NFKC, lower case), no white space; only the first ``MOST`` characters.

    White space goes because exports differ in it; so a text cut into words reads as the sentence it was.
    """
    import numpy as np

    text = text[:MOST].replace("…", "...")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes) or codes.max() >= _BY_ITSELF:
        return _folded_whole(text)
    forms = _forms().take(
        codes
    )  # letter by letter: many times as fast as the library, which looks for neighbours
    if forms.max() == _NOT_ALONE:
        return _folded_whole(text)
    whole: str = forms[forms != 0].tobytes().decode("utf-32-le")
    return whole[:MOST]


def _folded_whole(text: str) -> str:
    whole = "".join(unicodedata.normalize("NFKC", text).lower().split())[:MOST]
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
