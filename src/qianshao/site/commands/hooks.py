"""Webhooks from the command line."""

from __future__ import annotations

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine
from qianshao.core.hooks import keeping
from qianshao.core.hooks.models import Hook

from .saying import CommandError, confirm, document, ready, say

_ACTOR = machine("console")
_NAME = click.argument("name")


@click.group(help=gettext_lazy("数据推送：有新记录时告诉别的系统（Standard Webhooks）。"))
def hooks() -> None:
    """Who is told of facts."""


@hooks.command("list", help=gettext_lazy("列出接收方。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def listed(as_json: bool) -> None:
    """Every hook with its state; no secret."""
    ready()
    rows = [
        {
            "name": hook.name,
            "url": hook.url,
            "kinds": hook.kinds,
            "facts": hook.facts,
            "active": hook.active,
            "failing_since": hook.failing_since,
            "waiting": hook.calls.filter(state__in=("waiting", "sending")).count(),
        }
        for hook in Hook.objects.order_by("id")
    ]
    if as_json:
        document(rows)
        return
    for row in rows:
        state = _("正常") if row["active"] else _("已停用")
        click.echo(f"{row['name']}  {state}  {row['url']}  " + _("待发 {n}").format(n=row["waiting"]))


@hooks.command("add", help=gettext_lazy("登记接收方；签名密钥只显示这一次。"))
@_NAME
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, help=gettext_lazy("事项类型，可重复；不写表示全部。"))
@click.option("--fact", "facts", multiple=True, help=gettext_lazy("记录的英文名，可重复；不写表示全部。"))
def add(name: str, url: str, kinds: tuple[str, ...], facts: tuple[str, ...]) -> None:
    """Print the secret, and nothing else, on standard output."""
    ready()
    _hook, secret = keeping.add(
        name=name, url=url, kinds=kinds, facts=facts, actor=_ACTOR, now=timezone.now()
    )
    click.echo(secret)
    say(_("已登记。请把密钥交给对方，它不会再次显示。"))


@hooks.command("rotate", help=gettext_lazy("更换签名密钥；旧密钥再用一天。"))
@_NAME
def rotate(name: str) -> None:
    """Print the new secret on standard output."""
    ready()
    click.echo(keeping.rotate(_named(name), actor=_ACTOR, now=timezone.now()))


@hooks.command("off", help=gettext_lazy("停用。"))
@_NAME
def off(name: str) -> None:
    """What is recorded meanwhile is told when it is switched on again."""
    ready()
    keeping.switch(_named(name), active=False, actor=_ACTOR, now=timezone.now())


@hooks.command("on", help=gettext_lazy("启用，失败的重新推送。"))
@_NAME
def on(name: str) -> None:
    """Go on where it stopped."""
    ready()
    keeping.switch(_named(name), active=True, actor=_ACTOR, now=timezone.now())


@hooks.command("remove", help=gettext_lazy("删除接收方及其推送记录。"))
@_NAME
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
def remove(name: str, yes: bool) -> None:
    """Ask first."""
    ready()
    hook = _named(name)
    confirm(_("删除接收方“{name}”？").format(name=hook.name), yes)
    keeping.remove(hook, actor=_ACTOR, now=timezone.now())


def _named(name: str) -> Hook:
    hook = Hook.objects.filter(name=name).first()
    if hook is None:
        raise CommandError(_("没有名为“{name}”的接收方。").format(name=name))
    return hook


COMMANDS = (hooks,)
