"""Agents at their desks, and orders with a life behind them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast import NOW, moment
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact, Kind
from qianshao.modules.hotline import facts as f

Opens = Callable[..., Duty]


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def opens(city: dict[str, Unit], order_kind: Kind, robot: Actor) -> Opens:
    """Open an order and tell what happened to it: ``opens("2026-02-24 09:00", fact, title="路灯不亮")``."""

    def opened(at: str, *facts: Fact, **fields: object) -> Duty:
        given: dict[str, object] = {
            "title": "路灯不亮",
            "body": "门口路灯坏了三天",
            "channel": "web",
            **fields,
        }
        fact = f.Received(at=moment(at), **given)  # type: ignore[arg-type]
        receipt = perform(kind=order_kind, fact=fact, actor=robot, now=NOW, src="test")
        duty = Duty.objects.get(stream=receipt.stream)
        for fact in facts:
            perform(kind=order_kind, duty=duty, fact=fact, actor=robot, now=NOW, src="test")
            duty.refresh_from_db()
        return duty

    return opened
