"""Wake duties whose moment has come: tell their owners 临期, then 逾期, each once for each deadline.

The lamps need none of this, they are comparisons with now. Waking is only telling, so a lost wake would
leave somebody untold and nothing else wrong; the batch is one transaction and every notice has its key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from qianshao.core.duties import calendars, registry, rulebook, silence
from qianshao.core.duties.models import Duty
from qianshao.core.duties.projection import second_moment
from qianshao.core.duties.standing import Numbered, counted
from qianshao.core.duties.stream import bodies_of, fact_of
from qianshao.kernel.clock import last_day
from qianshao.kernel.declare import Kind
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.words import Blank, Words, say

from . import sorts, watching
from .owners import Owners
from .telling import Telling, tell_many


def wake(now: datetime, limit: int) -> int:
    """Tell owners about at most ``limit`` duties whose ``wake_at`` has come and set their next one."""
    with transaction.atomic():
        due = Duty.objects.filter(wake_at__lte=now).order_by("wake_at", "id").select_related("unit")
        duties = list(
            due.select_for_update(skip_locked=connection.vendor == "postgresql", of=("self",))[:limit]
        )
        if not duties:
            return 0
        asked = _asked(duties)
        told = Owners(duties, now)
        tellings = []
        for duty in duties:
            second = asked.get(duty.stream)
            words = _words(duty, second, now)
            if words is not None:
                key, sort, sentence = words
                tellings.append(
                    Telling(
                        key=key,
                        to=told.of(duty),
                        words=sentence,
                        stream=duty.stream,
                        sort=sort,
                        urgent=_by_the_hour(duty.due_at),
                    )
                )
            duty.wake_at = _next(duty, second, now)
        tell_many(tellings, now=now)
        for duty, moment in watching.look(duties, now):
            duty.wake_at = min(moment, duty.wake_at or moment)
        Duty.objects.bulk_update(duties, ["wake_at"], batch_size=200)
        silence.record([stream for stream, second in asked.items() if second and second <= now], now)
    return len(duties)


def _asked(duties: Sequence[Duty]) -> dict[str, datetime | None]:
    """When the second clock of each runs out; no sealed value is opened for it."""
    kinds = {duty.stream: registry.kind(duty.kind) for duty in duties}
    rules = {duty.stream: duty.rule for duty in duties}
    facts: dict[str, list[Numbered]] = {}
    for stream, sseq, raw in bodies_of(kinds):
        facts.setdefault(stream, []).append(Numbered(sseq, fact_of(kinds[stream], Body.from_body(raw), {})))
    found: dict[str, datetime | None] = {}
    for stream, items in facts.items():
        kind = kinds[stream]
        state = kind.fold(counted(items))
        found[stream] = kind.look(state).wake_at
        if kind.silence is not None:
            pinned = rulebook.book().pinned(rules[stream], kind.rules)
            deadline = kind.clock(state, calendars.current(), pinned)
            found[stream] = second_moment(kind.look(state), deadline)
    return found


def _next(duty: Duty, second: datetime | None, now: datetime) -> datetime | None:
    later = [moment for moment in (duty.amber_at, duty.due_at, second) if moment is not None and moment > now]
    return min(later) if later and duty.open else None


def _words(duty: Duty, second: datetime | None, now: datetime) -> tuple[str, str, Words] | None:
    """The key, the sort and the sentence for the latest moment that has passed; an overdue duty is not called amber."""
    if not duty.open:
        return None
    kind = registry.kind(duty.kind)
    passed = [
        (moment, name)
        for name, moment in (("second", second), ("amber", duty.amber_at), ("due", duty.due_at))
        if moment is not None and moment <= now
    ]
    if not passed:
        return None
    moment, name = max(passed)
    if name == "second":
        return f"{duty.stream}/second/{moment.isoformat()}", sorts.STEP, _second(kind, duty, moment)
    until = duty.due_at or moment
    key = f"{duty.stream}/{name}/{until.astimezone(SHANGHAI).isoformat()}"
    if name == "due":
        return (
            key,
            sorts.DUE,
            say(
                "{kind} {number} 逾期：应于 {until} 前办结",
                kind=kind.title,
                number=duty.number,
                until=_day(until),
            ),
        )
    return (
        key,
        sorts.AMBER,
        say(
            "{kind} {number} 临期：应于 {until} 前办结",
            kind=kind.title,
            number=duty.number,
            until=_day(until),
        ),
    )


def _by_the_hour(until: datetime | None) -> bool:
    """Whether a limit is an hour and not a day: such a one does not wait for the morning."""
    if until is None:
        return False
    local = until.astimezone(SHANGHAI)
    return (local.hour, local.minute, local.second) != (0, 0, 0)


def _second(kind: Kind, duty: Duty, moment: datetime) -> Words:
    named = kind.phase(duty.phase).second or kind.title
    return say(
        "{kind} {number}：{second}已到（{until}）",
        kind=kind.title,
        number=duty.number,
        second=named,
        until=_day(moment),
    )


def _day(until: datetime) -> Blank:
    """An exclusive moment as the office says it: a midnight is the day before it, whole."""
    local = until.astimezone(SHANGHAI)
    return last_day(local) if (local.hour, local.minute, local.second) == (0, 0, 0) else local
