"""What a module says about a sheet it takes in: its columns, the words they go by, and what a row becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from qianshao.core.duties.models import Duty
from qianshao.kernel.declare import Fact, Kind
from qianshao.kernel.words import Words

Shape = Literal["text", "number", "amount", "moment", "unit", "choice"]


@dataclass(frozen=True)
class Column:
    """One thing a sheet may tell. ``names`` are headers it goes by, most usual first, already ``plain``.

    ``spoken`` are further words for the keys of ``options``; ``needed`` columns must be mapped, or stand in
    for the whole file where they are a choice.
    """

    key: str
    title: str
    shape: Shape
    names: tuple[str, ...]
    needed: bool = False
    maximum: int = 200
    options: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A row as facts: the first opens the duty, the others follow. ``key`` is the sender's number for it."""

    key: str
    facts: tuple[Fact, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a row as a whole, how to mend it, and the keys of the columns it lies in."""

    problem: Words
    mend: Words
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportSpec:
    """One sort of sheet. ``make`` turns a row's values (by column key) into facts, or names the flaw.

    ``report`` tells, from SQL over the duties of a run, what the city wants to know of them; ``told`` puts it
    into lines, ``template`` into a page, and ``records`` are the duties behind each of its numbers.
    ``source`` begins every source key, so that the same number from another platform is another duty.
    """

    key: str
    title: str
    kind: Kind
    who: str
    source: str
    columns: tuple[Column, ...]
    make: Callable[[Mapping[str, Any]], Made | Flaw]
    report: Callable[[int, datetime], dict[str, Any]]
    records: Callable[[int, str, datetime], QuerySet[Duty]]
    groups: Mapping[str, str]
    told: Callable[[Mapping[str, Any]], list[str]]
    template: str
    at_column: str

    def column(self, key: str) -> Column:
        """The column of this key; ``LookupError`` when there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise LookupError(key)


class UnknownSpec(LookupError):
    """No module of this installation takes in sheets of this sort."""


_specs: dict[str, ImportSpec] = {}


def register(specs: Sequence[ImportSpec]) -> None:
    """Make the sorts of sheets known; called once at start-up by the site."""
    _specs.update((spec.key, spec) for spec in specs)


def spec_of(key: str) -> ImportSpec:
    """The sort of sheet of this key; raises ``UnknownSpec``."""
    found = _specs.get(key)
    if found is None:
        raise UnknownSpec(key)
    return found


def specs() -> tuple[ImportSpec, ...]:
    """Every sort of sheet."""
    return tuple(_specs.values())
