"""The sample city goes without a trace, from the console and from its page, and a real one can begin."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qianshao.core.accounts.actor import machine
from qianshao.core.org import services
from qianshao.core.org.models import Unit
from qianshao.site.samplecity import folder
from qianshao.site.samplecity.replay import ACTOR

# What only the sample city can have brought: its name, a street of its story, a word planted in a comment and in files.
_WORDS = tuple(word.encode() for word in ("刺桐市", "zayton-planted", "machine:sample"))
_PLANT = """
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.desk import comments, services
from qianshao.core.duties.models import Duty
now = timezone.now()
duty = Duty.objects.filter(kind="hotline.order").first()
author = Account.objects.get(login="director")
comments.write(duty=duty, text="zayton-planted", author=author, actor=machine("sample"), now=now)
services.follow(account=author, what="unit", key="zayton-planted", now=now)
for name in ("uploads/a", "watch/b/c", "files/d"):
    path = Path(settings.HOME) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("zayton-planted")
for name in ("hotline-classes.model", "open311-keys.json", "city-map.geojson"):
    (Path(settings.HOME) / name).write_text("zayton-planted")
"""


class Installation:
    """A data folder and the commands run in it."""

    def __init__(self, home: Path, anchors: Path) -> None:
        self.home = home
        self.env = {
            **os.environ,
            "QIANSHAO_HOME": str(home),
            "QIANSHAO_ANCHORS": str(anchors),
            "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
            "PYTHONUNBUFFERED": "1",
            "QIANSHAO_LANG": "zh",
            "PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src"),
        }
        self.env.pop("QIANSHAO_DATABASE", None)

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "qianshao.site.commands", *words]
        ran = subprocess.run(command, env=self.env, check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def python(self, code: str) -> None:
        command = [sys.executable, "-c", "import django; django.setup()\n" + code]
        ran = subprocess.run(command, env=self.env, check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr

    def words_left(self) -> list[tuple[str, bytes]]:
        """Every file below the folder in which a word of the sample city stands."""
        return [
            (path.name, word)
            for path in sorted(self.home.rglob("*"))
            if path.is_file()
            for word in _WORDS
            if word in path.read_bytes()
        ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village, its checkpoints in a folder outside where a stranger's file lies too, and words planted everywhere."""
    folder = tmp_path_factory.mktemp("village")
    (folder / "home").mkdir()
    (folder / "anchors").mkdir()
    (folder / "anchors" / "latest.of-another-city.txt").write_text("not ours\n")
    made = Installation(folder / "home", folder / "anchors")
    made.run("sample", "make", "--scale", "village", "--until", "2026-03-02")
    made.run("ledger", "checkpoint")
    made.python(_PLANT)
    return folder


@pytest.fixture
def sample(built: Path, tmp_path: Path) -> Installation:
    """The village's folders, copied for one test."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return Installation(tmp_path / "home", tmp_path / "anchors")


@pytest.mark.slow
@pytest.mark.xdist_group("village to remove")
def test_after_the_command_no_word_of_it_is_left_and_the_set_up_opens(
    sample: Installation, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    assert {word for _name, word in sample.words_left()} == set(_WORDS)
    assert len(list(anchors.iterdir())) > 1

    sample.run("sample", "remove", "--yes")

    assert sample.words_left() == []
    assert list(sample.home.iterdir()) == []
    assert [path.name for path in anchors.iterdir()] == ["latest.of-another-city.txt"]
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", sample.run("setup", "code").strip())


@pytest.fixture
def served(sample: Installation) -> Iterator[tuple[Installation, int, subprocess.Popen[str]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "qianshao.site.commands", "serve", f"--port={port}"]
    process = subprocess.Popen(
        command, env=sample.env, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    try:
        yield sample, port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        process.stderr.close()


class Browser:
    """Forms and cookies, as a browser keeps them; it follows redirects."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.page = ""

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            self.page = answer.read().decode()
        return self.page

    def post(self, path: str, **given: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        assert token is not None
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **given}).encode()
        with self.opener.open(self.base + path, data=data, timeout=60) as answer:
            self.page = answer.read().decode()
        return self.page

    def wait_for(self, path: str, word: str) -> None:
        for _try in range(240):
            try:
                if word in self.get(path):
                    return
            except OSError:  # refused, reset or slow: it is starting
                pass
            time.sleep(0.5)
        raise AssertionError(f"{word} never stood on {path}")


@pytest.mark.slow
@pytest.mark.xdist_group("village to remove")
def test_from_its_page_the_service_removes_it_and_starts_again_empty(
    served: tuple[Installation, int, subprocess.Popen[str]],
) -> None:
    sample, port, _process = served
    password = dict(
        line.split("\t")[:2] for line in (sample.home / "demo-accounts.txt").read_text().splitlines()
    )["sysadmin"]
    browser = Browser(port)
    browser.wait_for("/sign-in/", "csrfmiddlewaretoken")
    browser.post("/sign-in/", login="sysadmin", password=password)
    assert "清除示例城市" in browser.get("/going-live/")

    browser.get("/going-live/sample/")
    assert "请照样写出" in browser.post("/going-live/sample/", name="别的市")
    assert (sample.home / "sample-city.json").exists()
    assert "正在清除" in browser.post("/going-live/sample/", name="刺桐市")

    Browser(port).wait_for("/", "一次性代码")
    assert [left for left in sample.words_left() if left[1] != _WORDS[0] or "css" not in left[0]] == []
    assert not (sample.home / "demo-accounts.txt").exists()


@pytest.mark.django_db
def test_units_somebody_entered_beside_it_are_real_and_keep_it_from_being_removed(now: object) -> None:
    from django.utils import timezone

    def add(code: str, parent: Unit | None, actor: object) -> Unit:
        return services.add_unit(
            code=code,
            name=code,
            short=code,
            kind="bureau",
            parent=parent,
            since=date(2020, 1, 1),
            order=1,
            actor=actor,  # type: ignore[arg-type]
            now=timezone.now(),
        )

    top = add("city", None, ACTOR)
    assert folder.foreign() == 0
    add("real", top, machine("console"))
    assert folder.foreign() == 1
