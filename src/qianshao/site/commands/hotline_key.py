"""Keys of the apps that may send requests by Open311."""

from __future__ import annotations

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .saying import document, ready, say


@click.group("key", help=gettext_lazy("开放接口（Open311）的密钥：新建、列出、移除。"))
def key() -> None:
    """Keys; only their digests are kept."""


@key.command("add", help=gettext_lazy("为一个应用新建密钥；密钥只显示这一次。"))
@click.argument("name")
def add(name: str) -> None:
    """The key goes to standard output, so that a script can take it."""
    from qianshao.site.hotline.open311 import keys

    click.echo(keys.add(name))
    say(_("密钥只显示这一次，请妥善保管。"))


@key.command("list", help=gettext_lazy("列出有密钥的应用，和它们今天发送的件数。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def show(as_json: bool) -> None:
    """Names, one a line, each with how many requests it has sent today."""
    from qianshao.site.hotline.open311 import keys, limits

    ready()
    sent = limits.today(timezone.now())
    if as_json:
        document([{"name": name, "sent_today": sent.get(name, 0)} for name in keys.names()])
        return
    for name in keys.names():
        click.echo(f"{name}\t{sent.get(name, 0)}")
    if not keys.names():
        say(_("还没有密钥。用 qianshao hotline key add 名称 新建。"))


@key.command("remove", help=gettext_lazy("移除一个应用的密钥，立即失效。"))
@click.argument("name")
def remove(name: str) -> None:
    """At once."""
    from qianshao.site.hotline.open311 import keys, limits

    ready()
    keys.remove(name)
    limits.forget(name)
    say(_("已移除“{name}”的密钥。").format(name=name))


COMMANDS = (key,)
