"""Every command of openness and of the clock: one JSON document, and one of a few exit codes (docs/openness.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from qianshao.core.org.models import Unit
from qianshao.kernel.calendar import Calendar
from qianshao.site.commands.root import root
from qianshao.site.commands.saying import CommandError
from qianshao.site.samplesite.pages import site_of
from qianshao.site.samplesite.serving import served

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FINE, FOUND, UNUSABLE = 0, 1, 2
TODAY = date(2026, 3, 2)
PAGE = "<html><title>通知</title><body><h1>关于做好防汛工作的通知</h1><p>各单位：</p></body></html>"
BALANCED = {"body": "刺桐市水利局", "year": 2024, "form": "2021", "table3": {"（七）总计": [0] * 7}}
BROKEN = {**BALANCED, "table3": {"（七）总计": [1, 0, 0, 0, 0, 0, 3]}}
REQUEST = {"facts": [{"fact": "Received", "on": "2025-09-25", "channel": "in_person"}]}
TWICE = {"facts": [*REQUEST["facts"], *({"fact": "Withdrawn", "on": f"2025-10-{day}"} for day in (10, 11))]}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the commands are handed, by name, in the folder they run in."""
    monkeypatch.chdir(tmp_path)
    made: dict[str, Any] = {
        "balanced": BALANCED, "broken": BROKEN, "request": REQUEST, "twice": TWICE,
        "unknown": {"facts": [{"fact": "Dreamt", "on": "2025-09-25"}]}, "other": {"a": 1},
    }  # fmt: skip
    for name, value in made.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "torn.json").write_text('{"facts": [')
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    return tmp_path


@pytest.fixture
def site() -> Iterator[str]:
    """A site with flaws."""
    with served(site_of(TODAY, Calendar.china())) as address:
        yield address


@pytest.fixture
def forbidden() -> Iterator[str]:
    """A site that answers nobody: every page is a refusal."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404 if self.path == "/robots.txt" else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def run(line: str) -> Result:
    return CliRunner().invoke(root, line.split(), catch_exceptions=True)


def code(result: Result) -> int:
    error = result.exception
    return error.code if isinstance(error, CommandError) else result.exit_code


def test_what_is_fine_what_is_wrong_and_what_cannot_be_used_end_alike(
    files: Path, city: dict[str, Unit]
) -> None:
    table = {
        "openness read-page page.html": FINE,
        "openness read-page empty.html": UNUSABLE,
        "openness read-page picture.html": UNUSABLE,
        "openness read-page gone.html": UNUSABLE,
        "openness read-page .": UNUSABLE,
        "openness read-page http://127.0.0.1:9/": UNUSABLE,
        "openness read-page ftp://city.example/": UNUSABLE,
        "openness check-report balanced.json": FINE,
        "openness check-report broken.json": FOUND,
        "openness check-report broken.json torn.json": UNUSABLE,
        "openness check-report torn.json": UNUSABLE,
        "openness check-report other.json": UNUSABLE,
        "openness check-report gone.json": UNUSABLE,
        "openness check-report": UNUSABLE,
        "openness report housing 2025 --json": FINE,
        "openness report nowhere 2025 --json": UNUSABLE,
        "openness report housing 1999 --json": UNUSABLE,
        "openness report housing 2025": UNUSABLE,
        "openness report housing 2025 --out a.txt": UNUSABLE,
        "openness report housing 2025 --out gone/a.docx": UNUSABLE,
        "openness bulletin --month 2026-02 --out a.docx": FINE,
        "openness bulletin --month 2026-02 --json": FINE,
        "openness bulletin --month 2026-02": UNUSABLE,
        "openness bulletin --month 2026-13 --json": UNUSABLE,
        "openness bulletin --month 2026-02 --out gone/a.docx": UNUSABLE,
        "openness watch ftp://city.example/": UNUSABLE,
        "openness watch http://127.0.0.1/": UNUSABLE,
        "openness watch http://city.example/ --unit nowhere": UNUSABLE,
        "openness watch http://city.example/ --columns torn.json": UNUSABLE,
        "clock explain openness.request request.json": FINE,
        "clock explain openness.request twice.json": FINE,  # the refusal is the answer
        "clock explain openness.request torn.json": UNUSABLE,
        "clock explain openness.request unknown.json": UNUSABLE,
        "clock explain openness.request gone.json": UNUSABLE,
        "clock explain openness.nothing request.json": UNUSABLE,
        "clock explain openness.request request.json --edition 1997": UNUSABLE,
        "clock explain openness.request request.json --on yesterday": UNUSABLE,
    }

    assert {line: code(run(line)) for line in table} == table


def test_the_watch_ends_well_whatever_it_found_and_not_when_the_site_stopped_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str, forbidden: str
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    how = f"--allow-private --delay 0 --on {TODAY}"

    assert code(run(f"openness watch {site} {how}")) == FINE
    assert code(run(f"openness watch {forbidden} {how}")) == 3


def test_every_command_prints_one_json_document(
    files: Path, city: dict[str, Unit], monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    """The lines are held against the parser: a new command is in none of them and fails here."""
    monkeypatch.setattr(settings, "HOME", files)
    lines = {
        "openness read-page": "page.html",
        "openness watch": f"{site} --allow-private --delay 0 --on {TODAY}",
        "openness check-report": "broken.json balanced.json torn.json",
        "openness report": "housing 2025 --out a.html",
        "openness bulletin": "--month 2026-02 --out a.docx",
        "clock explain": "openness.request request.json",
    }
    groups = {name: root.get_command(click.Context(root), name) for name in ("openness", "clock")}
    known = {f"{name} {one}" for name, group in groups.items() for one in _commands(group)}
    assert known == set(lines)

    for command, arguments in lines.items():
        told = run(f"{command} {arguments} --json")
        assert not isinstance(told.exception, click.ClickException), (command, told.output)
        assert json.loads(told.stdout), command


def _commands(group: click.Command | None) -> list[str]:
    assert isinstance(group, click.Group)
    return list(group.commands)
