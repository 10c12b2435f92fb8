"""A burst in the audit trail raises one alarm before those who watch over it, and before nobody else."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from cast import NOW, SignIn

from qianshao.core.accounts import trail
from qianshao.core.notices.models import Notice
from qianshao.site.operations import alarms

pytestmark = [pytest.mark.django_db]


def lines(act: str, n: int, actor: str = "account:7", address: str = "") -> None:
    with trail.coming_from(address):
        for second in range(n):
            trail.write(act, actor=actor, now=NOW - timedelta(seconds=second), about="/people/")


@pytest.mark.parametrize(
    ("act", "enough"), [(trail.DENIED, 20), (trail.EXPORTED, 10), (trail.REVEALED, 30), (trail.REFUSED, 30)]
)
def test_SEC_23_a_burst_raises_exactly_one_alarm_for_each_who_watches(
    sign_in: SignIn, act: str, enough: int
) -> None:
    for role in ("secadmin", "auditor", "sysadmin", "mayor"):
        sign_in(role, "city")
    lines(act, enough - 1, address="192.0.2.7")
    assert alarms.raise_due(NOW) == 0

    lines(act, 1, address="192.0.2.7")
    lines(act, 3, actor="account:8", address="192.0.2.8")

    assert [alarms.raise_due(NOW + timedelta(seconds=later)) for later in (0, 1, 60)] == [2, 0, 0]
    told = Notice.objects.order_by("link")
    assert [(notice.link, notice.sort, notice.urgent) for notice in told] == [
        ("/audit/", "system", True),
        ("/people/", "system", True),
    ]
    assert {str(notice.blanks["n"]) for notice in told} == {str(enough)}


def test_SEC_23_the_same_over_a_working_day_is_no_burst(sign_in: SignIn) -> None:
    sign_in("secadmin", "city")
    for hour in range(60):
        trail.write(trail.DENIED, actor="account:7", now=NOW - timedelta(minutes=8 * hour))

    assert alarms.raise_due(NOW) == 0


def test_SEC_35_every_line_can_go_to_a_collector_and_what_was_typed_stays_here(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: object
) -> None:
    with (
        caplog.at_level(logging.INFO, "qianshao.trail"),
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[operator]
    ):
        trail.write(
            trail.DENIED, actor="account:7", now=NOW, about="/audit/", reason="张三的电话", allowed=False
        )

    (record,) = caplog.records
    assert (record.getMessage(), record.actor, record.about, record.allowed) == (  # type: ignore[attr-defined]
        "Denied",
        "account:7",
        "/audit/",
        False,
    )
    assert "张三" not in str(record.__dict__)
