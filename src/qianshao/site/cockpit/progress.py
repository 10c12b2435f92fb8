"""What was last done about a duty, and what somebody may do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import bodies_of
from qianshao.kernel.declare import SHARED_FACTS, Kind
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.ledger.entry import Entry
from qianshao.kit.duties import doing, listing
from qianshao.kit.queries import lists
from qianshao.kit.staff import StaffRequest

from .asking import Asked

_SHOWN = 20
_OFFERED = 2
_OFTEN = 8  # an act is usual where it comes next at least once in so many times
_LEARNT = 300  # duties of a kind from which is learnt what follows what
_SHARED = frozenset(fact.__name__ for fact in SHARED_FACTS)


@dataclass(frozen=True)
class Last:
    """The last act of a duty: the name of its fact, its title, and when it is said to have happened."""

    fact: str
    title: str
    at: datetime


def last_acts(duties: Collection[Duty], kinds: dict[str, Kind], at: datetime) -> dict[str, Last]:
    """The last thing somebody did about each duty by a moment, by stream; one query, nothing sealed is opened."""
    of = {duty.stream: kinds[duty.kind] for duty in duties}
    found: dict[str, Last] = {}
    for stream, _sseq, raw in bodies_of(list(of)):
        body = Entry.from_body(raw)
        happened = datetime.fromisoformat(body.at)
        known = found.get(stream)
        if body.fact not in _SHARED and happened <= at and (known is None or happened >= known.at):
            found[stream] = Last(body.fact, of[stream].act(body.fact).title, happened)
    return found


@dataclass(frozen=True)
class Mine:
    """A duty of the reader's own work: how it stands, what was last done, what they may do now."""

    row: listing.Row
    last: Last | None
    offers: tuple[doing.Offer, ...]


def mine(asked: Asked, request: StaffRequest) -> list[Mine]:
    """Open duties of the kinds the reader works on, whatever is due first first; at most 20."""
    actor = asked.actor
    kinds = {kind.key: kind for kind in asked.kinds if works_on(kind, actor)}
    found: list[Duty] = []
    is_open = Condition("open", "", True)
    for key in kinds:
        chosen = Selection(key, (is_open,))
        found += lists.page(chosen, actor, asked.now, sort="due", size=_SHOWN).duties
    dated = sorted((duty for duty in found if duty.due_at), key=lambda duty: (duty.due_at, duty.pk))
    shown = (dated + [duty for duty in found if not duty.due_at])[:_SHOWN]
    last = last_acts(shown, kinds, asked.now)
    return [
        Mine(
            row,
            last.get(row.duty.stream),
            _next(row.duty, row.kind, actor, last.get(row.duty.stream), asked.on),
        )
        for row in listing.rows(shown, request, Selection("", (is_open,)))
    ]


def works_on(kind: Kind, actor: Actor) -> bool:
    """Whether the actor may do anything to a duty of the kind once it is open."""
    return any(act.follows and actor.may(act.who) for act in kind.acts)


def _next(duty: Duty, kind: Kind, actor: Actor, last: Last | None, on: date) -> tuple[doing.Offer, ...]:
    """Of what the actor may do, what usually follows; nothing where the past says nothing."""
    allowed = {act.fact.__name__: act for act in doing.acts_on(duty, kind, actor)}
    following = usual(kind.key, on).get(last.fact, ()) if last else ()
    return tuple(doing.offers([allowed[fact] for fact in following if fact in allowed][:_OFFERED]))


@lru_cache(maxsize=128)
def usual(kind: str, on: date) -> Mapping[str, tuple[str, ...]]:
    """After each fact, what followed it in the newest duties of the kind, most often first; learnt once a day."""
    streams = list(
        Duty.objects.filter(kind=kind)
        .order_by("-opened_at", "-id")
        .values_list("stream", flat=True)[:_LEARNT]
    )
    followed: dict[str, Counter[str]] = defaultdict(Counter)
    before = ("", "")
    for stream, _sseq, raw in bodies_of(streams):
        fact = Entry.from_body(raw).fact
        if fact not in _SHARED:
            if before[0] == stream:
                followed[before[1]][fact] += 1
            before = (stream, fact)
    return {
        fact: tuple(name for name, n in counts.most_common() if n * _OFTEN >= counts.total())
        for fact, counts in followed.items()
    }
