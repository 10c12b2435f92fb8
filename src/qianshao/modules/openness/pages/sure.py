"""Choosing among what a page says of the same thing, and admitting when it says nothing usable."""

from __future__ import annotations

import re
from dataclasses import replace

from .page import Confidence, Found

_UNFILLED = re.compile(
    r"\$\{|\{\{|\}\}|\[!--|<%|%>|\{\$|\{[\w.:]+\}|^(?:undefined|null|nan|none|n/?a|yyyy.*|暂无|无|不详|-+|/+|\s*)$",
    re.I,
)


def filled(value: str | None) -> bool:
    """Whether a value is one: not empty, not a placeholder the template never filled."""
    return bool(value) and not _UNFILLED.search(value or "")


def unfilled(value: str | None) -> bool:
    """Whether a template left its mark where the value should stand."""
    return bool(value and value.strip()) and not filled(value)


def surer(found: Found, confidence: Confidence, note: str = "") -> Found:
    """The same value, held with another confidence."""
    return replace(found, confidence=confidence, note=note or found.note)
