"""The burden from the command line: last year's numbers from a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine
from qianshao.kit import telling
from qianshao.kit.sheets.model import SheetError
from qianshao.modules.burden import lastyear

from .saying import CommandError, confirm, document, ready, say


@click.group(help=gettext_lazy("减负：额度和上年数。"))
def burden() -> None:
    """The burden."""


@burden.command(
    "last-year",
    help=gettext_lazy("从表格导入上年的检查、文件、会议等数，每个单位一行；同一张表再导入一次不会变化。"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=gettext_lazy("只预览，不写入。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def last_year(file: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """All of a sheet or nothing; exit 1 when a cell is wrong, and then nothing is written."""
    ready()
    now = timezone.now()
    try:
        found = lastyear.preview(lastyear.rows_of(file), now)
    except SheetError as error:
        raise CommandError(telling.sentence(error.words), 2) from error
    problems = [
        {"row": one.row, "column": one.column, "problem": telling.sentence(one.words)}
        for one in found.problems
    ]
    for told in problems:
        say(_("第 {row} 行“{column}”：{problem}").format(**told))
    written = 0
    if found.new and not problems and not dry_run:
        confirm(_("写入 {n} 个数？").format(n=len(found.new)), yes)
        written = lastyear.take_over(found.new, actor=machine("console"), now=now)
    if as_json:
        document({"new": len(found.new), "same": found.same, "written": written, "problems": problems})
    else:
        say(
            _("新的 {new} 个，已有 {same} 个，有错 {bad} 处；写入 {written} 个。").format(
                new=len(found.new), same=found.same, bad=len(problems), written=written
            )
        )
    if problems:
        raise click.exceptions.Exit(1)


COMMANDS = (burden,)
