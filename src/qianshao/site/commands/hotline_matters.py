"""Same matter and rising matters from the command line: a table of messages in, a table of answers out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from qianshao.kernel.hours import SHANGHAI

from . import hotline_messages as tables
from .saying import CommandError, document, say

if TYPE_CHECKING:
    from qianshao.modules.hotline.matters.grouping import Grouping
    from qianshao.modules.hotline.matters.message import Message
    from qianshao.modules.hotline.matters.rising import Rising

_LISTED = 20
LEAST_WEEKS = 8  # as in ``matters.outbreak``, which is imported only when needed
_EXPLAINED = (
    "group_id", "size", "texts", "first_sent_at", "last_sent_at", "places", "words", "heat", "heat_formula",
    "newest_days", "central_message_id", "title",
)  # fmt: skip

_MEANINGS = {
    "empty": gettext_noop("没有实质内容"),
    "forwarded": gettext_noop("只说已转交"),
    "off_topic": gettext_noop("可能答非所问"),
    "no_act": gettext_noop("没有说做了什么"),
    "no_actor": gettext_noop("没有说由谁做"),
    "no_time": gettext_noop("没有说何时"),
    "asked_when": gettext_noop("问了时间，没有答"),
    "asked_how_much": gettext_noop("问了数额，没有答"),
    "asked_where": gettext_noop("问了地点或部门，没有答"),
    "copied": gettext_noop("与另一件事的答复几乎相同"),
}

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
    messages = read_messages(file, yes, timed=explain is not None)
    grouping = grouped(messages)
    names = [messages[positions[0]].key for positions in grouping.groups]
    of = {at: name for name, positions in zip(names, grouping.groups, strict=True) for at in positions}
    tables.write(
        out, ("message_id", "group_id"), ((message.key, of[at]) for at, message in enumerate(messages))
    )
    if explain is not None:
        tables.write(explain, _EXPLAINED, explained(messages, grouping, last_moment(messages)))
    _told(messages, grouping, names, out, explain, as_json)


def read_messages(file: Path, yes: bool, *, timed: bool = True) -> list[Message]:
    """The messages of a table; raises ``CommandError``, also where they must be ``timed`` and no time can be read."""
    from qianshao.modules.hotline.matters.message import Message

    texts, classes = ("message_id", "title", "body"), ("label_l1", "label")
    needed, also = ((*texts, "sent_at"), classes) if timed else (texts, ("sent_at", *classes))
    lines = tables.read(file, needed, also, yes=yes)
    return [
        Message(
            line.text("message_id"),
            line.text("title"),
            line.text("body"),
            moment,
            line.text("label_l1") or line.text("label"),
        )
        for line, moment in zip(lines, tables.moments(lines, needed=timed), strict=True)
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


def last_moment(messages: Sequence[Message]) -> datetime:
    """The end of the last day with messages: heat is told as of it, so that a file gives one answer on every day."""
    from qianshao.modules.hotline.matters.rising import last_day

    day = last_day(messages)
    if day is None:
        raise CommandError(_("sent_at 一列没有一个可读的时间；请写成 2019-01-06 12:09:38 这样。"))
    return max(
        message.sent_at
        for message in messages
        if message.sent_at is not None and message.sent_at.astimezone(SHANGHAI).date() <= day
    )


def explained(messages: Sequence[Message], grouping: Grouping, now: datetime) -> list[list[Any]]:
    """One row of ``_EXPLAINED`` for each group, the hottest first."""
    from qianshao.modules.hotline.matters.explain import shared
    from qianshao.modules.hotline.matters.heat import FORMULA, heat

    rows = []
    with click.progressbar(grouping.groups, label=_("说明"), file=sys.stderr) as groups:
        for positions in groups:
            held = [messages[at] for at in positions]
            why, how_hot = shared(held, grouping.corpus.rarity), heat(held, now)
            times = [message.sent_at for message in held if message.sent_at is not None]
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
                    held[why.central].key,
                    held[why.central].title,
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


@click.command(
    "rising",
    help=gettext_lazy(
        "找出近七天明显增多的类别、地点或同一件事（Farrington 方法，Noufaily 等 2013）；列同 group，按类别时另需 label_l1。"
    ),
)
@_file
@click.option(
    "--by",
    type=click.Choice(["class", "place", "group"]),
    default="group",
    show_default=True,
    help=gettext_lazy("按类别、地点还是同一件事。"),
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=gettext_lazy("看到这一天为止的七天；默认为最后一条信件的日子。"),
)
@click.option("--all", "everything", is_flag=True, help=gettext_lazy("也列出没有明显增多的。"))
@_yes
@_json
def rising(file: Path, by: str, on: datetime | None, everything: bool, yes: bool, as_json: bool) -> None:
    """Judge each series of weekly counts and tell the alarms."""
    from qianshao.modules.hotline.matters import rising as series

    messages = read_messages(file, yes)
    day = on.date() if on is not None else last_moment(messages).astimezone(SHANGHAI).date()
    found = series.rising(messages, _series(messages, by), day)
    alarms = [one for one in found if one.verdict.alarm]
    shown = found if everything else alarms
    if as_json:
        document(
            {
                "on": day,
                "by": by,
                "series": len(found),
                "alarms": len(alarms),
                "rising": [_series_document(one) for one in shown],
            }
        )
        return
    weeks = max((one.verdict.baseline for one in found), default=0)
    click.echo(
        _("截至{day}的七天：{series} 个序列，{alarms} 个明显增多（基线 {weeks} 周）。").format(
            day=day, series=len(found), alarms=len(alarms), weeks=weeks
        )
    )
    if found and weeks < LEAST_WEEKS:
        click.echo(_("基线不足 {weeks} 周，无法判断是否增多。").format(weeks=LEAST_WEEKS))
    for one in shown[:_LISTED]:
        click.echo(
            _("  {name}：{n} 条，预期 {expected} 条，上限 {limit} 条").format(
                name=one.name,
                n=one.verdict.observed,
                expected=_rounded(one.verdict.expected),
                limit=_rounded(one.verdict.limit),
            )
        )
    if len(shown) > _LISTED:
        click.echo(_("  ……共 {n} 个").format(n=len(shown)))


def _series(messages: Sequence[Message], by: str) -> dict[str, list[int]]:
    from qianshao.modules.hotline.matters import rising as series

    if by == "place":
        return series.by_place(messages)
    if by == "group":
        return series.by_group(messages, grouped(messages).groups)
    found = series.by_class(messages)
    if not found:
        raise CommandError(_("按类别统计须有 label_l1 或 label 列；可先用 qianshao hotline classify 得到。"))
    return found


def _series_document(one: Rising) -> dict[str, Any]:
    verdict = one.verdict
    judged = verdict.why != "short"
    return {
        "name": one.name,
        "observed": verdict.observed,
        "expected": round(verdict.expected, 2) if judged else None,
        "limit": round(verdict.limit, 2) if judged else None,
        "score": round(verdict.score, 3),
        "chance": float(f"{verdict.chance:.2g}"),
        "alarm": verdict.alarm,
        "not_judged": verdict.why or None,
        "baseline_weeks": verdict.baseline,
        "seasonal": verdict.seasonal,
        "weeks": list(one.weeks[-12:]),
        "message_ids": list(one.keys),
    }


def _rounded(value: float) -> str:
    return "—" if value != value else f"{value:.1f}"


@click.command(
    "replies",
    help=gettext_lazy(
        "给答复的审核人提示：是否答非所问、做了什么、谁做、何时做、是否照抄（列：message_id、title、body、reply）。"
    ),
)
@_file
@_out
@_yes
@_json
def replies(file: Path, out: Path, yes: bool, as_json: bool) -> None:
    """Write the hints on each reply; a copy is told of the first reply in the order of the file."""
    from qianshao.modules.hotline.matters.replies import HINTS, Earlier, hints

    tables.writable(out, file)
    lines = tables.read(file, ("message_id", "title", "body", "reply"), yes=yes)
    earlier = Earlier()
    rows = []
    counted = dict.fromkeys(HINTS, 0)
    with click.progressbar(lines, label=_("读答复"), file=sys.stderr) as bar:
        for line in bar:
            key, title, reply = (line.text(name) for name in ("message_id", "title", "reply"))
            found = hints(f"{title}\n{line.text('body')}", reply, earlier)
            earlier.add(key, title, reply)
            rows.append((key, " ".join(found.hints), found.copy_of))
            for hint in found.hints:
                counted[hint] += 1
    tables.write(out, ("message_id", "hints", "copy_of"), rows)
    plain = sum(not row[1] for row in rows)
    copies = sum(bool(row[2]) for row in rows)
    if as_json:
        document(
            {
                "replies": len(rows),
                "without_hints": plain,
                "hints": counted,
                "copies": copies,
                "out": str(out),
            }
        )
        return
    click.echo(
        _("{n} 条答复，{plain} 条没有提示，{copies} 条与此前的答复几乎相同。").format(
            n=len(rows), plain=plain, copies=copies
        )
    )
    for hint, count in counted.items():
        if count:
            click.echo(f"  {_(_MEANINGS[hint])}（{hint}）：{count}")
    say(_("结果已写到 {file}。").format(file=out))


COMMANDS = (group, rising, replies)
