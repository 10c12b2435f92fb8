"""Read one worksheet and write its rows as JSON lines; runs alone, under limits, see ``workbook``."""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY = 1536 * 2**20  # bytes of address space
SECONDS = 240  # of processor time
MOST_ROWS = 5_000_000
MOST_MERGED = 20_000
_PIECE = 200


def main(path: str, wanted: str, with_rows: bool) -> None:
    """Limit this process, then say what is in the workbook and, when asked, all rows of one worksheet."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine as calamine

    try:
        # By content: a path would be judged by its ending, and an upload has none.
        with Path(path).open("rb") as file:
            book = calamine.CalamineWorkbook.from_filelike(file)
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if wanted and wanted not in book.sheet_names:
            return _say({"error": "sheet"})
        filled = _filled(book, [wanted] if wanted else visible)
        if not filled:
            return _say({"error": "empty"})
        sheet = book.get_sheet_by_name(filled[0])
    except calamine.PasswordError:
        return _say({"error": "password"})
    except (calamine.CalamineError, OSError):
        return _say({"error": "broken"})
    if sheet.total_height > MOST_ROWS:
        return _say({"error": "rows"})
    _say(
        {
            "sheet": filled[0],
            "left": [name for name in visible if name != filled[0]],
            "rows": sheet.total_height,
            "merged": _merged(sheet),
        }
    )
    if not with_rows:
        return None
    piece: list[list[Any]] = []
    left = [None] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        piece.append([*left, *map(_plain, row)])
        if len(piece) == _PIECE:
            _say(piece)
            piece = []
    return _say(piece) if piece else None


def _merged(sheet: Any) -> list[list[int]]:
    """Merged ranges as first row, first column, last row, last column, from 0; none where the format does not tell."""
    try:
        ranges = sheet.merged_cell_ranges or []
    except Exception:  # the library raises its own kinds for formats without them
        return []
    return [[*first, *last] for first, last in ranges[:MOST_MERGED]]


def _filled(book: Any, names: list[str]) -> list[str]:
    """The worksheet to read, first of those with at least one cell; the rest is not looked at."""
    for name in names:
        if book.get_sheet_by_name(name).total_height:
            return [name]
    return []


def _plain(cell: Any) -> Any:
    if cell == "":
        return None
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"at": datetime.combine(cell, time()).isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "1")
    sys.stdout.flush()
