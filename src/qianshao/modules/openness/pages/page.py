"""What was read from a page, as values that know where they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Confidence = Literal["high", "medium", "low"]
Role = Literal["attachment", "interpretation", "policy"]
FIELDS = (
    "title",
    "document_number",
    "formed_on",
    "published_on",
    "source",
    "column",
    "site_name",
    "site_id_code",
    "kind",
)
KINDS = ("article", "list", "policy_document", "interpretation", "other")


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its place in the page. ``how`` is a key of docs/openness-pages.md; ``raw`` is as printed."""

    value: str
    where: str
    how: str
    confidence: Confidence
    raw: str = ""
    note: str = ""

    def day(self) -> date:
        """The value of a field that ends in ``_on``."""
        return date.fromisoformat(self.value)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to the document; ``href`` is absolute when the page's own address is known."""

    role: Role
    href: str
    text: str
    where: str
    confidence: Confidence


@dataclass(frozen=True)
class Page:
    """One page as read. ``missing`` gives for every field without a value the reason.

    ``others`` are values the page also states and that were not taken; ``remarks`` are oddities worth a look.
    ``outgoing`` are the addresses of all its links, ``labels`` its meta labels with lower-case names, ``listed`` the
    links of a list with their day, ``menu`` the short words of its links; ``scripted`` pages may show more in a browser.
    """

    url: str
    encoding: str
    encoding_from: str
    found: dict[str, Found] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[Found]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    remarks: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    outgoing: tuple[str, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    menu: tuple[str, ...] = ()
    scripted: bool = False
    text: str = ""

    def get(self, name: str) -> str | None:
        """The value of a field, or None when it could not be read."""
        one = self.found.get(name)
        return None if one is None else one.value

    def day(self, name: str) -> date | None:
        """The day of ``formed_on`` or ``published_on``."""
        one = self.found.get(name)
        return None if one is None else one.day()

    def document(self, said: Callable[[str], str] = str) -> dict[str, Any]:
        """The JSON document of ``qianshao openness read-page``; ``said`` puts its sentences into a language."""
        evidence: dict[str, Any] = {name: self._evidence(name, said) for name in FIELDS}
        evidence["links"] = [
            {"where": link.where, "how": "link", "confidence": link.confidence} for link in self.links
        ]
        return {
            **{name: self.get(name) for name in FIELDS},
            "links": [{"role": link.role, "href": link.href, "text": link.text} for link in self.links],
            "evidence": evidence,
            "not_assessable": [{"field": name, "why": said(why)} for name, why in self.missing.items()],
            "remarks": [said(remark) for remark in self.remarks],
            "page": {"url": self.url, "encoding": self.encoding, "encoding_from": self.encoding_from},
        }

    def wire(self) -> dict[str, Any]:
        """The page as plain JSON values, for the way between two processes."""
        return {
            "url": self.url,
            "encoding": self.encoding,
            "encoding_from": self.encoding_from,
            "found": {name: _row(one) for name, one in self.found.items()},
            "missing": self.missing,
            "others": {name: [_row(one) for one in ones] for name, ones in self.others.items()},
            "links": [[link.role, link.href, link.text, link.where, link.confidence] for link in self.links],
            "remarks": self.remarks,
            "labels": self.labels,
            "outgoing": self.outgoing,
            "listed": self.listed,
            "menu": self.menu,
            "scripted": self.scripted,
            "text": self.text,
        }

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Page:
        """The page that ``wire`` told of."""
        return cls(
            **wire
            | {
                "found": {name: Found(*row) for name, row in wire["found"].items()},
                "others": {name: [Found(*row) for row in rows] for name, rows in wire["others"].items()},
                "links": tuple(Link(*row) for row in wire["links"]),
                "remarks": tuple(wire["remarks"]),
                "menu": tuple(wire["menu"]),
                "outgoing": tuple(wire["outgoing"]),
                "listed": tuple((href, day) for href, day in wire["listed"]),
            }
        )

    def _evidence(self, name: str, said: Callable[[str], str]) -> dict[str, Any]:
        one = self.found.get(name)
        if one is None:
            why = said(self.missing[name])
            return {"where": None, "how": "not_assessable", "confidence": None, "why": why}
        told: dict[str, Any] = {"where": one.where, "how": one.how, "confidence": one.confidence}
        if one.raw and one.raw != one.value:
            told["raw"] = one.raw
        if one.note:
            told["note"] = said(one.note)
        if self.others.get(name):
            told["also"] = [
                {"value": other.value, "where": other.where, "how": other.how} for other in self.others[name]
            ]
        return told


def _row(one: Found) -> tuple[str, ...]:
    return (one.value, one.where, one.how, one.confidence, one.raw, one.note)
