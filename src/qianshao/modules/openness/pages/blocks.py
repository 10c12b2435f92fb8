"""A page as a flat row of text blocks, in the order they stand, made in one pass however deep it is nested."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

Zone = Literal["body", "nav", "foot"]

_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "textarea", "svg", "iframe", "object", "select")
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "o:p",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_BREAKS = frozenset(("br", "hr"))
_NOT_ELEMENTS = ("-", "_", "!", "")
_CELLS = frozenset(("td", "th", "dt", "dd"))
_HEADINGS = frozenset(("h1", "h2", "h3"))
_FOOT = re.compile(r"foot(?!note)|copyright|\bcopy\b|(?<![a-z])(?:page)?bottom(?![a-z])|\bdibu\b|beian", re.I)
_NAV = re.compile(
    r"(?<![a-z])(?:nav|menu|navlist|navbar|topbar|toolbar|sidebar|friendlink|links?)(?![a-z])|friend", re.I
)
_CRUMB = re.compile(
    r"crumb|position|dqwz|weizhi|location|(?<![a-z])path(?![a-z])|curr?ent|bread|lujing|wz(?![a-z])", re.I
)
_TITLE = re.compile(r"title|(?<![a-z])(?:tit|bt|biaoti)(?![a-z])", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_SPACE = re.compile(r"\s+")
# Signs that stand for a colon on real pages; U+2236 is in a saved page of a municipality.
_ODD = {ord(c): ":" for c in "：∶﹕︰ː꞉˸ꓽ᠄"} | {
    ord(f): chr(ord(f) - 0xFEE0) for f in "０１２３４５６７８９－／．"
}
_ODD |= {ord(c): "-" for c in "‐‑‒–−"}
_CELL_REACH = 2
_NO_CELL = 99
MOST_BLOCKS = 60_000
_LONGEST = 20_000  # characters of one block that are looked at
MOST_LINKS = 5_000


@dataclass(slots=True)
class Anchor:
    """A link in a block."""

    href: str
    text: str
    title: str
    block: int
    zone: Zone


@dataclass(slots=True)
class Block:
    """The text of one line of the page: a paragraph, a cell, a heading; ``text`` has its colons and spaces evened."""

    text: str
    tag: str
    hint: str
    zone: Zone
    hidden: bool
    crumb: bool
    heading: bool
    titled: bool
    cell: bool
    linked: int

    @property
    def where(self) -> str:
        """A short path a person can search for: tag and class or id."""
        return self.tag + (f".{self.hint}" if self.hint else "")


@dataclass(slots=True)
class Body:
    """All blocks and links of a page; ``cut`` says that it was too large to be taken whole."""

    blocks: list[Block] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    cut: bool = False


def even(text: str) -> str:
    """One kind of space, colon, dash and digit; invisible characters out."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text.translate(_ODD))).strip()


def tidy(text: str) -> str:
    """As printed, with spaces evened and invisible characters out."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


_UNNAMED = (False, False, False, False)


@lru_cache(maxsize=4096)
def _named(names: str) -> tuple[bool, bool, bool, bool]:
    """What class and id say an element is: foot, menu, path line, title. Pages of a site share their names."""
    return (
        bool(_FOOT.search(names)),
        bool(_NAV.search(names)),
        bool(_CRUMB.search(names)),
        bool(_TITLE.search(names)),
    )


@dataclass(slots=True)
class _Frame:
    zone: Zone
    hidden: bool
    crumb: bool
    heading: bool
    titled: bool
    tag: str
    hint: str
    in_cell: int  # blocks since the cell was entered; beyond _CELL_REACH the table only arranges the page


def body_of(tree: LexborHTMLParser) -> Body:
    """Walk the tree once without recursion; the cost is the number of nodes."""
    walk = _Walk()
    root = tree.body
    if root is not None:
        walk.through(root)
    return walk.body


class _Walk:
    """The state of one pass: the open frames, and the pieces of the line being put together."""

    def __init__(self) -> None:
        self.body = Body()
        self.pieces: list[str] = []
        self.linked = 0
        self.frame = _Frame("body", False, False, False, False, "body", "", _NO_CELL)
        self.anchor: Anchor | None = None
        self.anchor_pieces: list[str] = []

    def through(self, root: LexborNode) -> None:
        """Depth first, by hand: parents are remembered on a list, not on Python's stack."""
        waiting: list[LexborNode | _Frame | None] = [root.child]
        while waiting:
            step = waiting.pop()
            if step is None:
                self.end_anchor()
                continue
            if isinstance(step, _Frame):
                self.flush()
                self.frame = step
                continue
            node: LexborNode | None = step
            while node is not None:
                tag = node.tag or ""
                if tag == "-text":
                    self.says(node.text_content or "")
                elif tag in _BREAKS:
                    self.flush()
                elif tag[:1] not in _NOT_ELEMENTS and tag not in _SKIPPED and node.child is not None:
                    after = node.next
                    if after is not None:
                        waiting.append(after)
                    if tag == "a":
                        self.begin_anchor(node)
                        waiting.append(None)
                    elif tag not in _INLINE:
                        self.flush()
                        waiting.append(self.frame)
                        self.frame = self.inside(node, tag)
                    node = node.child
                    continue
                node = node.next
            if len(self.body.blocks) >= MOST_BLOCKS:
                self.body.cut = True
                return
        self.flush()

    def says(self, value: str) -> None:
        self.pieces.append(value)
        if self.anchor is not None:
            self.anchor_pieces.append(value)

    def inside(self, node: LexborNode, tag: str) -> _Frame:
        outer = self.frame
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()[:200]
        style = attributes.get("style")
        if tag in _CELLS:
            in_cell = 0
        else:
            in_cell = _NO_CELL if tag == "table" or outer.in_cell >= _CELL_REACH else outer.in_cell + 1
        if not names and not style and tag not in ("footer", "nav", "header") and tag not in _HEADINGS:
            return _Frame(
                outer.zone, outer.hidden, outer.crumb, outer.heading, outer.titled, tag, outer.hint, in_cell
            )
        foot, nav, crumb, titled = _named(names) if names else _UNNAMED
        zone = outer.zone
        if foot or tag == "footer":
            zone = "foot"
        elif zone == "body" and (nav or tag == "nav"):
            zone = "nav"
        return _Frame(
            zone,
            outer.hidden or bool(style and _HIDDEN.search(style)),
            outer.crumb or crumb,
            outer.heading or tag in _HEADINGS,
            titled,
            tag,
            names.split()[0] if names else outer.hint,
            in_cell,
        )

    def begin_anchor(self, node: LexborNode) -> None:
        attributes = node.attributes
        href = (attributes.get("href") or "").strip()
        if href and len(self.body.anchors) < MOST_LINKS:
            self.anchor = Anchor(
                href, "", tidy(attributes.get("title") or ""), len(self.body.blocks), self.frame.zone
            )
            self.anchor_pieces = []

    def end_anchor(self) -> None:
        anchor = self.anchor
        if anchor is not None:
            anchor.text = tidy("".join(self.anchor_pieces))
            self.linked += len(anchor.text)
            self.body.anchors.append(anchor)
            self.anchor = None

    def flush(self) -> None:
        if not self.pieces:
            return
        text = even("".join(self.pieces)[:_LONGEST])
        self.pieces.clear()
        if text:
            frame = self.frame
            self.body.blocks.append(
                Block(
                    text,
                    frame.tag,
                    frame.hint,
                    frame.zone,
                    frame.hidden,
                    frame.crumb,
                    frame.heading,
                    frame.titled,
                    frame.in_cell <= _CELL_REACH,
                    self.linked,
                )
            )
        self.linked = 0
