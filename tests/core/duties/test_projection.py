"""What an act writes of a duty's row: the columns it changed, in the form the ORM would have given them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cast import moment
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import projection
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]

RECEIVED = f.Received(at=moment("2025-09-25 10:00"), title="路灯不亮", body="三天了", channel="web")


@pytest.fixture
def order(city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime) -> Duty:
    perform(kind=order_kind, fact=RECEIVED, actor=robot, now=now, src="test")
    return Duty.objects.get()


@given(
    st.datetimes(
        datetime.min.replace(year=1900),
        datetime.max.replace(year=2999),
        timezones=st.just(UTC) | st.just(SHANGHAI),
    )
)
@settings(deadline=None)
def test_a_moment_is_kept_as_the_orm_keeps_it(at: datetime) -> None:
    assert projection.instant(at) == connection.ops.adapt_datetimefield_value(at)


def test_an_act_writes_the_columns_it_changed_and_no_other(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    fact = f.Dispatched(at=moment("2025-09-25 11:00"), unit="housing", note="请办理")
    with CaptureQueriesContext(connection) as queries:
        perform(kind=order_kind, duty=order, fact=fact, actor=robot, now=now, src="test")

    (update,) = (query["sql"] for query in queries if query["sql"].startswith("UPDATE"))
    assert '"unit_id"' in update and '"phase"' in update and '"version"' in update
    assert '"opened_at"' not in update and '"month"' not in update and '"channel"' not in update
    order.refresh_from_db()
    assert order.unit is not None and (order.unit.code, order.phase) == ("housing", "dispatched")
    assert rebuild(write=False).none


def test_a_column_that_was_wrong_is_mended_by_the_next_act(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    due = order.due_at
    Duty.objects.update(due_at=moment("2030-01-01"), channel="phone")

    fact = f.Dispatched(at=moment("2025-09-25 11:00"), unit="housing")
    perform(kind=order_kind, duty=order, fact=fact, actor=robot, now=now, src="test")

    order.refresh_from_db()
    assert (order.due_at, order.channel) == (due, "web")


def test_a_row_is_read_in_the_form_in_which_it_is_written(order: Duty) -> None:
    (stream,) = load({order.stream}, lock=False)

    for name in ("opened_at", "due_at", "amber_at", "closed_at", "recorded_at"):
        assert stream.row[name] == projection.instant(getattr(order, name))
