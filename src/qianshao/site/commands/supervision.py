"""Supervision from the command line: reading a decision into items."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kernel.calendar import Calendar
from qianshao.kit import telling
from qianshao.kit.papers.model import PaperError
from qianshao.kit.papers.opening import open_paper
from qianshao.modules.supervision.reading import Decision, Item, read

from .saying import CommandError, document, say

_SHOWN = 36  # characters of an item's text in the table


@click.group(help=gettext_lazy("督查：把文件分解为任务。"))
def supervision() -> None:
    """Supervision."""


@supervision.command(
    "read-decision",
    help=gettext_lazy(
        "把决定、工作报告或任务分工（.txt、.md、.docx、.pdf、.html、.xlsx）读成一项项任务：牵头、配合、指导单位和时限。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--issued",
    type=click.DateTime(["%Y-%m-%d"]),
    help=gettext_lazy("成文日期，例如 2025-03-10；文件里没有或读错时用。"),
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def read_decision(file: Path, issued: datetime | None, as_json: bool) -> None:
    """Exit 0: read, also when no item was found. Exit 2: the file cannot be read."""
    try:
        blocks = open_paper(file)
    except PaperError as error:
        raise CommandError(telling.sentence(error.words), 2) from error
    decision = read(blocks, calendar=Calendar.china(), issued=issued.date() if issued else None)
    if as_json:
        document(decision.document())
    else:
        _print(decision)


def _print(decision: Decision) -> None:
    click.echo(decision.title or _("（没有标题）"))
    day = telling.day(decision.issued) if decision.issued else _("成文日期不详")
    click.echo(_("{number}　{day}").format(number=decision.number or _("没有文号"), day=day))
    click.echo(telling.sentence(decision.lead_rule.words))
    for number, item in enumerate(decision.items, 1):
        _print_item(number, item)
    for words in decision.unsure:
        say(telling.sentence(words))
    say(
        _("共 {n} 项，其中 {m} 项有待核对。").format(
            n=len(decision.items), m=sum(bool(item.unsure) for item in decision.items)
        )
    )


def _print_item(number: int, item: Item) -> None:
    text = item.text.replace("\n", " ")
    short = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    click.echo(f"\n{number}. {item.label}　{short}")
    joined = _("、").join
    rows = (
        (_("牵头"), joined(item.lead)),
        (_("配合"), joined(item.co) + (_("等") if item.open_list else "")),
        (_("指导"), joined(item.guide)),
        (_("领导"), joined(item.people)),
        (_("时限"), _deadline(item)),
    )
    for name, value in rows:
        if value:
            click.echo(f"   {name}　{value}")
    for words in item.unsure:
        click.echo(f"   ？　{telling.sentence(words)}")


def _deadline(item: Item) -> str:
    if item.deadline is None:
        return ""
    return item.deadline if item.day is None else f"{item.deadline}（{telling.day(item.day)}）"


COMMANDS = (supervision,)
