"""A ledger with a few duties in it, written through the door, and its anchors in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cast import moment
from django.conf import settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import Receipt, perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger import store
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder for the keys, and an anchor folder beside it."""
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    monkeypatch.setenv("QIANSHAO_ANCHORS", str(tmp_path / "anchors"))
    return tmp_path / "home"


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """Where checkpoints are carried."""
    return tmp_path / "anchors"


@pytest.fixture
def receive(city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime) -> Callable[[int], Receipt]:
    """Receive the n-th letter."""

    def one(number: int) -> Receipt:
        fact = f.Received(
            at=moment("2025-09-25 10:00"),
            title=f"路灯不亮{number}",
            body="门口路灯坏了三天",
            channel="web",
            unit="housing",
            caller="王小明",
            phone="13800000000",
        )
        receipt = perform(
            kind=order_kind,
            fact=fact,
            actor=robot,
            now=now + timedelta(seconds=number),
            src="test",
            source=f"n:{number}",
            subject=f"citizen-{number}",
        )
        store.seal_all()
        return receipt

    return one


@pytest.fixture
def ledger(receive: Callable[[int], Receipt], order_kind: Kind, robot: Actor, now: datetime) -> list[Receipt]:
    """Twelve entries: six letters received, each then dispatched."""
    receipts = [receive(number) for number in range(6)]
    for duty in Duty.objects.order_by("id"):
        fact = f.Dispatched(at=now, unit="water", note="请核实办理")
        receipts.append(
            perform(
                kind=order_kind, duty=duty, fact=fact, actor=robot, now=now + timedelta(minutes=1), src="test"
            )
        )
    store.seal_all()
    return receipts
