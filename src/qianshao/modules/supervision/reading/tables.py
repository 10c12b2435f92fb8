"""A table of tasks: which column is what, merged cells, headings between rows, and forms of label and value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qianshao.kernel.words import say

from .assigning import Assignment, parse
from .deadlines import Frame
from .folding import clean, paragraphs
from .model import Item, LeadRule, Place, Role
from .numbering import mark_of
from .roles import is_number_column, is_task_column, role_of
from .rule import settle
from .source import Box, Grid, Source
from .timing import time_item

_HEADER_WITHIN = 60  # rows
_UNITS = frozenset(("lead", "co", "guide", "shared", "both"))
_SAME = re.compile(r"^(?:同上|同前|〃|″|\"|\^\^|〞)$")
_SUM = re.compile(r"(?:合计|总计|小计|共计)(?:[：\d]|$)")
_NOTHING = re.compile(r"^(?:[/\-—－、无]*|暂无)$")
Use = Role | str
BLANK = say("单元格为空，按与上一行合并读，请核对。")


@dataclass(slots=True)
class Row:
    """What one item's rows say before the lead rule is applied."""

    label: str
    texts: list[Box]
    section: str
    cells: list[tuple[Role, Box]]
    blank: bool = False


@dataclass(slots=True)
class _Columns:
    use: dict[int, Use]
    first: int  # the row below the header
    names: tuple[str, ...]

    def having(self, *uses: Use) -> list[int]:
        """Columns put to one of these uses, from the left."""
        return [column for column, use in self.use.items() if use in uses]


class Tables:
    """Reads the tables of one document in order: one without a header may go on with the columns of the one before."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._columns: _Columns | None = None

    def rows(self, grid: Grid) -> list[Row] | None:
        """The rows that are items; None for a table that is not about tasks."""
        matrix = _matrix(grid)
        if not matrix:
            return None
        height = max(row for row, _column in matrix) + 1
        width = max(column for _row, column in matrix) + 1
        columns = _header(matrix, height, width, self._source)
        if columns is None and self._goes_on(matrix, width):
            assert self._columns is not None
            columns = replace(self._columns, first=0)
        if columns is None:
            return _form(self._source, grid)
        self._columns = columns
        return _read(self._source, grid, matrix, columns, height, width)

    def _goes_on(self, matrix: dict[tuple[int, int], Box], width: int) -> bool:
        """As wide as the table before, and its first line begins with a number where that one counts."""
        if self._columns is None or len(self._columns.names) != width:
            return False
        numbers = self._columns.having("number")
        return bool(numbers) and _words(self._source, matrix.get((0, numbers[0]))).isdigit()


def _matrix(grid: Grid) -> dict[tuple[int, int], Box]:
    matrix: dict[tuple[int, int], Box] = {}
    for box in grid.boxes:
        cell = box.cell
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                matrix.setdefault((row, column), box)
    return matrix


def _words(source: Source, box: Box | None) -> str:
    return (
        "" if box is None else re.sub(r"\s+", "", source.folded[box.place.start : box.place.end]).strip("*_")
    )


def _use(name: str) -> Use | None:
    if not name or len(name) > 30:
        return None
    if is_number_column(name):
        return "number"
    role = role_of(name)
    return role or ("task" if is_task_column(name) else None)


def _header(matrix: dict[tuple[int, int], Box], height: int, width: int, source: Source) -> _Columns | None:
    for row in range(min(height, _HEADER_WITHIN)):
        if not _is_header(matrix, row, width, source):
            continue
        last = row + max(
            (matrix[row, column].cell.rows for column in range(width) if (row, column) in matrix), default=1
        )
        while last < height and last < row + 4 and _is_below(matrix, last, width, source):
            last += 1
        use: dict[int, Use] = {}
        for column in range(width):
            for line in range(last - 1, row - 1, -1):
                found = _use(_words(source, matrix.get((line, column))))
                if found is not None:
                    use[column] = found
                    break
        names = tuple(_words(source, matrix.get((row, column))) for column in range(width))
        if not any(value in _UNITS or value in ("deadline", "person") for value in use.values()):
            continue
        if "task" not in use.values():
            free = [column for column in range(width) if column not in use and names[column]]
            if not free:
                continue
            use[free[0]] = "task"
        return _Columns(use, last, names)
    return None


def _is_header(matrix: dict[tuple[int, int], Box], row: int, width: int, source: Source) -> bool:
    boxes = {id(box): box for column in range(width) if (box := matrix.get((row, column)))}
    texts = [_words(source, box) for box in boxes.values()]
    uses = [_use(text) for text in texts]
    known = [use for use in uses if use is not None]
    return (
        len(known) >= 2
        and any(use in _UNITS or use in ("deadline", "person") for use in known)
        and all(len(text) <= 30 for text in texts)
        and 2 * len(known) >= len([text for text in texts if text])
    )


def _is_below(matrix: dict[tuple[int, int], Box], row: int, width: int, source: Source) -> bool:
    """A second line of the header: names of roles only, no names of units."""
    own = {
        id(box): box
        for column in range(width)
        if (box := matrix.get((row, column))) and box.cell.row == row and _words(source, box)
    }
    uses = [_use(_words(source, box)) for box in own.values()]
    return bool(uses) and all(use in _UNITS or use in ("person", "deadline") for use in uses)


def _read(
    source: Source,
    grid: Grid,
    matrix: dict[tuple[int, int], Box],
    columns: _Columns,
    height: int,
    width: int,
) -> list[Row]:
    tasks, roles = columns.having("task"), columns.having(*_UNITS, "person", "deadline")
    fine = _finest(source, matrix, tasks, columns.first, height)
    numbers = columns.having("number")
    found: list[Row] = []
    section = ""
    for line in range(columns.first, height):
        boxes = {id(box): box for column in range(width) if (box := matrix.get((line, column)))}
        filled = [box for box in boxes.values() if _words(source, box)]
        words = tuple(_words(source, matrix.get((line, column))) for column in range(width))
        if not filled or words == columns.names or any(_SUM.match(_words(source, box)) for box in filled[:2]):
            continue
        begun = [box for box in filled if box.cell.row == line]
        if len(begun) == 1 and _is_section(begun[0], matrix, line, roles, width, len(boxes)):
            section = clean(source.text[begun[0].place.start : begun[0].place.end])[:60]
            continue
        own = {
            id(box): box
            for column in tasks
            if (box := matrix.get((line, column))) and box.cell.row == line and _words(source, box)
        }
        cells = _cells(source, matrix, columns, line, roles)
        if not own:
            if found and cells:
                known = {id(box) for _role, box in found[-1].cells}
                found[-1].cells += [(role, box) for role, box in cells if id(box) not in known]
            continue
        found.append(_row(source, matrix, list(own.values()), cells, line, tasks, numbers, section, fine))
        _inherit(source, found, grid.loose)
    return found


def _finest(
    source: Source, matrix: dict[tuple[int, int], Box], tasks: list[int], first: int, height: int
) -> list[int]:
    """Of several columns about tasks those with the most cells; the others group them."""
    count = {
        column: len(
            {
                id(box)
                for line in range(first, height)
                if (box := matrix.get((line, column))) and _words(source, box)
            }
        )
        for column in tasks
    }
    return [column for column in tasks if count[column] == max(count.values())]


def _is_section(
    box: Box, matrix: dict[tuple[int, int], Box], line: int, roles: list[int], width: int, count: int
) -> bool:
    """The only words of a line, across the table or with nothing beside them: a heading between the rows."""
    if not (box.cell.columns * 2 > width or count > 1):
        return False
    return box.cell.columns > 1 or not any(matrix.get((line, column)) is box for column in roles)


def _cells(
    source: Source, matrix: dict[tuple[int, int], Box], columns: _Columns, line: int, roles: list[int]
) -> list[tuple[Role, Box]]:
    cells: list[tuple[Role, Box]] = []
    for column in roles:
        box = matrix.get((line, column))
        if box is None or _NOTHING.match(_words(source, box)) or any(box is other for _role, other in cells):
            continue
        role: Role = columns.use[column]  # type: ignore[assignment]
        cells.append((role, box))
    return cells


def _row(
    source: Source,
    matrix: dict[tuple[int, int], Box],
    own: list[Box],
    cells: list[tuple[Role, Box]],
    line: int,
    tasks: list[int],
    numbers: list[int],
    section: str,
    fine: list[int],
) -> Row:
    within = [box for box in own if box.cell.column in fine] or own
    shortest = min(box.cell.rows for box in within)
    texts = [box for box in within if box.cell.rows == shortest]
    above = [
        box
        for column in tasks
        if (box := matrix.get((line, column))) and box not in texts and _words(source, box)
    ]
    if above:
        section = clean(source.text[above[0].place.start : above[0].place.end])[:60]
    number = next((matrix[line, column] for column in numbers if (line, column) in matrix), None)
    label = "" if number is None else clean(source.text[number.place.start : number.place.end])
    return Row(re.sub(r"[.、．]$", "", label), texts, section, cells)


def _inherit(source: Source, found: list[Row], loose: bool) -> None:
    """同上 takes the cell above; so does a row without any unit where the format cannot show merged cells."""
    row = found[-1]
    before = found[-2].cells if len(found) > 1 else []
    above = dict(before)
    row.cells = [
        (role, above.get(role, box) if _SAME.match(_words(source, box)) else box) for role, box in row.cells
    ]
    if (
        loose
        and any(role in _UNITS for role in above)
        and not any(role in _UNITS for role, _box in row.cells)
    ):
        given = {role for role, _box in row.cells}
        row.cells += [(role, box) for role, box in before if role not in given]
        row.blank = True


def _form(source: Source, grid: Grid) -> list[Row] | None:
    """Label and value side by side: 工作任务 | …, 牵头单位 | …; a new task begins a new item."""
    found: list[Row] = []
    boxes = list(grid.boxes)
    for place, box in enumerate(boxes[:-1]):
        use = _use(_words(source, box).rstrip("："))
        value = boxes[place + 1]
        if use is None or use == "number" or value.cell.row != box.cell.row or not _words(source, value):
            continue
        if use == "task":
            found.append(Row("", [value], "", []))
        elif found:
            found[-1].cells.append((use, value))  # type: ignore[arg-type]
    found = [row for row in found if any(role in _UNITS for role, _box in row.cells)]
    return found or None


def assignment_of(source: Source, row: Row) -> Assignment:
    """The units, people and deadlines of a row's cells."""
    where = row.texts[0].place
    found = Assignment(where.start, where.end, "label")
    for role, box in row.cells:
        one = parse(source.folded, source.text, box.place.start, box.place.end, role)
        if one is not None:
            found.merge(one)
    return found


def item_of(source: Source, row: Row, rule: LeadRule, frame: Frame) -> Item:
    """The row as an item."""
    first, last = row.texts[0].place, row.texts[-1].place
    label, start = row.label, first.start
    mark = mark_of(source.folded, first.start, first.end)
    if not label and mark is not None and not mark.decimal:
        label, start = mark.label, first.start + mark.size
    pieces = [
        source.text[start : first.end],
        *(source.text[box.place.start : box.place.end] for box in row.texts[1:]),
    ]
    item = Item(
        label, "\n".join(filter(None, map(paragraphs, pieces))), Place(first.start, last.end), row.section
    )
    assignment = assignment_of(source, row)
    settle(item, assignment, rule)
    if row.blank:
        item.doubt(BLANK)
    time_item(
        source, item, assignment, [Place(start, first.end), *(box.place for box in row.texts[1:])], frame
    )
    return item
