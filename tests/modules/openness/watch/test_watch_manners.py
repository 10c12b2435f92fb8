"""How the watch behaves towards a site, and how it behaves when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.modules.openness.watch import running
from qianshao.modules.openness.watch.items import Numbers

TODAY = date(2026, 3, 2)
SRC = str(Path(running.__file__).resolve().parents[4])


@contextmanager
def serving(answer):
    """A site that answers as ``answer(path)`` says: (status, headers, body); every request is noted with its time."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, time.monotonic(), self.headers.get("User-Agent", "")))
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {
                "Content-Type": "text/html",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        server.server_close()


def links(n, more=""):
    rows = "".join(f'<a href="/p{k}.html">第{k}页公告</a>' for k in range(n))
    return f"<html><title>刺桐市港务管理局</title><body>{rows}{more}</body></html>".encode()


def watch(address, home, **how):
    how = {"delay": 0.0, "workers": 1} | how
    plan = running.plan_of(address, allow_private=True, **how)
    return running.watch(
        plan, home=home, today=TODAY, calendar=Calendar.china(), numbers=Numbers(), tell=lambda tally: None
    )


def site(robots="", pages=10, special=None):
    def answer(path):
        if special and path in special:
            return special[path]
        if path == "/robots.txt":
            return (200, {"Content-Type": "text/plain"}, robots.encode()) if robots else (404, {}, b"")
        return 200, {}, links(pages)

    return answer


def paths(asked):
    return [path for path, _, _ in asked]


def test_robots_is_asked_first_and_obeyed(tmp_path):
    with serving(site("User-agent: *\nDisallow: /p3\n")) as (address, asked):
        found = watch(address, tmp_path)

    assert paths(asked)[0] == "/robots.txt"
    assert "/p3.html" not in paths(asked)
    assert found.tally.disallowed == 1
    assert all("qianshao-watch" in agent for _, _, agent in asked)


def test_a_site_whose_robots_cannot_be_read_is_left_alone(tmp_path):
    with serving(site(special={"/robots.txt": (503, {}, b"")})) as (address, asked):
        found = watch(address, tmp_path)

    assert paths(asked) == ["/robots.txt"]
    assert "RFC 9309" in found.tally.stopped
    assert [rule for rule, _ in found.verdict.unjudged] == ["W2"]


@pytest.mark.parametrize("status", [403, 429, 412, 521])
def test_a_refusal_stops_the_round_at_once_and_the_page_is_asked_again_next_time(tmp_path, status):
    special = {"/p2.html": (status, {"Retry-After": "120"}, b"")}
    with serving(site(special=special)) as (address, asked):
        first = watch(address, tmp_path)
        before = len(asked)
        special.clear()
        second = watch(address, tmp_path)

    assert str(status) in first.tally.stopped
    assert paths(asked)[:before] == ["/robots.txt", "/", "/p0.html", "/p1.html", "/p2.html"]
    assert "/p2.html" in paths(asked)[before:]
    assert "/p1.html" not in paths(asked)[before:]
    assert second.whole


def test_a_page_that_asks_for_a_captcha_stops_the_round(tmp_path):
    wall = "<html><title>安全验证</title><body>您的访问过于频繁，请完成验证</body></html>".encode()
    with serving(site(special={"/p1.html": (200, {}, wall)})) as (address, asked):
        found = watch(address, tmp_path)

    assert "人机验证" in found.tally.stopped
    assert paths(asked)[-1] == "/p1.html"


def test_requests_to_a_host_keep_their_distance_even_with_many_workers(tmp_path):
    with serving(site("User-agent: *\nCrawl-delay: 0.3\n", pages=4)) as (address, asked):
        watch(address, tmp_path, workers=4)

    times = [at for path, at, _ in asked if path != "/robots.txt"]
    assert len(times) == 5
    assert min(b - a for a, b in pairwise(times)) > 0.25


def test_only_the_sites_own_host_is_asked(tmp_path):
    with serving(site()) as (other, asked_other):
        away = f'<a href="{other.replace("127.0.0.1", "localhost")}away.html">别处</a>'
        with serving(
            site(
                special={
                    "/p0.html": (200, {}, links(1, away)),
                    "/p1.html": (302, {"Location": other.replace("127.0.0.1", "localhost")}, b""),
                }
            )
        ) as (address, _):
            found = watch(address, tmp_path)

    assert found.whole
    assert asked_other == []


def test_a_maze_of_repeating_paths_comes_to_an_end(tmp_path):
    def answer(path):
        if path == "/robots.txt":
            return 404, {}, b""
        return 200, {}, f'<html><title>迷宫</title><a href="{path.rstrip("/")}/a/">下一层</a></html>'.encode()

    with serving(answer) as (address, asked):
        found = watch(address, tmp_path)

    assert found.whole
    assert len(asked) < 10


def test_two_watches_of_one_site_at_once_are_refused(tmp_path):
    with (
        serving(site()) as (address, _),
        running.alone(running.folder_of(tmp_path, address)),
        pytest.raises(running.BusyWatch),
    ):
        watch(address, tmp_path)


COMMAND = """
import sys
from datetime import date
from pathlib import Path
from qianshao.kernel.calendar import Calendar
from qianshao.modules.openness.watch import running
from qianshao.modules.openness.watch.items import Numbers
plan = running.plan_of(sys.argv[1], allow_private=True, delay=0.02, workers=2)
found = running.watch(plan, home=Path(sys.argv[2]), today=date(2026, 3, 2), calendar=Calendar.china(), numbers=Numbers(),
                      tell=lambda tally: print(tally.done, flush=True))
print("interrupted", found.tally.interrupted, found.tally.done, flush=True)
"""


def started(address, home):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": SRC}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, address, str(home)], stdout=subprocess.PIPE, text=True, env=env
    )


@pytest.mark.fault
def test_a_watch_killed_in_the_middle_goes_on_and_asks_little_twice(tmp_path):
    with serving(site(pages=150)) as (address, asked):
        child = started(address, tmp_path)
        assert int(child.stdout.readline()) > 0
        child.kill()
        child.wait()
        child.stdout.close()
        before = len(asked)
        found = watch(address, tmp_path)

    assert found.whole
    assert found.tally.done == 151
    assert before < 152
    twice = len(paths(asked)) - len(set(paths(asked)))
    assert twice < 100  # at most what was not yet committed, and robots.txt


@pytest.mark.fault
def test_ctrl_c_stops_cleanly_and_keeps_what_was_done(tmp_path):
    with serving(site(pages=150)) as (address, asked):
        child = started(address, tmp_path)
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        told = child.stdout.read().splitlines()[-1].split()
        assert child.wait(timeout=20) == 0
        child.stdout.close()
        done = int(told[2])
        found = watch(address, tmp_path)

    assert told[:2] == ["interrupted", "True"]
    assert 0 < done < 151
    assert found.whole
    assert len(paths(asked)) - 1 <= 151 + 1  # nothing but robots.txt was asked twice


def test_the_document_is_json(tmp_path):
    with serving(site()) as (address, _):
        told = json.loads(json.dumps(watch(address, tmp_path).document()))

    assert told["complete"] is True
    assert told["pages"]["fetched"] == 11
