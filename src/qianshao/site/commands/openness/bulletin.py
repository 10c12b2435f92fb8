"""The monthly bulletin from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine

from ..saying import ready
from .group import keep, openness


@openness.command("bulletin", help=gettext_lazy("写一个月的政务公开监察月报（.docx）。"))
@click.option("--month", required=True, help=gettext_lazy("哪一个月，例如 2026-10。"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=gettext_lazy("写到哪个文件。"),
)
@click.option(
    "--site",
    default="http://127.0.0.1:8000/",
    show_default=True,
    help=gettext_lazy("文中链接以哪个网址开头。"),
)
def bulletin(month: str, out: Path, site: str) -> None:
    """The whole city's, as the last day of the month left things."""
    ready()
    from qianshao.site.oversight import bulletin as bulletins
    from qianshao.site.oversight.figures import Reader

    reader = Reader(machine("bulletin"), timezone.now())
    keep(out, bulletins.write(bulletins.month_of(month, reader), reader, site=site))
