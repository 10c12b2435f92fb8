"""Backup, restore and rebuild."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import erasing, reindexing
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild as refold
from qianshao.core.ledger import backups, loss

from .saying import CommandError, confirm, document, ready, say


@click.command(help=gettext_lazy("备份数据库和文件；密钥另存一处（--keys）。"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help=gettext_lazy("密钥备份的文件夹，应与数据备份分开保管。"),
)
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def backup(folder: Path, keys: Path | None, as_json: bool) -> None:
    """Write a new backup into FOLDER; nothing in it is overwritten."""
    ready()
    made = backups.backup(folder, now=timezone.now())
    kept = backups.backup_keys(keys, now=timezone.now()) if keys else None
    if as_json:
        document(
            {
                "backup": str(made.folder),
                "keys": str(kept) if kept else None,
                "size": made.size,
                "root": made.root,
            }
        )
        return
    say(_("已备份 {n} 条记录到 {folder}。").format(n=made.size, folder=made.folder))
    if kept is None:
        say(_("没有备份密钥：缺少密钥时，封存的个人信息无法恢复。请另用 --keys 存到别处。"))


@click.command(help=gettext_lazy("从备份恢复到当前数据文件夹，并核验是否比库外检查点旧。"))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=gettext_lazy("密钥备份的文件夹。"),
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_lazy("库外保存的最新检查点文件；恢复后与它对照。"),
)
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def restore(folder: Path, keys: Path | None, since: Path | None, yes: bool, as_json: bool) -> None:
    """Exit 3 when the backup is older than a checkpoint seen outside; the ledger is read-only then."""
    checked = backups.check(folder)
    confirm(_("用 {n} 条记录的备份替换当前数据？").format(n=checked.size), yes)
    result = backups.restore(checked, keys, since.read_text(encoding="utf-8") if since else "")
    older = result.older_than
    if as_json:
        document(
            {
                "size": result.report.size,
                "root": result.report.sha256_root.hex(),
                "sound": result.sound,
                "older_than": older,
                "faults": result.faults,
                "remarks": result.remarks,
                "findings": [str(found) for found in result.findings],
            }
        )
    elif older is not None:
        say(
            _(
                "备份比库外的检查点旧：应有至少 {seen} 条记录，恢复后只有 {n} 条。账本现为只读；请运行 qianshao ledger declare-loss 说明缺失。"
            ).format(seen=older, n=result.report.size)
        )
    elif result.sound:
        say(_("已恢复 {n} 条记录，核验完好。").format(n=result.report.size))
        for remark in result.remarks:
            say(_("注意：{remark}").format(remark=remark))
    else:
        say(
            _("已恢复，但核验发现问题：{faults}").format(
                faults=_("；").join(result.faults) or result.findings[0]
            )
        )
    if not result.sound:
        raise SystemExit(3 if older is not None else 1)


@click.command(help=gettext_lazy("由账本重新算出全部事项的现状；正常时不会有任何变化。"))
@click.option("--check", is_flag=True, help=gettext_lazy("只比较，不写入。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def rebuild(check: bool, as_json: bool) -> None:
    """Exit 1 when something differed."""
    ready()
    with click.progressbar(
        length=Duty.objects.count(), label=_("重算"), file=sys.stderr, hidden=as_json
    ) as bar:
        found = refold(write=not check, progress=lambda done: bar.update(done - bar.pos))
    if as_json:
        document(
            {
                "streams": found.streams,
                "missing": found.missing,
                "extra": found.extra,
                "changed": found.changed,
            }
        )
    elif found.none:
        click.echo(_("{n} 件事项与账本一致。").format(n=found.streams))
    else:
        for stream in found.missing:
            click.echo(_("{stream}：缺少").format(stream=stream))
        for stream in found.extra:
            click.echo(_("{stream}：账本中没有").format(stream=stream))
        for stream, columns in found.changed.items():
            click.echo(
                _("{stream}：{columns} 与账本不符").format(stream=stream, columns=_("、").join(columns))
            )
        click.echo(_("已按账本改正。") if not check else _("未作改动。"))
    if not found.none:
        raise SystemExit(1)


@click.command("erase", help=gettext_lazy("依法删除一个当事人的全部封存信息（不可恢复）。"))
@click.option("--subject", required=True, help=gettext_lazy("当事人代号。"))
@click.option(
    "--basis", required=True, help=gettext_lazy("依据，例如：个人信息保护法第四十七条，申请书编号……")
)
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
def erase(subject: str, basis: str, yes: bool) -> None:
    """An entry in each of the subject's duties, then the key is destroyed."""
    ready()
    confirm(_("永久删除“{subject}”名下的全部封存信息？").format(subject=subject), yes)
    count = erasing.erase(
        subject=subject, basis=basis, actor=machine("erase"), now=timezone.now(), src="command"
    )
    say(_("已删除，涉及 {n} 件事项；每件都留下了记录。").format(n=count))


@click.command("declare-loss", help=gettext_lazy("恢复旧备份后，把缺失的范围写入账本，恢复写入。"))
@click.option("--reason", required=True, help=gettext_lazy("缺失的原因。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
def declare_loss(reason: str, yes: bool) -> None:
    """Name what is missing, and go on."""
    ready()
    confirm(_("确认声明缺失？此后账本恢复写入，缺失的范围将永久记录在案。"), yes)
    try:
        lost = loss.declare(reason=reason, actor=machine("declare-loss"), now=timezone.now())
    except LookupError as error:
        raise CommandError(str(error)) from error
    say(_("已声明：第 {first} 条至第 {last} 条记录缺失。").format(first=lost.kept, last=lost.seen - 1))


@click.command(help=gettext_lazy("重建搜索索引：升级后让旧事项也能按拼音首字母找到；可以在服务运行时执行。"))
def reindex() -> None:
    """Write the search index anew, saying how far it is."""
    ready()
    done = 0
    for done in reindexing.reindex():
        if done % 10_000 < 500:
            say(_("已索引 {n} 件").format(n=done))
    say(_("搜索索引已重建，共 {n} 件。").format(n=done))


COMMANDS = (backup, restore, rebuild, reindex)
