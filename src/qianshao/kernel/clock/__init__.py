"""Clocks: from a term of the law and what happened to a deadline that explains itself."""

from .counts import add_months, earlier
from .course import STANDING, may_extend
from .recurring import BeforeFestivals, Each, Every, Period, periods
from .running import limit, run, set_limit
from .terms import (
    Citation,
    Deadline,
    Extension,
    LateExtension,
    Pause,
    Rule,
    SecondClock,
    Segment,
    Start,
    Term,
    Unit,
    last_day,
)

__all__ = [
    "STANDING",
    "BeforeFestivals",
    "Citation",
    "Deadline",
    "Each",
    "Every",
    "Extension",
    "LateExtension",
    "Pause",
    "Period",
    "Rule",
    "SecondClock",
    "Segment",
    "Start",
    "Term",
    "Unit",
    "add_months",
    "earlier",
    "last_day",
    "limit",
    "may_extend",
    "periods",
    "run",
    "set_limit",
]
