"""Notices in the product: seen by their own account alone, counted in the header, and the ways outside that people choose."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest
from cast import SignIn
from django.conf import LazySettings
from django.test import Client
from servers import smtp

from qianshao.core.accounts.models import Account
from qianshao.core.notices import addresses, preferences
from qianshao.core.notices.models import Address, Delivery, Notice
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.words import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def channels(tmp_path: Path, settings: LazySettings) -> Path:
    """Mail and messages by telephone are set up."""
    settings.HOME = tmp_path
    path = tmp_path / "channels.toml"
    path.write_text(
        '[mail]\nurl = "mailto://office:very-secret@127.0.0.1:9?from=q@example.org&to={address}"\n'
        '[sms]\nurl = "json://127.0.0.1:9/?:to={address}"\n',
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path


def tell(login: str, now: datetime, *keys: str, link: str = "") -> None:
    to = [Account.objects.get(login=login).pk]
    tell_many([Telling(key=key, to=to, words=say("请看 {key}", key=key), link=link) for key in keys], now=now)


def test_the_header_counts_what_is_unread_and_the_list_shows_it(sign_in: SignIn, now: datetime) -> None:
    mine, other = sign_in("hotline.unit", "housing"), sign_in("hotline.unit", "water", name="林二")
    tell("hotline.unit-housing", now, "一件", "二件", link="/units/")

    page = mine.get("/notices/").content.decode()
    assert "通知，2 条未读" in page and "请看 一件" in page
    assert "未读</span>" not in other.get("/notices/").content.decode()

    first = Notice.objects.order_by("id")[0]
    assert other.get(f"/notices/{first.pk}/").status_code == 404
    answer = mine.get(f"/notices/{first.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/units/")
    assert "通知，1 条未读" in mine.get("/").content.decode()
    assert "请看 一件" not in mine.get("/notices/?unread=1").content.decode()

    mine.post("/notices/read/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_older_notices_are_reached_by_pages(sign_in: SignIn, now: datetime) -> None:
    client = sign_in("hotline.unit", "housing")
    tell("hotline.unit-housing", now, *(f"第{number}件" for number in range(60)))

    first = client.get("/notices/")
    assert len(first.context["rows"]) == 50
    rest = client.get(f"/notices/?before={first.context['older']}")
    assert (len(rest.context["rows"]), rest.context["older"]) == (10, None)


def test_wishes_are_kept_and_the_address_is_shown_only_in_part(sign_in: SignIn, channels: Path) -> None:
    client = sign_in("hotline.unit", "housing")
    sent = {
        "address-mail": "owner@example.org",
        "address-sms": "13812345678",
        "due:mail": "on",
        "due:sms": "on",
        "amber:mail": "on",
        "quiet_from": "20:00",
        "quiet_until": "08:30",
        "digest_at": "",
    }
    assert client.post("/notices/settings/", sent).status_code == 302

    wish = preferences.of([Account.objects.get().pk])[Account.objects.get().pk]
    # Channels the page did not show stay as they were: open to every sort.
    chosen = {sort: [name for name in wish.choices[sort] if name in ("mail", "sms")] for sort in wish.choices}
    assert (chosen["due"], chosen["amber"], chosen["task"]) == (["mail", "sms"], ["mail"], [])
    assert "feishu" in wish.choices["task"]
    assert (wish.quiet, wish.digest) == ((time(20), time(8, 30)), None)
    page = client.get("/notices/settings/").content.decode()
    assert "o***@example.org" in page and "138****5678" in page
    assert not [word for word in ("owner@", "13812345678", "very-secret") if word in page]

    client.post("/notices/settings/", {"forget-sms": "1"})
    assert [row.channel for row in Address.objects.all()] == ["mail"]
    assert addresses.read(Address.objects.get()) == "owner@example.org"


def test_a_wrong_address_is_refused_where_it_stands(sign_in: SignIn, channels: Path) -> None:
    client = sign_in("hotline.unit", "housing")

    answer = client.post(
        "/notices/settings/", {"address-mail": "not an address", "address-sms": "13812345678"}
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert [row.channel for row in Address.objects.all()] == ["sms"]


def _keeper(sign_in: SignIn) -> Client:
    return sign_in("sysadmin", "office")


def test_the_keeper_tries_a_channel_and_nobody_else_may(sign_in: SignIn, channels: Path) -> None:
    with smtp() as box:
        channels.write_text(
            f'[mail]\nurl = "mailto://127.0.0.1:{box.port}?from=q@example.org&to={{address}}&mode=insecure"\n',
            encoding="utf-8",
        )
        client = _keeper(sign_in)
        page = client.post(
            "/system/deliveries/test/", {"channel": "mail", "address": "a@example.org"}, follow=True
        )
        assert "渠道已收下试发消息" in page.content.decode()
        assert box.subjects() == ["前哨：试发消息"]
        box.refusing = True
        page = client.post(
            "/system/deliveries/test/", {"channel": "mail", "address": "a@example.org"}, follow=True
        )
        assert "试发失败：渠道拒收" in page.content.decode()
        stranger = sign_in("hotline.unit", "housing", name="林二")
        data = {"channel": "mail", "address": "a@example.org"}
        assert stranger.post("/system/deliveries/test/", data).status_code == 403
        assert stranger.get("/system/deliveries/").status_code == 403
    assert len(box.taken) == 1


def test_the_keeper_sees_how_deliveries_fare_without_content_or_address_and_sends_again(
    sign_in: SignIn, channels: Path, now: datetime
) -> None:
    client = _keeper(sign_in)
    sign_in("hotline.unit", "housing", name="林二")
    account = Account.objects.get(login="hotline.unit-housing")
    addresses.keep(account.pk, "mail", "owner@example.org")
    tell("hotline.unit-housing", now, "机密标题")
    Delivery.objects.update(state="failed", reason="refused", tries=8)

    page = client.get("/system/deliveries/?state=failed").content.decode()
    assert "hotline.unit-housing" in page and "渠道拒收" in page
    assert not [word for word in ("owner@example.org", "机密标题", "very-secret") if word in page]

    client.post(f"/system/deliveries/{Delivery.objects.get().pk}/retry/")
    assert Delivery.objects.get().state == "waiting"


def test_a_wrong_file_of_channels_is_said_on_the_page_without_being_quoted(
    sign_in: SignIn, channels: Path
) -> None:
    channels.write_text("[mail]\nurl = 'json://very-secret@h/{address}'\n", encoding="utf-8")
    page = _keeper(sign_in).get("/system/deliveries/").content.decode()

    assert "应以 mailto://、mailtos:// 开头" in page
    assert "very-secret" not in page
