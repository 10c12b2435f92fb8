"""Orders put into groups of the same matter, kept as rows; titles and texts are opened in memory alone.

A run reads every order and takes about ten seconds for five thousand; pages read the rows. A run as of the same size
of the log is not made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Receipt, Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load, unsealed
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import hold
from qianshao.kernel.declare import codes
from qianshao.kernel.words import say

from .matters.copies import first_copies
from .matters.grouping import Held, Tell, group
from .matters.message import Message, plain
from .models import Grouped, Member
from .sameness import facts as f
from .sameness.holding import held

ORDER, SAMENESS = "hotline.order", "hotline.sameness"
_AT_ONCE = 2000


def _silent(doing: str, done: int, of: int) -> None:
    """Tell nobody."""


def log_size() -> int:
    """The number of the last entry."""
    return Entry.objects.aggregate(last=Max("eid"))["last"] or 0


def latest() -> Grouped | None:
    """The run whose groups stand; None before the first."""
    return Grouped.objects.order_by("-id").first()


def refresh(now: datetime, tell: Tell = _silent) -> Grouped:
    """Group all orders anew, unless nothing was recorded since the last run."""
    size, last = log_size(), latest()
    if last is not None and last.size == size:
        return last
    orders = Duty.objects.filter(kind=ORDER).exclude(phase="merged").order_by("opened_at", "id")
    rows = list(orders.values_list("stream", "opened_at"))
    messages = list(read(rows))
    found = group(messages, decided(), tell)
    members = []
    for positions in found.groups:
        said = [messages[at] for at in positions]
        for message, text in zip(said, texts(said), strict=True):
            assert message.sent_at is not None
            members.append(
                Member(stream=message.key, group=said[0].key, text=text, at=message.sent_at)
            )  # fmt: skip
    with transaction.atomic():
        hold("hotline-matters")
        Member.objects.all().delete()
        Member.objects.bulk_create(members, batch_size=_AT_ONCE)
        return Grouped.objects.create(at=now, size=size, orders=len(rows), groups=len(found.groups))


def read(rows: Sequence[tuple[str, datetime]]) -> Iterator[Message]:
    """Orders (stream, when it came) as messages, their words opened; those erased come with none."""
    for start in range(0, len(rows), _AT_ONCE):
        piece = rows[start : start + _AT_ONCE]
        opened = unsealed([stream for stream, _at in piece])
        for stream, at in piece:
            said = opened.get((stream, 1), {})
            yield Message(stream, said.get("title", ""), said.get("body", ""), at)


def texts(messages: Sequence[Message]) -> list[int]:
    """The number of each message's text among them; near-copies share one."""
    if len(messages) == 1:
        return [0]
    return list(first_copies([f"{message.title}\n{message.body}" for message in messages]))


def decided() -> Held:
    """What people decided and did not undo, in the order it was recorded."""
    streams = Duty.objects.filter(kind=SAMENESS).exclude(phase="undone").order_by("id")
    keys = list(streams.values_list("stream", flat=True))
    kind = registry.kind(SAMENESS)
    states = {one.key: kind.fold(counted(one.facts)) for one in load(keys, lock=False)}
    return held(states[key].decided for key in keys)


def decide(fact: f.Decision, *, actor: Actor, now: datetime, source: str = "") -> Receipt:
    """Record what a person decided and change the groups that stand by it; raises ``Refused`` or ``NotAllowed``."""
    if isinstance(fact, f.Split) and _same_text(codes(fact.orders), codes(fact.others)):
        raise Refused(say("两边有一字不差的诉求，不能拆开"))
    with transaction.atomic():
        hold("hotline-matters")
        receipt = perform(
            kind=registry.kind(SAMENESS), fact=fact, actor=actor, now=now, src="web", source=source
        )
        if isinstance(fact, f.Merged):
            _gather([*codes(fact.orders), *codes(fact.others)])
        elif isinstance(fact, f.Split):
            _gather(codes(fact.orders))
            _gather(codes(fact.others))
    return receipt


def _same_text(one: Collection[str], other: Collection[str]) -> bool:
    """Whether a text of one side stands word for word on the other: a later run would join them again."""
    orders = Duty.objects.filter(kind=ORDER, stream__in=[*one, *other])
    said = {
        message.key: plain(f"{message.title}\n{message.body}")
        for message in read(list(orders.values_list("stream", "opened_at")))
    }
    return not {said[key] for key in one if said.get(key)}.isdisjoint(said.get(key, "") for key in other)


def _gather(streams: Collection[str]) -> None:
    """Make these orders one group, named by the first of them, their texts numbered anew."""
    rows = list(Member.objects.filter(stream__in=streams).order_by("at", "stream"))
    if not rows:
        return
    said = list(read([(row.stream, row.at) for row in rows]))
    for row, text in zip(rows, texts(said), strict=True):
        row.group, row.text = rows[0].stream, text
    Member.objects.bulk_update(rows, ["group", "text"], batch_size=500)
