"""What an agent sees while typing: earlier messages that look like the same matter, with the reasons."""

from __future__ import annotations

from datetime import datetime

from .index import Alike, Index
from .message import Message

LIKELY = 0.05  # below this a message is not worth an agent's look


def like(index: Index, title: str, body: str, sent_at: datetime | None, top: int = 5) -> list[Alike]:
    """The messages of ``index`` most like this text, likeliest first, each with shared places and words.

    Takes some milliseconds; nothing is placed. An unfinished text is welcome, an empty one finds nothing.
    """
    message = Message("", title, body, sent_at)
    return [found for found in index.alike(message, top) if found.likeness >= LIKELY]
