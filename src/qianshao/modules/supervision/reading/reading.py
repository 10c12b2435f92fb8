"""From blocks to a decision: head, outline, assignments, lead rule, items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.words import say
from qianshao.kit.papers.model import Block

from . import items, rule, tables
from .deadlines import Frame
from .head import head_of
from .model import Decision, Item, Place
from .source import Grid, Source, source_of

NO_ITEM = say("没有读到任务。请确认是任务分解、分工方案、决定或工作报告，扫描件请先识别成文字。")


def read(blocks: Iterable[Block], *, calendar: Calendar, issued: date | None = None) -> Decision:
    """Read a document into items; ``issued`` is the day it was issued where the reader knows better than the text."""
    source = source_of(blocks)
    head = head_of(source, issued)
    rows: list[tables.Row] = []
    parts: list[Place | Grid] = []
    reader = tables.Tables(source)
    for part in source.parts:
        if isinstance(part, Place):
            parts.append(part)
            continue
        found = reader.rows(part)
        if found:
            rows += found
            parts.append(part)
        else:
            parts += [line for box in part.boxes for line in _lines(source, box.place)]
    source = Source(source.text, source.folded, tuple(parts))
    drafts = items.drafts_of(source, tabled=bool(rows))
    lead_rule = rule.stated(source.folded) or rule.practised(
        [
            *(draft.assignment for draft in drafts if draft.taken and draft.assignment),
            *(tables.assignment_of(source, row) for row in rows),
        ]
    )
    frame = Frame(head.year, head.issued, calendar)
    read_items: list[Item] = [
        items.item_of(source, draft, lead_rule, frame) for draft in drafts if draft.taken
    ]
    read_items += [tables.item_of(source, row, lead_rule, frame) for row in rows]
    read_items.sort(key=lambda item: item.source.start)
    left = tuple((draft.label, draft.source) for draft in drafts if not draft.taken)
    unsure = head.unsure if read_items else (*head.unsure, NO_ITEM)
    return Decision(
        source.text,
        head.title,
        head.number,
        head.issued,
        head.year,
        lead_rule,
        tuple(read_items),
        left,
        unsure,
    )


def _lines(source: Source, place: Place) -> list[Place]:
    """The lines of a cell that is read as paragraphs."""
    found = []
    at = place.start
    while at <= place.end:
        stop = source.text.find("\n", at, place.end)
        stop = place.end if stop < 0 else stop
        if source.text[at:stop].strip():
            found.append(Place(at, stop))
        at = stop + 1
    return found
