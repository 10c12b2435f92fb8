"""What goes outside arrives at real servers: once, at the right hour, by the channel asked for, with nothing personal in it."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from cast import moment
from django.conf import LazySettings
from django.db import connection
from servers import http, smtp

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.notices import addresses, carriers, channels, outside, preferences, telling
from qianshao.core.notices.models import Address, Delivery
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.core.org.models import Person
from qianshao.kernel.declare import Kind
from qianshao.kernel.words import say
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MAIL = "mailto://127.0.0.1:{port}?from=qianshao@example.org&to={{address}}&mode=insecure"


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Path:
    """A data folder for the file of channels."""
    settings.HOME = tmp_path
    settings.SITE_URL = "https://office.example.org"
    return tmp_path


@pytest.fixture
def owner(db: None) -> Account:
    return Account.objects.create(login="owner", person=Person.objects.create(name="林小满"))


def write(home: Path, text: str) -> None:
    path = home / "channels.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def mail_to(home: Path, port: int) -> None:
    write(home, f'[mail]\nurl = "{MAIL.format(port=port)}"\n')


def tell(owner: Account, now: datetime, key: str = "k", **more: object) -> None:
    words = say("林小满来信：{title}", title="路灯坏了")
    tell_many([Telling(key=key, to=[owner.pk], words=words, **more)], now=now)  # type: ignore[arg-type]


def test_a_mail_arrives_once_with_number_kind_day_and_link_and_nothing_else(
    home: Path, owner: Account, order_kind: Kind, robot: Actor, city: object
) -> None:
    at = moment("2025-09-25 10:00")
    fact = f.Received(at=at, title="路灯不亮", body="张三家门口坏了", channel="web", unit="housing")
    receipt = perform(kind=order_kind, fact=fact, actor=robot, now=at, src="test", source="a:1")
    duty = Duty.objects.get(stream=receipt.stream)
    with smtp() as box:
        mail_to(home, box.port)
        addresses.keep(owner.pk, "mail", "owner@example.org")
        for _time in range(2):
            tell(owner, at, stream=duty.stream)
        assert (outside.send_due(at), outside.send_due(at)) == (1, 0)

    (message,) = box.taken
    assert message["To"] == "owner@example.org"
    assert box.subjects() == [f"前哨：新任务 诉求工单 {duty.number} 2025年10月9日"]
    assert box.texts()[0].strip() == f"https://office.example.org/duties/{duty.stream}/"
    raw = message.as_string() + "".join(box.texts() + box.subjects())
    assert not [word for word in ("林小满", "路灯", "张三") if word in raw]


def test_nothing_goes_outside_without_a_file_or_without_an_address(
    home: Path, owner: Account, now: datetime
) -> None:
    addresses.keep(owner.pk, "mail", "owner@example.org")
    tell(owner, now)
    assert not Delivery.objects.exists()

    mail_to(home, 9)
    addresses.keep(owner.pk, "mail", "")
    tell(owner, now, key="other")
    assert not Delivery.objects.exists()
    assert outside.send_due(now) == 0


def test_an_address_is_nowhere_in_the_clear(home: Path, owner: Account) -> None:
    addresses.keep(owner.pk, "sms", "13812345678")

    row = Address.objects.get()
    assert b"13812345678" not in bytes(row.box)
    assert addresses.read(row) == "13812345678"
    assert addresses.masked("13812345678") == "138****5678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_address")
        assert "13812345678" not in str(cursor.fetchall())
    Address.objects.update(channel="mail")
    assert addresses.read(Address.objects.get()) == ""  # bound to its account and channel


def test_a_failing_channel_is_tried_again_with_longer_pauses_and_then_given_up(
    home: Path, owner: Account, now: datetime
) -> None:
    mail_to(home, 9)  # nobody listens there
    addresses.keep(owner.pk, "mail", "owner@example.org")
    preferences.keep(owner.pk, preferences.Wishes({}, quiet=None))
    tell(owner, now)

    pauses, at = [], now
    while Delivery.objects.get().state == "waiting":
        outside.send_due(at)
        row = Delivery.objects.get()
        pauses.append((row.again_at - at) // timedelta(minutes=1))
        at = row.again_at

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 0]
    assert (row.state, row.reason, row.tries) == ("failed", "unreachable", 8)
    with smtp() as box:
        mail_to(home, box.port)
        assert outside.retry(row.pk, at)
        assert outside.send_due(at) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_receiver_that_is_refused_is_said_to_be_refused(home: Path, owner: Account, now: datetime) -> None:
    with smtp() as box:
        box.refusing = True
        mail_to(home, box.port)
        addresses.keep(owner.pk, "mail", "owner@example.org")
        tell(owner, now)
        assert outside.send_due(now) == 0

    assert (Delivery.objects.get().state, Delivery.objects.get().reason) == ("waiting", "refused")


def test_three_failures_in_a_row_let_a_channel_rest(home: Path, owner: Account, now: datetime) -> None:
    mail_to(home, 9)
    addresses.keep(owner.pk, "mail", "owner@example.org")
    for number in range(6):
        tell(owner, now, key=str(number))

    outside.send_due(now)

    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 1, 1, 1]


def test_death_between_taking_and_marking_sends_once_more_under_the_same_number_and_then_asks_a_person(
    home: Path, owner: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Death(BaseException):
        """kill -9, after the message has left."""

    sent = carriers.send

    def die(*args: object, **kwargs: object) -> None:
        sent(*args, **kwargs)  # type: ignore[arg-type]
        raise Death

    monkeypatch.setattr(carriers, "send", die)
    with smtp() as box:
        mail_to(home, box.port)
        addresses.keep(owner.pk, "mail", "owner@example.org")
        tell(owner, now)
        at = now
        for _death in range(2):
            with pytest.raises(Death):
                outside.send_due(at)
            assert outside.send_due(at) == 0  # the lease holds: nobody else sends it
            at += outside.LEASE + timedelta(seconds=1)
        assert outside.send_due(at) == 0

        numbers = {message["Message-ID"] for message in box.taken}
    assert (len(box.taken), len(numbers)) == (2, 1)
    row = Delivery.objects.get()
    assert (row.state, row.reason) == ("uncertain", "died")


@pytest.mark.parametrize(
    ("told", "leaves"),
    [
        ("2026-03-02 12:00", "2026-03-02 12:00"),
        ("2026-03-02 21:59", "2026-03-02 21:59"),
        ("2026-03-02 22:00", "2026-03-03 07:00"),
        ("2026-03-03 00:30", "2026-03-03 07:00"),
        ("2026-03-03 06:59", "2026-03-03 07:00"),
        ("2026-03-03 07:00", "2026-03-03 07:00"),
    ],
)
def test_quiet_hours_run_over_midnight_and_urgent_ones_keep_none(told: str, leaves: str) -> None:
    wishes = preferences.Wishes({}, quiet=(time(22), time(7)))

    assert wishes.moment(moment(told), urgent=False) == moment(leaves)
    assert wishes.moment(moment(told), urgent=True) == moment(told)


def test_one_message_a_day_gathers_what_is_not_urgent(home: Path, owner: Account, now: datetime) -> None:
    with smtp() as box:
        mail_to(home, box.port)
        addresses.keep(owner.pk, "mail", "owner@example.org")
        preferences.keep(owner.pk, preferences.Wishes({}, None, time(17)))
        for number in range(5):
            tell(owner, now + timedelta(minutes=number), key=str(number))
        tell(owner, now, key="urgent", urgent=True, sort="system")
        telling.read(account=owner.pk, notices=[Delivery.objects.order_by("id")[0].notice_id], now=now)

        assert outside.send_due(now + timedelta(hours=1)) == 1
        assert outside.send_due(moment("2026-03-02 17:00")) == 1

    assert box.subjects() == ["前哨：系统告警，请登录后查看", "前哨：今天有 4 条通知"]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent"] * 6


def test_what_was_read_before_it_left_is_not_sent(home: Path, owner: Account, now: datetime) -> None:
    with smtp() as box:
        mail_to(home, box.port)
        addresses.keep(owner.pk, "mail", "owner@example.org")
        tell(owner, now)
        telling.read(account=owner.pk, notices=None, now=now)
        outside.send_due(now)

    assert (box.taken, Delivery.objects.get().state) == ([], "needless")


def test_a_sort_goes_only_by_the_channels_chosen_for_it(home: Path, owner: Account, now: datetime) -> None:
    write(home, f'[mail]\nurl = "{MAIL.format(port=9)}"\n[sms]\nurl = "json://127.0.0.1:9/?to={{address}}"\n')
    addresses.keep(owner.pk, "mail", "owner@example.org")
    addresses.keep(owner.pk, "sms", "13812345678")
    preferences.keep(owner.pk, preferences.Wishes({"due": ["sms"], "amber": [], "task": ["mail"]}))

    for sort in ("due", "amber", "task", "step"):
        tell(owner, now, key=sort, sort=sort)

    ways = Delivery.objects.order_by("id").values_list("notice__sort", "channel")
    assert sorted(ways) == [("due", "sms"), ("step", "mail"), ("step", "sms"), ("task", "mail")]


ROBOTS = {
    "wecom": ("wecombot://{address}", "robot-key-0001", ("NotifyWeComBot", "notify_url"), b'{"errcode": 0}'),
    "dingtalk": (
        "dingtalk://SECabc123@abcdef0123456789/{address}",
        "13812345678",
        ("NotifyDingTalk", "notify_url"),
        b'{"errcode": 0}',
    ),
    "feishu": ("feishu://{address}", "abcdef0123456789", ("NotifyFeishu", "notify_url"), b'{"code": 0}'),
    "sms": ("json://127.0.0.1:{port}/send?:to={address}", "13812345678", ("", ""), b"{}"),
}


def _pointed(monkeypatch: pytest.MonkeyPatch, plugin: str, attribute: str, url: str) -> None:
    """The library's plugin asks the local server instead of the real one."""
    from apprise.plugins import dingtalk, feishu, wecombot

    for module in (dingtalk, feishu, wecombot):
        if hasattr(module, plugin):
            monkeypatch.setattr(getattr(module, plugin), attribute, url)


@pytest.mark.parametrize("name", sorted(ROBOTS))
def test_each_channel_reaches_its_server_and_a_refusal_is_seen(
    name: str, home: Path, owner: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, address, (plugin, attribute), taken = ROBOTS[name]
    with http() as ear:
        write(home, f'[{name}]\nurl = "{url.replace("{port}", str(ear.port))}"\n')
        if plugin:
            place = "{key}" if name == "wecom" else "{token}"
            _pointed(monkeypatch, plugin, attribute, ear.url(f"/robot/{place}"))
        refused = b'{"code": 9499, "errcode": 93000}'
        ear.answers = [(500 if name == "sms" else 200, refused), (200, taken)]
        addresses.keep(owner.pk, name, address)
        tell(owner, now)

        assert outside.send_due(now) == 0
        assert Delivery.objects.get().reason == "refused"
        assert outside.send_due(now + timedelta(minutes=1)) == 1

    said = json.loads(ear.asked[-1].body)
    assert "前哨：新任务，请登录后查看" in json.dumps(said, ensure_ascii=False)
    assert "林小满" not in ear.asked[-1].body.decode()
    if name == "dingtalk":
        assert said["at"]["atMobiles"] == ["13812345678"]
        assert "sign=" in ear.asked[-1].path
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[mail", "TOML"),
        ("[pigeon]\nurl='x'", "pigeon"),
        ("[mail]\nurl='json://h/{address}'", "mailto"),
        ("[mail]\nurl='mailto://u:p@h'", "address"),
        ("[sms]\nurl='json://{address}/x'", "主机名"),
        ("raise_after_hours = 0", "raise_after_hours"),
    ],
)
def test_a_wrong_file_of_channels_is_refused_without_being_quoted(text: str, word: str) -> None:
    with pytest.raises(channels.BadChannels) as told:
        channels.parse(text.encode())

    assert word in str(told.value)
    assert "u:p" not in str(told.value)


def test_a_file_that_others_can_read_is_refused_and_a_channel_never_shows_its_url(home: Path) -> None:
    mail_to(home, 9)
    assert "mailto" not in repr(channels.current())
    (home / "channels.toml").chmod(0o644)
    (home / "channels.toml").write_text("\n", encoding="utf-8")

    with pytest.raises(channels.BadChannels):
        channels.current()


def test_an_address_cannot_lead_elsewhere() -> None:
    channel = channels.parse(b"[sms]\nurl = 'json://gateway.example.org/send?:to={address}'").by_name["sms"]

    assert channel.to("1@evil/?#&x=1") == "json://gateway.example.org/send?:to=1%40evil%2F%3F%23%26x%3D1"
    assert not channels.well_formed("mail", "a@b/../c")
    assert not channels.well_formed("sms", "138 1234")
