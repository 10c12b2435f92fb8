"""First contentful paint over a slow line: ``python -m benchmarks.bench_paint http://127.0.0.1:8000 ACCOUNTS``.

Chromium's own throttle (CDP ``Network.emulateNetworkConditions``): 1.6 Mbit/s down, 750 kbit/s up, 150 ms a round trip, the
"slow 4G" of Lighthouse. Cold is an empty cache, warm the same page again. ACCOUNTS is ``demo-accounts.txt`` of the served city. What it
prints are the median and the least of five loads in milliseconds, the bytes that travelled cold, and when the first byte came (cold).
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright

_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_LOADS = 5
_PHONE: ViewportSize = {"width": 390, "height": 844}
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
_ANSWER = "() => performance.getEntriesByType('navigation')[0].responseStart"


def _throttled(context: BrowserContext, fresh: bool) -> tuple[Any, list[float]]:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _LINE)
    if fresh:
        line.send("Network.clearBrowserCache")
    travelled = [0.0]
    line.on("Network.loadingFinished", lambda event: travelled.append(event["encodedDataLength"]))
    return page, travelled


def _paints(context: BrowserContext, address: str) -> tuple[list[float], ...]:
    cold: list[float] = []
    warm: list[float] = []
    sizes: list[float] = []
    answers: list[float] = []
    for _load in range(_LOADS):
        for fresh, found in ((True, cold), (False, warm)):
            page, travelled = _throttled(context, fresh)
            page.goto(address, wait_until="load")
            time.sleep(0.3)
            found.append(page.evaluate(_PAINT))
            if fresh:
                sizes.append(sum(travelled))
                answers.append(page.evaluate(_ANSWER))
            page.close()
    return cold, warm, sizes, answers


def _of(found: list[float]) -> str:
    return f"{statistics.median(found):5.0f} ({min(found):.0f})"


def _signed_in(browser: Browser, home: str, login: str, password: str) -> BrowserContext:
    context = browser.new_context(viewport=_PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{home}/sign-in/")
    page.fill("#login", login)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.close()
    return context


def main(home: str, accounts: str) -> None:
    """Print a line for each page."""
    passwords = dict(line.split("\t")[:2] for line in Path(accounts).read_text("utf-8").splitlines())
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=flags
        )
        staff = _signed_in(browser, home, "mayor", passwords["mayor"])
        stranger = browser.new_context(viewport=_PHONE, locale="zh-CN")
        page = staff.new_page()
        page.goto(f"{home}/duties/?kind=hotline.order")
        duty = page.locator("td.title a").first.get_attribute("href")
        page.close()
        for name, context, path in (
            ("cockpit", staff, "/"),
            ("list", staff, "/duties/?kind=hotline.order"),
            ("duty", staff, duty),
            ("sign-in", stranger, "/sign-in/"),
            ("portal", stranger, "/portal/"),
            ("portal, request", stranger, "/portal/request/"),
        ):
            cold, warm, size, answer = _paints(context, f"{home}{path}")
            print(
                f"{name:16} cold {_of(cold)}  warm {_of(warm)}  {statistics.median(size) / 1000:4.0f} kB"
                f"  first byte {_of(answer)}"
            )


if __name__ == "__main__":
    main(*sys.argv[1:3])
