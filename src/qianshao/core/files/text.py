"""Reading text files: which encoding, and whether they carry a state-secret marking."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
_ENCODINGS = ("utf-8-sig", "gb18030")
_CHUNK = 1 << 20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Marks read 机密★10年 (保守国家秘密法实施条例: the level, a star, the term).
_SECRET = re.compile(r"(?:秘密|机密|绝密)\s*[★☆]")
_OVERLAP = 8


class SecretMark(ValueError):
    """The text is marked as a state secret, which may not enter this system at all."""


def decoded(path: Path) -> Iterator[str] | None:
    """The file's text in pieces, in the first encoding that reads all of it; None when it is not text."""
    for encoding in _ENCODINGS:
        if _is_text(path, encoding):
            return _pieces(path, encoding)
    return None


def _is_text(path: Path, encoding: str) -> bool:
    try:
        return not any(_CONTROL.search(piece) for piece in _pieces(path, encoding))
    except UnicodeDecodeError:
        return False


def _pieces(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def opening(head: bytes) -> str:
    """The first bytes as text good enough to look for markup in."""
    return head.decode("utf-8", "replace")


def of_mail(path: Path) -> Iterator[str]:
    """The subject and the text parts of a mail, decoded."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    yield str(message["subject"] or "")
    for part in message.walk():
        if part.get_content_maintype() == "text":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                yield raw.decode("gb18030" if "gb" in str(part.get_content_charset()) else "utf-8", "replace")


def refuse_secret_marks(pieces: Iterable[str]) -> None:
    """Raise ``SecretMark`` where 秘密★, 机密★ or 绝密★ stands in the text (GB/T 22239 8.1.4.2 g)."""
    tail = ""
    for piece in pieces:
        found = _SECRET.search(tail + piece)
        if found:
            log.warning("an upload marked as a state secret was refused")
            raise SecretMark(
                _(
                    "文件带有国家秘密标志“{mark}”。本系统不得存储、处理国家秘密，文件没有保存；请按保密规定处理。"
                ).format(mark=found.group())
            )
        tail = piece[-_OVERLAP:]
