"""Units by code, kept in memory: the door asks for one at every entry."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Unit


class UnknownUnit(LookupError):
    """No unit has this code."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the door needs of a unit; neither ever changes once given."""

    id: int
    path: str


_known: dict[str, Known] = {}


def known(code: str) -> Known:
    """The unit of a code; raises ``UnknownUnit``."""
    if code not in _known:
        forget()
        _known.update(
            (code, Known(pk, path)) for code, pk, path in Unit.objects.values_list("code", "id", "path")
        )
    if code not in _known:
        raise UnknownUnit(code)
    return _known[code]


def id_of(code: str) -> int | None:
    """A unit's row number, None for no unit; raises ``UnknownUnit``."""
    return known(code).id if code else None


def forget() -> None:
    """Read the units anew at the next question (another database, the sample city removed)."""
    _known.clear()
