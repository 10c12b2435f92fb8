"""Millions of messages from a folder, on this machine or on a cluster that is there already."""

from __future__ import annotations

import time
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .saying import CommandError, confirm, document, say


@click.command(
    "batch",
    help=gettext_lazy(
        "上百万条诉求：读文件夹里的 .csv 或 .parquet，分类并按月归并同一诉求，结果写成一个文件夹的 .csv。须另装 qianshao[engine]。"
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--model",
    required=True,
    type=click.Path(path_type=Path),
    help=gettext_lazy("qianshao hotline train 写出的模型；集群上每台机器都要在同一位置有它。"),
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help=gettext_lazy("结果写到这个新文件夹。")
)
@click.option(
    "--engine",
    "runner",
    type=click.Choice(["native", "ray"]),
    default="native",
    show_default=True,
    help=gettext_lazy("native 用本机，ray 用 Ray 集群；代码和结果相同。"),
)
@click.option("--address", default="", help=gettext_lazy("Ray 集群的地址；不写就在本机启动一个。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def batch(folder: Path, model: Path, out: Path, runner: str, address: str, yes: bool, as_json: bool) -> None:
    """Every message of the folder once, in no order; groups do not go beyond a month."""
    sheets = [ending for ending in ("csv", "parquet") if any(folder.glob(f"*.{ending}"))]
    if len(sheets) != 1:
        raise CommandError(
            _("{folder} 里应有 .csv 或者 .parquet 文件，只能是其中一种。").format(folder=folder)
        )
    if not model.is_file():
        raise CommandError(_("没有“{file}”这个文件，请核对路径。").format(file=model))
    if out.exists() and any(out.iterdir()):
        raise CommandError(_("{folder} 已有内容；请写到一个新的文件夹。").format(folder=out))
    from qianshao.modules.hotline import engine, sorting

    try:
        import daft

        engine.choose("ray" if runner == "ray" else "native", address)
    except ImportError as error:
        raise CommandError(_("须先另装大数据引擎：pip install 'qianshao[engine]'。")) from error
    try:
        sorting.load(model)
    except sorting.BadModel as error:
        raise CommandError(f"{model.name}：{error}") from error
    began = time.monotonic()
    pattern = str(folder / f"*.{sheets[0]}")
    frame = daft.read_csv(pattern) if sheets[0] == "csv" else daft.read_parquet(pattern)
    missing = [name for name in engine.IN if name not in frame.column_names]
    if missing:
        raise CommandError(
            _("{file} 缺少 {columns} 列；表头须有 {needed}。").format(
                file=folder, columns="、".join(missing), needed="、".join(engine.IN)
            )
        )
    confirm(_("开始处理 {folder}？").format(folder=folder), yes)
    written = engine.answers(frame, model.resolve()).write_csv(str(out))
    files = len(written.to_pydict()["path"])
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        document({"out": str(out), "engine": runner, "files": files, "seconds": seconds})
        return
    say(_("已写到 {folder}：{n} 个文件，用时 {seconds} 秒。").format(folder=out, n=files, seconds=seconds))


COMMANDS = (batch,)
