"""All a page shows, gathered once, for the readers of the single fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .blocks import Block
from .labels import Labelled
from .links import Item
from .page import Found
from .sure import filled

_CATALOGUE = frozenset(("publisher", "formed_on", "document_number"))
NEAR = 12  # blocks: how far around the title the line with date and source is looked for


@dataclass(frozen=True)
class Answer:
    """What a field's reader found, or why not, and what else the page says."""

    found: Found | None
    why: str = ""
    others: list[Found] = field(default_factory=list)


@dataclass
class Seen:
    """The page's labels, blocks and printed labels; ``title_block`` is known once the title is.

    ``linked_titles`` counts links that read like titles; ``declared`` are days in ``time`` elements, microdata and JSON-LD, each with its place.
    """

    labels: Mapping[str, str]
    blocks: Sequence[Block]
    printed: Sequence[Labelled]
    title_tag: str
    url: str
    items: Sequence[Item]
    linked_titles: int = 0
    declared: Sequence[tuple[str, str]] = ()
    title_block: int | None = None
    site_name: str = ""
    remarks: list[str] = field(default_factory=list)

    def label(self, *names: str) -> tuple[str, str] | None:
        """The first of these meta labels that has a real value, with its name."""
        for name in names:
            value = self.labels.get(name.lower())
            if filled(value):
                return str(value), name
        return None

    def printed_as(self, *fields: str) -> Iterator[Labelled]:
        """Printed labels of these fields outside the page's foot, nearest to the title first."""
        wanted = [
            one for one in self.printed if one.field in fields and self.blocks[one.block].zone != "foot"
        ]
        title = self.title_block
        # What stands after the title before what stands above it; far away counts last.
        yield from sorted(
            wanted, key=lambda one: self.distance(one.block) if title is not None else one.block
        )

    def distance(self, block: int) -> int:
        """How far a block is from the title; before it counts double."""
        if self.title_block is None:
            return block
        return block - self.title_block if block >= self.title_block else 2 * (self.title_block - block)

    @property
    def catalogued(self) -> bool:
        """Whether the page carries the catalogue entry of 政府信息公开目录: several of its labels, in cells or not."""
        return len({one.field for one in self.printed} & _CATALOGUE) >= 2

    def place(self, one: Labelled) -> str:
        """Where a printed label stands, for the evidence."""
        block = self.blocks[one.block]
        return f"{block.where} “{one.label}”"

    def settle(self, found: Mapping[str, Found]) -> None:
        """Remember title and site once they are known, and where on the page the title is printed."""
        site = found.get("site_name")
        self.site_name = site.value if site else ""
        title = found.get("title")
        if title is None:
            return
        wanted = _core(title.value)
        longest = len(title.value) + 80  # with the line of date and source
        best: tuple[int, int] | None = None
        for index, block in enumerate(self.blocks):
            if block.hidden or (block.crumb and not block.heading) or len(block.text) > longest:
                continue
            shown = _core(block.text)
            if wanted and _is_title(shown, wanted):
                rank = (
                    (block.heading or block.titled)
                    + (shown == wanted)
                    + 2 * (block.zone != "foot")
                    + (block.zone == "body")
                    - block.cell
                )
                if best is None or rank > best[0]:
                    best = rank, index
            if index > 4000:
                break
        self.title_block = best[1] if best else None
        if best and self.blocks[best[1]].zone == "foot":
            # A wrapper that holds the title is no foot, whatever it is called.
            for block in self.blocks:
                block.zone = "body"


def _is_title(shown: str, wanted: str) -> bool:
    """The title alone, broken in two, or with its line of date and source in the same block."""
    if shown == wanted:
        return True
    if len(shown) < 8:
        return False
    broken = wanted.startswith(shown) and len(shown) > len(wanted) * 0.5
    return broken or (len(wanted) >= 8 and shown.startswith(wanted) and len(shown) < len(wanted) + 60)


def _core(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
