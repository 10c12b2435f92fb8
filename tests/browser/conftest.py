"""The real Chromium of this machine before the product as it is served: a sample village, pages and tick.

Nothing here is in the tests' own database: the village lives in a data folder of its own, its people sign in
with the passwords it wrote down, and every window notes what a careful visitor would complain about.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    StorageState,
    expect,
    sync_playwright,
)
from scratch import Scratch, scratch

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
SIZES = {"wide": WIDE, "narrow": NARROW}
LANGUAGES = ("zh-hans", "en")

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

# What the journeys need beyond the village's own story, opened through the door like everything else.
_MORE = """
import json
from datetime import timedelta
from django.utils import timezone
from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.modules.hotline import facts as f
from qianshao.modules.learning.module import Planned
now = timezone.now()
order, session = registry.kind("hotline.order"), registry.kind("learning.session")
made = {}
for name, title in {titles}.items():
    fact = f.Received(
        at=now - timedelta(minutes=5), title=title, body="门口的灯坏了三天", channel="web", unit="bureau-housing"
    )
    made[name] = perform(kind=order, fact=fact, actor=machine("test"), now=now, src="test").stream
planned = Planned(at=now - timedelta(days=1), unit="office", month=f"{now:%Y-%m}")
made["session"] = perform(kind=session, fact=planned, actor=machine("test"), now=now, src="test").stream
print(json.dumps(made))
"""

# A spot check that is under way: one item of the water bureau, whose visit fell to one of the inspectors by lot.
_ROUND = """
import json
from datetime import timedelta
from django.utils import timezone
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims import facts as c
from qianshao.modules.appraisal.rounds import facts as f
from qianshao.modules.appraisal.rounds import planning
from qianshao.modules.supervision.items import facts as i
now, robot = timezone.now().astimezone(SHANGHAI), machine("test")
ago = lambda days: now - timedelta(days=days)
def tell(kind, fact, duty=None):
    kind = registry.kind(kind)
    receipt = perform(kind=kind, fact=fact, duty=duty, actor=robot, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)
due = ago(9).date()
tell("supervision.item", i.Assigned(at=ago(30), title="加固两座水闸", unit="bureau-water", origin="decision", due=due))
fact = f.Opened(
    at=ago(8), title="现场核查练习", name="练习-1", unit="office", since=due, until=due, declare_by=ago(7).date(),
    visit_by=now.date(), share=100, risk_share=100,
)
found = tell("appraisal.round", fact)
running.list_due(stream=found.stream, eid=0, now=ago(8))
for claim in Duty.objects.filter(kind="appraisal.claim", topic="练习-1"):
    tell("appraisal.claim", c.Declared(at=ago(7), summary="已经完成"), claim)
    meters.set_limit("burden.inspections-received", claim.unit, str(now.year), 9, actor=robot, now=ago(7))
    meters.explain("burden.inspections-received", claim.unit, "首年启用，没有上年数", actor=robot, now=ago(7))
office = Unit.objects.get(code="office")
meters.set_limit("burden.inspections-made", office, str(now.year), 99, actor=robot, now=ago(7))
meters.explain("burden.inspections-made", office, "首年启用，没有上年数", actor=robot, now=ago(7))
running.seal(found, seed=bytes(range(16)), actor=robot, now=ago(6))
running.draw(found, actor=robot, now=ago(6) + timedelta(minutes=1))
(stream, visit), = [pair for pair in planning.plan(found).items() if pair[1].unit == "bureau-water"]
print(json.dumps({"stream": stream, "login": Account.objects.get(pk=visit.inspector).login}))
"""
_TITLES = {
    "reply": "请修好三号楼门口的路灯",
    "extend": "请查一查小区停水的原因",
    "collide": "请处理占道的旧车",
    "bulk-1": "请清理一号垃圾房",
    "bulk-2": "请清理二号垃圾房",
}


@dataclass(frozen=True)
class Served:
    """The product at work: where it is, who may sign in, and the duties made for the journeys."""

    url: str
    passwords: dict[str, str]
    duties: dict[str, str]
    visit: dict[str, str]  # the login of the inspector a visit fell to, and the stream of what is visited


@dataclass
class Chromium:
    """The browser; started again when it went away, so that one crash fails one test."""

    play: Playwright
    path: str
    running: Browser | None = None

    def window(self, **options: Any) -> BrowserContext:
        """A window of its own, with nobody signed in yet."""
        if self.running is None or not self.running.is_connected():
            self.running = self.play.chromium.launch(executable_path=self.path, args=FLAGS)
        return self.running.new_context(**options)


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Chromium, or a skip that says how to get it."""
    # The shell is the same engine without a browser's own pages, which cost as much as those under test.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None or not AXE.exists():
        reason = (
            "Chromium is not installed (Debian: apt-get install chromium)"
            if path is None
            else "run make setup first"
        )
        if os.environ.get("QIANSHAO_REQUIRE"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as play:
        chromium = Chromium(play, path)
        yield chromium
        if chromium.running is not None:
            chromium.running.close()


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, dict[str, Any]]:
    """The data folder of a village and what the journeys need of it; made by whichever process comes first."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    home, told = shared / "village", shared / "village.json"
    with (shared / "village.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            with scratch() as place:
                _command(place, "sample", "make", "--scale", "village")
                duties = json.loads(place.run(_MORE.replace("{titles}", repr(_TITLES))).splitlines()[-1])
                visit = json.loads(place.run(_ROUND).splitlines()[-1])
                shutil.copytree(place.env["QIANSHAO_HOME"], home)
            told.write_text(json.dumps({"duties": duties, "visit": visit}), encoding="utf-8")
    return home, json.loads(told.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def served(browser: Chromium, village: tuple[Path, dict[str, Any]]) -> Iterator[Served]:
    """The village served for all the journeys of this process, and taken down after them."""
    built, told = village
    with scratch(migrate=False) as place:
        shutil.copytree(built, place.env["QIANSHAO_HOME"], dirs_exist_ok=True)
        listed = (built / "demo-accounts.txt").read_text(encoding="utf-8")
        passwords = dict(line.split("\t")[:2] for line in listed.splitlines())
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "qianshao.site.commands", "serve", "--port", str(port)],
            env=place.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{url}/healthz", server)
            yield Served(url, passwords, told["duties"], told["visit"])
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=40)


def _command(place: Scratch, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qianshao.site.commands", *words],
        env=place.env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(900):
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within three minutes")


@dataclass
class Visitor:
    """Somebody at a browser window; ``complaints`` is what a careful one would have written down."""

    page: Page
    served: Served
    complaints: list[str] = field(default_factory=list)
    wrong: bool = False  # an answer of 4xx is expected and no complaint

    def go(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(f"{self.served.url}{path}", wait_until="load")
        return self.page

    def sign_in(self, login: str) -> None:
        """Through the form, as a person does."""
        self.go("/sign-in/")
        self.page.fill("#login", login)
        self.page.fill("#password", self.served.passwords[login])
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def duty(self, name: str) -> Page:
        """Open one of the duties made for the journeys."""
        return self.go(f"/duties/{self.served.duties[name]}/")

    def leave(self) -> None:
        """Close the window: a page left open goes on drawing and asking."""
        self.page.context.close()

    def overflow(self) -> list[str]:
        """What is wider than the window on the page as it stands."""
        over = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return [f"{self.page.url} is {over} px wider than the window"] if over > 1 else []

    def looks(self) -> list[str]:
        """What axe calls serious or critical on the page as it stands, and anything wider than the window."""
        # The page's own policy forbids added scripts; axe is evaluated from outside it.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        serious = [
            f"{self.page.url} {item['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for item in found["violations"]
            if item["impact"] in ("serious", "critical")
            for node in item["nodes"][:3]
        ]
        return serious + self.overflow()


Visit = Callable[..., Visitor]
_signed_in: dict[str, StorageState] = {}


@pytest.fixture
def visit(browser: Chromium, served: Served) -> Iterator[Visit]:
    """Open windows: ``visit("chief", NARROW, language="en", scheme="dark")``; the login "" is a stranger.

    ``at`` is another name of the server, for what browsers give to named hosts only. Whoever signed in once is not asked again. At the end no window may have met an error in a script, a
    breach of the page's policy, or a request to anywhere but the server.
    """
    windows: list[tuple[BrowserContext, Visitor]] = []

    def window(
        login: str = "",
        size: dict[str, int] = WIDE,
        language: str = "zh-hans",
        scheme: str = "light",
        large: bool = False,
        at: str = "",
    ) -> Visitor:
        context = browser.window(
            viewport=size,
            color_scheme=scheme,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            storage_state=_signed_in.get(login) if login else None,
        )
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "django_language", "value": language, "url": served.url}])
        if large:
            context.add_init_script("localStorage.setItem('size', 'large')")
        here = replace(served, url=served.url.replace("127.0.0.1", at)) if at else served
        visitor = Visitor(context.new_page(), here)
        windows.append((context, visitor))
        _listen(visitor)
        if login and login not in _signed_in:
            visitor.sign_in(login)
            _signed_in[login] = context.storage_state()
        return visitor

    yield window
    complaints = [complaint for _context, visitor in windows for complaint in visitor.complaints]
    for context, _visitor in windows:
        context.close()
    assert complaints == []


def _listen(visitor: Visitor) -> None:
    page, home = visitor.page, visitor.served.url

    def console(kind: str, text: str) -> None:
        if kind == "error" and not (visitor.wrong and "Failed to load resource" in text):
            visitor.complaints.append(f"{page.url} console: {text}")

    def request(url: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            visitor.complaints.append(f"{page.url} asked {url}")

    page.on("pageerror", lambda error: visitor.complaints.append(f"{page.url} script: {error}"))
    page.on("console", lambda message: console(message.type, message.text))
    page.on("request", lambda asked: request(asked.url))
