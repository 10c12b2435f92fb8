"""Sentences that travel from the rules to a reader, still untranslated.

The kernel has no translation machinery. It says what it means in Chinese with named
blanks; kit translates the sentence and fills the blanks when it shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

Blank = str | int | date | datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with blanks: ``text`` is the Chinese message id, ``blanks`` fill its ``{names}``.

    ``name`` is what a machine knows it by, where one must: ``late_answer``.
    """

    text: str
    blanks: tuple[tuple[str, Blank], ...] = ()
    name: str = ""

    def __str__(self) -> str:
        return self.text.format(**{name: chinese(value) for name, value in self.blanks})


def say(text: str, **blanks: Blank) -> Words:
    """Make a sentence; ``text`` must be a literal so that translators can find it."""
    return Words(text, tuple(sorted(blanks.items())))


def marked(text: str) -> str:
    """The same text, a literal that translators shall find where a plain string travels and is translated at the edge."""
    return text


def named(name: str, words: Words) -> Words:
    """The sentence with a name for machines."""
    return replace(words, name=name)


def chinese(value: Blank) -> str:
    """Write a blank the way an office writes it: 2025年10月29日, 2025年10月29日 09:30."""
    if isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)
