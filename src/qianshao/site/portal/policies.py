"""The policy library: published documents, each with its interpretation where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.queries import figures

SIZE = 20
_READER = machine("portal")
_DOCUMENTS = Selection("openness.document", (Condition("phase", "", "published"),))
_INTERPRETED = Selection("openness.interpretation", (Condition("phase", "", "interpreted"),))


@dataclass(frozen=True, slots=True)
class Policy:
    """A published document as the public sees it; ``interpretation`` is an address or empty."""

    title: str
    number: str
    unit: str
    category: str
    published_at: datetime | None
    url: str
    interpretation: str
    interpreted_at: datetime | None


def documents(text: str, now: datetime) -> QuerySet[Duty]:
    """Published documents, newest first; ``text`` is looked for in title and number."""
    found = figures.queryset(_DOCUMENTS, _READER, now).select_related("unit")
    if text:
        found = found.filter(Q(title__icontains=text[:60]) | Q(number__icontains=text[:60]))
    return found.order_by("-closed_at", "-id")


def told(duties: list[Duty], now: datetime) -> list[Policy]:
    """These documents with their addresses and interpretations: the same few queries for one and for twenty."""
    facts = _states(duties)
    numbers = {duty.title for duty in duties}
    interpreted = figures.queryset(_INTERPRETED, _READER, now).filter(title__in=numbers)
    notes = {duty.title: duty for duty in interpreted.order_by("closed_at")}
    links = _states(list(notes.values()))
    made = []
    for duty in duties:
        note = notes.get(duty.title)
        made.append(
            Policy(
                title=duty.title,
                number=duty.number,
                unit=duty.unit.name if duty.unit else "",
                category=duty.topic,
                published_at=duty.closed_at,
                url=_web(facts[duty.stream].now.published),
                interpretation=_web(links[note.stream].interpreted) if note else "",
                interpreted_at=note.closed_at if note else None,
            )
        )
    return made


def rows(now: datetime) -> Iterator[dict[str, Any]]:
    """Open data: every published document."""
    page: list[Duty] = []
    for duty in documents("", now).iterator(chunk_size=500):
        page.append(duty)
        if len(page) == 500:
            yield from map(_row, told(page, now))
            page = []
    yield from map(_row, told(page, now))


def _row(policy: Policy) -> dict[str, Any]:
    return {
        "title": policy.title,
        "document_number": policy.number,
        "unit": policy.unit,
        "category": policy.category,
        "published_on": _day(policy.published_at),
        "url": policy.url,
        "interpretation_url": policy.interpretation,
        "interpreted_on": _day(policy.interpreted_at),
    }


def _day(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).date().isoformat() if moment else None


def _states(duties: list[Duty]) -> dict[str, Any]:
    streams = load({duty.stream for duty in duties}, lock=False)
    return {stream.key: registry.kind(stream.kind.key).fold(counted(stream.facts)) for stream in streams}


def _web(fact: Any) -> str:
    """The address a fact names, where it is one of the web; nothing else becomes a link."""
    url = fact.url if fact else ""
    return url if url.startswith(("https://", "http://")) else ""
