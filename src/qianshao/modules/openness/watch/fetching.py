"""One request, bounded in every direction: whom it reaches, how far it is sent on, how long, how much."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

import aiohttp

from qianshao.core.outward.addresses import Forbidden, Lookup, system_lookup, target
from qianshao.core.outward.connecting import connector

AGENT = "qianshao-watch/0.1"
MOST_BYTES = 5 * 2**20
SECONDS = 20.0
REDIRECTS = 3
_CHUNK = 64 * 2**10
_HEADERS = {
    "User-Agent": f"Mozilla/5.0 (compatible; {AGENT}; government site inspection)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}
_MOVED = frozenset((301, 302, 303, 307, 308))


class Failed(ValueError):
    """Nothing usable came back; ``reason`` is a key: timeout, unreachable, redirects, encoding, forbidden."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Got:
    """An answer. ``body`` is unpacked and at most ``MOST_BYTES``; ``seconds`` from asking to the last byte kept."""

    asked: str
    url: str
    status: int
    content_type: str
    body: bytes
    at: datetime
    seconds: float
    cut: bool
    retry_after: str

    @property
    def sha256(self) -> str:
        """The digest of the bytes kept."""
        return hashlib.sha256(self.body).hexdigest()


class Fetcher:
    """Keeps the connections of one crawl. Use as ``async with``."""

    def __init__(
        self,
        *,
        allow_private: bool,
        connections: int = 8,
        lookup: Lookup = system_lookup,
        seconds: float = SECONDS,
    ) -> None:
        self.allow_private = allow_private
        self.seconds = seconds
        self._connections = connections
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Fetcher:
        self._session = aiohttp.ClientSession(
            connector=connector(
                allow_private=self.allow_private, connections=self._connections, lookup=self._lookup
            ),
            headers=_HEADERS,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.seconds, connect=self.seconds / 2),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, *, stays: Callable[[str], bool] = lambda _: True, body: bool = True) -> Got:
        """Fetch an address, following at most three redirects, each checked like the first.

        ``stays`` says whether a redirect may be followed to that host. ``body=False`` reads the head only.
        Raises ``Failed``; the time limit covers all redirects together.
        """
        began = time.monotonic()
        here = url
        try:
            async with asyncio.timeout(self.seconds):
                for _ in range(REDIRECTS + 1):
                    got, onward = await self._one(url, here, began, body)
                    if onward is None:
                        return got
                    here = onward
                    if not stays(target(here, allow_private=self.allow_private).host):
                        return got
        except TimeoutError:
            raise Failed("timeout", f"{self.seconds:.0f} 秒内没有读完 {url[:120]}") from None
        except Forbidden as error:
            raise Failed("forbidden", str(error)) from None
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            if isinstance(error, Failed):
                raise
            raise Failed("unreachable", f"无法访问 {url[:120]}：{_why(error)}") from None
        raise Failed("redirects", f"{url[:120]} 跳转超过 {REDIRECTS} 次")

    async def _one(self, asked: str, here: str, began: float, wanted: bool) -> tuple[Got, str | None]:
        checked = target(here, allow_private=self.allow_private)
        assert self._session is not None
        async with self._session.get(checked.url, allow_redirects=False) as response:
            onward = response.headers.get("Location") if response.status in _MOVED else None
            body, cut = (b"", False) if onward or not wanted else await _body(response)
            if not wanted and not onward:
                response.close()
            got = Got(
                asked=asked,
                url=here,
                status=response.status,
                content_type=response.headers.get("Content-Type", "")[:200],
                body=body,
                at=datetime.now(UTC),
                seconds=time.monotonic() - began,
                cut=cut,
                retry_after=response.headers.get("Retry-After", "")[:40],
            )
        return got, urljoin(here, onward) if onward else None


def _why(error: Exception) -> str:
    """What went wrong, in words somebody can act on."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "找不到这个主机名"
        case aiohttp.ClientSSLError():
            return "证书有问题，没有建立加密连接"
        case aiohttp.ClientConnectorError() | aiohttp.ServerDisconnectedError() | ConnectionError():
            return "连接被拒绝或者中断"
        case _:
            return "对方的回应不合规范"


async def _body(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """The unpacked body up to the limit; what is packed smaller than it claims is cut, not unfolded."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    unpack = _unpacker(coding)
    kept = bytearray()
    packed = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        packed += len(chunk)
        room = MOST_BYTES + 1 - len(kept)
        kept += chunk[:room] if unpack is None else unpack(chunk, room)
        if len(kept) > MOST_BYTES or packed > MOST_BYTES:
            response.close()
            return bytes(kept[:MOST_BYTES]), True
    return bytes(kept), False


def _unpacker(coding: str) -> Callable[[bytes, int], bytes] | None:
    if coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip", "deflate"):
        machine = zlib.decompressobj(zlib.MAX_WBITS | 32)

        def unpack(chunk: bytes, room: int) -> bytes:
            try:
                return machine.decompress(chunk, max(1, room))
            except zlib.error:
                raise Failed("encoding", "压缩内容损坏") from None

        return unpack
    raise Failed("encoding", f"不认识的压缩方式 {coding[:20]}")


def fetch_once(url: str, *, allow_private: bool) -> Got:
    """Fetch a single page for a person at the keyboard. Raises ``Failed``, also for an answer that is no page."""

    async def run() -> Got:
        async with Fetcher(allow_private=allow_private, connections=1) as fetcher:
            return await fetcher.get(url)

    with contextlib.closing(asyncio.new_event_loop()) as loop:
        got = loop.run_until_complete(run())
    if got.status >= 400:
        raise Failed("status", f"{url[:120]} 回应 {got.status}，没有读到页面")
    return got
