"""The demonstration: the sample city, made, shown, removed."""

from __future__ import annotations

from datetime import datetime, time

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.hours import SHANGHAI
from qianshao.site.samplecity import cast, folder
from qianshao.site.samplecity.replay import Count
from qianshao.site.samplesite.pages import site_of
from qianshao.site.samplesite.serving import served

from . import serve
from .saying import CommandError, confirm, document, ready, say

_SEED = 1
_SCALE = "small"


@click.command(help=gettext_lazy("演示：没有数据时建好示例城市刺桐市，显示账号并启动服务。"))
@click.option("--host", default="127.0.0.1", show_default=True, help=gettext_lazy("监听地址。"))
@click.option("--port", default=8000, show_default=True, type=int, help=gettext_lazy("监听端口。"))
def demo(host: str, port: int) -> None:
    """Serve the sample city; its story is told on to the present moment each time."""
    ready()
    sample = folder.here()
    if sample is None and not folder.is_empty():
        raise CommandError(
            _("数据文件夹 {home} 里已有数据，不是示例城市。请用 qianshao serve 启动。").format(
                home=settings.HOME
            )
        )
    seed, scale = (sample.seed, sample.scale) if sample else (_SEED, _SCALE)
    _make(seed, scale, timezone.now())
    _show_accounts()
    with served(site_of(timezone.localdate(), Calendar.china()), port + 1) as address:
        say(_("有缺陷的示例网站：{address}").format(address=address))
        say(f"  qianshao openness watch {address} --allow-private --delay 0 --unit bureau-transport")
        serve.run(host, port, workers=1)


@click.group(help=gettext_lazy("示例城市：建立、清除。"))
def sample() -> None:
    """The sample city 刺桐市."""


@sample.command("make", help=gettext_lazy("建立示例城市，或把示例数据续到今天。"))
@click.option(
    "--seed",
    default=_SEED,
    show_default=True,
    type=int,
    help=gettext_lazy("随机种子；同一种子得到同一座城市。"),
)
@click.option(
    "--scale", default=_SCALE, show_default=True, help=gettext_lazy("规模：village、small、city，或工单数。")
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help=gettext_lazy("示例数据生成到哪一天为止，默认此刻。")
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def make(seed: int, scale: str, until: datetime | None, as_json: bool) -> None:
    """Salts and keys are drawn at random, so two cities of one seed have equal facts and different hashes."""
    ready()
    now = timezone.now()
    end = datetime.combine(until.date(), time(18), SHANGHAI) if until else now
    if until and until.date() > timezone.localdate(now):
        raise CommandError(_("--until 不能晚于今天。"))
    counted = _make(seed, scale, min(end, now))
    if as_json:
        document({"recorded": counted.recorded, "gave_way": counted.gave_way, "accounts": str(cast.file())})
        return
    _show_accounts()


def _make(seed: int, scale: str, until: datetime) -> Count:
    def progress(done: int) -> None:
        say(_("  已记录 {n} 条").format(n=done))

    if folder.here() is None:
        say(_("正在建立示例城市刺桐市（虚构），约需一两分钟……"))
    began = timezone.now()
    counted = folder.make(seed=seed, scale=scale, until=until, progress=progress)
    spent = (timezone.now() - began).total_seconds()
    say(_("示例城市已就绪：新记录 {n} 条，用时 {s:.0f} 秒。").format(n=counted.recorded, s=spent))
    if counted.gave_way:
        say(_("有 {n} 条因事项已被人办理而略过。").format(n=counted.gave_way))
    return counted


def _show_accounts() -> None:
    click.echo(_("演示账号（也记在 {file}）：").format(file=cast.file()))
    for one in cast.written_down():
        click.echo(f"  {one.login:<10} {one.password}  {one.role}  {one.name}（{one.unit}）")


@sample.command("remove", help=gettext_lazy("清除示例城市；记录只增不删，所以连同它的数据文件夹一起清除。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def remove(yes: bool, as_json: bool) -> None:
    """Leaves the folder as if the product had never run in it."""
    if folder.here() is not None:
        confirm(
            _("将清除 {home} 中的示例城市、全部账号和密钥。请先停止服务。继续？").format(home=settings.HOME),
            yes,
        )
    left = folder.remove()
    if as_json:
        document({"removed": True, "left": left})
        return
    say(_("示例城市已清除，不留痕迹。"))
    if left:
        say(_("以下文件不属于示例城市，未动：{names}").format(names=_("、").join(left)))


COMMANDS = (demo, sample)
