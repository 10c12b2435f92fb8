"""The yearly report of a unit from the command line, made from the registers."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit import telling
from qianshao.modules.openness.report.finding import Finding

from ..answering import FOUND
from ..saying import CommandError, document, ready, say
from .group import keep, openness


@openness.command(
    "report", help=gettext_lazy("由登记的事项编制一个单位一年的政府信息公开工作年度报告，并核对勾稽关系。")
)
@click.argument("unit")
@click.argument("year", type=int)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_lazy("写到哪个文件：.docx、.html 或 .json。"),
)
def report(unit: str, year: int, as_json: bool, out: Path | None) -> None:
    """UNIT is the unit's code. Exit 0: made, and all balances. 1: made, and something was found. 2: no such unit or year."""
    ready()
    from qianshao.modules.openness.report import compute, exports
    from qianshao.site.oversight import yearly

    suffix = out.suffix.removeprefix(".").lower() if out else ""
    if out and suffix not in yearly.TYPES:
        raise CommandError(
            _("--out 的文件名须以 .docx、.html 或 .json 结尾，不能是“{file}”。").format(file=out)
        )
    if not out and not as_json:
        raise CommandError(_("请给出 --json，或以 --out 指明写到哪个文件。"))
    try:
        made = yearly.make(yearly.body_of(unit), year, timezone.now())
    except compute.BadRecord as error:
        raise CommandError(telling.sentence(error.words)) from None
    except (yearly.BadYear, yearly.NoBody) as error:
        raise CommandError(str(error)) from None
    if out:
        keep(out, yearly.written(made.report, suffix))
    if as_json:
        document({**exports.as_json(made.report), "findings": [_row(each) for each in made.findings]})
    for finding in made.findings:
        say(f"{finding.id}  {telling.sentence(finding.says)}")
    if not made.compiled:
        say(_("第二部分的数据和各部分的文字尚未填写。"))
    if made.untold:
        say(_("{n} 件申请没有登记申请人类别，按自然人计。").format(n=len(made.untold)))
    if made.findings:
        raise SystemExit(FOUND)


def _row(finding: Finding) -> dict[str, object]:
    return {**finding.as_json(), "says": telling.sentence(finding.says)}
