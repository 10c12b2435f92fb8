"""A month's study session: due by the month's end, whatever the month, and held once."""

from __future__ import annotations

import pytest
from cast import moment

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Period
from qianshao.kernel.words import say
from qianshao.modules.learning import module as m

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-02-01", "2024-03-01"), ("2025-12-01", "2026-01-01"), ("2026-02-01", "2026-03-01")],
)
def test_a_month_is_owed_to_its_last_moment(start: str, end: str) -> None:
    planned = m.opens("office", "office", Period(moment(start), moment(end), say("一个月")))
    book = rulebook.book()

    deadline = m.clock(
        m.fold([planned]), Calendar.china(), book.pinned(book.names((m.MONTHLY,), planned.on), (m.MONTHLY,))
    )

    assert (planned.month, deadline.until) == (start[:7], moment(end))


def test_a_session_is_held_once_and_then_the_month_is_closed() -> None:
    planned = m.Planned(at=moment("2026-03-01"), unit="office", month="2026-03")
    held = m.Held(at=moment("2026-03-20 09:00"), topic="专题", present=12)
    book = rulebook.book()
    pinned = book.pinned(book.names((m.MONTHLY,), planned.on), (m.MONTHLY,))
    before, after = m.fold([planned]), m.fold([planned, held])

    assert m.may_hold(before, held, m.clock(before, Calendar.china(), pinned)) is None
    assert str(m.may_hold(after, held, m.clock(after, Calendar.china(), pinned))) == "本月学习已经登记"
    assert (m.look(before).phase, m.look(after).phase, m.look(after).title) == (
        "planned",
        "held",
        "2026-03 专题",
    )
