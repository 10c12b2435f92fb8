"""Tables of a printed page from its rulings: which boxes the lines make, and which words stand in each.

Lengths are points (1/72 inch), y grows upward. A missing line between two boxes of the grid means that they are merged.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .model import Block, Cell, Line, Table

NEAR = 3.5  # lines closer than this are one: borders are drawn twice, or as thin boxes
_SHORTEST = 8.0
MOST_LINES = 6000  # of a page; drawings have more
Segment = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """Words printed at once: where they begin, on which line, how large."""

    x: float
    y: float
    size: float
    text: str


@dataclass(slots=True)
class _Grid:
    xs: list[float]
    ys: list[float]  # from the top down
    upright: dict[int, list[tuple[float, float]]]
    level: dict[int, list[tuple[float, float]]]


def page_blocks(words: Sequence[Word], segments: Sequence[Segment]) -> list[Block]:
    """Lines and tables of a page from the top down; no table when the lines make none."""
    grids = _grids(segments)
    inside: dict[int, list[Word]] = defaultdict(list)
    outside: list[Word] = []
    for word in words:
        home = next((n for n, grid in enumerate(grids) if _holds(grid, word)), None)
        (outside if home is None else inside[home]).append(word)
    placed: list[tuple[float, Block]] = [(y, Line(text)) for y, text in _lines(outside)]
    for number, grid in enumerate(grids):
        placed.append((grid.ys[0], _table(grid, inside[number])))
    placed.sort(key=lambda each: -each[0])
    return [block for _y, block in placed]


def joined(pages: Iterable[list[Block]]) -> list[Block]:
    """Pages one after another; a table that goes on over a page is one table."""
    found: list[Block] = []
    for page in pages:
        for place, block in enumerate(page):
            before = found[-1] if found else None
            if (
                place == 0
                and isinstance(block, Table)
                and isinstance(before, Table)
                and _width(before) == _width(block)
            ):
                found[-1] = _one(before, block)
            else:
                found.append(block)
    return found


def _one(before: Table, after: Table) -> Table:
    """Both as one. A blank cell at the break goes on with the one above, in a column where cells are merged at all."""
    down = max(cell.row + cell.rows for cell in before.cells)
    merging = {cell.column for cell in (*before.cells, *after.cells) if cell.rows > 1}
    cells = list(before.cells)
    for cell in after.cells:
        above = next(
            (n for n, old in enumerate(cells) if old.column == cell.column and old.row + old.rows == down),
            None,
        )
        if cell.row == 0 and not cell.text and cell.column in merging and above is not None:
            old = cells[above]
            cells[above] = Cell(old.row, old.column, old.text, old.rows + cell.rows, old.columns)
        else:
            cells.append(Cell(cell.row + down, cell.column, cell.text, cell.rows, cell.columns))
    return Table(tuple(cells))


def _width(table: Table) -> int:
    return max(cell.column + cell.columns for cell in table.cells)


def _grids(segments: Sequence[Segment]) -> list[_Grid]:
    level: list[Segment] = []
    upright: list[Segment] = []
    for x0, y0, x1, y1 in segments[:MOST_LINES]:
        if abs(y1 - y0) < NEAR and abs(x1 - x0) >= _SHORTEST:
            level.append((min(x0, x1), (y0 + y1) / 2, max(x0, x1), (y0 + y1) / 2))
        elif abs(x1 - x0) < NEAR and abs(y1 - y0) >= _SHORTEST:
            upright.append(((x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1)))
    if len(segments) > MOST_LINES or len(level) < 2 or len(upright) < 2:
        return []
    return [grid for group in _touching(level, upright) if (grid := _grid(*group)) is not None]


def _touching(level: list[Segment], upright: list[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """Lines that belong together: bands of the page, from top to bottom, that upright lines keep together."""
    spans = sorted((low, high) for _x, low, _x1, high in upright)
    bands: list[list[float]] = []
    for low, high in spans:
        if bands and low <= bands[-1][1] + NEAR:
            bands[-1][1] = max(bands[-1][1], high)
        else:
            bands.append([low, high])
    return [
        (
            [line for line in level if low - NEAR <= line[1] <= high + NEAR],
            [line for line in upright if low - NEAR <= line[1] and line[3] <= high + NEAR],
        )
        for low, high in bands
    ]


def _grid(level: list[Segment], upright: list[Segment]) -> _Grid | None:
    """The grid of a band; a row broken by the page has no line above or below and ends with its upright lines."""
    xs = _clusters(line[0] for line in upright)
    ys = _clusters(line[1] for line in level)[::-1]
    if len(xs) < 3 or not ys:
        return None
    top, bottom = max(line[3] for line in upright), min(line[1] for line in upright)
    ys = [
        *([top] if top - ys[0] > _SHORTEST else []),
        *ys,
        *([bottom] if ys[-1] - bottom > _SHORTEST else []),
    ]
    if len(ys) < 3:
        return None
    grid = _Grid(xs, ys, defaultdict(list), defaultdict(list))
    for x, low, _x1, high in upright:
        grid.upright[_nearest(xs, x)].append((low, high))
    for left, y, right, _y1 in level:
        grid.level[_nearest(ys, y)].append((left, right))
    return grid


def _clusters(values: Iterable[float]) -> list[float]:
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= NEAR:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(each) / len(each) for each in found]


def _nearest(places: Sequence[float], value: float) -> int:
    return min(range(len(places)), key=lambda at: abs(places[at] - value))


def _holds(grid: _Grid, word: Word) -> bool:
    return (
        grid.xs[0] - NEAR <= word.x <= grid.xs[-1]
        and grid.ys[-1] <= word.y + word.size / 3 <= grid.ys[0] + NEAR
    )


def _table(grid: _Grid, words: list[Word]) -> Table:
    boxes = _boxes(grid)
    held: dict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        column = min(max(bisect_right(grid.xs, word.x + word.size / 3) - 1, 0), len(grid.xs) - 2)
        middle = word.y + word.size / 3
        row = min(max(sum(y > middle for y in grid.ys) - 1, 0), len(grid.ys) - 2)
        held[boxes[row, column][:2]].append(word)
    cells = [
        Cell(
            top,
            left,
            "\n".join(text for _y, text in _lines(held[top, left])),
            bottom - top + 1,
            right - left + 1,
        )
        for top, left, bottom, right in sorted(set(boxes.values()))
    ]
    return Table(tuple(cells))


def _boxes(grid: _Grid) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """For every field of the grid the box it belongs to: first row and column, last row and column."""
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    boxes: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) in boxes:
                continue
            right = column
            while right + 1 < columns and not _wall(grid, row, right + 1) and (row, right + 1) not in boxes:
                right += 1
            bottom = row
            while bottom + 1 < rows and not any(
                _floor(grid, bottom + 1, at) for at in range(column, right + 1)
            ):
                bottom += 1
            for r in range(row, bottom + 1):
                for c in range(column, right + 1):
                    boxes.setdefault((r, c), (row, column, bottom, right))
    return boxes


def _wall(grid: _Grid, row: int, column: int) -> bool:
    """Whether a line stands between this field and the one to its left."""
    middle = (grid.ys[row] + grid.ys[row + 1]) / 2
    return any(low - 1 <= middle <= high + 1 for low, high in grid.upright[column])


def _floor(grid: _Grid, row: int, column: int) -> bool:
    """Whether a line lies between this field and the one above."""
    middle = (grid.xs[column] + grid.xs[column + 1]) / 2
    return any(left - 1 <= middle <= right + 1 for left, right in grid.level[row])


def _lines(words: list[Word]) -> list[tuple[float, str]]:
    """Printed lines from the top down; a wide gap between words is a space."""
    found: list[tuple[float, str]] = []
    rest = sorted(words, key=lambda word: (-word.y, word.x))
    at = 0
    while at < len(rest):
        first = rest[at]
        line = [first]
        at += 1
        while at < len(rest) and first.y - rest[at].y <= max(first.size, rest[at].size) * 0.5:
            line.append(rest[at])
            at += 1
        line.sort(key=lambda word: word.x)
        text, reach = "", line[0].x
        for word in line:
            gap = word.x - reach > word.size * 0.8
            text += (" " if text and gap else "") + word.text.strip()
            reach = word.x + sum(word.size * (0.5 if char.isascii() else 1.0) for char in word.text.strip())
        if text.strip():
            found.append((first.y, text))
    return found
