"""A finding's page shows what the watch saw, and hands out the bytes as they came, never as a page."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

import pytest
from cast import NOW, moment
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Person, Unit
from qianshao.modules.openness.findings import facts as f
from qianshao.modules.openness.findings.kind import FINDING
from qianshao.modules.openness.models import Capture, SiteFinding

pytestmark = pytest.mark.django_db
PAGE = "<html><script>alert(1)</script>首页</html>".encode()
DIGEST = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def contact(city: dict[str, Unit], unit: str) -> Client:
    account = Account(login=f"contact-{unit}", person=Person.objects.create(name="林一"))
    account.set_unusable_password()
    account.save()
    Grant.objects.create(account=account, role="openness.unit", unit=city[unit], valid_from=date(2020, 1, 1))
    client = Client()
    client.force_login(account)
    return client


def finding(robot: Actor, *, captured: bool) -> Duty:
    fact = f.Found(
        at=moment("2026-02-27"),
        unit="water",
        rule="W3",
        title="首页没有更新",
        url="http://a.example/",
        automatic="found",
    )
    receipt = perform(kind=FINDING, fact=fact, actor=robot, now=NOW, src="test")
    kept = None
    if captured:
        kept = Capture.objects.create(
            sha256=DIGEST,
            url="http://a.example/",
            at=moment("2026-02-27"),
            size=len(PAGE),
            packed=zlib.compress(PAGE),
        )
    SiteFinding.objects.create(
        site="http://a.example/",
        key="k",
        round=1,
        rule="W3",
        unit="water",
        url="http://a.example/",
        automatic="found",
        places=3,
        stream=receipt.stream,
        capture=kept,
        first_seen_at=moment("2026-02-27"),
        last_seen_at=moment("2026-03-01"),
    )
    return Duty.objects.get(stream=receipt.stream)


def test_the_unit_sees_the_evidence_and_may_take_the_capture(city: dict[str, Unit], robot: Actor) -> None:
    duty = finding(robot, captured=True)
    client = contact(city, "water")

    page = client.get(f"/duties/{duty.stream}/").content.decode()
    answer = client.get(f"/duties/{duty.stream}/capture/")

    for words in (DIGEST, "机器查实", "待核实", "2026年2月27日", "2026年3月1日", "首页更新"):
        assert words in page
    assert "<script>alert" not in page
    assert answer.content == PAGE
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_another_unit_sees_neither(city: dict[str, Unit], robot: Actor) -> None:
    duty = finding(robot, captured=True)

    assert contact(city, "housing").get(f"/duties/{duty.stream}/capture/").status_code == 404


def test_a_page_that_did_not_open_left_no_capture(city: dict[str, Unit], robot: Actor) -> None:
    duty = finding(robot, captured=False)
    client = contact(city, "water")

    assert "没有取得网页内容" in client.get(f"/duties/{duty.stream}/").content.decode()
    assert client.get(f"/duties/{duty.stream}/capture/").status_code == 404
