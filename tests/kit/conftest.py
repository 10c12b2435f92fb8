"""People at their desks: signed-in browsers with rights by role, and orders to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from cast import NOW, moment
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact, Kind
from qianshao.modules.hotline import facts as f

Opens = Callable[..., Duty]


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Pages are asked on the Monday morning all tests share; the navigation belongs to the site."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.PLACES = ()


@pytest.fixture
def opens(city: dict[str, Unit], order_kind: Kind, robot: Actor) -> Opens:
    """Open an order: ``opens("2026-02-24", unit="housing", title="路灯不亮")``."""

    def opened(on: str, *facts: Fact, now: datetime = NOW, **fields: str) -> Duty:
        told = {"title": "路灯不亮", "body": "门口路灯坏了三天", "channel": "web", "unit": "housing"} | fields
        receipt = perform(
            kind=order_kind, fact=f.Received(at=moment(on), **told), actor=robot, now=now, src="test"
        )
        duty = Duty.objects.get(stream=receipt.stream)
        for fact in facts:
            perform(kind=order_kind, duty=duty, fact=fact, actor=robot, now=now, src="test")
            duty.refresh_from_db()
        return duty

    return opened
