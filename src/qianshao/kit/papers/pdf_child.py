"""Takes the text, the words with their places and the rulings out of one .pdf; runs alone, under limits, see ``pdf``."""

from __future__ import annotations

import gc
import json
import logging
import math
import resource
import sys
from typing import Any

MEMORY = 1536 * 2**20  # bytes of address space
SECONDS = 110  # of processor time
MOST_PAGES = 1000
MOST_CHARACTERS = 12_000_000
MOST_LINES = 6001  # of a page
_THIN = 3.0  # points; a narrower box is a line


class _Page:
    """What visitors see of one page."""

    def __init__(self) -> None:
        self.words: list[list[Any]] = []
        self.lines: list[list[float]] = []
        self._path: list[tuple[list[float], bool]] = []
        self._at: tuple[float, float] | None = None
        self._start: tuple[float, float] | None = None

    def word(self, text: str, cm: list[float], tm: list[float], _font: Any, size: float | None) -> None:
        """A piece of text where it begins."""
        if text.strip():
            x, y = _point(cm, tm[4], tm[5])
            scale = math.hypot(cm[2], cm[3]) * math.hypot(tm[2], tm[3])
            self.words.append(
                [round(x, 1), round(y, 1), round((size or 10) * scale, 1), text.replace("\n", "")]
            )

    def operand(self, operator: bytes, operands: Any, cm: list[float], _tm: list[float]) -> None:
        """A step of a path, or what is done with it: drawn, filled, or only used to clip."""
        if len(self.lines) >= MOST_LINES:
            return
        if operator == b"re":
            self._box(cm, *(float(each) for each in operands))
        elif operator == b"m":
            self._at = self._start = _point(cm, float(operands[0]), float(operands[1]))
        elif operator == b"l" and self._at is not None:
            to = _point(cm, float(operands[0]), float(operands[1]))
            self._path.append(([*self._at, *to], False))
            self._at = to
        elif operator == b"h" and self._at is not None and self._start is not None:
            self._path.append(([*self._at, *self._start], False))
        elif operator in (b"S", b"s", b"B", b"B*", b"b", b"b*", b"f", b"F", b"f*"):
            stroked = operator not in (b"f", b"F", b"f*")
            self.lines += [line for line, only_stroked in self._path if stroked or not only_stroked]
            self._path = []
        elif operator == b"n":
            self._path = []

    def _box(self, cm: list[float], x: float, y: float, width: float, height: float) -> None:
        x0, y0 = _point(cm, x, y)
        x1, y1 = _point(cm, x + width, y + height)
        if abs(x1 - x0) < _THIN or abs(y1 - y0) < _THIN:
            self._path.append(([x0, y0, x1, y1], False))
            return
        for edge in ([x0, y0, x1, y0], [x0, y1, x1, y1], [x0, y0, x0, y1], [x1, y0, x1, y1]):
            self._path.append((edge, True))


def _point(cm: list[float], x: float, y: float) -> tuple[float, float]:
    return cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5]


def main(path: str, part: int, parts: int) -> dict[str, Any]:
    """``pages``: text, words and lines of each page of this part; or ``error``: password, pages, broken, limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    gc.disable()  # a page makes hundreds of thousands of small objects, and the process ends soon
    import pypdf

    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "password"}
        if len(reader.pages) > MOST_PAGES:
            return {"error": "pages"}
        pages: list[dict[str, Any]] = []
        size = 0
        many = len(reader.pages)
        for page in reader.pages[many * part // parts : many * (part + 1) // parts]:
            seen = _Page()
            text = page.extract_text(visitor_text=seen.word, visitor_operand_before=seen.operand) or ""
            size += len(text)
            if size > MOST_CHARACTERS:
                return {"error": "pages"}
            ruled = 4 <= len(seen.lines) < MOST_LINES
            pages.append(
                {"text": text, "words": seen.words if ruled else [], "lines": seen.lines if ruled else []}
            )
    except MemoryError:
        return {"error": "limits"}
    except Exception:  # whatever a file does to the parser, it is answered for
        return {"error": "broken"}
    return {"pages": pages}


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))).encode("ascii"))
