"""The real Chromium of this machine, against the real server, with axe looking at every page shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person, Unit

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says how to get it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None or not AXE.exists():
        reason = (
            "Chromium is not installed (Debian: apt-get install chromium)"
            if path is None
            else "run make setup first"
        )
        if os.environ.get("QIANSHAO_REQUIRE"):
            pytest.fail(reason)
        pytest.skip(reason)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in the thread of the test
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody at a browser window."""

    page: Page
    base: str
    errors: list[str]

    def go(self, path: str) -> Page:
        """Open a page of the product and wait until it is quiet."""
        self.page.goto(f"{self.base}{path}", wait_until="load")
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Through the form, as a person does."""
        self.go("/sign-in/")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def problems(self) -> list[str]:
        """What axe calls serious or critical on the page as it stands, and anything wider than the window."""
        # The page's own policy forbids added scripts; axe is evaluated from outside it.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        serious = [
            f"{item['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for item in found["violations"]
            if item["impact"] in ("serious", "critical")
            for node in item["nodes"][:3]
        ]
        overflow = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return (
            serious + ([f"page is {overflow} px wider than the window"] if overflow > 1 else []) + self.errors
        )


Open = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Open windows: ``visit(NARROW, language="en", scheme="dark")``."""
    contexts: list[BrowserContext] = []

    def window(size: dict[str, int] = WIDE, language: str = "zh-hans", scheme: str = "light") -> Visitor:
        context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        visitor = Visitor(page, live_server.url, [])
        page.on("pageerror", lambda error: visitor.errors.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                visitor.errors.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return visitor

    yield window
    for context in contexts:
        context.close()


def account(login: str, unit: Unit, *roles: str) -> Account:
    """Somebody with roles in a unit, who signs in with ``PASSWORD``."""
    person = Person.objects.create(name=f"林{login}")
    made = Account.objects.create(login=login, person=person)
    made.set_password(PASSWORD)
    made.save()
    for role in roles:
        Grant.objects.create(account=made, role=role, unit=unit, valid_from=date(2020, 1, 1))
    return made
