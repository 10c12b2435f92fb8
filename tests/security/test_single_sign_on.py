"""Single sign-on against a real provider: the whole code flow with PKCE, and everything that must not get in by it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from cast import NOW
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts import outside, services
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account, Grant, OutsideIdentity, Trail
from qianshao.core.accounts.provider import Provider
from qianshao.core.org.models import Person, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
BACK = "http://testserver/sign-in/outside/back/"
OWN = "望潮-fine-harbour-22"


@dataclass(frozen=True)
class Running:
    """The provider's address and the secret it shares with the product."""

    issuer: str
    secret: str


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """oidc-provider in a process of its own, or a skip that says how to get it."""
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    if not Path(node).exists() or not (ROOT / "node_modules" / "oidc-provider").exists():
        if os.environ.get("QIANSHAO_REQUIRE"):
            pytest.fail("run make setup first")
        pytest.skip("run make setup first")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    secret = secrets.token_urlsafe(32)
    process = subprocess.Popen(
        [node, str(Path(__file__).with_name("provider.mjs")), str(port), secret, BACK],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any("ready" in line for line in process.stdout), "the provider did not start"
        yield Running(f"http://127.0.0.1:{port}", secret)
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def provider(running: Running, tmp_path: Path, settings: LazySettings) -> Provider:
    """The product set up for the provider, as an administrator would."""
    outside.forget()
    file = tmp_path / "oidc"
    file.write_text(running.secret + "\n", encoding="utf-8")
    settings.SINGLE_SIGN_ON = Provider(running.issuer, "qianshao", file, "统一身份认证")
    made: Provider = settings.SINGLE_SIGN_ON
    return made


@pytest.fixture
def account(city: dict[str, Unit]) -> Account:
    made = Account(login="lin", person=Person.objects.create(name="林一"))
    made.set_password(OWN)
    made.save()
    Grant.objects.create(account=made, role="mayor", unit=city["city"], valid_from=NOW.date())
    return made


def at_the_provider(where: str, subject: str) -> str:
    """What a person does in the browser: the login page, the consent, back; the address it leads back to."""
    with requests.Session() as browser:
        answer = browser.get(where, allow_redirects=False, timeout=20)
        for _step in range(12):
            while answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if target.startswith(BACK):
                    return target
                answer = browser.get(target, allow_redirects=False, timeout=20)
            form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert form, answer.text[:500]
            fields = {"login": subject, "password": "x"} if 'name="login"' in answer.text else {}
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            fields |= {"prompt": prompt.group(1)} if prompt else {}
            answer = browser.post(
                urljoin(answer.url, form.group(1)), data=fields, allow_redirects=False, timeout=20
            )
    raise AssertionError("never came back")


def come(client: Client, subject: str, wanted: str = "/") -> Any:
    """Leave by the button and come back."""
    away = client.get("/sign-in/outside/", {"next": wanted})
    assert away.status_code == 302
    return client.get(path_of(at_the_provider(away.headers["Location"], subject)))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def link(account: Account, provider: Provider, subject: str) -> None:
    services.link(
        account=account, issuer=provider.issuer, subject=subject, actor=machine("test"), now=timezone.now()
    )


def test_a_linked_person_is_in_and_where_they_wanted_to_go(account: Account, provider: Provider) -> None:
    link(account, provider, "staff-0815")
    client = Client()
    assert "用统一身份认证登录" in client.get("/sign-in/").content.decode()

    answer = come(client, "staff-0815", "/ledger/")
    assert answer.headers["Location"] == "/ledger/"
    assert client.get("/ledger/").status_code == 200
    assert Trail.objects.filter(act="SignedIn", about="single sign-on").count() == 1


def test_the_provider_is_asked_with_pkce_state_and_nonce(account: Account, provider: Provider) -> None:
    asked = parse_qs(urlsplit(Client().get("/sign-in/outside/").headers["Location"]).query)

    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert asked["scope"] == ["openid"] and asked["redirect_uri"] == [BACK]
    assert min(len(asked[name][0]) for name in ("state", "nonce")) >= 43


def test_nobody_registers_by_it(account: Account, provider: Provider) -> None:
    client = Client()
    answer = come(client, "stranger")

    assert "没有绑定本平台的有效账号" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert Account.objects.count() == 1


def test_a_locked_account_stays_out(account: Account, provider: Provider) -> None:
    link(account, provider, "staff-0815")
    services.lock(account=account, reason="离岗", actor=machine("test"), now=timezone.now())

    assert "没有绑定本平台的有效账号" in come(Client(), "staff-0815").content.decode()


def test_one_links_oneself_while_signed_in_and_a_subject_belongs_to_one_account(
    account: Account, provider: Provider
) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "lin", "password": OWN})
    assert come(client, "me").headers["Location"] == "/account/security/"
    assert OutsideIdentity.objects.get().subject == "me"
    assert "已绑定" in client.get("/account/security/").content.decode()

    other = Account.objects.create(login="chen", person=Person.objects.create(name="陈"))
    second = Client()
    second.force_login(other)
    come(second, "me")
    assert OutsideIdentity.objects.get().account == account
    client.post("/account/security/change/", {"unlink": "1", "password": OWN})
    assert not OutsideIdentity.objects.exists()


def test_an_answer_of_another_browser_a_used_or_an_old_one_gets_nobody_in(
    account: Account, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(account, provider, "staff-0815")
    victim, thief = Client(), Client()
    back = path_of(at_the_provider(victim.get("/sign-in/outside/").headers["Location"], "staff-0815"))

    thief.get("/sign-in/outside/")
    assert "没有完成" in thief.get(back).content.decode()  # the state is another browser's
    assert victim.get(back).headers["Location"] == "/"
    again = Client()
    assert again.get(back).headers["Location"] == "/sign-in/"  # nothing was begun here

    slow = Client()
    late = path_of(at_the_provider(slow.get("/sign-in/outside/").headers["Location"], "staff-0815"))
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(minutes=11))
    assert "没有完成" in slow.get(late).content.decode()


def test_a_code_without_its_verifier_buys_nothing(account: Account, provider: Provider) -> None:
    link(account, provider, "staff-0815")
    client = Client()
    back = path_of(at_the_provider(client.get("/sign-in/outside/").headers["Location"], "staff-0815"))
    session = client.session
    session["outside"] = session["outside"] | {"verifier": "x" * 64}
    session.save()

    assert "没有完成" in client.get(back).content.decode()


def test_a_token_for_another_sign_in_is_refused_by_its_nonce(account: Account, provider: Provider) -> None:
    link(account, provider, "staff-0815")
    client = Client()
    back = path_of(at_the_provider(client.get("/sign-in/outside/").headers["Location"], "staff-0815"))
    session = client.session
    session["outside"] = session["outside"] | {"nonce": "another"}
    session.save()

    assert "未通过核对" in client.get(back).content.decode()


def test_a_token_for_another_client_or_issuer_is_refused(account: Account, provider: Provider) -> None:
    """The provider signs for anybody; only what it signed for this product counts."""
    now = timezone.now()
    where, kept = outside.begin(provider, BACK, now)
    answer = {
        name: values[0]
        for name, values in parse_qs(urlsplit(at_the_provider(where, "staff-0815")).query).items()
    }
    described = outside._described(provider)
    token = outside._exchanged(provider, described, answer["code"], kept)

    assert outside._checked(provider, described, token, kept["nonce"])["sub"] == "staff-0815"
    other = Provider(provider.issuer, "another-client", provider.secret_file, "")
    with pytest.raises(outside.OutsideRefused, match="未通过核对"):
        outside._checked(other, described, token, kept["nonce"])
    elsewhere = Provider("https://elsewhere.example", "qianshao", provider.secret_file, "")
    with pytest.raises(outside.OutsideRefused, match="未通过核对"):
        outside._checked(elsewhere, described, token, kept["nonce"])
    head, body, signature = token.split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    for forged in (unsigned, f"{head}.{body}.{'A' * len(signature)}"):
        with pytest.raises(outside.OutsideRefused, match="未通过核对"):
            outside._checked(provider, described, forged, kept["nonce"])


def test_a_provider_that_is_away_leaves_the_password(
    account: Account, settings: LazySettings, tmp_path: Path
) -> None:
    outside.forget()
    settings.SINGLE_SIGN_ON = Provider("http://127.0.0.1:9", "qianshao", tmp_path / "none", "统一身份认证")
    client = Client()

    assert "改用密码登录" in client.get("/sign-in/outside/").content.decode()
    assert client.post("/sign-in/", {"login": "lin", "password": OWN}).status_code == 302


def test_it_is_off_until_it_is_set_up(account: Account) -> None:
    client = Client()

    assert "/sign-in/outside/" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/outside/").headers["Location"] == "/sign-in/"
