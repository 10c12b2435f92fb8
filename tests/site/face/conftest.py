"""Duties of several kinds, and people who see different parts of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast import NOW, moment
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline import facts as f
from qianshao.modules.openness.documents import facts as d

Tell = Callable[..., Duty]


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def tell(city: dict[str, Unit], robot: Actor) -> Tell:
    """Record facts one after another: ``tell("hotline.order", received, dispatched)``."""

    def told(kind: str, *facts: Fact) -> Duty:
        duty: Duty | None = None
        for fact in facts:
            receipt = perform(
                kind=registry.kind(kind), duty=duty, fact=fact, actor=robot, now=NOW, src="test"
            )
            duty = Duty.objects.get(stream=receipt.stream)
        assert duty is not None
        return duty

    return told


def order(on: str, unit: str = "housing", **fields: str) -> Fact:
    """An order received on a day."""
    said = {"title": "路灯不亮", "body": "门口三天没亮", "channel": "web"} | fields
    return f.Received(at=moment(on), unit=unit, **said)


def document(on: str, title: str, unit: str = "housing") -> Fact:
    """A document made on a day that has to be published."""
    return d.Formed(at=moment(on), title=title, unit=unit, openness="active")
