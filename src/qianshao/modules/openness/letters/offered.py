"""A letter that can be written, with what is known for it and what stays a blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .kinds import Value


@dataclass(frozen=True, slots=True)
class Around:
    """What a letter needs that the facts do not hold; ``due_on`` is the last day for the reply, if it runs.

    ``review_body`` is the government the body belongs to (行政复议法 第二十四条), empty where it is one itself.
    """

    body: str
    number: str
    due_on: date | None
    review_body: str = ""


@dataclass(frozen=True)
class Offer:
    """A letter that can be written now. ``ready``: its fact is recorded; otherwise it is a draft to decide with.

    ``number`` tells apart several letters of one kind, from 1; ``to`` says whom a letter of several is for.
    """

    key: str
    title: str
    values: Mapping[str, Value]
    ready: bool
    number: int = 1
    to: str = ""

    @property
    def blanks(self) -> tuple[str, ...]:
        """The fields to be filled in by hand."""
        return tuple(name for name in self.values if self.values[name] in (None, ""))
