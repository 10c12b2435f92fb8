"""``qianshao openness read-page``: what a government page says of itself."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kernel.words import marked
from qianshao.kit.telling import sentence
from qianshao.modules.openness.pages import Page
from qianshao.modules.openness.pages.bounded import Reader
from qianshao.modules.openness.pages.page import FIELDS
from qianshao.modules.openness.pages.sure import surer
from qianshao.modules.openness.watch import fetching

from ..saying import CommandError, document
from .group import openness

_NOT_PAGES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"Rar!",
    b"{\\rtf",
)
_LARGEST = 20 * 2**20  # bytes of a saved page; reading stops at 10 MB of text and says so


@openness.command(
    "read-page",
    help=gettext_lazy(
        "读一个政府网页（文件、网址，或 - 表示标准输入）：标题、文号、日期、来源、栏目、类别、相关链接。"
    ),
)
@click.argument("page")
@click.option("--url", "address", default="", help=gettext_lazy("文件原来的网址，用于把相对链接补全。"))
@click.option(
    "--content-type", default="", help=gettext_lazy("文件原来的 Content-Type 响应头，用于判断编码。")
)
@click.option("--allow-private", is_flag=True, help=gettext_lazy("允许访问内网地址和其他端口。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def read_page(page: str, address: str, content_type: str, allow_private: bool, as_json: bool) -> None:
    """Fetch or open the page, read it in a process of its own, tell what was found and where."""
    if urlsplit(page).scheme in ("http", "https"):
        got = fetching.fetch_once(page, allow_private=allow_private)
        data, address, content_type = got.body, got.url, got.content_type
    else:
        data = _bytes_of(page)
    _looks_like_a_page(data, page, content_type)
    with Reader() as reader:
        read = reader.read(data, url=address, content_type=content_type)
    read = _not_in_the_future(read, timezone.localdate())
    if as_json:
        document(read.document(sentence))
        return
    _tell(read)


def _not_in_the_future(read: Page, today: date) -> Page:
    """What is said to happen after today did not: the value stays as the page states it, and is not believed."""
    late = {
        name: surer(found, "low", marked("日期晚于今天"))
        for name in ("formed_on", "published_on")
        if (found := read.found.get(name)) and found.day() > today
    }
    return replace(read, found=read.found | late)


def _bytes_of(page: str) -> bytes:
    if page == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        path = Path(page)
        if path.is_dir():
            raise CommandError(_("{path} 是文件夹，请指明里面的文件。").format(path=page))
        if not path.is_file():
            raise CommandError(
                _("没有文件 {path}。请给出存在的文件，或以 http:// 或 https:// 开头的网址。").format(
                    path=page
                )
            )
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise CommandError(_("{path} 超过 20 MB，不像网页。").format(path=page))
    return data


def _looks_like_a_page(data: bytes, page: str, content_type: str) -> None:
    """An empty file and a document of another kind are told as such, not as a page on which nothing was found."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise CommandError(_("{path} 是空的，没有可读的内容。").format(path=page))
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff")) or "utf-16" in content_type.lower()
    if data.startswith(_NOT_PAGES) or (b"\x00" in data[:4096] and not wide):
        raise CommandError(
            _("{path} 不是网页，像是文档、图片或压缩包；请给出 .html 文件或者网址。").format(path=page)
        )


def _tell(read: Page) -> None:
    unread = _("无法判定")
    for name in FIELDS:
        found = read.found.get(name)
        if found is None:
            click.echo(f"{name:<16} {unread}：{sentence(read.missing[name])}")
        else:
            click.echo(
                f"{name:<16} {found.value}    [{found.where}; {found.how}; {found.confidence}] {sentence(found.note)}"
            )
    for link in read.links:
        click.echo(f"{link.role:<16} {link.text}    {link.href}")
    for remark in read.remarks:
        click.echo(f"* {sentence(remark)}")
