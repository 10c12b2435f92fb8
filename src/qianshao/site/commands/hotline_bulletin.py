"""The hotline's bulletins from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine

from .saying import CommandError, document, ready, say


@click.command("bulletin", help=gettext_lazy("写热线日报、周报或月报（.docx）。"))
@click.option(
    "--period",
    type=click.Choice(["day", "week", "month"]),
    required=True,
    help=gettext_lazy("日报、周报还是月报：day、week、month。"),
)
@click.option(
    "--on", metavar="DATE", required=True, help=gettext_lazy("所报时段内的任一天，例如 2026-10-15。")
)
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
@click.option(
    "--json", "as_json", is_flag=True, help=gettext_lazy("输出一份 JSON，内含每个数字及其名单地址。")
)
def bulletin(period: str, on: str, out: Path, site: str, as_json: bool) -> None:
    """The whole city's, as the last day of the period left things."""
    ready()
    from qianshao.site.hotline import bulletin as bulletins
    from qianshao.site.oversight.figures import Reader

    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise CommandError(
            _("--on 须为日期，例如 2026-10-15，不是“{value}”").format(value=on[:20]), 2
        ) from None
    found = bulletins.gather(period, day, Reader(machine("bulletin"), timezone.now()))
    out.write_bytes(bulletins.write(found, site))
    if as_json:
        document({"file": str(out), **bulletins.document(found, site)})
    else:
        say(_("已写入 {file}。").format(file=out))


COMMANDS = (bulletin,)
