"""The policy library: published documents with their interpretations, found by words, unit, item and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.kit.queries import figures
from qianshao.modules.openness.documents.facts import CATALOGUE
from qianshao.modules.openness.interpretations.facts import FORMS

SIZE = 20
READER = machine("portal")
_DOCUMENTS = Selection("openness.document", (Condition("phase", "", "published"),))
_INTERPRETED = Selection("openness.interpretation", (Condition("phase", "", "interpreted"),))


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A published interpretation; ``url`` is an address of the web or empty."""

    stream: str
    title: str
    form: str
    unit: str
    published_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A published document as the public sees it, with its interpretations, the first one first."""

    stream: str
    title: str
    number: str
    unit: str
    unit_code: str
    item: str
    category: str
    published_at: datetime
    url: str
    interpretations: tuple[Interpretation, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty, or is nothing the library has, narrows nothing."""

    text: str = ""
    unit: str = ""
    item: str = ""
    year: int | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """From an address; a year that is none, and an item article 20 does not have, are passed over."""
        year, item = asked.get("year", ""), asked.get("item", "")
        return cls(
            text=asked.get("q", "").replace("\x00", "").strip()[:60],
            unit=asked.get("unit", "").replace("\x00", "")[:40],
            item=item if item in CATALOGUE else "",
            year=int(year) if year.isascii() and year.isdigit() and 1900 <= int(year[:5]) <= 2999 else None,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return self != Wanted()


def documents(wanted: Wanted, now: datetime) -> QuerySet[Duty]:
    """Published documents, newest first."""
    found = figures.queryset(_DOCUMENTS, READER, now).select_related("unit")
    if wanted.text:
        found = found.filter(Q(title__icontains=wanted.text) | Q(number__icontains=wanted.text))
    if wanted.unit:
        found = found.filter(unit__code=wanted.unit)
    if wanted.item:
        found = found.filter(topic=CATALOGUE[wanted.item])
    if wanted.year:
        since, until = (midnight(date(year, 1, 1)) for year in (wanted.year, wanted.year + 1))
        found = found.filter(closed_at__gte=since, closed_at__lt=until)
    return found.order_by("-closed_at", "-id")


def units(now: datetime) -> list[Unit]:
    """The bodies that have published something, in the city's own order."""
    there = figures.queryset(_DOCUMENTS, READER, now).order_by().values("unit_id").distinct()
    return list(Unit.objects.filter(pk__in=there).order_by("order", "code"))


def years(now: datetime) -> list[int]:
    """The years something was published in, the latest first."""
    ends = figures.queryset(_DOCUMENTS, READER, now).aggregate(first=Min("closed_at"), last=Max("closed_at"))
    if ends["first"] is None:
        return []
    first, last = (ends[name].astimezone(SHANGHAI).year for name in ("first", "last"))
    return list(range(last, first - 1, -1))


def document(stream: str, now: datetime) -> Policy | None:
    """One published document; None for any other duty."""
    duty = documents(Wanted(), now).filter(stream=stream).first()
    return told([duty], now)[0] if duty else None


def interpretation(stream: str, now: datetime) -> tuple[Interpretation, list[Policy]] | None:
    """One published interpretation with the documents it is of; None for any other duty."""
    duty = figures.queryset(_INTERPRETED, READER, now).select_related("unit").filter(stream=stream).first()
    if duty is None:
        return None
    state = _states([duty])[duty.stream]
    of = told(list(documents(Wanted(), now).filter(title=duty.title)[:SIZE]), now)
    return _note(duty, state), [one for one in of if stream in [each.stream for each in one.interpretations]]


def told(duties: list[Duty], now: datetime) -> list[Policy]:
    """These documents with their addresses and interpretations: the same few queries for one and for twenty."""
    facts = _states(duties)
    notes = list(
        figures.queryset(_INTERPRETED, READER, now)
        .select_related("unit")
        .filter(title__in={duty.title for duty in duties})
        .order_by("closed_at", "id")
    )
    read = _states(notes)
    keys = {value: key for key, value in CATALOGUE.items()}
    made = []
    for duty in duties:
        assert duty.closed_at is not None
        own = tuple(_note(note, read[note.stream]) for note in notes if _is_of(note, read[note.stream], duty))
        made.append(
            Policy(
                stream=duty.stream,
                title=duty.title,
                number=duty.number,
                unit=duty.unit.name if duty.unit else "",
                unit_code=duty.unit.code if duty.unit else "",
                item=keys.get(duty.topic, ""),
                category=duty.topic,
                published_at=duty.closed_at,
                url=_web(facts[duty.stream].now.published),
                interpretations=own,
            )
        )
    return made


def _is_of(note: Duty, state: Any, document: Duty) -> bool:
    """By the document's number where the interpretation names one, else by title and drafting unit."""
    if note.title != document.title:
        return False
    named = state.document.document_number if state.document else ""
    return named == document.number if named else note.unit_id in (None, document.unit_id)


def _note(duty: Duty, state: Any) -> Interpretation:
    assert duty.closed_at is not None
    return Interpretation(
        stream=duty.stream,
        title=duty.title,
        form=FORMS.get(state.interpreted.form, "") if state.interpreted else "",
        unit=duty.unit.name if duty.unit else "",
        published_at=duty.closed_at,
        url=_web(state.interpreted),
    )


def rows(now: datetime) -> Iterator[dict[str, Any]]:
    """Open data: every published document."""
    page: list[Duty] = []
    for duty in documents(Wanted(), now).iterator(chunk_size=500):
        page.append(duty)
        if len(page) == 500:
            yield from map(_row, told(page, now))
            page = []
    yield from map(_row, told(page, now))


def _row(policy: Policy) -> dict[str, Any]:
    first = policy.interpretations[0] if policy.interpretations else None
    return {
        "title": policy.title,
        "document_number": policy.number,
        "unit": policy.unit,
        "category": policy.category,
        "published_on": _day(policy.published_at),
        "url": policy.url,
        "interpretation_url": first.url if first else "",
        "interpreted_on": _day(first.published_at) if first else None,
    }


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()


def _states(duties: Iterable[Duty]) -> dict[str, Any]:
    streams = load({duty.stream for duty in duties}, lock=False)
    return {stream.key: registry.kind(stream.kind.key).fold(counted(stream.facts)) for stream in streams}


def _web(fact: Any) -> str:
    """The address a fact names, where it is one of the web; nothing else becomes a link."""
    url = fact.url if fact else ""
    return url if url.startswith(("https://", "http://")) else ""
