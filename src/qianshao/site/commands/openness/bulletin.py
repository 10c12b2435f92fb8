"""The monthly bulletin from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine

from ..saying import CommandError, document, ready
from .group import keep, openness


@openness.command("bulletin", help=gettext_lazy("写一个月的政务公开监察月报（.docx）。"))
@click.option("--month", required=True, help=gettext_lazy("哪一个月，例如 2026-10。"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_lazy("写到哪个文件。"),
)
@click.option(
    "--site",
    default="http://127.0.0.1:8000/",
    show_default=True,
    help=gettext_lazy("文中链接以哪个网址开头。"),
)
@click.option(
    "--json", "as_json", is_flag=True, help=gettext_lazy("输出一份 JSON，内含每个数字及其名单地址。")
)
def bulletin(month: str, out: Path | None, site: str, as_json: bool) -> None:
    """The whole city's, as the last day of the month left things."""
    if not out and not as_json:
        raise CommandError(_("请给出 --json，或以 --out 指明写到哪个文件。"))
    ready()
    from qianshao.site.oversight import bulletin as bulletins
    from qianshao.site.oversight.figures import Reader

    reader = Reader(machine("bulletin"), timezone.now())
    of = bulletins.month_of(month, reader)
    if out:
        keep(out, bulletins.write(of, reader, site=site))
    if as_json:
        document(bulletins.document(of, reader, site=site))
