"""What the desk is told while an agent types, and who tells it: functions named in ``settings.HOTLINE_SUGGESTERS``.

A suggester is ``function(draft, actor, now)``, and stands under the field of ``Hints`` it fills. What they say are
suggestions: nothing is recorded before the agent sends the form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty


@dataclass(frozen=True)
class Draft:
    """An unfinished intake: what was typed so far, the telephone among it; nothing of it is kept."""

    title: str = ""
    body: str = ""
    place: str = ""
    phone: str = ""

    @property
    def text(self) -> str:
        """Everything said about the matter."""
        return "\n".join(part for part in (self.title, self.body, self.place) if part)


@dataclass(frozen=True)
class Likely:
    """A value a field is likely to get; ``share`` from 0 to 1, ``because`` in a sentence."""

    value: str
    title: str
    share: float
    because: str


@dataclass(frozen=True)
class Similar:
    """An order that looks like the same matter, with the reasons."""

    duty: Duty
    title: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Ready:
    """A kept answer that may fit; ``stale`` when its unit should have read it again by now."""

    duty: Duty
    question: str
    answer: str
    stale: bool


@dataclass(frozen=True)
class Hints:
    """All that is suggested for a draft; ``similar_by`` says so where like orders were found by a lesser way."""

    topics: Sequence[Likely] = ()
    units: Sequence[Likely] = ()
    similar: Sequence[Similar] = ()
    similar_by: str = ""
    answers: Sequence[Ready] = field(default=())


Suggester = Callable[[Draft, Actor, datetime], Any]


@cache
def _suggester(path: str) -> Suggester:
    found: Suggester = import_string(path)
    return found


def hints(draft: Draft, actor: Actor, now: datetime) -> Hints:
    """Ask every suggester; a text too short to tell anything is asked about nothing."""
    if len(draft.text.strip()) < 2 and len(draft.phone) < 5:
        return Hints()
    asked = {name: _suggester(path)(draft, actor, now) for name, path in settings.HOTLINE_SUGGESTERS.items()}
    return Hints(**asked)
