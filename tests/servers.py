"""Real servers on the loopback address that receive what the product sends, and misbehave when told to."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mailbox:
    """What an SMTP server took; it refuses everything while ``refusing``."""

    port: int = 0
    taken: list[Message] = field(default_factory=list)
    refusing: bool = False

    def subjects(self) -> list[str]:
        return [str(make_header(decode_header(message["Subject"]))) for message in self.taken]

    def texts(self) -> list[str]:
        return [message.get_payload(decode=True).decode() for message in self.taken]  # type: ignore[union-attr]


@contextmanager
def smtp() -> Iterator[Mailbox]:
    """An SMTP server (RFC 5321, what a client needs of it)."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 sink")
            while line := self.rfile.readline():
                word = line.decode().split(" ")[0].strip().upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (row := self.rfile.readline()) != b".\r\n":
                        lines.append(row.removeprefix(b".") if row.startswith(b"..") else row)
                    box.taken.append(message_from_bytes(b"".join(lines)))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                elif word == "RCPT" and box.refusing:
                    self.say("550 no such person")
                else:
                    self.say("250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Asked:
    """One request a server got."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Ear:
    """What an HTTP server got; ``answers`` are (status, body) for the requests to come, the last one for all after it."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b"{}")])
    location: str = ""
    pause: float = 0.0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def http() -> Iterator[Ear]:
    """An HTTP server that takes POSTs."""
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            ear.asked.append(Asked(self.path, headers, body))
            time.sleep(ear.pause)
            status, answer = ear.answers.pop(0) if len(ear.answers) > 1 else ear.answers[0]
            self.send_response(status)
            if ear.location:
                self.send_header("Location", ear.location)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_told: object) -> None:
            """Nothing on the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        ear.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield ear
        finally:
            server.shutdown()
            thread.join()
