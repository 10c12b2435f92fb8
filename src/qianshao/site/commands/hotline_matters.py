"""Same matter and rising matters from the command line: a table of messages in, a table of answers out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import hotline_messages as tables
from .saying import document, say

if TYPE_CHECKING:
    from qianshao.modules.hotline.matters.grouping import Grouping
    from qianshao.modules.hotline.matters.message import Message

_LISTED = 20
_EXPLAINED = (
    "group_id", "size", "texts", "first_sent_at", "last_sent_at", "places", "words", "heat", "heat_formula",
    "newest_days", "central_message_id", "title",
)  # fmt: skip

_file = click.argument("file", type=click.Path(path_type=Path))
_out = click.option(
    "--out", type=click.Path(path_type=Path), required=True, help=gettext_lazy("结果写到这个 .csv 文件。")
)
_yes = click.option("--yes", is_flag=True, help=gettext_lazy("按建议的列对应，不再询问。"))
_json = click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))


@click.command(
    "group",
    help=gettext_lazy(
        "把讲同一件事的信件归为一组（列：message_id、title、body、sent_at；结果：message_id、group_id）。"
    ),
)
@_file
@_out
@click.option(
    "--explain",
    type=click.Path(path_type=Path),
    help=gettext_lazy("把每一组的规模、时段、共同的地点和词语、热度写到这个 .csv 或 .xlsx 文件。"),
)
@_yes
@_json
def group(file: Path, out: Path, explain: Path | None, yes: bool, as_json: bool) -> None:
    """Read the messages, group them, and write one row for each."""
    tables.writable(out, file)
    if explain is not None:
        tables.writable(explain, file, out)
    messages = read_messages(file, yes)
    grouping = grouped(messages)
    names = [messages[positions[0]].key for positions in grouping.groups]
    of = {at: name for name, positions in zip(names, grouping.groups, strict=True) for at in positions}
    tables.write(
        out, ("message_id", "group_id"), ((message.key, of[at]) for at, message in enumerate(messages))
    )
    if explain is not None:
        tables.write(explain, _EXPLAINED, explained(messages, grouping, latest(messages)))
    _told(messages, grouping, names, out, explain, as_json)


def read_messages(file: Path, yes: bool) -> list[Message]:
    """The messages of a table; raises ``CommandError``."""
    from qianshao.modules.hotline.matters.message import Message

    lines = tables.read(file, ("message_id", "title", "body", "sent_at"), ("label_l1", "label"), yes=yes)
    return [
        Message(
            line.text("message_id"),
            line.text("title"),
            line.text("body"),
            moment,
            line.text("label_l1") or line.text("label"),
        )
        for line, moment in zip(lines, tables.moments(lines), strict=True)
    ]


def grouped(messages: Sequence[Message]) -> Grouping:
    """The groups, with a bar on standard error."""
    from qianshao.modules.hotline.matters import grouping

    labels = {"compare": _("比较"), "join": _("归组")}
    with click.progressbar(length=len(messages), label=_("读信"), file=sys.stderr) as bar:

        def tell(doing: str, done: int, _of: int) -> None:
            if doing in labels:
                bar.update(len(messages) - bar.pos)
                bar.label = labels[doing]
            else:
                bar.update(done - bar.pos)

        return grouping.group(messages, tell=tell)


def latest(messages: Sequence[Message]) -> datetime:
    """The moment of the last message: heat is told as of it, so that a file gives one answer on every day."""
    return max(message.sent_at for message in messages if message.sent_at is not None)


def explained(messages: Sequence[Message], grouping: Grouping, now: datetime) -> list[list[Any]]:
    """One row of ``_EXPLAINED`` for each group, the hottest first."""
    from qianshao.modules.hotline.matters.explain import shared
    from qianshao.modules.hotline.matters.heat import FORMULA, heat

    rows = []
    for positions in grouping.groups:
        held = [messages[at] for at in positions]
        why, how_hot = shared(held, grouping.corpus.rarity), heat(held, now)
        times = [message.sent_at for message in held if message.sent_at is not None]
        central = held[why.central]
        rows.append(
            [
                held[0].key,
                len(held),
                how_hot.texts,
                min(times, default=None),
                max(times, default=None),
                "、".join(why.places),
                "、".join(why.words),
                f"{how_hot.value:.3f}",
                FORMULA,
                "" if how_hot.newest_days is None else f"{how_hot.newest_days:.1f}",
                central.key,
                central.title,
            ]
        )
    return sorted(rows, key=lambda row: (-float(row[7]), -row[1], row[0]))


def _told(
    messages: Sequence[Message],
    grouping: Grouping,
    names: Sequence[str],
    out: Path,
    explain: Path | None,
    as_json: bool,
) -> None:
    sizes = sorted(
        ((len(positions), name) for positions, name in zip(grouping.groups, names, strict=True)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    alone = sum(size == 1 for size, _name in sizes)
    if as_json:
        document(
            {
                "messages": len(messages),
                "groups": len(sizes),
                "alone": alone,
                "largest": [{"group_id": name, "size": size} for size, name in sizes[:_LISTED] if size > 1],
                "out": str(out),
                "explain": str(explain) if explain else None,
            }
        )
        return
    click.echo(
        _("{messages} 条信件归为 {groups} 组，其中 {alone} 条单独成组，最大的一组有 {size} 条。").format(
            messages=len(messages), groups=len(sizes), alone=alone, size=sizes[0][0]
        )
    )
    say(_("结果已写到 {file}。").format(file=out))


COMMANDS = (group,)
