"""The root of the command tree."""

from __future__ import annotations

import click
from django.utils.translation import gettext_lazy as _


@click.group(
    help=_("前哨：市政府办公室的工作平台。数据放在 QIANSHAO_HOME 所指的文件夹。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help=_("界面语言：zh 中文，en 英文。"), expose_value=False
)
@click.version_option(package_name="qianshao", prog_name="qianshao", message="%(prog)s %(version)s")
def root() -> None:
    """The group itself does nothing; ``main`` has chosen the language before it is built."""


def _gather() -> None:
    from . import account_keys as _adds_to_account  # noqa: F401
    from . import burden, clock, data, hooks, hotline, ledger, openness, org, rules, sample, serve, setup
    from . import supervision as items

    parts = (serve, sample, setup, org, hotline, openness, items, burden, clock, rules, ledger, data, hooks)
    for part in parts:
        for command in part.COMMANDS:
            root.add_command(command)


_gather()
