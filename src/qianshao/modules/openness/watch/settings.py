"""The numbers of the inspection as the rulebook has them on a day: shipped ones, and above them the city's own."""

from __future__ import annotations

from datetime import date

from qianshao.core.duties.rulebook import Book

from ..interpretations_excerpt import Limits
from .items import COLUMNS, Column, Numbers

HOME, NEWS, NOTICES, OTHERS, SLOW = (
    f"openness.watch-{name}" for name in ("home", "news", "notices", "others", "slow")
)
SENTENCE, SHARE, FEWEST = (f"openness.excerpt-{name}" for name in ("sentence", "share", "fewest"))


def numbers(book: Book, on: date, columns: tuple[Column, ...] | None = None) -> Numbers:
    """What a watch on this day holds a site against; ``columns`` in place of the ones from memory."""

    def of(key: str) -> int:
        return book.in_force(key, on).rule.term.n

    return Numbers(
        home_days=of(HOME),
        news_days=of(NEWS),
        notice_months=of(NOTICES),
        other_months=of(OTHERS),
        slow_seconds=float(of(SLOW)),
        publish_within=of("openness.publish"),
        interpret_within=of("openness.interpret"),
        columns=COLUMNS if columns is None else columns,
        excerpt=excerpt(book, on),
    )


def excerpt(book: Book, on: date) -> Limits:
    """From which likeness on an interpretation is a mere excerpt of its document."""
    share, sentence, fewest = (book.in_force(key, on).rule.term.n for key in (SHARE, SENTENCE, FEWEST))
    return Limits(sentence=sentence, share=share, fewest=fewest)
