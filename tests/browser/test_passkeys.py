"""A passkey in the real Chromium, with an authenticator of its own: added, used instead of the password, and as second step."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, Visitor

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(visitor: Visitor, **more: Any) -> tuple[Any, str]:
    """Plug a virtual authenticator into the window; passkeys need a named host, so the page moves to localhost."""
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | more})
    return devtools, made["authenticatorId"]


def sign_in(visitor: Visitor, login: str) -> Page:
    page = visitor.go("/sign-in/")
    page.fill("#login", login)
    page.fill("#password", visitor.served.passwords[login])
    page.press("#password", "Enter")
    return page


def sign_out(page: Page) -> None:
    page.locator(".bar .menu > summary").last.click()
    page.locator(".menu-body form button").click()
    page.wait_for_url("**/sign-in/")


def add(visitor: Visitor, login: str) -> Page:
    page = visitor.go("/account/security/")
    page.fill("#key-name", "办公电脑")
    page.fill("#password-new", visitor.served.passwords[login])
    page.get_by_role("button", name="登记通行密钥").click()
    expect(page.get_by_role("status")).to_contain_text("通行密钥已登记")
    return page


def test_a_passkey_is_added_and_then_opens_the_door_without_a_password(visit: Visit) -> None:
    visitor = visit(at="localhost")
    devtools, device = with_device(visitor)
    sign_in(visitor, "burden")
    page = add(visitor, "burden")
    assert page.locator(".codes li").count() == 10
    assert visitor.looks() == []
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    sign_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/localhost:*/")
    expect(page.locator(".menu-who strong")).to_have_count(1)

    sign_out(page)
    sign_in(visitor, "burden")  # by password it is half the way now
    page.wait_for_url("**/sign-in/second/")
    assert visitor.looks() == []
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url("**/localhost:*/")

    # Who was not recognised by the device is not let in, and nobody whose key was removed.
    sign_out(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-refusal]")).to_contain_text("没有完成验证")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/localhost:*/")
    page = visitor.go("/account/security/")
    page.fill("#password-key", visitor.served.passwords["burden"])
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_role("status")).to_contain_text("通行密钥已移除")
    sign_out(page)
    visitor.wrong = True
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-refusal]")).to_contain_text("未通过核对")


def test_a_copied_key_whose_counter_falls_back_is_refused(visit: Visit) -> None:
    visitor = visit(at="localhost")
    devtools, device = with_device(visitor)
    sign_in(visitor, "relief")
    page = add(visitor, "relief")
    (copy,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    sign_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/localhost:*/")
    sign_out(page)

    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    devtools.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": copy})
    visitor.wrong = True
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-refusal]")).to_contain_text("未通过核对")
