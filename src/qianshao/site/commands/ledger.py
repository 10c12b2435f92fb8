"""The ledger from the command line: verify, export, checkpoint, keys."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.duties.models import Duty
from qianshao.core.files import keep
from qianshao.core.ledger import anchoring, checking, checkpoints, exporting, gate, loss, store
from qianshao.core.ledger.keys import office_key
from qianshao.core.ledger.models import Checkpoint, Leaf
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.note import BadNote

from .data import declare_loss, erase
from .saying import CommandError, document, ready, say

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help=gettext_lazy("账本：核验、导出、检查点。"))
def ledger() -> None:
    """The ledger."""


@ledger.command(help=gettext_lazy("逐条核验账本：记录、链接、两棵树、检查点和库外检查点。"))
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_lazy("自己保存的检查点文件。"),
)
@click.option("--sealed", is_flag=True, help=gettext_lazy("同时打开每份封存数据，与承诺核对。"))
@click.option("--files", is_flag=True, help=gettext_lazy("同时重新读取每份佐证，与摘要核对。"))
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help=gettext_lazy("使用的处理器核数。"),
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def verify(since: Path | None, sealed: bool, files: bool, workers: int, as_json: bool) -> None:
    """Exit 0 sound, 1 tampered, 2 unreadable (a ``--since`` that is no checkpoint of ours), 3 older than a checkpoint seen outside."""
    ready()
    store.seal_all()
    size = Leaf.objects.count()
    with click.progressbar(length=size, label=_("核验"), file=sys.stderr, hidden=as_json) as bar:
        try:
            result = checking.verify(
                workers=workers,
                sealed=sealed,
                since=_text(since),
                progress=lambda seen: bar.update(seen - bar.pos),
            )
        except BadNote as error:
            raise CommandError(f"{since}: {error}", 2) from error
    if files:
        words = {"changed": _("已被改动"), "missing": _("不在了")}
        result.faults.extend(
            _("佐证 {sha}：{what}").format(sha=damage.sha256, what=words[damage.what])
            for damage in keep.scrub()
        )
    status = 0 if result.sound else 3 if result.older_than is not None else 1
    if as_json:
        document(
            {
                "sound": result.sound,
                "size": result.report.size,
                "streams": result.report.streams,
                "root": result.report.sha256_root.hex(),
                "sm3_root": result.report.sm3_root.hex(),
                "older_than": result.older_than,
                "unnumbered": result.unnumbered,
                "faults": result.faults,
                "remarks": result.remarks,
                "findings": [
                    {"entry": f.seq, "stream": f.stream, "number": f.sseq, "reason": f.reason}
                    for f in result.findings
                ],
            }
        )
    else:
        _tell(result)
    raise SystemExit(status)


def _tell(result: checking.Result) -> None:
    report = result.report
    click.echo(_("{n} 条记录，{streams} 条记录链").format(n=report.size, streams=report.streams))
    click.echo(f"SHA-256 {report.sha256_root.hex()}")
    click.echo(f"SM3     {report.sm3_root.hex()}")
    for fault in result.faults:
        click.echo(fault)
    for finding in result.findings[:50]:
        click.echo(
            _("第 {seq} 条记录（{stream} 第 {n} 号）：{reason}").format(
                seq=finding.seq, stream=finding.stream or "?", n=finding.sseq, reason=finding.reason
            )
        )
    for remark in result.remarks:
        click.echo(_("注意：{remark}").format(remark=remark))
    if result.sound:
        click.echo(_("完好。"))
    elif result.older_than is not None:
        click.echo(_("账本比库外的检查点旧：应有至少 {n} 条记录。").format(n=result.older_than))
    else:
        click.echo(_("账本被改动过。"))


@ledger.command(help=gettext_lazy("导出账本，供 tools/verify_ledger.py 在别的机器上核验。"))
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_lazy("写入的文件。"),
)
@click.option("--duty", "named", help=gettext_lazy("只导出一件事项：编号或记录链名。"))
@click.option("--from", "start", default=0, type=click.IntRange(0), help=gettext_lazy("从第几条记录起。"))
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_lazy("审计人员所持的检查点：导出此后的全部记录；与 --duty 同用时附上延续它的证明。"),
)
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_lazy("审计人员所持的每日链头（与 --duty 同用）：证明事项到那一天是完整的。"),
)
@click.option("--from-day", type=_DAY, help=gettext_lazy("从哪一天起（与 --to-day 同用）。"))
@click.option("--to-day", type=_DAY, help=gettext_lazy("到哪一天为止，含当天。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def export(
    out: Path,
    named: str | None,
    start: int,
    since: Path | None,
    heads: Path | None,
    from_day: datetime | None,
    to_day: datetime | None,
    as_json: bool,
) -> None:
    """Write the bundle beside its name first, then put it in place whole."""
    if (from_day is None) != (to_day is None) or (from_day and to_day and to_day < from_day):
        raise CommandError(_("--from-day 和 --to-day 要一起给出，且前者不晚于后者。"))
    if (
        sum(map(bool, (named, start, from_day))) > 1
        or (since and (start or from_day))
        or (heads and not named)
    ):
        raise CommandError(_("一次只导出一种：全部、--from、--since、--from-day 与 --to-day，或 --duty。"))
    ready()
    store.seal_all()
    now = timezone.now()
    waiting = out.with_name(f".{out.name}.part")
    try:
        with gate.told_when_full(), waiting.open("wb") as file:
            if named:
                count = exporting.duty(
                    file, _stream(named), now=now, since=_text(since), held_heads=_text(heads)
                )
            elif from_day and to_day:
                first, last = (day.replace(tzinfo=SHANGHAI) for day in (from_day, to_day))
                count = exporting.period(file, since=first, until=last + timedelta(days=1), now=now)
            else:
                count = exporting.whole(file, now=now, start=_held_size(since) if since else start)
        waiting.replace(out)
    finally:
        waiting.unlink(missing_ok=True)
    if as_json:
        document({"file": str(out), "entries": count, "bytes": out.stat().st_size})
    else:
        say(_("已导出 {n} 条记录到 {file}。").format(n=count, file=out))


def _text(path: Path | None) -> str:
    return path.read_text(encoding="utf-8") if path else ""


def _held_size(path: Path) -> int:
    held = anchoring.read_note(_text(path))
    if held.origin != loss.origin():
        raise BadNote(_("所持检查点属于 {other}，不是这本账").format(other=held.origin))
    return held.size


def _stream(named: str) -> str:
    found = list(Duty.objects.filter(stream=named.lower()).values_list("stream", flat=True)) or list(
        Duty.objects.filter(number=named).values_list("stream", flat=True)[:2]
    )
    if not found:
        raise CommandError(_("没有编号或记录链名为 {name} 的事项。").format(name=named))
    if len(found) > 1:
        raise CommandError(_("编号 {name} 对应不止一件事项，请用记录链名。").format(name=named))
    return found[0]


@ledger.command(help=gettext_lazy("现在就生成一个检查点，并写到库外。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def checkpoint(as_json: bool) -> None:
    """Seal what waits, sign, anchor."""
    ready()
    store.seal_all()
    made = checkpoints.make(timezone.now())
    if as_json:
        document(
            {
                "size": made.size,
                "note": made.note,
                "sm3_note": made.sm3_note,
                "anchors": [str(path) for path in anchoring.folders()],
            }
        )
    else:
        click.echo(made.note, nl=False)


@ledger.command(help=gettext_lazy("打印公钥，交给审计人员（tools/verify_ledger.py --policy）。"))
def keys() -> None:
    """The policy file."""
    ready()
    stated = office_key(signed_before=Checkpoint.objects.exists()).stated()
    click.echo(json.dumps({"origin": loss.origin(), "keys": [stated.plain()]}, indent=2))


ledger.add_command(erase)
ledger.add_command(declare_loss)
COMMANDS = (ledger,)
