"""What is wrong with a command as it was typed, in the reader's language; the parser itself speaks English only."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

_UNKNOWN = "No such command"


def sentence(error: click.ClickException) -> str:
    """The mistake, and where to read how the command is written."""
    context = getattr(error, "ctx", None)
    told = _mistake(error)
    return told if context is None else _("{told}用 --help 看用法。").format(told=told)


def _mistake(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = _("是不是 {names}？").format(names="、".join(error.possibilities or []))
            return _("没有 {option} 这个选项。").format(option=error.option_name) + (
                near if error.possibilities else ""
            )
        case click.UsageError() if error.message.startswith(_UNKNOWN):
            return _("没有 {name} 这个命令。").format(name=error.message.split("'")[1])
        case click.MissingParameter():
            return _("缺“{name}”。").format(name=_named(error))
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.Choice):
            options = "、".join(map(str, error.param.type.choices))  # type: ignore[union-attr]
            return _("“{name}”只能是其中之一：{options}。").format(name=_named(error), options=options)
        case click.BadParameter():
            return _("“{name}”写得不对：{why}").format(name=_named(error), why=error.format_message())
        case _:
            return error.format_message()


def _named(error: click.BadParameter) -> str:
    """The option or argument as it is typed."""
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    return error.param.human_readable_name if error.param else str(error.param_hint or "")
