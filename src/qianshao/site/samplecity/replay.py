"""Tell the story to the door: ``now`` moves through it, and what is recorded is recorded as by anybody else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties.door import Receipt, perform_many
from qianshao.core.duties.stream import bodies_of
from qianshao.core.ledger import store, vault
from qianshao.kernel.ledger.entry import Entry as Body

from .story import Told

SRC = "sample"
ACTOR: Actor = machine("sample")
_CHUNK = 4000  # facts in one transaction: one flush to disk instead of a thousand, and little memory
_TOGETHER = timedelta(hours=9)  # what a clerk types in at one sitting; recorded at its end


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
    while part := list(islice(untold, _CHUNK)):
        theirs = acted_on({told.stream for told in part}) if after is not None else set()
        chunk = [told for told in part if told.stream not in theirs]
        vault.keys_for({told.stream for told in chunk})
        with transaction.atomic():
            for sitting in sittings(chunk):
                _perform(sitting)
        recorded += len(chunk)
        gave_way += len(part) - len(chunk)
        while connection.vendor == "postgresql" and store.seal():
            pass
        progress(recorded)
    return Count(recorded, gave_way)


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


def _perform(sitting: list[Told]) -> None:
    deliveries = [told.delivery for told in sitting]
    for outcome in perform_many(deliveries, actor=ACTOR, now=sitting[-1].rec, src=SRC):
        if not isinstance(outcome, Receipt):
            raise BrokenStory(str(outcome)) from outcome


def acted_on(streams: Collection[str]) -> set[str]:
    """Those of the streams in which somebody besides the story has recorded something.

    The tick opens duties under the story's own keys; what else it records, like silence, is an act too.
    """
    return {
        stream
        for stream, sseq, body in bodies_of(streams)
        if Body.from_body(body).src not in ((SRC, "tick") if sseq == 1 else (SRC,))
    }
