"""A new installation: nobody founds it without the console's code, and once founded the page is gone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import rulebook
from qianshao.core.ledger.models import Entry
from qianshao.core.org import city as served
from qianshao.core.org.models import City, Unit
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.site.commands.root import root
from qianshao.site.setup import checklist, code, first_run

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FORM = {
    "name": "望潮市",
    "code": "359900",
    "unit": "望潮市人民政府",
    "since": "2000-01-01",
    "sysadmin-name": "林一",
    "sysadmin-login": "lin.yi",
    "secadmin-name": "陈二",
    "secadmin-login": "chen.er",
    "auditor-name": "王三",
    "auditor-login": "wang.san",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    """A data folder of the test's own: the code lies in it."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def inside() -> Client:
    """Somebody who typed the code in."""
    client = Client()
    client.post("/setup/", {"code": code.fresh(timezone.now())})
    return client


def said(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def test_without_the_code_the_form_is_neither_shown_nor_taken() -> None:
    code.fresh(timezone.now())
    stranger = Client()

    assert "市政府全称" not in said(stranger.get("/setup/"))
    assert stranger.post("/setup/", FORM).status_code == 401
    assert stranger.post("/setup/", {"code": "aaaa-bbbb-cccc-dddd"}).status_code == 401
    assert not Unit.objects.exists() and not Account.objects.exists()


def test_a_code_is_good_for_a_day_once_drawn_again_the_old_one_is_not(home: Path) -> None:
    now = timezone.now()
    first = code.fresh(now)
    second = code.fresh(now)

    assert not code.good(code.digest(first), now)
    assert code.good(code.digest(f" {second.upper()} "), now)
    assert not code.good(code.digest(second), now + timedelta(hours=24))
    kept = home / "secrets" / "setup-code"
    assert second not in kept.read_text() and kept.stat().st_mode & 0o077 == 0


def test_the_city_and_three_administrators_are_founded_and_the_page_is_gone(inside: Client) -> None:
    answer = inside.post("/setup/", FORM)

    page = said(answer)
    codes = re.findall(r"<code>([A-Za-z0-9]{14})</code>", page)
    assert answer.status_code == 200 and len(set(codes)) == 3
    assert served.name() == "望潮市" and Unit.objects.get().code == "359900"
    granted = dict(Grant.objects.values_list("account__login", "role"))
    assert granted == {"lin.yi": "sysadmin", "chen.er": "secadmin", "wang.san": "auditor"}
    assert [
        account.check_password(one)
        for account, one in zip(Account.objects.order_by("id"), codes, strict=True)
    ] == [True] * 3
    told = "".join(bytes(entry.body).decode() for entry in Entry.objects.all())
    assert "CityFounded" in told and "林一" not in told and codes[0] not in told
    for client in (inside, Client()):
        assert client.get("/setup/").status_code == 404
        assert client.post("/setup/", {"code": "x"}).status_code == 404
    assert not code.good("", timezone.now())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"auditor-login": "LIN.YI"}, "三个人"),
        ({"auditor-name": "林一"}, "三个人"),
        ({"code": "望潮"}, "只用字母"),
        ({"secadmin-login": "陈二"}, "登录名用"),
        ({"name": "望"}, "2"),
    ],
)
def test_a_wrong_box_is_named_and_nothing_is_founded(
    inside: Client, wrong: dict[str, str], says: str
) -> None:
    answer = inside.post("/setup/", FORM | wrong)

    assert answer.status_code == 422 and says in said(answer)
    assert not Unit.objects.exists() and not City.objects.exists() and not Account.objects.exists()


def test_a_number_the_city_sets_is_an_edition_of_its_own(inside: Client) -> None:
    today = timezone.localdate()
    before = rulebook.book().in_force("hotline.rework", today)

    inside.post("/setup/", FORM | {"rule:hotline.rework": "2", "rule:hotline.judge": "1"})

    now_in_force = rulebook.book().in_force("hotline.rework", today)
    assert (before.rule.term.n, now_in_force.rule.term.n, now_in_force.city) == (3, 2, True)
    assert not rulebook.book().in_force("hotline.judge", today).city


def test_the_pages_lead_to_the_set_up_until_somebody_has_begun(inside: Client) -> None:
    middleware = first_run.FirstRun(lambda request: HttpResponse("through"))
    asked = RequestFactory().get

    assert middleware(asked("/"))["Location"] == "/setup/"
    assert middleware(asked("/sign-in/"))["Location"] == "/setup/"
    assert middleware(asked("/portal/")).content == b"through"
    inside.post("/setup/", FORM)
    assert middleware(asked("/")).content == b"through"


def test_the_console_founds_the_same_city(home: Path) -> None:
    words = [
        "setup",
        "city",
        "望潮市",
        "359900",
        "--system",
        "lin.yi",
        "林一",
        "--security",
        "chen.er",
        "陈二",
    ]
    words += ["--audit", "wang.san", "王三", "--set", "hotline.rework", "2", "--yes"]

    ran = CliRunner().invoke(root, words)

    assert ran.exit_code == 0, ran.output
    assert len(re.findall(r"^\S+ +[A-Za-z0-9]{14} ", ran.stdout, re.M)) == 3
    assert Unit.objects.get().name == "望潮市人民政府"
    again = CliRunner().invoke(root, words)
    assert "首次设置已经关闭" in str(again.exception)
    assert "首次设置已经关闭" in str(CliRunner().invoke(root, ["setup", "code"]).exception)


def test_the_check_list_says_what_is_missing_and_where(inside: Client) -> None:
    inside.post("/setup/", FORM)
    found = {point.key: point for point in checklist.points(timezone.now())}

    assert (found["city"].state, found["units"].state, found["people"].state) == ("done", "open", "open")
    assert "市长" in found["roles"].found and "系统管理员" not in found["roles"].found
    assert found["anchors"].state == "open" and found["witness"].state == "choice"
    ran = CliRunner().invoke(root, ["setup", "check", "--json"])
    assert ran.exit_code == 1 and '"key": "backups"' in ran.stdout

    client = Client()
    client.force_login(Account.objects.get(login="lin.yi"))
    Account.objects.update(one_time_until=None)
    page = said(client.get("/going-live/"))
    assert all(point.title in page for point in found.values())
    client.force_login(Account.objects.get(login="wang.san"))
    assert client.get("/going-live/").status_code == 403


def test_every_entry_of_the_founding_is_the_machines_and_a_register_fact(
    inside: Client, now: datetime
) -> None:
    inside.post("/setup/", FORM)

    bodies = [Body.from_body(bytes(entry.body)) for entry in Entry.objects.all()]
    assert {body.actor for body in bodies} == {"machine:setup"}
    assert {body.kind for body in bodies} == {"register.org", "register.accounts"}
