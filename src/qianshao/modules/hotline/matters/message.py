"""A message as the search for its matter sees it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

LONGEST = 3_000  # characters of a body that are read; what a citizen wants is said before


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``sent_at`` is ``None`` where no time is known; ``class_name`` where no class is."""

    key: str
    title: str
    body: str
    sent_at: datetime | None = None
    class_name: str = ""


def plain(text: str) -> str:
    """The text in one width and case and without white space, so that one text written twice is one text."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
