"""The rulebook and the calendar from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import calendars, notices_of_days, rebuild, rulebook
from qianshao.core.duties.models import Duty
from qianshao.kernel.rulebook import to_body

from .saying import CommandError, confirm, document, ready, say


@click.group(help=gettext_lazy("规则：查看各期限的版本与出处。"))
def rules() -> None:
    """The numbers of the law and of the city."""


@rules.command("list", help=gettext_lazy("列出现行规则。"))
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help=gettext_lazy("哪一天的规则，默认今天。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def list_rules(on: datetime | None, as_json: bool) -> None:
    """Every rule in force on a day."""
    ready()
    day = on.date() if on else timezone.localdate()
    book = rulebook.book()
    keys = dict.fromkeys(text.key for text in book.texts)
    found = [book.in_force(key, day) for key in keys]
    if as_json:
        document([to_body(text) for text in found])
        return
    for text in found:
        rule = text.rule
        click.echo(f"{text.name}  {text.title}  {rule.term.words}  {rule.citation}  [{rule.citation.status}]")


@click.group(help=gettext_lazy("工作日历：放假与调休安排。"))
def calendar() -> None:
    """The working calendar."""


@calendar.command("load", help=gettext_lazy("载入一年的放假通知，并重新计算受影响的未办结事项。"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def load(file: Path, yes: bool, as_json: bool) -> None:
    """Add a notice, then move the dates it moves, each with an entry that says so."""
    ready()
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(
            _("{file} 不是 UTF-8 编码的文件，请另存为 UTF-8。").format(file=file.name)
        ) from error
    now = timezone.now()
    actor = machine("calendar")
    year = notices_of_days.check(text, file.name)
    open_duties = Duty.objects.filter(open=True, due_at__isnull=False).count()
    confirm(
        _("载入 {year} 年放假通知，并检查 {n} 件未办结事项的日期？").format(year=year, n=open_duties), yes
    )
    with transaction.atomic():
        notices_of_days.load(text, file.name, actor=actor, now=now)
    moved = rebuild.reschedule_open(because=_("载入{year}年放假通知").format(year=year), actor=actor, now=now)
    if as_json:
        document(
            {"year": year, "checked": open_duties, "moved": moved, "last_day": calendars.current().last_day}
        )
        return
    say(_("已载入。{n} 件事项的日期有变动，均已留下记录。").format(n=moved))


COMMANDS = (rules, calendar)
