"""What the office publishes of itself: the three rates of openness, by unit and month, with what they are out of.

Counts of people's requests below five are not shown by unit and month, for one applicant among few could be
told from them (reliability A7); the city's own sums stand whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Indicator, Scope, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.numbers import basis_points
from qianshao.kit.queries import figures

PUBLISHED = (
    "openness.document-in-time",
    "openness.request-in-time",
    "openness.interpretation-in-time",
    "hotline.in-time",
)
SMALL = 5
_PERSONAL = frozenset({"openness.request-in-time", "hotline.in-time"})
FRESH = 60  # seconds; a storm of visitors asks the database once a minute
_READER = machine("portal")


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate: hundredths of a per cent of ``of``, None where nothing was due."""

    key: str
    title: str
    formula: str
    year: int
    value: int
    of: int

    @property
    def basis_points(self) -> int | None:
        """The rate, rounded half up."""
        return basis_points(self.value, self.of)


def indicators() -> list[Indicator]:
    """The published indicators this installation has."""
    known = {item.key: item for kind in registry.kinds().values() for item in kind.indicators}
    return [known[key] for key in PUBLISHED if key in known]


def scope_of(year: int) -> Scope:
    """What began in a calendar year."""
    return Scope(since=f"{year}-01-01", until=f"{year + 1}-01-01")


def _parts(indicator: Indicator, year: int) -> tuple[Selection, Selection]:
    assert indicator.base is not None
    return indicator.counts(scope_of(year)), indicator.base(scope_of(year))


def rates(now: datetime) -> list[Rate]:
    """The city's rates of this year and the two before it."""
    found: list[Rate] | None = cache.get("portal.rates")
    if found is None:
        this = now.astimezone(SHANGHAI).year
        found = []
        for indicator in indicators():
            for year in (this, this - 1, this - 2):
                counts, base = _parts(indicator, year)
                value, of = (figures.count(part, _READER, now) for part in (counts, base))
                found.append(Rate(indicator.key, indicator.title, indicator.formula, year, value, of))
        cache.set("portal.rates", found, FRESH)
    return found


def by_unit(now: datetime) -> Iterator[dict[str, Any]]:
    """Open data: each rate by unit, this year and last; small counts of people's requests are left out."""
    names = dict(Unit.objects.values_list("id", "name"))
    this = now.astimezone(SHANGHAI).year
    for indicator in indicators():
        for year in (this, this - 1):
            counts, base = _parts(indicator, year)
            of = figures.by_unit(base, _READER, now)
            value = figures.by_unit(counts, _READER, now)
            for unit in sorted(of, key=lambda pk: names.get(pk or 0, "")):
                if unit is not None:
                    row = {"indicator": indicator.key, "year": year, "unit": names[unit]}
                    yield row | _shown(indicator, value.get(unit, 0), of[unit])


def by_month(now: datetime) -> Iterator[dict[str, Any]]:
    """Open data: the city's rates by month of opening, this year and last."""
    this = now.astimezone(SHANGHAI).year
    for indicator in indicators():
        for year in (this, this - 1):
            counts, base = _parts(indicator, year)
            value = figures.by_month(counts, _READER, now)
            for month, of in sorted(figures.by_month(base, _READER, now).items()):
                row = {"indicator": indicator.key, "month": f"{month // 100}-{month % 100:02}"}
                yield row | _shown(indicator, value.get(month, 0), of)


def _shown(indicator: Indicator, value: int, of: int) -> dict[str, Any]:
    if indicator.key in _PERSONAL and of < SMALL:
        return {"in_time": None, "due": None, "rate": None, "suppressed": True}
    points = basis_points(value, of)
    return {
        "in_time": value,
        "due": of,
        "rate": None if points is None else f"{points / 10_000:.4f}",
        "suppressed": False,
    }
