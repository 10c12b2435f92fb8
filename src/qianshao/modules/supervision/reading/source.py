"""Lines and tables as one text with places in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qianshao.kit.papers.model import Block, Cell, Line, Table

from .folding import fold
from .model import Place

_LONG_GAP = 100
_GAP = re.compile(rf"[ \t\u00a0\u3000\u200b\ufeff]{{{_LONG_GAP},}}")  # longer gaps only cost time


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table and its place in the text."""

    cell: Cell
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in the text."""

    boxes: tuple[Box, ...]
    loose: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Source:
    """``parts`` are paragraphs (places) and tables in reading order; ``folded`` is ``text`` evened, same length."""

    text: str
    folded: str
    parts: tuple[Place | Grid, ...]


def source_of(blocks: Iterable[Block]) -> Source:
    """Put the blocks one under another, a line break after each paragraph and each cell."""
    pieces: list[str] = []
    parts: list[Place | Grid] = []
    at = 0

    def add(text: str) -> Place:
        nonlocal at
        if len(text) > _LONG_GAP:
            text = _GAP.sub(" " * _LONG_GAP, text)
        pieces.append(text)
        place = Place(at, at + len(text))
        at = place.end
        return place

    for block in blocks:
        match block:
            case Line(text):
                place = add(text)
                add("\n")
                if text:
                    parts.append(place)
            case Table(cells, loose):
                begun = at
                boxes = []
                for cell in cells:
                    boxes.append(Box(cell, add(cell.text)))
                    add("\n")
                parts.append(Grid(tuple(boxes), loose, Place(begun, at)))
    text = "".join(pieces)
    return Source(text, fold(text), tuple(parts))
