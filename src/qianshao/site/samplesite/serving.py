"""The flawed site on the loopback address, in a thread of the process that shows the demonstration."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .pages import Site


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers with a page of the site or 404."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """The page, whatever the query says."""
            body = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if body is not None else 404)
            kind = "text/plain" if self.path == "/robots.txt" else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Nobody needs a line for every page."""

    return Handler


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """Serve the site on 127.0.0.1 while the block runs; gives its address. Port 0 takes a free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(site))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
