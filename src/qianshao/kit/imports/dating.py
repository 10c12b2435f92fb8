"""The deadline a row would get, before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.core.duties.rulebook import Book
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Kind
from qianshao.kernel.rulebook import RuleText
from qianshao.kernel.words import Words, say

from .making import Parsed


@dataclass(frozen=True, slots=True)
class Dated:
    """The rule a row falls under, and the deadline its facts give."""

    rule: RuleText
    deadline: Deadline


def dated(kind: Kind, item: Parsed, book: Book, calendar: Calendar) -> Dated | Words:
    """The row's deadline, or why the law gives it none (no edition in force, no calendar of the year)."""
    facts = [delivery.fact for delivery in item.deliveries]
    try:
        names = book.names(kind.rules, facts[0].on)
        rules = book.pinned(names, kind.rules)
        deadline = kind.clock(kind.fold(facts), calendar, rules)
        rule = deadline.rule or rules[kind.rules[0]]
        return Dated(book.text(f"{rule.key}@{rule.edition}"), deadline)
    except LookupError as error:
        words = getattr(error, "words", None)
        return words if isinstance(words, Words) else say("没有适用于这一天的期限规则或工作日历")
