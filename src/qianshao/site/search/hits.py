"""What a search answers: hits in groups, and how a word is compared with a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from qianshao.core.initials import initials, typed


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``does`` names what the page itself does (switch to dark) in place of opening an address."""

    title: str
    url: str = ""
    note: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one sort. ``more`` opens all of them; not ``exact`` when there are at least ``total``."""

    title: str
    hits: tuple[Hit, ...]
    total: int
    exact: bool = True
    more: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as names are compared with it: its words, and the letters it may be as initials."""

    text: str
    words: tuple[str, ...]
    letters: str

    @classmethod
    def read(cls, text: str) -> Asked:
        """What somebody typed; at most 200 characters count."""
        plain = " ".join(text.replace("\0", " ").split())[:200]
        return cls(plain, tuple(_plain(word) for word in plain.split()), typed(plain))

    def meets(self, *names: str) -> int:
        """How well a thing of these names is meant: 0 not at all, the more the better."""
        best = 0
        for name in filter(None, names):
            plain = _plain(name)
            if self.words and all(word in plain for word in self.words):
                best = max(best, 4 if plain == self.words[0] else 3 if plain.startswith(self.words[0]) else 2)
            elif self.letters and not best:
                sounds = initials(name)
                best = 2 if sounds.startswith(self.letters) else int(self.letters in sounds)
        return best


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def ranked(title: str, scored: Iterable[tuple[int, Hit]], size: int) -> Group:
    """The things that were meant at all, best first and otherwise in the order given."""
    found = [(score, hit) for score, hit in scored if score]
    found.sort(key=lambda item: -item[0])
    return Group(title, tuple(hit for _score, hit in found[:size]), len(found))
