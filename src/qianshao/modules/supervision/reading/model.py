"""What was read from a decision, as values that know where they stand in its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from qianshao.kernel.words import Words

Role = Literal["lead", "co", "guide", "shared", "both", "person", "deadline"]
"""``shared``: responsible, and the lead rule says who leads; ``both``: the first leads, the others take part."""

RuleName = Literal["explicit", "first_listed", "before_comma", "marked", "responsible_leads", "joint", "none"]


@dataclass(frozen=True, slots=True)
class Place:
    """Characters ``start`` <= i < ``end`` of the extracted text."""

    start: int
    end: int

    def wire(self) -> dict[str, int]:
        """For JSON."""
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class LeadRule:
    """Who leads where no lead unit is named; ``place`` is where the document says so, None when it does not."""

    name: RuleName
    words: Words
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One of several deadlines of an item."""

    phrase: str
    day: date | None
    place: Place | None


@dataclass(slots=True)
class Item:
    """One thing to be done. Names are as written; ``day`` is the last day the deadline means."""

    label: str
    text: str
    source: Place
    section: str = ""
    lead: list[str] = field(default_factory=list)
    co: list[str] = field(default_factory=list)
    guide: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    open_list: bool = False
    deadline: str | None = None
    day: date | None = None
    stages: list[Stage] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    unsure: list[Words] = field(default_factory=list)

    def doubt(self, words: Words) -> None:
        """Mark something for the clerk, once."""
        if words not in self.unsure:
            self.unsure.append(words)


@dataclass(frozen=True)
class Decision:
    """A document as read. ``left_out`` are numbered passages that were not taken as items."""

    text: str
    title: str
    number: str | None
    issued: date | None
    year: int | None
    lead_rule: LeadRule
    items: tuple[Item, ...]
    left_out: tuple[tuple[str, Place], ...]
    unsure: tuple[Words, ...]

    def document(self) -> dict[str, Any]:
        """The JSON document of ``qianshao supervision read-decision``; ``words`` are in Chinese."""
        rule = self.lead_rule
        return {
            "title": self.title,
            "number": self.number,
            "issued": self.issued.isoformat() if self.issued else None,
            "lead_rule": {
                "rule": rule.name,
                "words": str(rule.words),
                "stated": self.text[rule.place.start : rule.place.end] if rule.place else None,
                "source": rule.place.wire() if rule.place else None,
            },
            "items": [_item(n, item) for n, item in enumerate(self.items, 1)],
            "left_out": [{"label": label, "source": place.wire()} for label, place in self.left_out],
            "unsure": [str(words) for words in self.unsure],
            "text": self.text,
        }


def _item(n: int, item: Item) -> dict[str, Any]:
    return {
        "n": n,
        "label": item.label,
        "section": item.section,
        "text": item.text,
        "lead": item.lead,
        "co": item.co,
        "guide": item.guide,
        "leaders": item.people,
        "open_list": item.open_list,
        "deadline": item.deadline,
        "deadline_date": item.day.isoformat() if item.day else None,
        "stages": [
            {"deadline": stage.phrase, "deadline_date": stage.day.isoformat() if stage.day else None}
            for stage in item.stages
        ],
        "source": item.source.wire(),
        "places": {key: [place.wire() for place in places] for key, places in item.places.items()},
        "unsure": [str(words) for words in item.unsure],
    }
