"""Why messages stand together: the places and the words they share, and the one that says it best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from . import places, words
from .message import LONGEST, Message, plain
from .vectors import NAMES, WORDS, Rarity, column

_LOOKED_AT = 60  # messages of a large group, evenly spread over its time
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Reasons:
    """What messages share; ``central`` is the position of the message most like the others."""

    places: tuple[str, ...]
    words: tuple[str, ...]
    central: int


def shared(messages: Sequence[Message], rarity: Rarity) -> Reasons:
    """Places that at least half of the messages name (of two, both) and the words that bind most of them.

    Places of the titles go before those that only the bodies name.
    """
    step = max(1, -(-len(messages) // _LOOKED_AT))
    looked = list(range(0, len(messages), step))
    told = [_told(messages[at]) for at in looked]
    half = max(2, (len(told) + 1) // 2) if len(told) > 1 else 1
    named = Counter(name for names, _words in told for name in names)
    titled = {name for names, _words in told for name, in_title in names.items() if in_title}
    used = Counter(word for _names, used in told for word in used)
    common = [name for name, held in named.items() if held >= half]
    names = _widest([name for name in common if name in titled] or common, named, rarity)
    matter = {word: held for word, held in used.items() if held >= half and not _within(word, names)}
    weights = {word: held * _rare(word, WORDS, rarity) for word, held in matter.items()}
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_SHOWN]
    return Reasons(tuple(names[:_SHOWN]), tuple(best), looked[_central(told, rarity)])


def _told(message: Message) -> tuple[dict[str, bool], Counter[str]]:
    """The names of a message, whether its title has them, and its words, those of the title counted three times."""
    title, body = plain(message.title), plain(message.body[:LONGEST])
    title_words, body_words = (words.cut(places.without_codes(text)) for text in (title, body))
    names = dict.fromkeys(places.read("", (), body_words).names, False)
    read = places.read(title, title_words)
    names |= dict.fromkeys([*sorted(code.upper() for code in read.districts), *read.names], True)
    counted = Counter(words.telling(body_words))
    for word in words.telling(title_words):
        counted[word] += 3
    return names, counted


def _rare(feature: str, field: int, rarity: Rarity) -> float:
    return float(rarity.idf(np.array([column(feature)], dtype=np.int32), field)[0])


def _widest(names: list[str], named: Counter[str], rarity: Rarity) -> list[str]:
    """Each name once, in its longest form that as many messages use, the rarest and most used first."""
    kept = [
        name
        for name in names
        if not any(name != other and name in other and named[other] >= named[name] * 0.8 for other in names)
        and not any(name != other and other in name and named[other] > named[name] * 1.25 for other in names)
    ]
    return sorted(kept, key=lambda name: (-named[name] * _rare(name, NAMES, rarity), name))


def _within(word: str, names: list[str]) -> bool:
    return any(word in name for name in names)


def _central(told: Sequence[tuple[dict[str, bool], Counter[str]]], rarity: Rarity) -> int:
    """The message whose words are nearest to the words of all; the first of equals."""
    held = Counter(word for _names, words_of in told for word in words_of)
    weights = {word: count * _rare(word, WORDS, rarity) ** 2 for word, count in held.items() if count > 1}

    def near(words_of: Counter[str]) -> float:
        length = sqrt(sum((1 + log(count)) ** 2 for count in words_of.values()))
        said = sum(weights.get(word, 0.0) * (1 + log(count)) for word, count in words_of.items())
        return said / max(length, 1.0)

    return max(range(len(told)), key=lambda at: (near(told[at][1]), -at))
