"""The group the commands of openness hang on."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit.replacing import replacing

from ..answering import Answering
from ..saying import CommandError, say


@click.group(cls=Answering, help=gettext_lazy("政务公开：读网页、查网站、核年报。"))
def openness() -> None:
    """Each command is in a file of its own beside this one."""


def keep(path: Path, made: bytes) -> None:
    """Write a file whole or not at all, and say so; where it cannot be written, what stood there stays."""
    try:
        with replacing(path) as half:
            half.write_bytes(made)
    except OSError as error:
        raise CommandError(
            _("写不了 {file}：请换一个可以写的文件夹，或先关闭打开它的程序。").format(file=path)
        ) from error
    say(_("已写入 {file}。").format(file=path))
