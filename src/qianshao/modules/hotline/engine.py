"""Millions of messages on an existing engine: Daft, on this machine or on a Ray cluster, with one and the same code.

Every message gets its class; the messages of one month are grouped by matter. Months are what the engine spreads over
workers: a month is grouped by one of them, in the memory of one. Nothing but the engine's runner differs between one
machine and many, so the answers are equal, row for row (``python -m benchmarks.bench_engine`` compares them).

Free of Django and of the product's database: a worker needs this package, the model's file and the messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qianshao.kit.imports import cells

from .matters.grouping import group
from .matters.message import Message

if TYPE_CHECKING:
    import daft

Runner = Literal["native", "ray"]
IN = ("message_id", "title", "body", "sent_at")
LABELS = ("label", "confidence", "second", "because")
OUT = ("message_id", *LABELS, "group_id")
_AT_ONCE = 256


def month_of(sent_at: str | None) -> str:
    """``2026-03``; empty where no time can be read, and such messages are grouped among themselves."""
    moment = _moment(sent_at)
    return "" if moment is None else f"{moment:%Y-%m}"


def _moment(sent_at: str | None) -> datetime | None:
    try:
        return cells.moment(sent_at or "", "sent_at")
    except cells.BadCell:
        return None


def grouped(
    keys: Sequence[str], titles: Sequence[str], bodies: Sequence[str], times: Sequence[str]
) -> list[str]:
    """The group of each message of one month, named by the id of its first message."""
    messages = [
        Message(key, title or "", body or "", _moment(at))
        for key, title, body, at in zip(keys, titles, bodies, times, strict=True)
    ]
    names = [""] * len(messages)
    for positions in group(messages).groups:
        for at in positions:
            names[at] = messages[positions[0]].key
    return names


def labelled(model: Path, titles: Sequence[str], bodies: Sequence[str]) -> list[dict[str, Any]]:
    """The suggestion for each message; the model is read once in a process."""
    from . import sorting

    known, rows = sorting.load(model), []
    for start in range(0, len(titles), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        texts = [(title or "", body or "") for title, body in zip(titles[part], bodies[part], strict=True)]
        for told in known.suggest(texts):
            said = (told.label, f"{told.confidence:.4f}", told.second, "；".join(told.because))
            rows.append(dict(zip(LABELS, said, strict=True)))
    return rows


def choose(runner: Runner, address: str = "") -> None:
    """This machine's threads, or the Ray cluster at an address (empty: one that Ray starts here).

    To be called once, before the first frame. Raises ``ImportError`` where the extra ``engine`` is not installed.
    """
    import daft

    if runner == "ray":
        daft.set_runner_ray(address or None)
    else:
        daft.set_runner_native()


def answers(frame: daft.DataFrame, model: Path) -> daft.DataFrame:
    """The plan: for messages with the columns ``IN`` their answers with the columns ``OUT``, in no order."""
    from daft import DataType, col, udf

    text = DataType.string()
    suggestion = DataType.struct(dict.fromkeys(LABELS, text))

    @udf(return_dtype=text)
    def month(times: daft.Series) -> list[str]:
        return [month_of(at) for at in times.to_pylist()]

    @udf(return_dtype=suggestion, batch_size=4096)
    def suggest(titles: daft.Series, bodies: daft.Series) -> list[dict[str, Any]]:
        return labelled(model, titles.to_pylist(), bodies.to_pylist())

    @udf(return_dtype=DataType.struct({"message_id": text, "group_id": text}))
    def matters(
        keys: daft.Series, titles: daft.Series, bodies: daft.Series, times: daft.Series
    ) -> list[dict[str, str]]:
        named = keys.to_pylist()
        found = grouped(named, titles.to_pylist(), bodies.to_pylist(), times.to_pylist())
        return [{"message_id": key, "group_id": name} for key, name in zip(named, found, strict=True)]

    frame = frame.select(*(col(name).cast(text) for name in IN))
    classes = frame.select(col("message_id"), suggest(col("title"), col("body")).alias("told")).select(
        col("message_id"), *(col("told").get(name).alias(name) for name in LABELS)
    )
    by_month = frame.with_column("month", month(col("sent_at"))).groupby("month")
    groups = by_month.map_groups(matters(*(col(name) for name in IN)).alias("told")).select(
        col("told").get("message_id").alias("message_id"), col("told").get("group_id").alias("group_id")
    )
    return classes.join(groups, on="message_id").select(*OUT)
