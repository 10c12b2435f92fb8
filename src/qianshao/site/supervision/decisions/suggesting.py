"""What the page proposes for each item: the city's units for the names as written, and every doubt in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.org.models import Unit, UnitName
from qianshao.kit import telling
from qianshao.modules.supervision.reading import Item
from qianshao.modules.supervision.reading.matching import Known, Level, match

from .taking import Noted

_LEVELS: Mapping[str, Level] = {"bureau": "department", "county": "county", "town": "town"}


@dataclass(slots=True)
class Row:
    """An item in the form: ``lead`` is a unit's code, or several with commas that each owe it."""

    n: int
    noted: Noted
    take: bool = True
    label: str = ""
    text: str = ""
    lead: str = ""
    co: str = ""
    guide: str = ""
    phrase: str = ""
    due: str = ""
    open_list: bool = False
    error: str = ""
    made: str = ""  # the stream of the item that was opened for it before
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def unsure(self) -> bool:
        """Whether a clerk must look."""
        return bool(self.noted.doubts)


def units_on(day: date) -> dict[str, Unit]:
    """The units of the city that exist on a day, by code, in the city's order."""
    there = Unit.objects.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    return {unit.code: unit for unit in there.order_by("order", "id")}


def known_of(units: Mapping[str, Unit]) -> list[Known]:
    """The units as the matching of names knows them, with the names they bore before."""
    former: dict[int, list[str]] = {}
    for pk, name, short in UnitName.objects.order_by("valid_from").values_list("unit_id", "name", "short"):
        former.setdefault(pk, []).extend((name, short))
    return [
        Known(
            key=code,
            title=unit.name,
            short=(unit.short,),
            former=tuple(set(former.get(unit.pk, ())) - {unit.name, unit.short}),
            level=_LEVELS.get(unit.kind, "other"),
        )
        for code, unit in units.items()
    ]


def row_of(n: int, item: Item, known: Sequence[Known], units: Mapping[str, Unit]) -> Row:
    """What is proposed for an item as it was read."""
    doubts = [telling.sentence(words) for words in item.unsure]
    candidates, sure = _leads(item, known, doubts)
    lead = sure[0] if sure else ""
    beside = [code for value in sure[1:] for code in value.split(",")]
    if beside:
        doubts.append(_("原文有 {n} 个牵头单位，第一个之外的列入了配合单位。").format(n=len(sure)))
    co = [*beside, *_codes(item.co, known, _("配合单位"), doubts)]
    guide = _codes(item.guide, known, _("指导单位"), doubts)
    return Row(
        n=n,
        noted=Noted(item.source.start, item.source.end, tuple(candidates), tuple(dict.fromkeys(doubts))),
        label=item.label,
        text=item.text,
        lead=lead,
        co=named(co, units),
        guide=named(guide, units),
        phrase=item.deadline or "",
        due=item.day.isoformat() if item.day else "",
        open_list=item.open_list,
    )


def _leads(item: Item, known: Sequence[Known], doubts: list[str]) -> tuple[list[str], list[str]]:
    """The candidates, likeliest first, and those of them that are settled."""
    sure: list[str] = []
    others: list[str] = []
    for name in item.lead:
        found = match(name, known)
        if found.sure in ("sure", "likely"):
            sure.append(",".join(found.keys))
        else:
            others += found.keys
        if found.sure != "sure":
            doubts.append(_doubt(_("牵头单位"), name, telling.sentence(found.because)))
    if not item.lead:
        doubts.append(_("原文没有写明牵头单位，请选定。"))
    sure = list(dict.fromkeys(sure))
    return list(dict.fromkeys([*sure, *others])), sure


def _codes(names: Iterable[str], known: Sequence[Known], role: str, doubts: list[str]) -> list[str]:
    codes: list[str] = []
    for name in names:
        found = match(name, known)
        if found.sure in ("sure", "likely"):
            codes += found.keys
        if found.sure == "likely":
            doubts.append(_doubt(role, name, telling.sentence(found.because)))
        elif found.sure != "sure":
            doubts.append(
                _("{role}“{name}”没有列入：{why}").format(
                    role=role, name=name, why=telling.sentence(found.because)
                )
            )
    return list(dict.fromkeys(codes))


def _doubt(role: str, name: str, why: str) -> str:
    return _("{role}“{name}”：{why}").format(role=role, name=name, why=why)


def named(codes: Iterable[str], units: Mapping[str, Unit]) -> str:
    """Units as a clerk writes them: 财政局、水利局."""
    return "、".join(units[code].short for code in dict.fromkeys(codes))


def option_of(value: str, units: Mapping[str, Unit]) -> tuple[str, str] | None:
    """A choice of lead and its title; None when a unit is gone since."""
    codes = value.split(",")
    if any(code not in units for code in codes):
        return None
    if len(codes) == 1:
        return value, units[value].name
    first = units[codes[0]].short
    return value, _("{unit}等 {n} 个单位（各立一项）").format(unit=first, n=len(codes))
