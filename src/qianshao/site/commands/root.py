"""The root of the command tree; a command's module is loaded when it is asked for, so that none waits for all."""

from __future__ import annotations

from importlib import import_module

import click
from django.utils.translation import gettext_lazy as _

# Command → the module beside this one that has it, in the order of the help.
PLACES = {
    "serve": "serve",
    "prepare": "serve",
    "tick": "serve",
    "demo": "sample",
    "sample": "sample",
    "setup": "setup",
    "org": "org",
    "account": "account_keys",
    "hotline": "hotline",
    "openness": "openness",
    "supervision": "supervision",
    "burden": "burden",
    "clock": "clock",
    "rules": "rules",
    "calendar": "rules",
    "ledger": "ledger",
    "backup": "data",
    "restore": "data",
    "rebuild": "data",
    "reindex": "data",
    "hooks": "hooks",
}


class _Lazily(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PLACES:
            return None
        module = import_module(f".{PLACES[cmd_name]}", __package__)
        found: click.Command = next(each for each in module.COMMANDS if each.name == cmd_name)
        return found


@click.group(
    cls=_Lazily,
    help=_("前哨：市政府办公室的工作平台。数据放在 QIANSHAO_HOME 所指的文件夹。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help=_("界面语言：zh 中文，en 英文。"), expose_value=False
)
@click.version_option(package_name="qianshao", prog_name="qianshao", message="%(prog)s %(version)s")
def root() -> None:
    """The group itself does nothing; ``main`` has chosen the language before it is built."""
