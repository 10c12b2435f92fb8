"""A map of the sample city: one hexagon for each county, in rows like a honeycomb; no place on earth looks so."""

from __future__ import annotations

from datetime import date
from math import cos, pi, sin, sqrt

from django.utils.translation import gettext_noop

from qianshao.kit.citymap import keeping
from qianshao.kit.citymap.shapes import Ring, Shape

# County by county, (column, row): the river runs down the middle, the islands lie to the right.
_PLACES = (
    (2, 1), (1, 1), (3, 2), (2, 2), (1, 2), (3, 1), (0, 2), (2, 3), (1, 0), (0, 1), (2, 0), (1, 3),
)  # fmt: skip
_RADIUS = 0.1  # degrees, about the equator, where a degree is as long in both directions
NOTE = gettext_noop("示意图，每个六边形代表一个县（市、区），不是真实地理")


def shapes(units: list[str]) -> tuple[Shape, ...]:
    """A hexagon for each of these codes, the same for the same codes."""
    return tuple(
        Shape((code,), (), ((_hexagon(*place),),)) for code, place in zip(units, _PLACES, strict=False)
    )


def _hexagon(column: int, row: int) -> Ring:
    across, down = sqrt(3) * _RADIUS, 1.5 * _RADIUS
    x, y = across * (column + row % 2 / 2), -down * row
    corners = [
        (round(x + _RADIUS * sin(pi / 3 * n), 5), round(y + _RADIUS * cos(pi / 3 * n), 5)) for n in range(6)
    ]
    return [*corners, corners[0]]


def put(on: date) -> None:
    """Set it as the map of this installation."""
    units = keeping.districts(on)
    keeping.keep(keeping.fit(shapes([unit.code for unit in units]), units), NOTE)
