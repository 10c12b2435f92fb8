"""Messages put into groups, one for each matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import floods, linkage, pairs
from .message import Message
from .pairs import Corpus
from .vectors import Rarity, Read, take_apart

THRESHOLD = 0.2  # of the mean likeness
FLOOD, FLOOD_LEAST = 0.02, 100  # share and number of the texts from which one matter is a flood
Tell = Callable[[str, int, int], None]  # what is done, how much of it, of how much


@dataclass(frozen=True)
class Held:
    """What clerks decided, by keys of messages; kept over every later run. The newer word about a pair counts."""

    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


NOTHING_HELD = Held()


@dataclass(frozen=True)
class Grouping:
    """Groups of positions in the messages given, each in order of time, the groups in order of their first message.

    ``corpus`` holds every distinct text once, ``place`` says where in it a message's text stands.
    """

    groups: tuple[tuple[int, ...], ...]
    corpus: Corpus
    place: tuple[int, ...]


def _silent(doing: str, done: int, of: int) -> None:
    """Tell nobody."""


def group(messages: Sequence[Message], held: Held = NOTHING_HELD, tell: Tell = _silent) -> Grouping:
    """Group the messages; the same messages give the same groups in whatever order they stand.

    Equal texts are one; a message without a telling word stands alone unless a clerk holds it. Time and memory grow
    about in proportion to the messages.
    """
    reads: list[Read] = []
    for done, message in enumerate(messages):
        if done % 500 == 0:
            tell("read", done, len(messages))
        reads.append(take_apart(message))
    order = sorted(range(len(messages)), key=lambda at: (_day(reads[at]), messages[at].key))
    distinct, place = _distinct(reads, order)
    texts = [reads[at] for at in distinct]
    where = {messages[at].key: place[at] for at in order}
    together, apart = _known(held.together, where), _known(held.apart, where)
    corpus, found = _grouped(texts, Rarity(texts), together, apart, tell)
    if max(map(len, found), default=0) >= max(FLOOD_LEAST, FLOOD * len(texts)):
        # A flood makes its own words common, and common words hold nothing together: count each matter once.
        by_matter = Rarity(texts[first] for first, *_rest in found)
        corpus, found = _grouped(texts, by_matter, together, apart, tell)
    return Grouping(_spread(found, order, place), corpus, tuple(place))


def standing(messages: Sequence[Message], groups: Sequence[Sequence[int]]) -> Grouping:
    """The same as ``group``, for groups (of positions in the messages) that are known already; takes a fraction of the time."""
    reads = [take_apart(message) for message in messages]
    order = sorted(range(len(messages)), key=lambda at: (_day(reads[at]), messages[at].key))
    distinct, place = _distinct(reads, order)
    texts = [reads[at] for at in distinct]
    rank = {at: number for number, at in enumerate(order)}
    sorted_groups = sorted(
        (sorted(group, key=rank.__getitem__) for group in groups), key=lambda g: rank[g[0]]
    )
    return Grouping(tuple(map(tuple, sorted_groups)), Corpus.of(texts, Rarity(texts)), tuple(place))


def _grouped(
    texts: Sequence[Read],
    rarity: Rarity,
    together: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    tell: Tell,
) -> tuple[Corpus, list[list[int]]]:
    corpus = Corpus.of(texts, rarity)
    tell("compare", 0, 1)
    left, right = pairs.candidates(corpus)
    scores = pairs.likenesses(corpus, left, right)
    tell("join", 0, 1)
    links = list(zip(left.tolist(), right.tolist(), strict=True))
    found = linkage.join(
        len(texts),
        ((a, b, score) for (a, b), score in zip(links, scores.tolist(), strict=True)),
        threshold=THRESHOLD,
        nearest=pairs.NEAREST,
        together=together,
        apart=apart,
    )
    return corpus, floods.rejoined(corpus, found, links, apart, THRESHOLD)


def _day(read: Read) -> float:
    return read.facts.day if read.facts.day == read.facts.day else float("inf")


def _distinct(reads: Sequence[Read], order: Sequence[int]) -> tuple[list[int], list[int]]:
    """The first message of each text, and for every message the position of its text among those."""
    first: dict[bytes, int] = {}
    distinct: list[int] = []
    place = [0] * len(reads)
    for at in order:
        read = reads[at]
        known = first.get(read.text) if read.text else None
        if known is None:
            known = len(distinct)
            distinct.append(at)
            first[read.text] = known
        place[at] = known
    return distinct, place


def _known(held: Sequence[tuple[str, str]], where: dict[str, int]) -> list[tuple[int, int]]:
    return [(where[one], where[other]) for one, other in held if one in where and other in where]


def _spread(
    found: Sequence[Sequence[int]], order: Sequence[int], place: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """Groups of texts as groups of messages."""
    group_of = {text: number for number, texts in enumerate(found) for text in texts}
    spread: dict[int, list[int]] = {}
    for at in order:
        spread.setdefault(group_of[place[at]], []).append(at)
    return tuple(tuple(group) for group in spread.values())
