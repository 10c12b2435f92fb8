"""Every address of the product, from the URL resolver, with something planted for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from qianshao.core.duties import rulebook
from qianshao.kernel.declare import Kind
from qianshao.kit.duties import figure
from qianshao.site.cockpit.tables import TABLES
from qianshao.site.portal.data import DATASETS

from .planted import Planted

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """An address as it is declared: ``duties/<stream:stream>/why/``."""

    pattern: str
    name: str
    view: Callable[..., Any]

    @property
    def parts(self) -> list[str]:
        """The names of what changes in it."""
        return _PART.findall(self.pattern)

    def at(self, **values: object) -> str:
        """The address with values in it."""
        return "/" + _PART.sub(lambda found: str(values[found.group(1)]), self.pattern)


def routes() -> list[Route]:
    """All of them; one that is added is swept from then on."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walk(item, pattern)
        elif isinstance(item, URLPattern):
            yield Route(pattern, item.name or pattern, item.callback)


# Parts that are no record's: a value that exists. What is not named here or below has no fixture, and fails the sweep.
_PLAIN: dict[tuple[str, str], tuple[object, ...]] = {
    ("person", "number"): (1,),
    ("openness-report", "unit"): ("water",),
    ("openness-report", "year"): (2025,),
    ("openness-report-records", "unit"): ("water",),
    ("openness-report-records", "year"): (2025,),
    ("openness-report-file", "unit"): ("water",),
    ("openness-report-file", "year"): (2025,),
    ("openness-report-file", "form"): ("docx", "csv", "xlsx", "txt"),
    ("openness-catalogue-body", "unit"): ("water",),
    ("portal/catalogue/<str:unit>/", "unit"): ("water",),
    ("portal-catalogue-body", "unit"): ("water",),
    ("calendar-feed", "token"): ("none",),  # the reader's own is asked besides
    ("unit", "code"): ("water",),
    ("cockpit-table", "name"): tuple(TABLES),
    ("organisation-template", "key"): ("units", "people"),
    ("organisation-run", "run"): (1,),
    ("organisation-errors", "run"): (1,),
    ("comment-change", "key"): ("none",),
    ("city-map", "digest"): ("none",),
    ("budget", "meter"): ("burden.inspections", "burden.meetings"),
    ("budget", "unit"): ("water",),
    ("points", "unit"): ("water",),
    ("appraisal-round", "number"): ("2026",),
    ("appraisal-step", "number"): ("2026",),
    ("appraisal-step", "name"): ("seal", "draw", "reveal"),
    ("import-map", "run"): (1,),
    ("import-preview", "run"): (1,),
    ("import-run", "run"): (1,),
    ("import-records", "run"): (1,),
    ("import-errors", "run"): (1,),
    ("open311/v2/services/<str:code>.<form:form>", "code"): ("照明", "none"),
    ("open311/v2/requests/<str:number>.<form:form>", "number"): ("RX2026000001", "1"),
    ("open311/v2/tokens/<str:token>.<form:form>", "token"): ("none",),
    ("portal-schema", "name"): tuple(DATASETS),
    ("portal-csv", "name"): tuple(DATASETS),
    ("portal-json", "name"): tuple(DATASETS),
}
_EVERYWHERE: dict[str, tuple[object, ...]] = {
    "form": ("json", "xml"),
    "sseq": (1,),
    "entry": (1,),
    "number": (1,),
    "sha256": ("0" * 64,),
}
# Questions a route answers beside its bare address: every form of export, searches, days past, other orders.
ASKED: dict[str, tuple[str, ...]] = {
    "duties": ("?kind={kind}", "?kind={kind}&as_of=2026-03-01", "?sort=number", "?lamp=red"),
    "duty-export": (
        "?kind={kind}&format=xlsx",
        "?kind={kind}&format=utf-8-sig",
        "?kind={kind}&format=gb18030",
    ),
    "figure": ("?format=utf-8-sig",),
    "cockpit": ("?as_of=2026-03-01",),
    "search": ("?q=Zq", "?q=Zq00"),
    "search-find": ("?q=Zq",),
    "cockpit-table": ("?kind={kind}",),
    "audit-export": ("?format=utf-8-sig", "?format=xlsx"),
    "hotline-desk-hints": ("?title=Zq&body=Zq",),
    "hotline-bulletin": ("?form=docx",),
    "open311/v2/requests.<form:form>": ("?status=open", "?status=closed"),
}
# Addresses that cannot be asked with what is planted, each with its reason.
EXCUSED = {
    "open311/v2/^(?:.*\\.(?P<form>json|xml))$": "answers every other address with the same refusal, and reads nothing",
    "sign-out": "only POST, and ends the session the sweep goes on with",
    "sign-in-outside-back": "reads only what the provider sent back; tried in test_single_sign_on.py",
    "api-root": "a name for building addresses; answers 404",
}


def addresses(route: Route, planted: Sequence[Planted], every: bool = True) -> Iterator[str]:
    """Addresses of a route over what is planted; raises ``KeyError`` for a part without a fixture.

    With ``every`` all questions of ``ASKED``; else the first only.
    """
    kinds = list({one.kind.key: one.kind for one in planted}.values())
    values: list[dict[str, object]] = [{}]
    if "stream" in route.parts:
        values = [{"stream": one.duty.stream, "fact": _act(one.kind, follows=True)} for one in planted]
    elif {"kind", "fact"} <= set(route.parts):
        values = [{"kind": kind.key, "fact": _act(kind, follows=False)} for kind in kinds]
    for part in route.parts:
        if part in values[0]:
            continue
        some = _some(route, part)
        values = [before | {part: value} for before in values for value in some]
    for one in values:
        where = route.at(**one)
        yield where
        questions = ASKED.get(route.name, ())
        for question in questions if every else questions[:1]:
            for kind in kinds if "{kind}" in question else kinds[:1]:
                yield where + question.replace("{kind}", kind.key)


def _act(kind: Kind, *, follows: bool) -> str:
    return next((act.fact.__name__ for act in kind.acts if (act.follows if follows else act.opens)), "None")


def _some(route: Route, part: str) -> tuple[object, ...]:
    if part == "key" and "figure" in route.name:
        first = {
            kind.key.partition(".")[0]: key for key, (kind, _one) in reversed(figure.indicators().items())
        }
        return tuple(sorted(first.values()))
    if part == "key" and route.name == "rule":
        return tuple(sorted({text.rule.key for text in rulebook.shipped()}))[:3]
    if part == "key" and route.name == "letter":
        return ("answer", "receipt")
    found = _PLAIN.get((route.name, part)) or _EVERYWHERE.get(part)
    if found is None:
        raise KeyError(
            f"{route.pattern}: nothing is planted for <{part}>; name a value in tests/security/routes.py"
        )
    return found
