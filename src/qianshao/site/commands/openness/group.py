"""The group the commands of openness hang on."""

from __future__ import annotations

import click
from django.utils.translation import gettext_lazy as _


@click.group(help=_("政务公开：读网页、查网站、核年报。"))
def openness() -> None:
    """Each command is in a file of its own beside this one."""
