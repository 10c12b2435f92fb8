"""The ledger from the command line: verify, export, checkpoint, keys."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.duties.models import Duty
from qianshao.core.ledger import checking, checkpoints, exporting, store
from qianshao.core.ledger.keys import office_key
from qianshao.core.ledger.models import Checkpoint, Leaf

from .data import declare_loss, erase
from .saying import CommandError, document, ready, say


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
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help=gettext_lazy("使用的处理器核数。"),
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def verify(since: Path | None, sealed: bool, workers: int, as_json: bool) -> None:
    """Exit 0 sound, 1 tampered, 3 older than a checkpoint seen outside."""
    ready()
    while store.seal():
        pass
    size = Leaf.objects.count()
    with click.progressbar(length=size, label=_("核验"), file=sys.stderr, hidden=as_json) as bar:
        result = checking.verify(
            workers=workers,
            sealed=sealed,
            since=since.read_text(encoding="utf-8") if since else "",
            progress=lambda seen: bar.update(seen - bar.pos),
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
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def export(out: Path, named: str | None, start: int, as_json: bool) -> None:
    """Write the bundle beside its name first, then put it in place whole."""
    ready()
    while store.seal():
        pass
    now = timezone.now()
    waiting = out.with_name(f".{out.name}.part")
    try:
        with waiting.open("wb") as file:
            count = (
                exporting.duty(file, _stream(named), now=now)
                if named
                else exporting.whole(file, now=now, start=start)
            )
        waiting.replace(out)
    finally:
        waiting.unlink(missing_ok=True)
    if as_json:
        document({"file": str(out), "entries": count, "bytes": out.stat().st_size})
    else:
        say(_("已导出 {n} 条记录到 {file}。").format(n=count, file=out))


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
    while store.seal():
        pass
    made = checkpoints.make(timezone.now())
    if as_json:
        document(
            {
                "size": made.size,
                "note": made.note,
                "sm3_note": made.sm3_note,
                "anchors": [str(p) for p in checkpoints.anchors()],
            }
        )
    else:
        click.echo(made.note, nl=False)


@ledger.command(help=gettext_lazy("打印公钥，交给审计人员（tools/verify_ledger.py --policy）。"))
def keys() -> None:
    """The policy file."""
    ready()
    stated = office_key(signed_before=Checkpoint.objects.exists()).stated()
    click.echo(json.dumps({"origin": checkpoints.origin(), "keys": [stated.plain()]}, indent=2))


ledger.add_command(erase)
ledger.add_command(declare_loss)
COMMANDS = (ledger,)
