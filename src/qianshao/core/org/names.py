"""Which unit a written name means: codes, names, short names, old names and the office's abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from . import queries
from .models import Unit

How = Literal["code", "name", "short", "old", "abbreviation"]
_CITY = re.compile(r"^(.+?(?:自治州|地区|市|盟))")


class UnknownName(LookupError):
    """No unit was ever called this."""


class AmbiguousName(LookupError):
    """Several units may be meant; ``candidates`` are their full names."""

    def __init__(self, written: str, candidates: list[str]) -> None:
        super().__init__(
            _("“{name}”可能指：{candidates}。请写全称或编码。").format(
                name=written, candidates=_("、").join(candidates)
            )
        )
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Match:
    """The unit a name means, and how it was told; an abbreviation is worth a second look."""

    unit: Unit
    how: How


def plain(text: str) -> str:
    """A name without spaces and with full-width letters and brackets folded."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


class Names:
    """Every name of every unit, read once; then thousands of rows are resolved without a query."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = list(units)
        self._cities = {
            found.group(1)
            for unit in self._units
            if unit.parent_id is None and (found := _CITY.match(unit.name))
        }
        self._tiers: dict[How, dict[str, dict[int, Unit]]] = {"code": {}, "name": {}, "short": {}, "old": {}}
        for unit in self._units:
            self._put("code", unit.code, unit)
            self._put("name", unit.name, unit)
            self._put("short", unit.short, unit)
            for old in unit.names.all():
                self._put("old", old.name, unit)
                self._put("old", old.short, unit)

    def _put(self, how: How, name: str, unit: Unit) -> None:
        if name:
            for form in self._forms(name):
                self._tiers[how].setdefault(form, {})[unit.pk] = unit

    def _forms(self, name: str) -> set[str]:
        """A name as written, and without the city (刺桐市… or just 市…) before it."""
        written = plain(name)
        bare = written
        for city in self._cities:
            bare = bare.removeprefix(city)
        bare = bare.removeprefix("市")
        return {written, bare} if len(bare) > 1 else {written}

    def resolve(self, written: str, on: date) -> Match:
        """The unit a name meant on a day; one merged by then stands for its successor.

        Raises ``UnknownName`` or ``AmbiguousName``. The surest reading wins: code, full name, short name,
        a name once borne, and last letters of one name in order (发改委 for 发展和改革委员会).
        """
        for how, tier in self._tiers.items():
            for form in sorted(self._forms(written), key=len, reverse=True):
                found = tier.get(form)
                if found:
                    return self._one(written, how, found.values(), on)
        found_loosely = [unit for unit in self._units if self._abbreviates(written, unit)]
        if found_loosely:
            return self._one(written, "abbreviation", found_loosely, on)
        raise UnknownName(_("没有叫“{name}”的单位，请核对名称或先登记该单位。").format(name=written))

    def _one(self, written: str, how: How, found: Iterable[Unit], on: date) -> Match:
        meant = {unit.pk: unit for unit in (queries.successor_on(unit, on) for unit in found)}
        there = {
            pk: unit for pk, unit in meant.items() if unit.valid_to is None or unit.valid_to > on
        } or meant
        if len(there) > 1:
            raise AmbiguousName(written, sorted(unit.name for unit in there.values()))
        (unit,) = there.values()
        return Match(unit, how)

    def _abbreviates(self, written: str, unit: Unit) -> bool:
        names = {unit.name} | {old.name for old in unit.names.all()}
        return any(
            _in_order(short, full)
            for name in names
            for full in self._forms(name)
            for short in self._forms(written)
        )


def _in_order(short: str, full: str) -> bool:
    """Two characters or more, the first the same, the rest found in order."""
    if len(short) < 2 or short[0] != full[0]:
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)


def load() -> Names:
    """All names as they stand, in two queries."""
    return Names(queries.with_names(Unit.objects.select_related("merged_into").order_by("order", "code")))
