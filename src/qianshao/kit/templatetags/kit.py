"""Template words of the kit; available in every template without loading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qianshao.kernel.figures import Selection
from qianshao.kernel.lamp import Lamp
from qianshao.kernel.words import Words, say
from qianshao.kit import telling
from qianshao.kit.citymap import keeping

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """2025年10月29日."""
    return telling.day(value)


@register.filter
def month_name(value: int) -> str:
    """10 before 月, or Oct."""
    return telling.month_name(value)


@register.filter
def weekday(value: date | None) -> str:
    """2025年10月29日（星期三）."""
    return telling.day(value, weekday=True)


@register.filter
def moment(value: datetime | None) -> str:
    """2025年10月29日 09:30."""
    return telling.moment(value)


@register.filter
def limit(value: datetime | None) -> str:
    """The last day of a promise that ends at this exclusive moment."""
    return telling.limit(value)


@register.filter
def month(value: str) -> str:
    """2025-10 as 2025年10月."""
    year, number = value.split("-")
    return telling.sentence(say("{year}年{month}月", year=int(year), month=int(number)))


@register.filter
def words(value: Words | str) -> str:
    """A sentence of the rules, or a declared title, in the reader's language."""
    return telling.sentence(value)


@register.filter
def percent(value: int | None) -> str:
    """Basis points as 97.53%."""
    return telling.percent(value)


@register.simple_tag
def lamp(row: Any, now: datetime) -> SafeString:
    """The lamp of a duty: a shape, a colour and a word."""
    return lamp_mark(telling.lamp_of(row, now))


@register.simple_tag
def lamp_mark(value: Lamp | str) -> SafeString:
    """A lamp that is already known."""
    value = Lamp(value)
    return format_html(
        '<span class="lamp lamp-{}"><span class="lamp-dot" aria-hidden="true"></span>{}</span>',
        value.value,
        telling.lamp_title(value),
    )


@register.simple_tag
def remaining(row: Any, now: datetime) -> str:
    """还有3个工作日, 已逾期2个工作日."""
    return telling.remaining(row, now)


@register.simple_tag
def rate_bar(width: int) -> SafeString:
    """A rate of whole percents as a bar; beside the number it repeats, so it is hidden from screen readers."""
    return format_html(
        '<svg class="rate" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rate-all" width="100" height="8"/><rect class="rate-part" width="{}" height="8"/></svg>',
        width,
    )


@register.filter
def query(selection: Selection) -> str:
    """The URL query that opens a figure's list."""
    return selection.to_query()


@register.inclusion_tag("kit/charts/map.html")
def city_map(table: str) -> dict[str, Any]:
    """The map of the city, drawn from the table of this id: rows with ``data-unit``, one heading with ``data-heat``.

    The page's head includes ``kit/charts/head.html``. Without a map it says how one is set.
    """
    return {"table": table, "map": keeping.current()}
