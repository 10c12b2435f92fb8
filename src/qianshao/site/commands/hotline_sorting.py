"""Classes of citizens' messages from the command line: learn from classified sheets, suggest for new ones."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit.export import safe
from qianshao.kit.replacing import replacing
from qianshao.kit.sheets.header import plain
from qianshao.kit.sheets.model import Sheet, SheetError, text_of
from qianshao.kit.sheets.opening import open_sheet
from qianshao.kit.telling import sentence
from qianshao.modules.hotline import imports

from .saying import CommandError, document, ready, say

if TYPE_CHECKING:
    from concurrent.futures import Future

    from qianshao.modules.hotline.sorting import Model, Suggestion
    from qianshao.modules.hotline.sorting.training import Example, Trained

_PIECE = 256  # messages classified together
_LARGE = 10_000  # lines from which further processes are worth starting
_LONGEST = 4 * 2**20  # characters of a cell; the model reads the first two thousand
_OUT = ("message_id", "label", "confidence", "second", "because")
_NAMES = {
    "message_id": next(column.names for column in imports.COLUMNS if column.key == "number"),
    "title": next(("标题", *column.names) for column in imports.COLUMNS if column.key == "title"),
    "body": next(("诉求内容", *column.names) for column in imports.COLUMNS if column.key == "body"),
    "label_l1": ("labell1", "label", "一级分类", "一级标签", "分类", "类别"),
    "dup_group": ("dupgroup",),
}


class _Message(NamedTuple):
    number: str
    title: str
    body: str
    label: str
    copies: str


class _Gathered(NamedTuple):
    """Examples to learn from, and how many rows were left out or gave way to a later one."""

    examples: list[Example]
    rows: int
    unlabelled: int
    empty: int
    replaced: int

    def counts(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "examples": len(self.examples),
            "without_label": self.unlabelled,
            "without_text": self.empty,
            "replaced": self.replaced,
        }


@click.command(help=gettext_lazy("从已分类的诉求表格学习，写出分类模型，并告知交叉验证的结果。"))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help=gettext_lazy("模型写到这个文件。")
)
@click.option(
    "--from-register",
    is_flag=True,
    help=gettext_lazy("也学习本系统里已分类的工单（含话务员的更正）；可以不写文件。"),
)
@click.option(
    "--also",
    multiple=True,
    type=click.Path(path_type=Path),
    help=gettext_lazy("更正过分类的表格，列相同；同一 message_id 以后读到的为准。可写多次。"),
)
@click.option("--yes", is_flag=True, help=gettext_lazy("不询问，已有的文件直接替换。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def train(
    file: Path | None, out: Path, from_register: bool, also: tuple[Path, ...], yes: bool, as_json: bool
) -> None:
    """Read, learn, tell how good it is, write the model."""
    if file is None and not from_register:
        raise CommandError(_("请指明已分类的表格，或者写 --from-register 从本系统的工单学习。"), 2)
    sheets = (*([file] if file else []), *also)
    _writable(out, sheets, yes)
    gathered = _gathered(sheets)
    if from_register:
        gathered = _with_register(gathered)
    began = time.monotonic()
    trained = _trained(gathered.examples, from_register)
    from qianshao.modules.hotline.sorting import store

    digest = store.write(trained.model, out)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        document(
            {
                "out": str(out),
                "sha256": digest,
                **gathered.counts(),
                "classes": list(trained.model.classes),
                "seconds": seconds,
                "cross_validation": trained.report.document(),
                "new_matters": trained.model.about.get("new_matters"),
            }
        )
        return
    _tell(gathered, trained)
    click.echo(_("模型已写到 {file}（用时 {seconds} 秒）。").format(file=out, seconds=seconds))


@click.command(help=gettext_lazy("按模型给每条诉求建议类别，写出一份 .csv。"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--model",
    "model_file",
    required=True,
    type=click.Path(path_type=Path),
    help=gettext_lazy("qianshao hotline train 写出的模型。"),
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help=gettext_lazy("结果写到这个 .csv 文件。")
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help=gettext_lazy("同时工作的进程数；默认大文件用全部处理器，小文件用一个。"),
)
@click.option("--yes", is_flag=True, help=gettext_lazy("不询问，已有的文件直接替换。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def classify(
    file: Path, model_file: Path, out: Path, processes: int | None, yes: bool, as_json: bool
) -> None:
    """One row out for each row in, in the same order, whatever stands in it and however many processes work."""
    _writable(out, (file, model_file), yes)
    model = _model(model_file)
    sheet = _opened(file, ("message_id", "title", "body"))
    began = time.monotonic()
    counts: Counter[str] = Counter()
    processes = processes or (len(os.sched_getaffinity(0)) if sheet.lines >= _LARGE else 1)
    with _replacing(out) as written:
        for row in _classified(sheet, model, model_file, processes, counts):
            written.writerow(row)
    seconds = time.monotonic() - began
    rows, nameless, empty = counts.pop(""), counts.pop("\0id"), counts.pop("\0text")
    if as_json:
        document(
            {
                "out": str(out),
                "rows": rows,
                "without_id": nameless,
                "without_text": empty,
                "classes": dict(counts.most_common()),
                "seconds": round(seconds, 2),
                "messages_per_second": round(rows / seconds) if seconds else 0,
            }
        )
        return
    click.echo(_("已为 {n} 条诉求建议类别，写到 {file}。").format(n=rows, file=out))
    for label, count in counts.most_common():
        click.echo(f"  {label}  {count}")
    if nameless:
        say(_("其中 {n} 行没有 message_id，结果里也空着。").format(n=nameless))
    if empty:
        say(_("其中 {n} 行没有标题也没有内容，只按各类的多少给出。").format(n=empty))


def _writable(out: Path, used: Sequence[Path], yes: bool) -> None:
    """Refuse now what would fail after the work; raises ``CommandError``, or ``Abort`` on a no."""
    if any(out.resolve() == path.resolve() for path in used):
        raise CommandError(_("--out 不能与要读取的文件同名。"))
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise CommandError(_("写不了 {file}：请换一个可以写的文件夹。").format(file=out))
    if out.exists() and not yes and sys.stdin.isatty():
        click.confirm(_("{file} 已存在，替换吗？").format(file=out), abort=True, err=True)


def _model(path: Path) -> Model:
    from qianshao.modules.hotline import sorting

    if not path.is_file():
        raise CommandError(_("没有“{file}”这个文件，请核对路径。").format(file=path))
    try:
        return sorting.load(path)
    except sorting.BadModel as error:
        raise CommandError(f"{path.name}：{sentence(error.words)}") from error


def _opened(file: Path, needed: Sequence[str]) -> Sheet:
    if not file.is_file():
        raise CommandError(_("没有“{file}”这个文件，请核对路径。").format(file=file))
    known = {name for names in _NAMES.values() for name in names}
    try:
        sheet = open_sheet(file, known=lambda name: plain(name) in known, longest=_LONGEST)
    except SheetError as error:
        raise CommandError(f"{file.name}：{sentence(error.words)}") from error
    missing = [name for name in needed if name not in _places(sheet)]
    if missing:
        raise CommandError(
            _("{file} 里没有 {names} 这一列；表头是：{header}。").format(
                file=file.name, names="、".join(missing), header="、".join(sheet.header[:20])
            )
        )
    return sheet


def _places(sheet: Sheet) -> dict[str, int]:
    """Where each column stands; a column under its own name before one under another."""
    there = {plain(name): place for place, name in reversed(list(enumerate(sheet.header)))}
    found = {}
    for key, names in _NAMES.items():
        place = next((there[name] for name in (plain(key), *names) if name in there), None)
        if place is not None:
            found[key] = place
    return found


def _messages(sheet: Sheet, label: str) -> Iterator[_Message]:
    """The rows, with progress on standard error; raises ``CommandError`` where the file cannot be read on."""
    places = _places(sheet)
    with click.progressbar(length=max(sheet.lines, 1), label=label, file=sys.stderr) as bar:
        try:
            for number, row in enumerate(sheet.read(), start=1):
                if row.problem is not None:
                    raise CommandError(f"{sheet.file}：{sentence(row.problem)}")
                cells = [
                    text_of(row.cells[places[key]]) if key in places and places[key] < len(row.cells) else ""
                    for key in _NAMES
                ]
                yield _Message(*cells)
                if number % _PIECE == 0:
                    bar.update(max(0, min(row.line, sheet.lines) - bar.pos))
        except SheetError as error:
            raise CommandError(f"{sheet.file}：{sentence(error.words)}") from error
        bar.update(max(0, (bar.length or 0) - bar.pos))


def _suggested(
    pieces: Iterator[list[_Message]], model: Model, path: Path, processes: int
) -> Iterator[tuple[list[_Message], list[Suggestion]]]:
    """Each piece with its suggestions, in order; never more pieces in hand than the processes can be busy with."""
    if processes == 1:
        for piece in pieces:
            yield piece, model.suggest([(message.title, message.body) for message in piece])
        return
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    waiting: deque[tuple[list[_Message], Future[list[Suggestion]]]] = deque()
    try:
        with ProcessPoolExecutor(processes) as pool:
            for piece in pieces:
                texts = [(message.title, message.body) for message in piece]
                waiting.append((piece, pool.submit(_suggest, path, texts)))
                if len(waiting) > 3 * processes:
                    first, made = waiting.popleft()
                    yield first, made.result()
            while waiting:
                first, made = waiting.popleft()
                yield first, made.result()
    except BrokenProcessPool as error:
        raise CommandError(_("一个分类进程意外中断，可能是内存不足；请加 --processes 1 再试。")) from error


def _suggest(path: Path, texts: Sequence[tuple[str, str]]) -> list[Suggestion]:
    """In a process of its own; the model is read once, and where processes are forked it is there already."""
    from qianshao.modules.hotline import sorting

    return sorting.load(path).suggest(texts)


def _classified(
    sheet: Sheet, model: Model, path: Path, processes: int, counts: Counter[str]
) -> Iterator[tuple[str, ...]]:
    """The rows of the result; ``counts`` gathers them by class, and all, nameless and empty under marks of their own."""
    messages = _messages(sheet, _("分类"))
    counts.update({"": 0, "\0id": 0, "\0text": 0})
    pieces = iter(lambda: list(islice(messages, _PIECE)), [])
    for piece, suggestions in _suggested(pieces, model, path, processes):
        for message, told in zip(piece, suggestions, strict=True):
            counts[told.label] += 1
            counts[""] += 1
            counts["\0id"] += not message.number
            counts["\0text"] += not (message.title or message.body)
            cells = (
                message.number,
                told.label,
                f"{told.confidence:.4f}",
                told.second,
                "；".join(told.because),
            )
            yield tuple(map(safe, cells))


@contextmanager
def _replacing(out: Path) -> Iterator[Any]:
    """A CSV writer beside the place of the result, moved there when all is written."""
    with replacing(out) as aside, aside.open("x", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_OUT)
        yield writer
        _kept(file)


def _kept(file: IO[str]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _gathered(files: Sequence[Path]) -> _Gathered:
    """The examples of all sheets; a later row of the same number takes the place of an earlier one."""
    from qianshao.modules.hotline.sorting.training import Example

    examples: dict[str, Example] = {}
    rows = unlabelled = empty = replaced = 0
    for file in files:
        sheet = _opened(file, ("title", "body", "label_l1"))
        for message in _messages(sheet, _("读取")):
            rows += 1
            key = message.number or f"\0{rows}"
            title, body = message.title, message.body
            if key in examples and not (title or body):  # a correction may name the class alone
                title, body = examples[key].title, examples[key].body
            if not message.label:
                unlabelled += 1
            elif not (title or body):
                empty += 1
            else:
                replaced += examples.pop(key, None) is not None
                examples[key] = Example(title, body, message.label, message.copies)
    return _Gathered(list(examples.values()), rows, unlabelled, empty, replaced)


def _with_register(gathered: _Gathered) -> _Gathered:
    """The city's own classified orders after those of the sheets, with nothing in them that names a person."""
    ready()
    from qianshao.modules.hotline import learning

    found = learning.gather()
    return gathered._replace(
        examples=[*gathered.examples, *found.examples],
        rows=gathered.rows + len(found.examples) + found.rare + found.empty,
        unlabelled=gathered.unlabelled + found.rare,
        empty=gathered.empty + found.empty,
    )


def _trained(examples: Sequence[Example], from_register: bool) -> Trained:
    from qianshao.modules.hotline import learning
    from qianshao.modules.hotline.sorting import training

    with click.progressbar(length=100, label=_("学习"), file=sys.stderr) as bar:

        def tell(done: int, of: int) -> None:
            bar.update(100 * done // of - bar.pos)

        try:
            if from_register:
                return learning.trained(examples, tell, learning.LEAST_RUN)
            return training.train(examples, tell)
        except training.TooLittle as error:
            raise CommandError(sentence(error.words)) from error


def _tell(gathered: _Gathered, trained: Trained) -> None:
    report = trained.report
    click.echo(
        _(
            "读到 {rows} 行，学习 {examples} 条；没有分类 {unlabelled} 行，没有文字 {empty} 行，被后来的更正替换 {replaced} 行。"
        ).format(
            rows=gathered.rows,
            examples=report.examples,
            unlabelled=gathered.unlabelled,
            empty=gathered.empty,
            replaced=gathered.replaced,
        )
    )
    click.echo(
        _(
            "交叉验证（5 折，近似重复的在同一侧）：宏平均 F1 {f1:.4f}，正确率 {accuracy:.2%}，校准误差 {off:.4f}。"
        ).format(f1=report.macro_f1, accuracy=report.accuracy, off=report.calibration_error)
    )
    new = trained.model.about.get("new_matters")
    if new:
        click.echo(
            _(
                "没人反映过的事（归为同一诉求的全在同一侧）：宏平均 F1 {f1:.4f}，正确率 {accuracy:.2%}。"
            ).format(f1=new["macro_f1"], accuracy=new["accuracy"])
        )
    for score in report.classes:
        click.echo(
            _("  {label}：F1 {f1:.4f}，精确率 {precision:.2%}，召回率 {recall:.2%}，{n} 条").format(
                label=score.label,
                f1=score.f1,
                precision=score.precision,
                recall=score.recall,
                n=score.examples,
            )
        )
    for handing in report.handing:
        if handing.human_share == 1:
            click.echo(_("  容许错 {rate:.0%}：全部须人工判断。").format(rate=handing.rate))
            continue
        click.echo(
            _(
                "  容许错 {rate:.0%}：把握不到 {threshold:.2%} 的由人工判断，占 {share:.2%}，其余实际错 {error:.2%}。"
            ).format(
                rate=handing.rate,
                threshold=handing.threshold,
                share=handing.human_share,
                error=handing.error,
            )
        )


COMMANDS = (train, classify)
