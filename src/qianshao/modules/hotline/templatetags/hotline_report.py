"""Words of the report's template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from qianshao.kernel.rulebook import STATUSES
from qianshao.modules.hotline import told

register = template.Library()
register.filter("rate", told.percent)
register.filter("plain", told.number)


@register.filter
def standing(status: str) -> str:
    """How far a rule was checked, from the letter that stands for it."""
    return STATUSES[status]


@register.filter
def key(row: Mapping[str, Any], field: str) -> Any:
    """The value of a named field."""
    return row[field]
