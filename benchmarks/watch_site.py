"""A generated government site of any size on 127.0.0.1 for the watch and for Scrapy alike; pages are made when asked for."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, timedelta

SITE = "刺桐市港务管理局"
BRANCH = 8  # every page links to the next ones of a tree, so nobody can fetch in list order
FIRST = date(2025, 1, 6)
_PROSE = "".join(
    f"<p>{'港务管理局围绕古港保护和港区作业安全开展工作，现将有关情况公布如下，请有关单位和个人按照要求办理。' * 3}</p>"
    for _ in range(4)
)
_MENU = "".join(f'<li><a href="/p/{n}.html">栏目{n}</a></li>' for n in range(20))
_HEAD = (
    '<meta name="SiteName" content="刺桐市港务管理局"><meta name="SiteDomain" content="gangwu.citong.example">'
    '<meta name="SiteIDCode" content="3599000042"><meta name="ColumnName" content="政策文件">'
    '<meta name="ColumnDescription" content="政策文件"><meta name="ColumnKeywords" content="政策文件">'
    '<meta name="ColumnType" content="政策文件">'
)


def page(n: int, size: int) -> bytes | None:
    """Page ``n`` of ``size``: every 50th without its source label, every 20th a
    document without interpretation, every 40th published late, every 97th with a dead link."""
    if not 0 <= n < size:
        return None
    formed = FIRST + timedelta(days=n % 200)
    published = formed + timedelta(days=60 if n % 40 == 7 else 3)
    policy = n % 20 == 7
    title = f"{SITE}关于第{n}号泊位管理的通知" if policy else f"第{n}号泊位作业情况"
    table = (
        f"<table><tr><td>发文字号：</td><td>刺港规〔2025〕{n + 1}号</td><td>成文日期：</td><td>{formed}</td></tr></table>"
        if policy
        else ""
    )
    source = "" if n % 50 == 9 else '<meta name="ContentSource" content="局办公室">'
    children = "".join(
        f'<li><a href="/p/{child}.html">第{child}号泊位管理情况</a></li>'
        for child in range(BRANCH * n + 1, min(BRANCH * n + BRANCH + 1, size))
    )
    dead = f'<a href="/gone/{n}.html">原件</a>' if n % 97 == 13 else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_{SITE}</title>{_HEAD}'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{published} 09:30">{source}</head>'
        f'<body><ul class="nav">{_MENU}</ul><h1>{title}</h1><div class="info">发布时间：{published} 09:30</div>'
        f'{table}<div class="text">{_PROSE}<p>{dead}</p></div><ul>{children}</ul><div class="footer">主办：{SITE}</div></body></html>'
    ).encode()


class _Answers(asyncio.Protocol):
    """As little of HTTP as both crawlers need, so that the site is not what is measured."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            body = self._body(path)
            status = b"200 OK" if body is not None else b"404 Not Found"
            kind = b"text/plain" if path == "/robots.txt" else b"text/html; charset=utf-8"
            body = body or b""
            self.transport.write(
                b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                % (status, kind, len(body), body)
            )

    def _body(self, path: str) -> bytes | None:
        if path == "/robots.txt":
            return b"User-agent: *\nAllow: /\n"
        if path == "/":
            return page(0, self.size)
        name = path.removeprefix("/p/").removesuffix(".html")
        return page(int(name), self.size) if name.isdigit() else None


async def _serve(size: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answers(size), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
