"""The rules behind a page, told beside it: the number, where it stands, since when, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from qianshao.core.duties import rulebook
from qianshao.core.duties.models import Duty
from qianshao.kernel.declare import Kind
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import STATUSES, NoRule, RuleText


@dataclass(frozen=True, slots=True)
class Behind:
    """One rule as it is told, and in words how sure we are of it."""

    text: RuleText
    status: str


def _told(texts: Iterable[RuleText]) -> list[Behind]:
    return [Behind(text, STATUSES[text.rule.citation.status]) for text in texts]


def of_duty(duty: Duty, kind: Kind) -> list[Behind]:
    """The editions a duty was born under; those are the ones that count for it."""
    book = rulebook.book()
    pinned = book.pinned(duty.rule, kind.rules)
    return _told(book.text(f"{rule.key}@{rule.edition}") for rule in pinned.values())


def of_kind(kind: Kind, now: datetime) -> list[Behind]:
    """The editions a duty born today would be under; a rule without one is left out."""
    book = rulebook.book()
    return _told(_in_force(book, kind.rules, now.astimezone(SHANGHAI).date()))


def _in_force(book: rulebook.Book, keys: Iterable[str], today: date) -> Iterable[RuleText]:
    for key in keys:
        try:
            yield book.in_force(key, today)
        except NoRule:
            continue
