"""``qianshao openness watch``: go round a government site and hold it against the inspection items."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.kit.telling import sentence
from qianshao.modules.openness.findings import keeping
from qianshao.modules.openness.watch import columns as columns_of_the_city
from qianshao.modules.openness.watch import running
from qianshao.modules.openness.watch import settings as settings_in_force
from qianshao.modules.openness.watch.crawl import Tally
from qianshao.modules.openness.watch.items import BadColumns, Column, columns_of

from ..saying import CommandError, document, ready, say
from .group import openness


@openness.command(
    "watch",
    help=gettext_lazy("监测一个政府网站：礼貌地走遍全站，逐项检查，留下证据。中断后再次运行会接着走。"),
)
@click.argument("site")
@click.option("--host", "hosts", multiple=True, help=gettext_lazy("同属本站的其他主机名，可重复。"))
@click.option(
    "--delay",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 60),
    help=gettext_lazy("对同一主机两次访问之间的秒数；robots.txt 要求更长时从其要求。"),
)
@click.option(
    "--workers",
    default=4,
    show_default=True,
    type=click.IntRange(1, 32),
    help=gettext_lazy("同时在途的访问数。"),
)
@click.option(
    "--pages",
    default=100_000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help=gettext_lazy("最多访问多少页。"),
)
@click.option("--allow-private", is_flag=True, help=gettext_lazy("允许访问内网地址和其他端口。"))
@click.option("--afresh", is_flag=True, help=gettext_lazy("不接着上次，从头开始。"))
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help=gettext_lazy("以哪一天为今天来判断，默认今天。")
)
@click.option(
    "--unit",
    default="",
    help=gettext_lazy("网站所属单位的代码；给出时把发现登记下来，并为该单位开立整改事项。"),
)
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_lazy(
        "本市必设栏目的 JSON 文件（栏目名称 → 链接字样），代替“规则”页上设定的；都没有时用内置的五个（凭记忆，未核实）。"
    ),
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def watch(
    site: str, hosts: tuple[str, ...], delay: float, workers: int, pages: int, allow_private: bool, afresh: bool,
    on: datetime | None, unit: str, columns: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Exit 0: the round came to its end, whatever it found. 2: no such site or unit. 3: the site stopped it. 130: a person did."""
    now = timezone.now()
    if unit:
        ready()
        keeping.known_unit(unit)
    today = on.date() if on else timezone.localdate(now)
    book = _book()
    named = _columns(columns)
    if book is not None and named is None:
        named = columns_of_the_city.in_force(today)
    numbers = settings_in_force.numbers(book or rulebook.Book(rulebook.shipped()), today, named)
    plan = running.plan_of(
        site, hosts=hosts, delay=delay, workers=workers, most_pages=pages, allow_private=allow_private
    )
    watched = running.watch(
        plan,
        home=Path(settings.HOME),
        today=today,
        calendar=Calendar.china(),
        numbers=numbers,
        tell=_progress,
        afresh=afresh,
    )
    if sys.stderr.isatty():
        click.echo("", err=True)
    if unit:
        kept = keeping.keep(watched, unit=unit, now=timezone.now())
        say(
            _("登记 {opened} 项新发现并开立事项，{known} 项此前已登记。").format(
                opened=kept.opened, known=kept.known
            )
        )
    if as_json:
        document(watched.document(lambda key: keeping.human(plan.start, key) if unit else None))
    else:
        _tell(watched)
    if watched.tally.interrupted:
        say(_("已停止，做过的都已保存；再次运行会接着走。"))
        sys.exit(130)
    if watched.tally.stopped:
        say(watched.tally.stopped)
        sys.exit(3)


def _book() -> rulebook.Book | None:
    """The city's numbers where it has a database already, else None: a watch needs none, those shipped do."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).is_file():
        return None
    ready()
    return rulebook.book()


def _columns(path: Path | None) -> tuple[Column, ...] | None:
    if path is None:
        return None
    try:
        return columns_of(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, BadColumns) else _("{file} 不是 JSON。").format(file=path)
        raise CommandError(sentence(said)) from None


def _progress(tally: Tally) -> None:
    told = _("已访问 {done} 页，失败 {failed}，用时 {seconds:.0f} 秒").format(
        done=tally.done, failed=tally.failed, seconds=tally.seconds
    )
    click.echo(f"\r{told}" if sys.stderr.isatty() else told, nl=not sys.stderr.isatty(), err=True)


def _tell(watched: running.Watched) -> None:
    for finding in watched.verdict.findings:
        state = _("机器查实") if finding.automatic == "found" else _("疑似，待人工确认")
        click.echo(f"{finding.rule:<8} {state}  {sentence(finding.sentence)}")
        click.echo(f"         {finding.url}  {finding.evidence.at}  {finding.evidence.capture}")
    unjudged = _("无法判定")
    for rule, why in watched.verdict.unjudged:
        click.echo(f"{rule:<8} {unjudged}  {sentence(why)}")
    click.echo(
        _("共 {n} 项发现；访问 {done} 页，{state}。证据在 {folder}").format(
            n=len(watched.verdict.findings),
            done=watched.tally.done,
            state=_("走完全站") if watched.whole else _("没有走完"),
            folder=watched.folder,
        )
    )
