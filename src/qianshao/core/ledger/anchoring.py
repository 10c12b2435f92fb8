"""Anchors: checkpoints carried out of the database to folders it cannot reach, and read back from there.

An anchor folder (``QIANSHAO_ANCHORS``: a witness's share, a mounted stick, a mail spool) receives each checkpoint as a file. Whoever
restores an old backup finds the anchors saying a larger size than the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger import note
from qianshao.kernel.ledger.note import BadNote
from qianshao.kernel.ledger.note import Checkpoint as Stated

from .keys import office_key
from .models import Checkpoint, DayHeads

LATEST, LATEST_SM3, LATEST_HEADS = "latest.txt", "latest.sm3.txt", "latest.heads.txt"


@dataclass(frozen=True)
class Anchored:
    """A checkpoint found outside the database."""

    path: Path
    checkpoint: Stated


def folders() -> list[Path]:
    """The folders checkpoints are carried to; the default one lies in the data folder and proves little."""
    named = os.environ.get("QIANSHAO_ANCHORS", "")
    return [Path(part) for part in named.split(os.pathsep) if part] or [Path(settings.HOME) / "anchors"]


def place(made: Checkpoint) -> None:
    """Write a checkpoint to every anchor folder; a larger one that lies there (after a loss) is kept beside it."""
    day = made.made_at.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    for folder in folders():
        folder.mkdir(parents=True, exist_ok=True)
        for name in (LATEST, f"{day}.txt"):
            _set_aside(folder / name, made.size)
            replace(folder / name, made.note.encode())
        replace(folder / LATEST_SM3, made.sm3_note.encode())


def place_heads(made: DayHeads) -> None:
    """Write a day's heads to every anchor folder."""
    day = made.made_at.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    for folder in folders():
        folder.mkdir(parents=True, exist_ok=True)
        for name in (LATEST_HEADS, f"{day}.heads.txt"):
            replace(folder / name, made.note.encode())


def _set_aside(path: Path, size: int) -> None:
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    there = note.parse(text)[0].size
    if there > size:
        replace(path.with_name(f"lost-{there}.txt"), text.encode())


def placed(made: Checkpoint) -> bool:
    """Whether every anchor folder has this checkpoint as its latest."""
    expected = made.note.encode()
    latest = [folder / LATEST for folder in folders()]
    return all(path.exists() and path.read_bytes() == expected for path in latest)


def replace(path: Path, raw: bytes) -> None:
    """Put a file in place atomically and durably; a crash leaves the old one or the new one."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with waiting.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_note(text: str) -> Stated:
    """A checkpoint this office signed; raises ``BadNote`` or ``KeyMissing``."""
    key = office_key(signed_before=True)
    return note.read(text, {key.key_id: key})


def outside() -> list[Anchored]:
    """Every checkpoint in the anchor folders, oldest first; raises ``BadNote`` naming a file that is none."""
    paths = [path for folder in folders() for path in sorted(folder.glob("*.txt"))]
    found = [_read(path) for path in paths if not path.name.endswith((".sm3.txt", ".heads.txt"))]
    return sorted(found, key=lambda item: item.checkpoint.size)


def latest() -> list[Anchored]:
    """The latest checkpoint of each anchor folder that has one; raises ``BadNote`` like ``outside``."""
    paths = [folder / LATEST for folder in folders()]
    return [_read(path) for path in paths if path.exists()]


def latest_heads() -> list[Anchored]:
    """The latest heads of each anchor folder that has them; raises ``BadNote`` like ``outside``."""
    paths = [folder / LATEST_HEADS for folder in folders()]
    return [_read(path) for path in paths if path.exists()]


def _read(path: Path) -> Anchored:
    try:
        return Anchored(path, read_note(path.read_text(encoding="utf-8")))
    except (BadNote, UnicodeDecodeError) as error:
        raise BadNote(f"{path.name}：不是本办公室签名的检查点（{error}）") from error
