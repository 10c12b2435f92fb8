"""Checkpoints: made when the log has grown, signed, and carried out of the database to where it cannot reach.

An anchor folder (``QIANSHAO_ANCHORS``: a witness's share, a mounted stick, a mail spool) receives each checkpoint as a file. Whoever
restores an old backup finds the anchors saying a larger size than the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger import note
from qianshao.kernel.ledger.hashes import SHA256, SM3
from qianshao.kernel.ledger.merkle import Frontier
from qianshao.kernel.ledger.note import BadNote
from qianshao.kernel.ledger.note import Checkpoint as Stated

from . import store
from .keys import office_key
from .models import Checkpoint, Head

_EVERY = timedelta(seconds=60)


def origin() -> str:
    """The log's name in its checkpoints."""
    return f"qianshao/{store.log_name()}"


def make_if_due(now: datetime) -> bool:
    """Make a checkpoint when the log grew and the last is a minute old; one small query when nothing is to do."""
    last = Checkpoint.objects.order_by("-id").values_list("size", "made_at").first()
    if last is not None and now - last[1] < _EVERY:
        return False
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    if size == (last[0] if last else 0):
        return False
    make(now)
    return True


def roots() -> tuple[int, bytes, bytes]:
    """How many entries are numbered, and the roots of both trees over them; waits for nobody."""
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return 0, Frontier(SHA256).root(), Frontier(SM3).root()
    sha256, sm3 = bytes(head.sha256), bytes(head.sm3)
    return head.size, Frontier.from_bytes(SHA256, sha256).root(), Frontier.from_bytes(SM3, sm3).root()


def make(now: datetime) -> Checkpoint:
    """Sign the log as it stands, keep the note, and anchor it."""
    with transaction.atomic():
        size, sha256, sm3 = store.frontiers()
        key = office_key(signed_before=Checkpoint.objects.exists())
        made = Checkpoint.objects.create(
            size=size,
            made_at=now,
            note=note.sign(Stated(origin(), size, sha256.root()), [key]),
            sm3_note=note.sign(Stated(f"{origin()}/sm3", size, sm3.root()), [key]),
        )
    anchor(made)
    return made


def anchors() -> list[Path]:
    """The folders checkpoints are carried to; the default one lies in the data folder and proves little."""
    named = os.environ.get("QIANSHAO_ANCHORS", "")
    return [Path(part) for part in named.split(os.pathsep) if part] or [Path(settings.HOME) / "anchors"]


def anchor(made: Checkpoint) -> None:
    """Write the note to every anchor folder, whole or not at all: temporary file, fsync, rename, fsync of the folder."""
    for folder in anchors():
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("latest.txt", made.note), ("latest.sm3.txt", made.sm3_note)):
            replace(folder / name, text.encode())
        day = made.made_at.astimezone(SHANGHAI).strftime("%Y-%m-%d")
        replace(folder / f"{day}.txt", made.note.encode())


def replace(path: Path, raw: bytes) -> None:
    """Put a file in place atomically and durably; a crash leaves the old one or the new one."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    with waiting.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True)
class Anchored:
    """A checkpoint found outside the database."""

    path: Path
    checkpoint: Stated


def read_note(text: str) -> Stated:
    """A checkpoint this office signed; raises ``BadNote``."""
    key = office_key(signed_before=True)
    return note.read(text, {key.key_id: key})


def outside() -> list[Anchored]:
    """Every checkpoint in the anchor folders, oldest first; raises ``BadNote`` naming a file that is none."""
    found = []
    for folder in anchors():
        for path in sorted(folder.glob("*.txt")):
            if path.name.endswith(".sm3.txt"):
                continue
            try:
                found.append(Anchored(path, read_note(path.read_text(encoding="utf-8"))))
            except (BadNote, UnicodeDecodeError) as error:
                raise BadNote(f"{path.name}：不是本办公室签名的检查点（{error}）") from error
    return sorted(found, key=lambda item: item.checkpoint.size)
