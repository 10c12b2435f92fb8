"""How hot a matter is, by a formula anybody can reckon again.

    heat = Σ over different texts of  2^(−days ÷ 14) × (1 + ln copies)

A text of today counts 1, of a fortnight ago a half. Near-copies of one text (``copies``) count as one text said louder:
ten copies count 3.3, not ten, so that one busy sender does not outshout ten neighbours. Likes, clicks and leaders'
remarks do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log

from .copies import first_copies
from .message import Message

HALF_LIFE = 14.0  # days
FORMULA = "Σ 2^(−days÷14) × (1 + ln copies)"


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat of a group as of a moment, with what it was reckoned from."""

    value: float
    messages: int
    texts: int
    newest_days: float | None


def heat(messages: Sequence[Message], now: datetime) -> Heat:
    """The heat of these messages at ``now``; later ones and those without a time do not count towards it.

    A text's age is that of its newest copy.
    """
    counted = [message for message in messages if message.sent_at is not None and message.sent_at <= now]
    first = first_copies([f"{message.title}\n{message.body}" for message in counted])
    ages: dict[int, float] = {}
    for message, text in zip(counted, first, strict=True):
        if message.sent_at is not None:
            age = (now - message.sent_at).total_seconds() / 86_400
            ages[text] = min(age, ages.get(text, age))
    said = Counter(first)
    value = sum(2 ** (-age / HALF_LIFE) * (1 + log(said[text])) for text, age in ages.items())
    return Heat(value, len(messages), len(ages), min(ages.values(), default=None))
