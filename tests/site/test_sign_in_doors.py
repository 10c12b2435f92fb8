"""Signing in through the pages: the second step, whom a role obliges to it, sessions that end, and what is never told."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import timedelta

import pytest
from authenticator import code_at
from cast import NOW, SignIn
from django.conf import LazySettings
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts import second
from qianshao.core.accounts.models import Account, FailedTry, Grant, StaffSession, Trail
from qianshao.core.org.models import Person, Unit

pytestmark = pytest.mark.django_db
OWN = "望潮-fine-harbour-22"


@pytest.fixture
def account(city: dict[str, Unit]) -> Account:
    made = Account(login="lin", person=Person.objects.create(name="林一"))
    made.set_password(OWN)
    made.save()
    Grant.objects.create(account=made, role="auditor", unit=city["city"], valid_from=NOW.date())
    return made


def by_password(client: Client, password: str = OWN, **more: str) -> str:
    answer = client.post("/sign-in/", {"login": "lin", "password": password, **more})
    return answer.headers.get("Location", answer.content.decode())


def set_up(client: Client) -> tuple[bytes, list[str]]:
    """Through the page, as a person with a telephone does."""
    page = client.get("/account/security/code/").content.decode()
    shown = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert shown
    secret = b32decode(shown.group(1).replace(" ", ""))
    answer = client.post(
        "/account/security/code/", {"code": code_at(secret, timezone.now()), "password": OWN}, follow=True
    )
    assert "验证器应用已启用" in answer.content.decode()
    return secret, re.findall(r"<li><code>([a-z0-9-]+)</code></li>", answer.content.decode())


def later(secret: bytes) -> str:
    """The code after the one that set the app up; within the drift a telephone may have."""
    return code_at(secret, timezone.now() + timedelta(seconds=30))


def test_with_an_app_the_password_is_only_half_the_way(account: Account) -> None:
    phone = Client()
    by_password(phone)
    secret, codes = set_up(phone)
    client = Client()

    assert by_password(client, next="/ledger/") == "/sign-in/second/"
    assert client.get("/").status_code == 302
    wrong = client.post("/sign-in/second/", {"code": "000000" if later(secret) != "000000" else "111111"})
    assert (wrong.status_code, "验证码错误" in wrong.content.decode()) == (401, True)
    answer = client.post("/sign-in/second/", {"code": later(secret)})
    assert answer.headers["Location"] == "/ledger/"
    assert client.get("/").status_code == 200
    again = Client()
    by_password(again)
    assert again.post("/sign-in/second/", {"code": later(secret)}).status_code == 401  # no code twice
    assert again.post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    assert len(codes) == 10


def test_the_second_step_is_nobodys_without_the_first_and_ends_after_five_minutes(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Client()
    by_password(phone)
    secret, _codes = set_up(phone)
    stranger = Client()

    assert stranger.post("/sign-in/second/", {"code": later(secret)}).headers.get("Location") == "/sign-in/"
    client = Client()
    by_password(client)
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(minutes=5, seconds=1))
    assert client.post("/sign-in/second/", {"code": "x"}).headers["Location"] == "/sign-in/"


def test_SEC_04_an_administrator_without_a_second_factor_reaches_only_the_page_to_set_it_up(
    account: Account, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"auditor"})
    client = Client()
    by_password(client)

    for path in ("/", "/audit/", "/ledger/", "/account/tokens/", "/api/v1/kinds"):
        assert client.get(path).headers["Location"] == "/account/security/", path
    assert "必须使用第二步验证" in client.get("/account/security/").content.decode()
    set_up(client)
    assert client.get("/audit/").status_code == 200


def test_a_session_that_has_not_shown_the_factor_ends_where_the_role_asks_for_it(
    account: Account, settings: LazySettings
) -> None:
    first, other = Client(), Client()
    by_password(first), by_password(other)
    set_up(first)
    settings.SECOND_FACTOR_ROLES = frozenset({"auditor"})

    assert first.get("/ledger/").status_code == 200
    assert other.get("/ledger/").headers["Location"] == "/sign-in/"


def test_an_open_browser_cannot_change_the_factors_without_the_password(account: Account) -> None:
    client = Client()
    by_password(client)
    set_up(client)

    client.post("/account/security/change/", {"code": "remove", "password": "guess"})
    assert second.has(account)
    begun = client.post("/account/security/passkey/begin/", {"name": "x", "password": "guess"})
    assert (begun.status_code, "challenge" in begun.json()) == (422, False)
    client.post("/account/security/change/", {"code": "remove", "password": OWN})
    assert not second.has(account) and second.codes_left(account) == 0


def test_SEC_02_names_that_exist_and_names_that_do_not_are_refused_alike(account: Account) -> None:
    Account.objects.create(login="locked", person=Person.objects.create(name="陈"), is_active=False)
    told = set()
    for login in ("lin", "nobody", "locked"):
        client = Client()
        answer = client.post("/sign-in/", {"login": login, "password": "wrong-words-1"})
        page = re.sub(r'value="[^"]*"|csrfmiddlewaretoken[^>]*', "", answer.content.decode())
        told.add((answer.status_code, re.sub(r"X-CSRFToken[^}]*", "", page)))

    assert len(told) == 1


def test_SEC_02_a_refusal_costs_the_same_work_whoever_is_named(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing is what takes time, a tenth of a second; counted instead of clocked, it cannot depend on the machine."""
    Account.objects.create(login="locked", person=Person.objects.create(name="陈"), is_active=False)
    for login in ("locked",):
        known = Account.objects.get(login=login)
        known.set_password(OWN)
        known.save()
    hasher = type(get_hasher())
    real, hashed = hasher.encode, []

    def counted(self: object, password: str, salt: str) -> str:
        hashed.append(salt)
        return str(real(self, password, salt))

    monkeypatch.setattr(hasher, "encode", counted)
    work = {}
    for login in ("lin", "nobody", "locked"):
        hashed.clear()
        Client().post("/sign-in/", {"login": login, "password": "wrong-words-1"})
        work[login] = len(hashed)

    assert set(work.values()) == {1}, work


def test_SEC_02_the_sixth_try_waits_and_another_account_does_not(account: Account) -> None:
    other = Account(login="chen", person=Person.objects.create(name="陈"))
    other.set_password(OWN)
    other.save()
    for _try in range(5):
        by_password(Client(), "guess")

    assert "尝试次数过多" in by_password(Client())
    assert Client().post("/sign-in/", {"login": "chen", "password": OWN}).status_code == 302


def test_a_forwarded_address_counts_only_from_a_known_proxy(account: Account, settings: LazySettings) -> None:
    def fail(forwarded: str) -> None:
        Client(headers={"X-Forwarded-For": forwarded}).post("/sign-in/", {"login": "x", "password": "y"})

    fail("10.1.1.1"), fail("10.1.1.2")
    assert len({bytes(row.address) for row in FailedTry.objects.all()}) == 1
    FailedTry.objects.all().delete()
    settings.PROXIES = ("127.0.0.0/8",)
    fail("10.1.1.1"), fail("10.1.1.2"), fail("6.6.6.6, 10.1.1.2")
    assert len({bytes(row.address) for row in FailedTry.objects.all()}) == 2


def test_a_session_ends_after_idleness_and_after_a_days_work(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now()
    clock = {"now": real}
    monkeypatch.setattr(timezone, "now", lambda: clock["now"])
    client = Client()
    by_password(client)

    for minutes in range(29, 12 * 60, 29):
        clock["now"] = real + timedelta(minutes=minutes)
        assert client.get("/ledger/").status_code == 200, minutes
    clock["now"] = real + timedelta(hours=12, seconds=1)
    assert client.get("/ledger/").status_code == 302  # a day's work
    by_password(client)
    clock["now"] += timedelta(minutes=31)
    answer = client.get("/ledger/", follow=True)
    assert "登录已超时" in answer.content.decode()  # idleness


def test_signing_in_changes_the_key_of_the_session(account: Account) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    before = client.cookies["sessionid"].value
    by_password(client)

    assert client.cookies["sessionid"].value != before
    assert not StaffSession.objects.filter(session_key=before).exists()


def test_ones_own_sessions_are_listed_and_the_others_ended(account: Account) -> None:
    here, there = Client(HTTP_USER_AGENT="办公电脑"), Client(HTTP_USER_AGENT="家里电脑")
    stranger = Client()
    by_password(here), by_password(there)
    other = Account.objects.create(login="chen", person=Person.objects.create(name="陈"))
    stranger.force_login(other)

    page = here.get("/account/sessions/").content.decode()
    assert "办公电脑" in page and "家里电脑" in page and page.count("当前设备") == 1
    here.post("/account/sessions/")
    assert here.get("/ledger/").status_code == 200
    assert there.get("/ledger/").status_code == 302
    assert StaffSession.objects.filter(account=other).count() == 1


def test_changing_the_password_ends_the_others_and_changes_the_own_key(account: Account) -> None:
    here, there = Client(), Client()
    by_password(here), by_password(there)
    before = here.session.session_key
    new = "刺桐花开红似火, 2026"
    here.post("/account/", {"old": OWN, "new": new, "again": new})

    assert here.session.session_key != before
    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [here.session.session_key]
    assert there.get("/ledger/").status_code == 302


def test_a_password_too_old_leads_to_the_change_and_to_nothing_else(account: Account) -> None:
    account.password_set_at = timezone.now() - timedelta(days=91)
    account.save()
    client = Client()
    by_password(client)

    for path in ("/", "/account/tokens/", "/api/v1/kinds"):
        assert client.get(path).headers["Location"] == "/account/"
    assert "超过规定期限" in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(account: Account, where: str) -> None:
    assert by_password(Client(), next=where) == "/"


def test_the_trail_tells_of_signing_in_failing_and_leaving_and_never_what_was_typed(account: Account) -> None:
    client = Client()
    by_password(client, "my-secret-guess")
    client.post("/sign-in/", {"login": "typed-into-the-wrong-box", "password": "x"})
    by_password(client)
    client.post("/sign-out/")

    acts = list(Trail.objects.order_by("pk").values_list("act", "allowed"))
    assert acts == [
        ("SignInRefused", False),
        ("SignInRefused", False),
        ("SignedIn", True),
        ("SignedOut", True),
    ]
    kept = str(list(Trail.objects.values()))
    assert "my-secret-guess" not in kept and "wrong-box" not in kept
    assert set(Trail.objects.values_list("address", flat=True)) == {"127.0.0.1"}


def test_an_administrator_who_holds_anything_else_besides_gets_nothing(
    account: Account, city: dict[str, Unit], sign_in: SignIn
) -> None:
    Grant.objects.create(account=account, role="mayor", unit=city["city"], valid_from=NOW.date())
    client = Client()
    by_password(client)

    page = client.get("/", follow=True)
    assert page.redirect_chain and "不能兼任" in page.content.decode()
