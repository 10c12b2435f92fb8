"""How large the city is and how much happens in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


class BadScale(ValueError):
    """Neither the name of a scale nor a number of duties."""


@dataclass(frozen=True, slots=True)
class Scale:
    """``duties`` is about how many requests the whole story holds by the end of its last year.

    ``months`` of study sessions are told, the last ones; every unit that holds them owes one a month.
    """

    name: str
    duties: int
    bureaus: int
    counties: int
    towns: int
    months: int


_NAMED = {
    "village": Scale("village", 160, 22, 2, 6, 2),
    "small": Scale("small", 2_400, 60, 12, 160, 11),
    "city": Scale("city", 100_000, 60, 12, 160, 36),
}
NAMES = tuple(_NAMED)
_LARGEST = 2_000_000


def scale_of(text: str) -> Scale:
    """The scale of a name, or a whole city of so many requests; raises ``BadScale``."""
    if text in _NAMED:
        return _NAMED[text]
    if text.isascii() and text.isdecimal() and 0 < int(text) <= _LARGEST:
        return Scale(text, int(text), 60, 12, 160, 11)
    raise BadScale(
        _("--scale 应为 {names}，或 1 到 {largest} 的整数，不能是“{text}”。").format(
            names=_("、").join(NAMES), largest=_LARGEST, text=text
        )
    )
