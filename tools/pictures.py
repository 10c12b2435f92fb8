"""Take the pictures of the README and the guides anew: ``python tools/pictures.py http://127.0.0.1:8000 ACCOUNTS MESSAGES``.

The address is a served sample city (``qianshao demo``), ACCOUNTS its ``demo-accounts.txt``, MESSAGES a table of messages to import, with two
rows that cannot be taken (left out: the pictures of the import stay). Look at what it made before committing it.
"""

from __future__ import annotations

import re
import shutil
import sys
from base64 import b64encode
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDE: ViewportSize = {"width": 1200, "height": 750}
PHONE: ViewportSize = {"width": 390, "height": 760}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]


class Studio:
    """Windows of people who signed in, each once."""

    def __init__(self, browser: Browser, home: str, accounts: Path) -> None:
        self.browser, self.home = browser, home
        self.passwords = dict(line.split("\t")[:2] for line in accounts.read_text("utf-8").splitlines())

    def window(
        self,
        login: str,
        language: str = "zh-hans",
        scheme: Literal["light", "dark"] = "light",
        size: ViewportSize = WIDE,
    ) -> Page:
        """A page of this person's, signed in through the form."""
        context: BrowserContext = self.browser.new_context(
            viewport=size, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.home}])
        page = context.new_page()
        page.goto(f"{self.home}/sign-in/")
        page.fill("#login", login)
        page.fill("#password", self.passwords[login])
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page


def keep(page: Page, name: str, whole: bool = False) -> None:
    """The window as it stands, drawings drawn."""
    page.wait_for_timeout(1_500)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)
    print(name)


def pages(studio: Studio) -> None:
    """The cockpit, the list, the palette, the charts and the wall."""
    looks: tuple[tuple[str, str, Literal["light", "dark"]], ...] = (
        ("cockpit-zh", "zh-hans", "light"),
        ("cockpit-dark", "zh-hans", "dark"),
        ("cockpit-en", "en", "light"),
    )
    for name, language, scheme in looks:
        page = studio.window("mayor", language, scheme)
        page.goto(f"{studio.home}/?kind=hotline.order")
        keep(page, name)
    page = studio.window("director")
    page.goto(f"{studio.home}/duties/?kind=hotline.order")
    keep(page, "list-zh")
    page.keyboard.press("/")
    page.keyboard.type("路灯")
    keep(page, "palette")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{studio.home}/")
    page.get_by_role("link", name="图表").click()
    keep(page, "charts")
    page.set_viewport_size(WIDE)
    page.goto(f"{studio.home}/wall/?kind=hotline.order")
    keep(page, "wall")


def phone(studio: Studio) -> None:
    """Three telephones side by side: the minute, the list, one order."""
    shots = []
    page = studio.window("mayor", size=PHONE)
    page.goto(f"{studio.home}/?kind=hotline.order")
    page.wait_for_timeout(500)
    shots.append(page.screenshot())
    page.goto(f"{studio.home}/duties/?kind=hotline.order")
    shots.append(page.screenshot())
    page.locator("td.title a").first.click()
    page.wait_for_load_state()
    shots.append(page.screenshot())
    page.set_viewport_size({"width": 3 * 390 + 4 * 20, "height": 800})
    page.goto("about:blank")
    page.evaluate(
        """shots => {
          document.body.style = "margin:20px;display:flex;gap:20px;background:#c9d1db";
          for (const shot of shots) {
            const image = document.createElement("img");
            image.src = "data:image/png;base64," + shot;
            image.style = "width:390px;border-radius:14px";
            document.body.append(image);
          }
        }""",
        [_base64(shot) for shot in shots],
    )
    keep(page, "phone-zh")


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def imported(studio: Studio, messages: Path) -> None:
    """What an import found, in both languages."""
    page = studio.window("chief", size={"width": 1280, "height": 860})
    page.goto(f"{studio.home}/import/")
    page.set_input_files("input[type=file]", messages)
    page.locator("form:has(input[type=file]) button").click()
    for _step in range(4):  # columns, preview, start: as many pages as this sheet needs
        page.wait_for_load_state()
        button = page.locator("main form button.btn-primary")
        if not button.count():
            break
        button.first.click()
    page.wait_for_selector("text=已完成", timeout=300_000)
    keep(page, "import-zh")
    where = re.sub(r"[?#].*", "", page.url)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": studio.home}])
    page.goto(where)
    keep(page, "import-en")


def main(home: str, accounts: str, messages: str = "") -> None:
    """All of them."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=FLAGS
        )
        studio = Studio(browser, home, Path(accounts))
        pages(studio)
        phone(studio)
        if messages:
            imported(studio, Path(messages))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
