"""Facts are told to other systems: signed, once for each entry, repeated until taken, with nobody's data in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta

import pytest
from cast import clerk
from django.conf import LazySettings
from servers import Ear, http

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.hooks import filling, keeping, sending
from qianshao.core.hooks.models import Call, Hook
from qianshao.core.ledger import store
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KEEPER = clerk("system.hooks")


@pytest.fixture(autouse=True)
def _inside(settings: LazySettings) -> None:
    settings.HOOKS_PRIVATE = True


def add(ear: Ear, now: datetime, path: str = "/", **more: list[str]) -> tuple[Hook, str]:
    return keeping.add(
        name="数据中心",
        url=ear.url(path),
        kinds=more.get("kinds", []),
        facts=more.get("facts", []),
        actor=KEEPER,
        now=now,
    )


def receive(kind: Kind, robot: Actor, now: datetime, source: str = "a:1") -> Duty:
    fact = f.Received(
        at=now,
        title="林小满家路灯不亮",
        body="电话13812345678",
        channel="web",
        unit="housing",
        phone="13812345678",
    )
    receipt = perform(kind=kind, fact=fact, actor=robot, now=now, src="test", source=source, subject="s1")
    store.seal_all()
    return Duty.objects.get(stream=receipt.stream)


def round_at(now: datetime) -> int:
    filling.fill(now)
    return sending.send_due(now)


def test_a_fact_is_told_once_signed_and_without_anybody_in_it(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    receive(order_kind, robot, now, "before")
    with http() as ear:
        hook, secret = add(ear, now)
        duty = receive(order_kind, robot, now)
        assert [round_at(now), round_at(now)] == [1, 0]

    (asked,) = ear.asked
    said = json.loads(asked.body)
    assert said["type"] == "hotline.order.Received"
    assert said["data"]["duty"] == {
        "number": duty.number,
        "phase": duty.phase,
        "open": True,
        "paused": False,
        "unit": "housing",
        "due_at": duty.due_at.astimezone(now.tzinfo).isoformat() if duty.due_at else None,
        "version": 1,
    }
    assert not [word for word in ("林小满", "路灯", "13812345678") if word in asked.body.decode()]
    stamp = asked.headers["webhook-timestamp"]
    assert stamp == str(int(now.timestamp()))
    signed = f"{asked.headers['webhook-id']}.{stamp}.".encode() + asked.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{mine}"
    assert secret.encode() not in bytes(Hook.objects.get().secret)
    assert hook.cursor < Hook.objects.get().cursor


def test_only_the_kinds_and_facts_asked_for_are_told(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    with http() as ear:
        add(ear, now, kinds=["hotline.order"], facts=["Dispatched"])
        duty = receive(order_kind, robot, now)
        perform(
            kind=order_kind,
            duty=duty,
            fact=f.Dispatched(at=now, unit="housing"),
            actor=robot,
            now=now,
            src="test",
        )
        store.seal_all()
        round_at(now)

    assert [json.loads(asked.body)["data"]["fact"] for asked in ear.asked] == ["Dispatched"]


def test_a_failing_receiver_is_asked_again_under_the_same_id_with_longer_pauses(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    with http() as ear:
        ear.answers = [(500, b""), (302, b""), (200, b"")]
        ear.location = "http://127.0.0.1:1/elsewhere"
        add(ear, now)
        receive(order_kind, robot, now)

        assert round_at(now) == 0
        assert (Call.objects.get().status, Call.objects.get().reason) == (500, "refused")
        assert round_at(now + timedelta(seconds=4)) == 0
        assert len(ear.asked) == 1
        assert round_at(now + timedelta(seconds=5)) == 0
        assert Call.objects.get().reason == "redirect"  # not followed
        assert Hook.objects.get().failing_since == now
        assert round_at(now + timedelta(seconds=305)) == 1

    assert len({asked.headers["webhook-id"] for asked in ear.asked}) == 1
    assert len(ear.asked) == 3
    assert (Call.objects.get().state, Hook.objects.get().failing_since) == ("sent", None)


def test_a_slow_receiver_is_a_timeout_and_holds_nobody_up(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    with http() as ear:
        ear.pause = 1.0
        add(ear, now)
        receive(order_kind, robot, now)
        assert round_at(now) == 0

    assert (Call.objects.get().state, Call.objects.get().reason) == ("waiting", "timeout")


def test_a_process_that_dies_while_sending_leaves_the_call_for_the_next(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Death(BaseException):
        """kill -9 after the receiver answered."""

    def die(*_told: object) -> None:
        raise Death

    with http() as ear:
        add(ear, now)
        receive(order_kind, robot, now)
        with monkeypatch.context() as patched, pytest.raises(Death):
            patched.setattr(sending, "_mark", die)
            round_at(now)
        assert round_at(now + timedelta(seconds=60)) == 0
        assert round_at(now + sending.LEASE + timedelta(seconds=1)) == 1

    assert [asked.headers["webhook-id"] for asked in ear.asked] == [ear.asked[0].headers["webhook-id"]] * 2


def test_a_hook_that_fails_for_days_rests_is_told_of_and_goes_on_where_it_stopped(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime, sign_in: object
) -> None:
    from qianshao.core.notices.models import Notice

    sign_in("sysadmin")  # type: ignore[operator]
    with http() as ear:
        ear.answers = [(503, b"")]
        hook, _secret = add(ear, now)
        receive(order_kind, robot, now)
        at = now
        for _attempt in range(sending.TRIES):
            round_at(at)
            row = Call.objects.get()
            if not Hook.objects.get().active:
                break
            at = row.again_at
        assert not Hook.objects.get().active
        assert at - now >= sending.REST
        assert [str(notice) for notice in Notice.objects.all()] == [
            "数据推送“数据中心”长时间失败，已停用；修复后请重新启用"
        ]
        later = receive(order_kind, robot, at, "a:2")
        assert round_at(at) == 0

        ear.answers, ear.asked[:] = [(200, b"")], []
        keeping.switch(Hook.objects.get(), active=True, actor=KEEPER, now=at)
        round_at(at)

    told = [json.loads(asked.body)["data"]["stream"] for asked in ear.asked]
    assert len(told) == 2
    assert later.stream in told
    assert hook.pk == Hook.objects.get().pk


def test_a_receiver_that_is_gone_is_not_asked_again(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    with http() as ear:
        ear.answers = [(410, b"")]
        add(ear, now)
        receive(order_kind, robot, now)
        round_at(now)

    assert not Hook.objects.get().active


def test_after_a_new_secret_both_sign_for_a_day(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    with http() as ear:
        hook, old = add(ear, now)
        new = keeping.rotate(hook, actor=KEEPER, now=now)
        receive(order_kind, robot, now)
        round_at(now)
        receive(order_kind, robot, now, "a:2")
        round_at(now + keeping.GRACE + timedelta(seconds=1))

    first, second = (asked.headers["webhook-signature"].split() for asked in ear.asked)
    assert (len(first), len(second)) == (2, 1)
    assert old != new


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://10.0.0.1/x",
        "https://u:p@example.org/",
        "ftp://x/",
        "https://0x7f.1/",
    ],
)
def test_what_leads_inside_or_is_not_encrypted_cannot_be_registered(
    url: str, city: dict[str, Unit], now: datetime, settings: LazySettings
) -> None:
    settings.HOOKS_PRIVATE = False

    with pytest.raises(keeping.BadHook):
        keeping.add(name="x", url=url, kinds=[], facts=[], actor=KEEPER, now=now)


def test_a_name_that_leads_inside_later_is_not_called(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime, settings: LazySettings
) -> None:
    settings.HOOKS_PRIVATE = False

    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    keeping.add(name="x", url="https://rebound.example.org/", kinds=[], facts=[], actor=KEEPER, now=now)
    receive(order_kind, robot, now)
    filling.fill(now)
    sending.send_due(now, lookup=inside)

    assert Call.objects.get().reason == "forbidden"


def test_every_change_of_a_hook_is_a_fact_and_needs_the_right(city: dict[str, Unit], now: datetime) -> None:
    with http() as ear:
        hook, secret = add(ear, now, path="/?token=very-secret")
        keeping.rotate(hook, actor=KEEPER, now=now)
        keeping.switch(hook, active=False, actor=KEEPER, now=now)
        keeping.switch(hook, active=True, actor=KEEPER, now=now)
        keeping.remove(hook, actor=KEEPER, now=now)
        with pytest.raises(NotAllowed):
            keeping.add(name="y", url=ear.url(), kinds=[], facts=[], actor=clerk("hotline.read"), now=now)

    bodies = [bytes(entry.body).decode() for entry in Entry.objects.order_by("eid")]
    facts = [json.loads(body)["fact"] for body in bodies]
    assert facts == ["HookAdded", "HookSecretChanged", "HookSwitchedOff", "HookSwitchedOn", "HookRemoved"]
    assert not [body for body in bodies if "very-secret" in body or secret in body]
