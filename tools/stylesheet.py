"""Leave out of a style sheet every rule whose classes nothing in the product names.

Tabler has rules for ten times what our pages use, and a reader on a slow line waits for the style sheet before anything
is painted. A class is named when it stands as a word in a template, a script or Python; a word that ends in a hyphen
(``alert-`` before a blank) names every class that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_WORD = re.compile(r"[A-Za-z_][\w-]*")
_CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
_NESTING = ("@media", "@supports", "@layer", "@container")
_SUFFIXES = (".html", ".js", ".py")


class Named:
    """The classes a body of sources may name."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = {word for text in texts for word in _WORD.findall(text)}
        self._starts = tuple(word for word in self._words if word.endswith("-") and len(word) > 2)

    def __contains__(self, name: str) -> bool:
        plain = name.replace("\\", "")
        return plain in self._words or plain.startswith(self._starts)


def sources(folder: Path) -> Iterator[str]:
    """The templates, scripts and Python files below a folder, what others wrote left out."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in _SUFFIXES and "vendor" not in file.parts:
            yield file.read_text(encoding="utf-8")


def kept(css: str, named: Named) -> str:
    """The style sheet with the rules that can apply, in their order."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "".join(_kept(css, named))


def _kept(css: str, named: Named) -> Iterator[str]:
    for head, body in _blocks(css):
        plain = head.strip()
        if body is None:
            yield f"{plain};"
        elif plain.startswith(_NESTING):
            inner = "".join(_kept(body, named))
            if inner:
                yield f"{plain}{{{inner}}}"
        elif plain.startswith("@"):
            yield f"{plain}{{{body}}}"
        else:
            selectors = [one for one in _split(plain) if all(name in named for name in _CLASS.findall(one))]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """(what stands before the brace, what stands in it), or (a statement, None)."""
    start = at = 0
    while at < len(css):
        mark = css[at]
        if mark in "\"'":
            at = _after_string(css, at)
        elif mark == ";":
            if css[start:at].strip():
                yield css[start:at], None
            at = start = at + 1
        elif mark == "{":
            end = _matching(css, at)
            yield css[start:at], css[at + 1 : end]
            at = start = end + 1
        else:
            at += 1


def _matching(css: str, at: int) -> int:
    depth = 0
    while at < len(css):
        mark = css[at]
        if mark in "\"'":
            at = _after_string(css, at)
            continue
        depth += (mark == "{") - (mark == "}")
        if not depth:
            return at
        at += 1
    raise ValueError("a brace of the style sheet is never closed")


def _after_string(css: str, at: int) -> int:
    quote, at = css[at], at + 1
    while css[at] != quote:
        at += 2 if css[at] == "\\" else 1
    return at + 1


def _split(selectors: str) -> list[str]:
    """The selectors of a list; a comma within brackets separates nothing here."""
    found, depth, start = [], 0, 0
    for at, mark in enumerate(selectors):
        depth += (mark in "([") - (mark in ")]")
        if mark == "," and not depth:
            found.append(selectors[start:at])
            start = at + 1
    return [*found, selectors[start:]]
