"""Servers that mean harm, on the loopback address; the watch is told that private addresses are allowed, or not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiohttp.abc import ResolveResult

from qianshao.core.outward import connecting
from qianshao.core.outward.addresses import CheckedResolver
from qianshao.modules.openness.watch.fetching import MOST_BYTES, Failed, Fetcher

GIGABYTE = b"\0" * 2**20


def _bomb():
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(machine.compress(GIGABYTE) for _ in range(300)) + machine.flush()


BOMB = _bomb()  # 300 KB that unfold to 300 MB


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        path = self.path
        try:
            if path == "/loop":
                return self.move("/loop")
            if path.startswith("/hop"):
                return self.move(f"/hop{int(path[4:]) - 1}" if path != "/hop0" else "/good")
            if path == "/to":
                return self.move(self.server.to)
            if path == "/file":
                return self.move("file:///etc/passwd")
            if path == "/drip":
                return self.drip()
            if path == "/endless":
                return self.endless()
            if path == "/bomb":
                return self.whole(BOMB, {"Content-Encoding": "gzip"})
            if path == "/gzip":
                return self.whole(gzip.compress("公开".encode()), {"Content-Encoding": "gzip"})
            if path == "/broken":
                return self.whole(b"not gzip", {"Content-Encoding": "gzip"})
            if path == "/br":
                return self.whole(b"x", {"Content-Encoding": "br"})
            if path == "/cookie":
                return self.whole(self.headers.get("Cookie", "none").encode(), {"Set-Cookie": "a=b"})
            return self.whole("公开".encode(), {})
        except OSError:
            return None

    def move(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def whole(self, body, headers):
        self.send_response(200)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def start(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def drip(self):
        self.start()
        for _ in range(600):
            self.wfile.write(b".")
            self.wfile.flush()
            if self.server.over.wait(0.1):
                return

    def endless(self):
        self.start()
        while not self.server.over.is_set():
            self.wfile.write(b"<p>" * 20_000)

    def log_message(self, *_):
        pass


@contextmanager
def hostile():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked, server.over = [], threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


def fetch(url, *, allow_private=True, seconds=5.0, **how):
    async def run():
        async with Fetcher(allow_private=allow_private, seconds=seconds, **how) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(run())


def reason(url, **how):
    with pytest.raises(Failed) as failed:
        fetch(url, **how)
    return failed.value.reason


def address(server, path):
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


def test_three_redirects_are_followed_and_the_fourth_is_not():
    with hostile() as server:
        assert fetch(address(server, "/hop2")).body.decode() == "公开"
        assert reason(address(server, "/hop3")) == "redirects"
        assert reason(address(server, "/loop")) == "redirects"
        assert server.asked.count("/loop") == 4


def test_a_site_cannot_send_us_to_a_file():
    with hostile() as server:
        assert reason(address(server, "/file")) == "forbidden"


def _unchecked(found, allow_private):
    made = socket.socket(*found[:3])
    made.setblocking(False)
    return made


class Outside(CheckedResolver):
    """Stands in for the public network: one public name that leads to the hostile server; all others as in life."""

    port = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if host == "www.citong.example":
            return [
                ResolveResult(
                    hostname=host, host="127.0.0.1", port=self.port, family=family, proto=0, flags=0
                )
            ]
        return await super().resolve(host, port, family)


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://www.citong.example:6379/",
    ],
)
def test_a_redirect_to_the_inside_is_refused_before_the_connection(monkeypatch, to):
    monkeypatch.setattr(connecting, "CheckedResolver", Outside)
    monkeypatch.setattr(connecting, "checked_socket", _unchecked)
    with hostile() as server:
        monkeypatch.setattr(Outside, "port", server.server_address[1])
        server.to = to

        assert fetch("http://www.citong.example/good", allow_private=False).body.decode() == "公开"
        assert reason("http://www.citong.example/to", allow_private=False) == "forbidden"
        assert server.asked == ["/good", "/to"]


def test_the_address_of_the_connection_itself_is_looked_at_too(monkeypatch):
    monkeypatch.setattr(connecting, "CheckedResolver", Outside)
    with hostile() as server:
        monkeypatch.setattr(Outside, "port", server.server_address[1])

        assert reason("http://www.citong.example/good", allow_private=False) == "forbidden"
        assert server.asked == []


def test_a_slow_drip_is_cut_by_the_clock():
    with hostile() as server:
        began = time.monotonic()

        assert reason(address(server, "/drip"), seconds=1.0) == "timeout"
        assert time.monotonic() - began < 4


def test_an_endless_body_is_cut_at_the_limit():
    with hostile() as server:
        got = fetch(address(server, "/endless"), seconds=20)

    assert got.cut
    assert len(got.body) == MOST_BYTES


def test_a_compression_bomb_is_not_unfolded():
    assert len(BOMB) < 2**20
    with hostile() as server:
        got = fetch(address(server, "/bomb"))

    assert got.cut
    assert len(got.body) == MOST_BYTES


def test_compressed_pages_are_read_and_broken_or_unknown_ones_are_failures():
    with hostile() as server:
        assert fetch(address(server, "/gzip")).body.decode() == "公开"
        assert reason(address(server, "/broken")) == "encoding"
        assert reason(address(server, "/br")) == "encoding"


def test_no_cookie_is_kept_between_two_pages():
    async def run(url):
        async with Fetcher(allow_private=True) as fetcher:
            await fetcher.get(url)
            return (await fetcher.get(url)).body

    with hostile() as server:
        assert asyncio.run(run(address(server, "/cookie"))) == b"none"
