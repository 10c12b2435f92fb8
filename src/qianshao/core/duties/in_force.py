"""What is in force as the door acts: the rulebook and the calendar, looked for in one question."""

from __future__ import annotations

from qianshao.core.ledger import rows
from qianshao.kernel.calendar import Calendar

from . import calendars, rulebook

_LAST = (
    "SELECT (SELECT count(*) FROM duties_ruleedition), (SELECT max(id) FROM duties_ruleedition),"
    " (SELECT max(id) FROM duties_holidaynotice)"
)


def now() -> tuple[rulebook.Book, Calendar]:
    """Both as the open transaction sees them, read again only when the city added something."""
    ((editions, last, notice),) = rows.ask(_LAST)
    return rulebook.of(editions, last), calendars.of(notice)
