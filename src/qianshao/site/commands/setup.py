"""The first set-up from the server's own console, and the check-list of going live."""

from __future__ import annotations

from datetime import datetime

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit import telling
from qianshao.site.setup import checklist, code, founding
from qianshao.site.setup.founding import Administrator

from .saying import CommandError, confirm, document, ready, say


@click.group(help=gettext_lazy("首次设置：建立真实的城市，查看上线清单。"))
def setup() -> None:
    """A new installation, until it is taken into use."""


@setup.command("code", help=gettext_lazy("取一个新的一次性代码，用来打开首次设置页。"))
def new_code() -> None:
    """The one before it is good no more."""
    ready()
    if not code.needed():
        raise CommandError(_("这里已有单位或账号，首次设置已经关闭。"))
    click.echo(code.fresh(timezone.now()))
    say(_("24 小时内有效，用一次即失效。"))


@setup.command("city", help=gettext_lazy("建立城市和三种管理员，显示他们的一次性登录码。"))
@click.argument("name")
@click.argument("code_of_city", metavar="CODE")
@click.option("--unit", help=gettext_lazy("市政府全称，默认为城市名称加“人民政府”。"))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default="2000-01-01", show_default=True)
@click.option("--system", nargs=2, required=True, metavar="LOGIN NAME", help=gettext_lazy("系统管理员。"))
@click.option("--security", nargs=2, required=True, metavar="LOGIN NAME", help=gettext_lazy("安全管理员。"))
@click.option("--audit", nargs=2, required=True, metavar="LOGIN NAME", help=gettext_lazy("审计管理员。"))
@click.option(
    "--set",
    "numbers",
    nargs=2,
    type=(str, int),
    multiple=True,
    help=gettext_lazy("本市自定的数字：规则 数字。"),
)
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def city(
    name: str,
    code_of_city: str,
    unit: str | None,
    since: datetime,
    system: tuple[str, str],
    security: tuple[str, str],
    audit: tuple[str, str],
    numbers: tuple[tuple[str, int], ...],
    yes: bool,
    as_json: bool,
) -> None:
    """Everything or nothing; the codes are shown once."""
    ready()
    if not code.needed():
        raise CommandError(_("这里已有单位或账号，首次设置已经关闭。"))
    confirm(_("建立“{name}”（{code}）？编码以后不能更改。").format(name=name, code=code_of_city), yes)
    told = (("sysadmin", system), ("secadmin", security), ("auditor", audit))
    issued = founding.found(
        name=name,
        code=code_of_city,
        unit=unit or _("{name}人民政府").format(name=name),
        since=since.date(),
        administrators=tuple(Administrator(role, called, login) for role, (login, called) in told),
        numbers=dict(numbers),
        now=timezone.now(),
    )
    code.spend()
    if as_json:
        document(
            [
                {"role": one.unit, "name": one.name, "login": one.login, "password": one.password}
                for one in issued
            ]
        )
        return
    for one in issued:
        click.echo(f"{one.login:20} {one.password}  {telling.sentence(one.unit)}  {one.name}")
    say(_("登录码只显示这一次，七天内有效，首次登录须更换。接下来：qianshao setup check"))


@setup.command("check", help=gettext_lazy("上线清单：哪些做好了，哪些没有。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def check(as_json: bool) -> None:
    """Ends with 1 while something that is needed is not done."""
    ready()
    found = checklist.points(timezone.now())
    if as_json:
        document([{"key": one.key, "state": one.state, "found": one.found, "how": one.how} for one in found])
    else:
        for one in found:
            click.echo(f"{telling.sentence(one.word)}  {one.title}  {one.found}")
            if one.state != checklist.DONE:
                click.echo(f"        {one.how}")
    if any(one.state == checklist.OPEN for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (setup,)
