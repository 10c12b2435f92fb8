"""The hotline from the command line: bring in a platform's sheet and see how it was answered."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import machine
from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportLine, ImportRun
from qianshao.core.imports.runs import Fault, Reading
from qianshao.kit.duties.masking import scrub
from qianshao.kit.imports import faults, mapping, running
from qianshao.kit.imports.preview import Preview, preview
from qianshao.kit.imports.spec import ImportSpec, spec_of
from qianshao.kit.sheets.header import letter
from qianshao.kit.sheets.model import Sheet, SheetError, text_of
from qianshao.kit.sheets.opening import open_sheet
from qianshao.kit.telling import limit, moment, sentence

from . import hotline_batch, hotline_bulletin, hotline_key, hotline_matters, hotline_sorting
from .saying import CommandError, document, ready, say

_SHOWN = 20
_LISTED = 1000


class _Stopped(Exception):
    """The person pressed Ctrl-C; the batch at hand was finished first."""


@click.group(help=gettext_lazy("12345 热线：导入诉求工单，按以往的分类建议新诉求的类别。"))
def hotline() -> None:
    """The hotline."""


@hotline.command(
    "import",
    help=gettext_lazy("导入工单表格（.csv、.csv.gz、.xlsx、.xls、.ods）；可随时停止，再次运行即继续导入。"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="列名=项目",
    help=gettext_lazy("某列是什么；项目空着表示不读这一列。"),
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="项目=值",
    help=gettext_lazy("整份文件的渠道等，例如 channel=board。"),
)
@click.option("--source", default="", help=gettext_lazy("来源名称；不同平台的编号可能相同，用来源名称区分。"))
@click.option("--sheet", default="", help=gettext_lazy("读取的工作表；默认为第一个有内容的。"))
@click.option(
    "--errors",
    type=click.Path(path_type=Path),
    help=gettext_lazy("把没有导入的行写到这个 .xlsx 文件。"),
)
@click.option("--dry-run", is_flag=True, help=gettext_lazy("只预览，不写入。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("按建议的列对应，不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def import_file(
    file: Path,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    source: str,
    sheet: str,
    errors: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Read, map, preview or import, and tell how the requests were answered."""
    if errors is not None:
        _writable(errors, file)
    ready()
    spec = spec_of("hotline.order")
    opened = _opened(spec, file, sheet)
    reading = _reading(spec, opened, _pairs(maps, "--map"), _pairs(sets, "--set"), source, yes, dry_run)
    if dry_run:
        _previewed(spec, opened, reading, as_json)
    else:
        _imported(spec, opened, reading, sheet, errors, as_json)


def _writable(errors: Path, file: Path) -> None:
    """Refuse now what would fail after the import; raises ``CommandError``."""
    if errors.suffix.lower() != ".xlsx":
        raise CommandError(_("--errors 的文件名须以 .xlsx 结尾。"))
    if errors.resolve() == file.resolve():
        raise CommandError(_("--errors 不能与要导入的文件同名。"))
    if errors.is_dir() or not os.access(errors if errors.exists() else errors.parent, os.W_OK):
        raise CommandError(
            _("写不了 {file}：请换一个可以写的文件夹，或先关闭打开它的程序。").format(file=errors)
        )


def _opened(spec: ImportSpec, file: Path, sheet: str) -> Sheet:
    if not file.is_file():
        raise CommandError(
            _("“{file}”是文件夹，请指明里面的文件。").format(file=file)
            if file.is_dir()
            else _("没有“{file}”这个文件，请核对路径。").format(file=file)
        )
    try:
        opened = open_sheet(file, known=lambda name: mapping.known(spec, name), sheet=sheet)
    except SheetError as error:
        raise CommandError(f"{file.name}：{sentence(error.words)}") from error
    say(
        _("{file}：{how}，表头在第 {row} 行。").format(
            file=file.name, how=sentence(opened.how), row=opened.header_row
        )
    )
    if opened.left:
        say(_("其他工作表没有读：{names}（用 --sheet 指定）。").format(names=_("、").join(opened.left)))
    return opened


def _pairs(written: tuple[str, ...], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in written:
        name, equals, value = item.rpartition("=")
        if not equals:
            raise CommandError(_("{option} 要写成 名称=值，不是“{item}”。").format(option=option, item=item))
        pairs[name.strip()] = value.strip()
    return pairs


def _reading(
    spec: ImportSpec,
    sheet: Sheet,
    maps: Mapping[str, str],
    sets: Mapping[str, str],
    source: str,
    yes: bool,
    dry_run: bool,
) -> Reading:
    """The kept answer for this header, or a proposal that is asked about once and then kept."""
    able = [column.key for column in spec.columns if column.options]
    unknown = sorted(set(sets) - set(able))
    if unknown:
        raise CommandError(
            _("--set 没有“{key}”这一项；可用：{keys}。").format(key="、".join(unknown), keys="、".join(able))
        )
    signature = mapping.signature(sheet.header)
    kept = runs.kept(spec.key, signature)
    start = kept or mapping.propose(spec, sheet.header)
    ask = kept is None and not maps and not dry_run and not yes
    try:
        reading = mapping.answered(spec, sheet.header, start, maps, sets, source)
    except mapping.MissingColumns as error:
        _show(spec, sheet, start)
        if not ask or not sys.stdin.isatty():
            raise CommandError(_("{error}用 --map 列名=项目 指明。").format(error=error)) from error
        say(str(error))
        given = Reading(start.columns, {**start.constants, **sets}, source or start.source)
        reading = _told(spec, sheet, given)
    else:
        if kept is None or maps:
            _show(spec, sheet, reading)
        if ask:
            reading = _asked(spec, sheet, reading)
    if not dry_run and (kept is None or reading != kept):
        runs.keep(
            spec=spec.key, signature=signature, reading=reading, actor=machine("import"), now=timezone.now()
        )
    return reading


def _show(spec: ImportSpec, sheet: Sheet, reading: Reading) -> None:
    say(_("列的对应（来源名称 {source}）：").format(source=reading.source))
    keys = {name: key for key, name in reading.columns.items()}
    first = sheet.sample(1)
    for place, name in enumerate(mapping.own(sheet.header)):
        cell = first[0].cells[place] if first and place < len(first[0].cells) else None
        meant = f"{_(spec.column(keys[name]).title)}（{keys[name]}）" if name in keys else _("不读")
        sample = scrub(" ".join(text_of(cell).split()))[:24]
        say(f"  {letter(place)}  {name} → {meant}    {sample}")
    for key, value in reading.constants.items():
        column = spec.column(key)
        say(f"  ·  {_('整份文件')} → {_(column.title)}（{key}）：{_(column.options[value])}")


def _asked(spec: ImportSpec, sheet: Sheet, reading: Reading) -> Reading:
    """Ask whether the proposal is right, else for each column; the answer is kept for this header."""
    if not sys.stdin.isatty():
        raise CommandError(_("没有人可以确认列的对应：加 --yes 接受上面的建议，或用 --map 列名=项目 指明。"))
    if click.confirm(_("这样对应吗？"), default=True, err=True):
        return reading
    return _told(spec, sheet, reading)


def _told(spec: ImportSpec, sheet: Sheet, reading: Reading) -> Reading:
    """Ask column by column; raises ``BadMapping`` when the answers leave out what is needed."""
    say(_("每列输入一个项目，直接回车用方括号里的；- 表示不读："))
    for column in spec.columns:
        say(f"  {column.key}  {_(column.title)}{'＊' if column.needed else ''}")
    keys = {name: key for key, name in reading.columns.items()}
    choices = click.Choice(["-", *(column.key for column in spec.columns)])
    changes = {}
    for name in mapping.own(sheet.header):
        answer = click.prompt(name, type=choices, default=keys.get(name, "-"), show_choices=False, err=True)
        changes[name] = "" if answer == "-" else answer
    return mapping.answered(
        spec, sheet.header, Reading({}, reading.constants, reading.source), changes, {}, ""
    )


def _previewed(spec: ImportSpec, sheet: Sheet, reading: Reading, as_json: bool) -> None:
    now = timezone.now()
    found = preview(spec, sheet, reading, now)
    if as_json:
        document(_preview_document(sheet, found))
        return
    if not found.rows:
        click.echo(_empty(sheet))
        return
    counts = found.counts
    click.echo(
        _(
            "预览，没有写入：共 {rows} 行，新增 {new}，补充答复 {updated}，已有 {known}，有变动 {changed}，有错误 {faulty}。"
        ).format(
            rows=found.rows,
            new=counts["new"],
            updated=counts["updated"],
            known=counts["known"],
            changed=counts["changed"],
            faulty=counts["faulty"],
        )
    )
    for rule, count in found.rules.most_common():
        click.echo(
            _("适用规则：{title} {term}（{law}，版本 {name}），{n} 行").format(
                title=_(rule.title),
                term=sentence(rule.rule.term.words),
                law=rule.rule.citation,
                name=rule.name,
                n=count,
            )
        )
    for first in found.first:
        due = limit(first.deadline.until)
        opened, last = first.facts[0].at, first.facts[-1].at
        answered = _("，实际{at}").format(at=moment(last)) if len(first.facts) > 1 else ""
        click.echo(
            _("  第 {row} 行：{at}受理，最迟{due}答复{answered}").format(
                row=first.row, at=moment(opened), due=due, answered=answered
            )
        )
    _list_faults(found.alike, sheet)
    _list_changed(found.changed, counts["changed"])


def _preview_document(sheet: Sheet, found: Preview) -> dict[str, Any]:
    return {
        "dry_run": True,
        "file": sheet.file,
        "rows": found.rows,
        **{name: found.counts[name] for name in (*runs.OUTCOMES, "faulty")},
        "rules": [
            {
                "name": rule.name,
                "term": str(rule.rule.term.words),
                "citation": str(rule.rule.citation),
                "status": rule.rule.citation.status,
                "rows": n,
            }
            for rule, n in found.rules.most_common()
        ],
        "first": [
            {
                "row": first.row,
                "outcome": first.outcome,
                "received_at": first.facts[0].at.isoformat(),
                "due": first.deadline.last_day,
                "rule": first.rule.name,
            }
            for first in found.first
        ],
        "faults": [_fault(fault) for fault in found.faults],
        "changed_rows": [{"row": row, "fields": fields} for row, fields in found.changed],
    }


def _imported(
    spec: ImportSpec, sheet: Sheet, reading: Reading, named: str, errors: Path | None, as_json: bool
) -> None:
    actor = machine("import")
    run = runs.open_run(
        spec=spec.key,
        file=sheet.file,
        sha256=sheet.sha256,
        signature=mapping.signature(sheet.header),
        lines=sheet.lines,
        reading=reading,
        actor=actor,
        now=timezone.now(),
        sheet=named,
    )
    if run.row:
        say(_("继续上次的导入，从第 {row} 行之后开始。").format(row=run.row))
    try:
        _go(run, spec, sheet)
    except _Stopped:
        raise CommandError(
            _("已停在第 {row} 行，此前各行均已写入。如要继续，请再次运行同一命令。").format(row=run.row), 130
        ) from None
    except SheetError as error:
        raise CommandError(f"{sheet.file}：{sentence(error.words)}") from error
    written = _write_faults(run, sheet, errors)
    report = spec.report(run.pk, timezone.now())
    if as_json:
        document({**_counts(run), **report, **_listed(run), "errors_file": str(written) if written else None})
        return
    _tell(run, spec, sheet, report, written)


def _go(run: ImportRun, spec: ImportSpec, sheet: Sheet) -> None:
    asked: list[bool] = []
    # What is loaded by now lives as long as the process; without it the collector's rounds take 8 % of an import.
    gc.freeze()
    with (
        _interruptible(asked),
        click.progressbar(length=max(sheet.lines, 1), label=_("导入"), file=sys.stderr) as bar,
    ):

        def beat(run: ImportRun) -> None:
            bar.update(max(0, run.line - bar.pos))
            if asked:
                raise _Stopped

        running.go(run, spec, sheet, actor=machine("import"), clock=timezone.now, beat=beat)
        bar.update(max(0, (bar.length or 0) - bar.pos))


@contextmanager
def _interruptible(asked: list[bool]) -> Iterator[None]:
    """The first Ctrl-C asks to stop after the batch at hand, the second stops at once."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _empty(sheet: Sheet) -> str:
    return _("表头（第 {row} 行）下面没有内容，没有可以导入的行。").format(row=sheet.header_row)


def _counts(run: ImportRun) -> dict[str, Any]:
    names = ("file", "rows", *runs.OUTCOMES, "faulty")
    return {name: getattr(run, name) for name in names}


def _listed(run: ImportRun) -> dict[str, Any]:
    return {
        "faults": [_fault(fault) for fault in islice(runs.faults_of(run), _LISTED)],
        "changed_rows": [{"row": row, "fields": note} for row, note in _changed(run, _LISTED)],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "columns": list(fault.columns),
        "problem": sentence(fault.problem),
        "mend": sentence(fault.mend),
    }


def _changed(run: ImportRun, count: int) -> list[tuple[int, str]]:
    changed = ImportLine.objects.filter(run=run, outcome="changed").order_by("row")
    return list(changed.values_list("row", "note")[:count])


def _write_faults(run: ImportRun, sheet: Sheet, errors: Path | None) -> Path | None:
    if errors is None or not run.faulty:
        return None
    faults.write(errors, sheet, runs.faults_of(run))
    return errors


def _tell(
    run: ImportRun, spec: ImportSpec, sheet: Sheet, report: Mapping[str, Any], written: Path | None
) -> None:
    click.echo(
        _(
            "导入完成：共 {rows} 行，新增 {new}，补充答复 {updated}，已有 {known}，有变动 {changed}，有错误 {faulty}。"
        ).format(**{name: value for name, value in _counts(run).items() if name != "file"})
    )
    if not run.rows:
        click.echo(_empty(sheet))
        return
    if run.rows == run.known:
        click.echo(_("没有新的工单；这些行以前都导入过。"))
    click.echo()
    for line in spec.told(report):
        click.echo(line)
    _list_faults(faults.summary(runs.faults_of(run)), sheet)
    _list_changed(_changed(run, _SHOWN), run.changed)
    if written:
        say(_("没有导入的行已写到 {file}，改好后直接导入这个文件。").format(file=written))
    elif run.faulty:
        say(_("再加 --errors 文件.xlsx 运行一次，可得到没有导入的行。"))


def _list_faults(found: faults.Summary, sheet: Sheet) -> None:
    """Rows with the same fault together, the most frequent first."""
    most = found.most(_SHOWN)
    if not most:
        return
    click.echo()
    click.echo(_("没有导入的行："))
    for alike in most:
        fault = alike.fault
        place = faults.where(sheet.header, fault.columns)
        click.echo(
            _("  {place}{problem}。{mend}。共 {n} 行：第 {rows} 行").format(
                place=f"{place}：" if place else "",
                problem=sentence(fault.problem),
                mend=sentence(fault.mend),
                n=alike.count,
                rows="、".join(map(str, alike.rows)) + ("……" if alike.count > len(alike.rows) else ""),
            )
        )


def _list_changed(found: list[tuple[int, str]], total: int) -> None:
    if found:
        click.echo()
        click.echo(
            _(
                "以前导入过、这次内容不同的行（没有改动系统里的记录，请核对；若来自别的平台，用 --source 分开）："
            )
        )
    for row, fields in found[:_SHOWN]:
        click.echo(_("  第 {row} 行：{fields}").format(row=row, fields=fields))
    if total > _SHOWN:
        click.echo(_("  ……共 {n} 行").format(n=total))


for part in (hotline_batch, hotline_bulletin, hotline_key, hotline_matters, hotline_sorting):
    for command in part.COMMANDS:
        hotline.add_command(command)

COMMANDS = (hotline,)
