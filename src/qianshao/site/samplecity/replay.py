"""Tell the story to the door: ``now`` moves through it, and what is recorded is recorded as by anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties.door import Outcome, Receipt, Stale, perform_many
from qianshao.core.ledger import store, vault

from .story import Told

SRC = "sample"
ACTOR: Actor = machine("sample")
_CHUNK = 4000  # facts in one transaction: one flush to disk instead of a thousand, and little memory
_TOGETHER = timedelta(hours=6)  # what a clerk types in at one sitting; recorded at its end


class BrokenStory(RuntimeError):
    """The door refused a part of the story: its generator and the rules of a kind have grown apart."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a replay did: facts recorded, and facts left out because people had acted on the duty meanwhile."""

    recorded: int
    gave_way: int


def replay(
    story: Iterable[Told], *, after: datetime | None, progress: Callable[[int], None] = lambda done: None
) -> Count:
    """Record the story, or with ``after`` only what was not told yet. Raises ``BrokenStory``."""
    recorded = gave_way = 0
    untold = (told for told in story if after is None or told.rec > after)
    while chunk := list(islice(untold, _CHUNK)):
        vault.keys_for({told.stream for told in chunk})
        with transaction.atomic():
            for sitting in sittings(chunk):
                outcomes = perform_many(
                    [told.delivery for told in sitting], actor=ACTOR, now=sitting[-1].rec, src=SRC
                )
                gave_way += sum(_gave_way(outcome, after is not None) for outcome in outcomes)
        recorded += len(chunk)
        while connection.vendor == "postgresql" and store.seal():
            pass
        progress(recorded)
    return Count(recorded - gave_way, gave_way)


def sittings(chunk: Iterable[Told]) -> Iterator[list[Told]]:
    """Cut the story where a clerk would get up: no stream twice in one sitting, none longer than some hours."""
    sitting: list[Told] = []
    seen: set[str] = set()
    for told in chunk:
        if sitting and (told.stream in seen or told.rec - sitting[0].rec > _TOGETHER):
            yield sitting
            sitting, seen = [], set()
        sitting.append(told)
        seen.add(told.stream)
    if sitting:
        yield sitting


def _gave_way(outcome: Outcome, people_act: bool) -> bool:
    if isinstance(outcome, Receipt):
        return False
    if people_act and isinstance(outcome, Stale):
        return True
    raise BrokenStory(str(outcome)) from outcome
