"""Groups that grow: a new message finds its group in milliseconds, and a clerk has the last word.

An index is built over the messages at hand; rarities are counted then and stay, so that placing a message changes
nothing for others. It is built anew now and then (each night, say) from the messages and ``Index.held``, which carries
what clerks decided into every later run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import pairs
from .explain import Reasons, shared
from .grouping import NOTHING_HELD, THRESHOLD, Held, group, standing
from .linkage import chain, mean
from .message import Message
from .pairs import LIKENESSES, NEAREST, ROUGH
from .vectors import COLUMNS, FIELDS, Facts, Floats, Ints, Read, Row, take_apart


class Unknown(LookupError):
    """No such group or message in the index."""


class Known(ValueError):
    """The index already holds a message of this key."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A message like the one asked about, and why."""

    key: str
    group: str
    likeness: float
    reasons: Reasons
    days_apart: float | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message went: ``fresh`` when it opened a group of its own."""

    group: str
    likeness: float
    fresh: bool


class Index:
    """Messages in groups. A group is named by the key of its first message.

    ``groups`` (positions in the messages, each in one) are taken as they are where somebody knows them already.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        held: Held = NOTHING_HELD,
        groups: Sequence[Sequence[int]] | None = None,
    ) -> None:
        found = group(messages, held) if groups is None else standing(messages, groups)
        self.held = held
        self._corpus = found.corpus
        self._rarity = found.corpus.rarity
        self._searched = [pairs.searched(self._rarity, field) for field in ROUGH]
        self._across = [found.corpus.fields[field].T.tocsr() for field in ROUGH]
        self._base = len(found.corpus.facts)
        self._late: list[tuple[Facts, tuple[Row, ...]]] = []
        self._postings: list[dict[int, list[tuple[int, float]]]] = [{} for _field in ROUGH]
        self._text = {text: at for at, text in enumerate(found.corpus.texts) if text}
        self._messages = {message.key: message for message in messages}
        self._text_of: dict[str, int] = {message.key: found.place[at] for at, message in enumerate(messages)}
        self._first: dict[int, str] = {}
        self._members: dict[str, list[str]] = {}
        self._group: dict[str, str] = {}
        self._scratch = [np.zeros(COLUMNS, dtype=np.float32) for _field in FIELDS]
        for positions in found.groups:
            keys = [messages[at].key for at in positions]
            self._members[keys[0]] = keys
            for key in keys:
                self._group[key] = keys[0]
                self._first.setdefault(self._text_of[key], key)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Every group with the keys of its messages, in order of arrival."""
        return {name: tuple(keys) for name, keys in self._members.items()}

    def group_of(self, key: str) -> str:
        """The group of a message; raises ``Unknown``."""
        try:
            return self._group[key]
        except KeyError:
            raise Unknown(key) from None

    def size_of(self, name: str) -> int:
        """How many messages a group has; raises ``Unknown``."""
        return len(self._of(name))

    def place(self, message: Message) -> Placed:
        """Put a new message into the likeliest group, or into one of its own; raises ``Known``."""
        if message.key in self._group:
            raise Known(message.key)
        read = take_apart(message)
        same = self._text.get(read.text) if read.text else None
        if same is not None:
            self._keep(message, same, self._group[self._first[same]])
            return Placed(self._group[message.key], 1.0, fresh=False)
        rows = tuple(self._rarity.row(read, field) for field in range(len(FIELDS)))
        positions, scores = self._near(read, rows)
        name, level = self._best(positions, scores)
        self._add(message, read, rows, name if level >= THRESHOLD else message.key)
        return Placed(self._group[message.key], level, fresh=level < THRESHOLD)

    def alike(self, message: Message, top: int) -> list[Alike]:
        """The messages most like this one, one of each text, likeliest first; nothing is placed."""
        read = take_apart(message)
        rows = tuple(self._rarity.row(read, field) for field in range(len(FIELDS)))
        positions, scores = self._near(read, rows)
        order = sorted(range(len(positions)), key=lambda at: (-scores[at], positions[at]))[:top]
        return [self._told(message, self._first[int(positions[at])], float(scores[at])) for at in order]

    def confirm(self, name: str) -> Held:
        """A clerk says that this group is one matter; later runs keep it together. Raises ``Unknown``."""
        keys = self._of(name)
        return self._hold([*self.held.together, *chain_keys(keys)], self.held.apart)

    def merge(self, one: str, other: str) -> str:
        """A clerk says that two groups are one matter; an earlier split of them is lifted. Raises ``Unknown``."""
        left, right = self._of(one), self._of(other)
        if one == other:
            return one
        sides = {**dict.fromkeys(left, 0), **dict.fromkeys(right, 1)}
        apart = [pair for pair in self.held.apart if {sides.get(key) for key in pair} != {0, 1}]
        self._hold([*self.held.together, *chain_keys([*left, *right])], apart)
        self._members[one] = left + right
        del self._members[other]
        self._group.update(dict.fromkeys(right, one))
        return one

    def split(self, name: str, keys: Sequence[str]) -> str:
        """A clerk says that these messages are another matter than the rest of their group; names the new group.

        Both parts are held together and apart from each other. Raises ``Unknown`` for a message that is not in
        the group and ``ValueError`` when nothing would be left on one side.
        """
        members = self._of(name)
        out = set(keys)
        strangers = out - set(members)
        if strangers:
            raise Unknown(min(strangers))
        taken = [key for key in members if key in out]
        left = [key for key in members if key not in out]
        if not taken or not left:
            raise ValueError(name)
        across = {frozenset((a, b)) for a, b in self.held.together if (a in out) != (b in out)}
        together = [pair for pair in self.held.together if frozenset(pair) not in across]
        self._hold(
            [*together, *chain_keys(taken), *chain_keys(left)], [*self.held.apart, (left[0], taken[0])]
        )
        del self._members[name]
        for part in (left, taken):
            self._members[part[0]] = part
            self._group.update(dict.fromkeys(part, part[0]))
        return taken[0]

    def _hold(self, together: Sequence[tuple[str, str]], apart: Sequence[tuple[str, str]]) -> Held:
        self.held = Held(tuple(dict.fromkeys(together)), tuple(dict.fromkeys(apart)))
        return self.held

    def _of(self, name: str) -> list[str]:
        try:
            return self._members[name]
        except KeyError:
            raise Unknown(name) from None

    def _near(self, read: Read, rows: tuple[Row, ...]) -> tuple[pairs.Positions, Floats]:
        """Positions of the nearest texts and how likely each is about the same matter."""
        rough = np.zeros(self._base + len(self._late), dtype=np.float32)
        for at, (field, weight) in enumerate(ROUGH.items()):
            columns, weights = rows[field]
            keep = self._searched[at][columns]
            columns, weights = columns[keep], weights[keep] * np.float32(weight)
            rough[: self._base] += self._against_base(at, columns, weights)
            for column, value in zip(columns.tolist(), weights.tolist(), strict=True):
                for position, other in self._postings[at].get(column, ()):
                    rough[position] += value * other
        everyone = np.arange(len(rough), dtype=np.int32)
        positions = pairs.nearest(everyone, rough)
        products = np.zeros((len(LIKENESSES), len(positions)), dtype=np.float32)
        for line, (mine, theirs) in enumerate(LIKENESSES):
            columns, weights = rows[mine]
            scratch = self._scratch[mine]
            scratch[columns] = weights
            for at, position in enumerate(positions.tolist()):
                other_columns, other_weights = self._row(position, theirs)
                products[line, at] = scratch[other_columns] @ other_weights
            scratch[columns] = 0
        told = [pairs.compared(read.facts, self._facts(position)) for position in positions.tolist()]
        return positions, pairs.likely(pairs.features(products, told))

    def _against_base(self, at: int, columns: Ints, weights: Floats) -> Floats:
        across: Any = self._across[at]
        total = np.zeros(self._base, dtype=np.float32)
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
            part = slice(across.indptr[column], across.indptr[column + 1])
            total[across.indices[part]] += across.data[part] * np.float32(weight)
        return total

    def _row(self, position: int, field: int) -> Row:
        if position < self._base:
            return self._corpus.row(position, field)
        return self._late[position - self._base][1][field]

    def _facts(self, position: int) -> Facts:
        if position < self._base:
            return self._corpus.facts[position]
        return self._late[position - self._base][0]

    def _best(self, positions: pairs.Positions, scores: Floats) -> tuple[str, float]:
        """The group with the highest mean likeness, as the linkage reckons it."""
        sums: dict[str, float] = {}
        for position, score in zip(positions.tolist(), scores.tolist(), strict=True):
            name = self._group[self._first[position]]
            sums[name] = sums.get(name, 0.0) + score
        best, level = "", 0.0
        for name, total in sums.items():
            texts = len({self._text_of[key] for key in self._members[name]})
            found = mean(total, 1, texts, NEAREST)
            if found > level:
                best, level = name, found
        return best, level

    def _add(self, message: Message, read: Read, rows: tuple[Row, ...], name: str) -> None:
        position = self._base + len(self._late)
        self._late.append((read.facts, rows))
        for at, field in enumerate(ROUGH):
            columns, weights = rows[field]
            for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
                self._postings[at].setdefault(column, []).append((position, weight))
        if read.text:
            self._text[read.text] = position
        self._first[position] = message.key
        self._keep(message, position, name)

    def _keep(self, message: Message, position: int, name: str) -> None:
        self._messages[message.key] = message
        self._text_of[message.key] = position
        self._group[message.key] = name
        self._members.setdefault(name, []).append(message.key)

    def _told(self, message: Message, key: str, likeness: float) -> Alike:
        other = self._messages[key]
        apart = None
        if message.sent_at is not None and other.sent_at is not None:
            apart = abs((message.sent_at - other.sent_at).total_seconds()) / 86_400
        return Alike(key, self._group[key], likeness, shared([message, other], self._rarity), apart)


def chain_keys(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs that hold all these messages together."""
    return [(keys[a], keys[b]) for a, b in chain(range(len(keys)))]
