"""Tokens through page, API and command: shown once, used by a program, revoked."""

from __future__ import annotations

import re

import pytest
from cast import SignIn
from click.testing import CliRunner
from django.test import Client

from qianshao.core.accounts.models import Account, Token, Trail
from qianshao.site.commands.root import root

pytestmark = pytest.mark.django_db


def made(client: Client, *scopes: str) -> str:
    page = client.post(
        "/account/tokens/", {"name": "每日同步", "days": "30", "scope": scopes}
    ).content.decode()
    found = re.search(r'id="token">([^<]+)<', page)
    assert found, page
    return found.group(1)


def program(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)


def test_a_program_reads_with_the_scope_it_was_given_and_no_other(sign_in: SignIn) -> None:
    owner = sign_in("office.head")
    token = made(owner, "hotline.read")

    kinds = program(token).get("/api/v1/kinds").json()
    assert {kind["key"].partition(".")[0] for kind in kinds} == {"hotline"}
    assert program(token).get("/api/v1/duties?kind=openness.request").json()["count"] == 0
    assert program(token).get("/api/v1/duties?kind=hotline.order").status_code == 200
    assert token not in owner.get("/account/tokens/").content.decode()
    assert Trail.objects.filter(act="TokenMade").count() == 1


def test_a_program_writes_without_a_browsers_csrf_token(sign_in: SignIn) -> None:
    token = made(sign_in("hotline.agent"), "hotline.receive", "hotline.read")
    body = {"title": "路灯不亮", "body": "三号楼门口", "channel": "phone"}

    answer = program(token).post(
        "/api/v1/kinds/hotline.order/acts/Received", body, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()
    reader = made(sign_in("hotline.agent", "office", "何三"), "hotline.read")
    refused = program(reader).post(
        "/api/v1/kinds/hotline.order/acts/Received", body, content_type="application/json"
    )
    assert refused.status_code == 403


@pytest.mark.parametrize("header", ["Bearer qs_wrong", "Bearer ", "Basic bGluOngi", "nonsense"])
def test_a_wrong_token_is_refused_even_beside_a_good_session(sign_in: SignIn, header: str) -> None:
    answer = sign_in("mayor").get("/api/v1/kinds", headers={"Authorization": header})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_opens_no_page(sign_in: SignIn) -> None:
    token = made(sign_in("office.head"), "hotline.read")

    for path in ("/", "/duties/", "/account/", "/api/docs/"):
        assert program(token).get(path).status_code in (302, 401), path


def test_a_session_still_needs_its_csrf_token(sign_in: SignIn) -> None:
    signed = sign_in("hotline.agent")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed.cookies

    answer = strict.post("/api/v1/kinds/hotline.order/acts/Received", {}, content_type="application/json")
    assert answer.status_code == 403


def test_a_revoked_token_is_dead_at_once(sign_in: SignIn) -> None:
    owner = sign_in("office.head")
    token = made(owner, "hotline.read")
    owner.post("/account/tokens/", {"revoke": str(Token.objects.get().pk)})

    assert program(token).get("/api/v1/kinds").status_code == 401
    assert "已撤销" in owner.get("/account/tokens/").content.decode()


def test_the_console_makes_lists_and_revokes_them(sign_in: SignIn) -> None:
    sign_in("office.head")
    login = Account.objects.get().login
    run = CliRunner().invoke

    done = run(root, ["account", "token", "add", login, "同步", "--scope", "hotline.read", "--days", "7"])
    assert done.exit_code == 0, done.output
    token = done.stdout.split()[0]
    assert program(token).get("/api/v1/kinds").status_code == 200
    assert "同步" in run(root, ["account", "token", "list", login]).stdout
    assert run(root, ["account", "token", "revoke", str(Token.objects.get().pk)]).exit_code == 0
    assert program(token).get("/api/v1/kinds").status_code == 401
