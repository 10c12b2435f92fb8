"""Groups of orders about the same matter, as pages show them: size, places, shared words, heat, and their orders.

Groups and heat come from rows; the words of a group are opened for those who may read them, for the groups on the page,
and kept nowhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from django.db.models import QuerySet

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties.models import Duty
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit.duties import titles
from qianshao.kit.duties.masking import scrub
from qianshao.kit.queries import figures
from qianshao.modules.hotline import gathering
from qianshao.modules.hotline.matters.explain import shared
from qianshao.modules.hotline.matters.grouping import Held
from qianshao.modules.hotline.matters.heat import HALF_LIFE
from qianshao.modules.hotline.matters.vectors import Rarity, take_apart
from qianshao.modules.hotline.models import Member
from qianshao.modules.hotline.module import ORDER
from qianshao.site.oversight.figures import Opened

SPANS = (30, 90, 365, 3650)
_LOOKED_AT = 20  # orders of a group whose words are opened, evenly spread over its time
_IN_LINK = 200  # orders a link to the list can name


@dataclass(frozen=True)
class Row:
    """An order in a group, without its words."""

    stream: str
    text: int
    at: datetime


@dataclass(frozen=True)
class Matter:
    """A group: its rows in order of arrival, and its heat."""

    name: str
    rows: tuple[Row, ...]
    heat: float

    @property
    def size(self) -> int:
        """How many orders."""
        return len(self.rows)

    @property
    def texts(self) -> int:
        """How many different texts."""
        return len({row.text for row in self.rows})

    @property
    def first_at(self) -> datetime:
        """When the first came."""
        return self.rows[0].at

    @property
    def last_at(self) -> datetime:
        """When the last came."""
        return self.rows[-1].at

    @property
    def list(self) -> Opened | None:
        """The list of exactly its orders; None where there are too many for an address."""
        if self.size > _IN_LINK:
            return None
        streams = tuple(row.stream for row in self.rows)
        return Opened(self.size, Selection(ORDER.key, (Condition("stream", "in", streams),)))


@dataclass(frozen=True)
class Told:
    """A group with what its orders share; ``title`` is that of the order that says it best."""

    matter: Matter
    places: tuple[str, ...]
    words: tuple[str, ...]
    title: str
    confirmed: bool


def found(actor: Actor, now: datetime, days: int) -> list[Matter]:
    """Groups of two or more orders the actor may see of which one came in these days; the hottest first."""
    groups = Member.objects.filter(at__gte=now - timedelta(days=days), at__lte=now).values("group").distinct()
    return _matters(Member.objects.filter(group__in=groups, at__lte=now), actor, now, least=2)


def one(name: str, actor: Actor, now: datetime) -> Matter | None:
    """The group an order is in; None where there is none the actor may see."""
    group = Member.objects.filter(stream=name).values("group")
    matters = _matters(Member.objects.filter(group__in=group), actor, now, least=1)
    return matters[0] if matters else None


def _matters(members: QuerySet[Member], actor: Actor, now: datetime, least: int) -> list[Matter]:
    seen = _visible(actor)
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for stream, group, text, at in members.order_by("at", "stream").values_list(
        "stream", "group", "text", "at"
    ):
        if seen is None or stream in seen:
            grouped[group].append(Row(stream, text, at))
    matters = [
        Matter(name, tuple(rows), heat(rows, now)) for name, rows in grouped.items() if len(rows) >= least
    ]
    return sorted(matters, key=lambda matter: (-matter.heat, -matter.size, matter.name))


def _visible(actor: Actor) -> set[str] | None:
    """The orders the actor may see; None for all."""
    if EVERYWHERE in actor.paths(ORDER.reads):
        return None
    mine = Duty.objects.filter(figures.visible(ORDER, actor), kind=ORDER.key)
    return set(mine.values_list("stream", flat=True))


def heat(rows: Sequence[Row], now: datetime) -> float:
    """The heat of ``modules.hotline.matters.heat``, from rows: a text is as old as its newest copy."""
    newest = {row.text: row.at for row in rows if row.at <= now}
    said = Counter(row.text for row in rows if row.at <= now)
    return sum(
        2 ** (-((now - at).total_seconds() / 86_400) / HALF_LIFE) * (1 + log(said[text]))
        for text, at in newest.items()
    )


def told(matters: Sequence[Matter], actor: Actor) -> list[Told]:
    """What these groups share. Words are opened in memory only; those whose words the actor may not read tell none."""
    looked = [matter.rows[:: max(1, -(-matter.size // _LOOKED_AT))] for matter in matters]
    duties = {
        duty.stream: duty
        for duty in Duty.objects.filter(
            stream__in=[row.stream for rows in looked for row in rows]
        ).select_related("unit")
    }
    readable = [
        [
            (row.stream, row.at)
            for row in rows
            if row.stream in duties and titles.may_read(duties[row.stream], ORDER, actor)
        ]
        for rows in looked
    ]
    messages = [list(gathering.read(rows)) for rows in readable]
    rarity = Rarity(take_apart(message) for group in messages for message in group)
    reasons = [shared(group, rarity) if group else None for group in messages]
    central = [
        duties[group[why.central].key]
        for group, why in zip(messages, reasons, strict=True)
        if why is not None
    ]
    shown = titles.titles(central, actor)
    held = gathering.decided()
    lines = []
    for matter, group, why in zip(matters, messages, reasons, strict=True):
        sure = confirmed(matter, held)
        if why is None:
            lines.append(Told(matter, (), (), "", sure))
        else:
            places, words = (tuple(scrub(word) for word in said) for said in (why.places, why.words))
            lines.append(Told(matter, places, words, shown[group[why.central].key].text, sure))
    return lines


def confirmed(matter: Matter, held: Held) -> bool:
    """Whether people's decisions hold all its orders together."""
    near: defaultdict[str, set[str]] = defaultdict(set)
    for left, right in held.together:
        near[left].add(right)
        near[right].add(left)
    reached, ahead = {matter.rows[0].stream}, [matter.rows[0].stream]
    while ahead:
        fresh = near[ahead.pop()] - reached
        reached |= fresh
        ahead.extend(fresh)
    return matter.size > 1 and all(row.stream in reached for row in matter.rows)
