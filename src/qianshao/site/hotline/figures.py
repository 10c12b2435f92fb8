"""The hotline's numbers by unit, place, class, channel and month, each with the question that opens its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Figure, Indicator, Scope, Selection
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.modules.hotline.facts import CHANNELS
from qianshao.modules.hotline.module import ORDER
from qianshao.site.oversight.figures import Opened, Reader, Share

RATES = ("hotline.response", "hotline.solution", "hotline.satisfaction")
SHOWN = 50
_INDICATORS: Mapping[str, Indicator] = {item.key: item for item in ORDER.indicators}
_Counts = Callable[..., dict[Any, int]]


@dataclass(frozen=True)
class Line:
    """The three rates of a unit, a place, a class, a channel or a month; they share a denominator."""

    title: str
    shares: tuple[Share, ...]

    @property
    def whole(self) -> Opened:
        """How many orders the rates are out of."""
        return self.shares[0].whole


@dataclass(frozen=True)
class Table:
    """A breakdown; ``hidden`` lines have fewer orders than those shown."""

    key: str
    title: str
    lines: tuple[Line, ...]
    hidden: int = 0


def indicator(key: str) -> Indicator:
    """A declared figure of work orders; raises ``KeyError``."""
    return _INDICATORS[key]


def count(key: str, scope: Scope, reader: Reader) -> Opened:
    """How many a figure counts in a scope."""
    return reader.count(indicator(key).counts(scope))


def share(key: str, scope: Scope, reader: Reader) -> Share:
    """A rate with what its denominator leaves out, each number with its list."""
    item = indicator(key)
    counts, base = item.counts(scope), _base(item, scope)
    left = tuple(
        (words, figures.count(part(scope), reader.actor, reader.now), part(scope))
        for words, part in item.left_out
    )
    value, of = (figures.count(part, reader.actor, reader.now) for part in (counts, base))
    return Share(telling.sentence(item.title), Figure(value, of, counts, base, left))


def _base(item: Indicator, scope: Scope) -> Selection:
    if item.base is None:
        raise LookupError(f"{item.key} is a plain count")
    return item.base(scope)


def breakdowns(scope: Scope, reader: Reader) -> list[Table]:
    """The three rates by unit, place, class, channel and month of receipt: four queries each."""
    channels = {key: telling.sentence(title) for key, title in CHANNELS.items()}
    return [
        _table("unit", _("各单位"), figures.by_unit, _units, scope, reader),
        _table("place", _("各地点"), figures.by_place, lambda keys: {}, scope, reader),
        _table("topic", _("各类别"), figures.by_topic, lambda keys: {}, scope, reader),
        _table("channel", _("各渠道"), figures.by_channel, lambda keys: channels, scope, reader),
        _table("month", _("各月份"), figures.by_month, _months, scope, reader),
    ]


def _table(
    key: str,
    title: str,
    counted: _Counts,
    named: Callable[[list[Any]], Mapping[Any, str]],
    scope: Scope,
    reader: Reader,
) -> Table:
    items = [indicator(name) for name in RATES]
    base = _base(items[0], scope)
    whole = counted(base, reader.actor, reader.now)
    parts = [(item, counted(item.counts(scope), reader.actor, reader.now)) for item in items]
    codes = (
        dict(Unit.objects.filter(pk__in=[pk for pk in whole if pk]).values_list("pk", "code"))
        if key == "unit"
        else {}
    )
    names = named(list(whole))
    if key == "month":
        order = sorted(whole, reverse=True)
    else:
        order = sorted(whole, key=lambda one: (-whole[one], str(one)))
    lines = []
    for one in order[:SHOWN]:
        own = _own(key, codes.get(one, one) if key == "unit" else one)
        shares = tuple(
            Share(
                telling.sentence(item.title),
                Figure(values.get(one, 0), whole[one], item.counts(scope).also(own), base.also(own)),
            )
            for item, values in parts
        )
        shown = names.get(one) or (telling.sentence(str(one)) if one else _("未登记"))
        lines.append(Line(shown, shares))
    return Table(key, title, tuple(lines), max(0, len(order) - SHOWN))


def _own(key: str, value: Any) -> Condition:
    return Condition(key, "", value) if value else Condition(key, "empty", True)


def _units(keys: list[Any]) -> Mapping[Any, str]:
    return dict(Unit.objects.filter(pk__in=[pk for pk in keys if pk]).values_list("pk", "short"))


def _months(keys: list[Any]) -> Mapping[Any, str]:
    return {key: f"{key // 100}-{key % 100:02}" for key in keys}
