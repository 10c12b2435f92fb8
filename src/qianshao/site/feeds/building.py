"""A calendar file (RFC 5545) of duties: each open one on its last day, sealed ones without their title.

A calendar lies on telephones and other people's servers, so a title that the product seals is masked here even for those who may read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import calendars, registry
from qianshao.core.duties.models import Duty
from qianshao.core.ledger import rows
from qianshao.core.org.models import Unit
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import DAY, SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kit.duties.masking import scrub
from qianshao.kit.queries import figures

MOST = 2_000
_AHEAD = timedelta(days=400)


def duties_of(actor: Actor, units: Sequence[Unit]) -> list[Duty]:
    """The open duties with a limit in these units and below that the actor may see, the earliest first."""
    within = Q()
    for unit in units:
        within |= Q(unit__path__startswith=unit.path)
    seen = Q()
    for kind in registry.kinds().values():
        if actor.paths(kind.reads):
            seen |= Q(kind=kind.key) & figures.visible(kind, actor)
    if not units or not seen:
        return []
    found = Duty.objects.filter(within, seen, open=True, due_at__isnull=False)
    return list(found.select_related("unit").order_by("due_at", "id")[:MOST])


def etag(duties: Sequence[Duty], name: str, language: str, holidays: bool, today: date) -> str:
    """A strong validator: what the file is made of, told in a digest."""
    told = hashlib.sha256(f"{name}\n{language}\n{today if holidays else ''}\n{settings.SITE_URL}".encode())
    for duty in duties:
        told.update(f"{duty.stream} {duty.version} {duty.due_at} {duty.phase}\n".encode())
    return f'"{told.hexdigest()[:40]}"'


def build(
    duties: Sequence[Duty], *, name: str, language: str, holidays: bool, now: datetime, seen: timedelta
) -> bytes:
    """The file; ``seen`` is how often a program should ask again."""
    with translation.override(language):
        calendar = Calendar()
        calendar.add("prodid", "-//qianshao//duties//ZH")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", "Asia/Shanghai")
        calendar.add("refresh-interval", seen, parameters={"VALUE": "DURATION"})
        calendar.add_component(Timezone.from_tzinfo(SHANGHAI, "Asia/Shanghai", first_date=date(2000, 1, 1)))
        changed = _changed([duty.stream for duty in duties])
        for duty in duties:
            calendar.add_component(_event(duty, changed.get(duty.stream, duty.recorded_at)))
        for event in _holidays(now) if holidays else ():
            calendar.add_component(event)
        return bytes(calendar.to_ical())


def _changed(streams: Sequence[str]) -> dict[str, datetime]:
    """When the last entry of each was recorded, in one query."""
    found = rows.select(
        "SELECT e.stream, e.body FROM ledger_entry e JOIN duties_duty d ON d.stream = e.stream AND d.version = e.sseq"
        " WHERE e.stream {keys}",
        streams,
    )
    return {stream: datetime.fromisoformat(Body.from_body(bytes(body)).rec) for stream, body in found}


def _event(duty: Duty, changed: datetime) -> Event:
    kind = registry.kind(duty.kind)
    assert duty.due_at is not None
    until = duty.due_at.astimezone(SHANGHAI)
    title = (duty.topic or _("内容已封存")) if kind.sealed_title else scrub(duty.title)
    link = f"{settings.SITE_URL}/duties/{duty.stream}/"
    event = Event()
    event.add("uid", f"{duty.stream}@{settings.LOG_NAME}")
    event.add("sequence", duty.version)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("summary", f"{_(kind.title)} {duty.number} {title}")
    event.add(
        "description", _("责任单位：{unit}").format(unit=duty.unit.short if duty.unit else "—") + f"\n{link}"
    )
    event.add("url", link)
    if (until.hour, until.minute, until.second) == (0, 0, 0):
        event.add("dtstart", last_day(until))
        event.add("dtend", last_day(until) + DAY)
    else:
        event.add("dtstart", until)
        event.add("dtend", until)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    return event


def _holidays(now: datetime) -> Iterable[Event]:
    """The days off of a year ahead that have a name, and the weekend days that are worked."""
    known = calendars.current()
    today = now.astimezone(SHANGHAI).date()
    first, last = max(known.first_day, today - timedelta(days=31)), min(known.last_day, today + _AHEAD)
    for day in known.days(first, last) if first <= last else ():
        if day.kind not in ("holiday", "makeup"):
            continue
        event = Event()
        event.add("uid", f"day-{day.on.isoformat()}@{settings.LOG_NAME}")
        event.add("dtstamp", datetime(day.on.year, 1, 1, tzinfo=SHANGHAI))
        event.add("summary", _("调休上班") if day.kind == "makeup" else _(day.name))
        event.add("dtstart", day.on)
        event.add("dtend", day.on + DAY)
        event.add("transp", "TRANSPARENT")
        yield event
