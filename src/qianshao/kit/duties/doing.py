"""From a page, a bulk act or the API to the one door, with every way it can say no turned into a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import door
from qianshao.core.duties.door import FileRef, Receipt, Refused
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.files import keep
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.declare import Act, Fact, Kind
from qianshao.kernel.rulebook import NoRule
from qianshao.kernel.words import say


def record(
    *,
    kind: Kind,
    fact: Fact,
    actor: Actor,
    now: datetime,
    src: str,
    duty: Duty | None = None,
    token: str = "",
    expected: int | None = None,
    files: tuple[FileRef, ...] = (),
) -> Receipt:
    """Record a fact once, whatever the network repeats; raises ``Refused``, ``Stale`` or ``NotAllowed``.

    A token belongs to its sender: two people who send the same one have done two things.
    """
    source = f"{actor.key}:{token}" if token else ""
    try:
        return door.perform(
            kind=kind,
            fact=fact,
            actor=actor,
            now=now,
            src=src,
            duty=duty,
            source=source,
            expected=expected,
            files=files,
        )
    except CalendarMissing as error:
        raise Refused(error.words) from error
    except NoRule as error:
        raise Refused(say("{on}时没有生效的时限规则，请检查日期", on=fact.on)) from error


def kept(files: Iterable[UploadedFile[Any]], now: datetime) -> tuple[FileRef, ...]:
    """Keep uploaded evidence; raises the errors of ``core.files.keep``, each a ``ValueError`` with a sentence."""
    return tuple(keep.keep(file, file.name or "", now=now) for file in files)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as a button: the name of its fact, and its title."""

    fact: str
    title: str


def offers(acts: Iterable[Act]) -> list[Offer]:
    """The acts as buttons."""
    return [Offer(act.fact.__name__, act.title) for act in acts]


def acts_on(duty: Duty, kind: Kind, actor: Actor) -> list[Act]:
    """The acts the actor may do to this duty; whether the rules allow one is asked with its fact."""
    return [act for act in kind.acts if act.follows and actor.may(act.who, path_of(duty))]


def opening_acts(kind: Kind, actor: Actor) -> list[Act]:
    """The acts by which the actor may open a duty of the kind."""
    return [act for act in kind.acts if act.opens and actor.may(act.who)]
