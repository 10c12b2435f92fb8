"""Personal data at rest: sealed under a key of its subject; destroying the key erases it everywhere.

The ledger's body holds only a salted commitment. The value and its salt are encrypted with AES-256-GCM
(NIST SP 800-38D) under the subject's own random key. Keys live in a file outside the database, so that
neither the database nor its write-ahead log nor its backups can bring an erased value back.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.core import boxes
from qianshao.kernel.ledger.canonical import encode
from qianshao.kernel.ledger.entry import commit

from . import rows
from .gate import Unavailable, in_home
from .models import Sealed


class VaultLocked(Unavailable):
    """The key file is missing or unreadable although the ledger holds sealed values."""


def _path() -> Path:
    return in_home(settings.HOME, "secrets", "subject-keys.sqlite3")


class _Kept(threading.local):
    """The thread's connection to the key file, and which file of which process it was opened for."""

    db: sqlite3.Connection | None = None
    of: tuple[object, ...] = ()


_kept = _Kept()


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """The key file, opened once a thread: the last one to close it would write its whole log back each time."""
    path = _path()
    if _kept.db is None or _kept.of != (path, os.getpid(), _inode(path)):
        _kept.db = _connect(path)
        _kept.of = (path, os.getpid(), _inode(path))
    try:
        yield _kept.db
    except BaseException:
        _kept.db.rollback()
        raise


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def close() -> None:
    """Let go of the key file in this thread, before another one is put in its place."""
    if _kept.db is not None and _kept.of[1] == os.getpid():
        _kept.db.close()
    _kept.db, _kept.of = None, ()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists() and Sealed.objects.exists():
        raise VaultLocked(
            _(
                "钥匙文件 {name} 不在数据文件夹的 secrets 中，已封存的个人信息无法读取。请从钥匙备份中恢复该文件后重试。"
            ).format(name=path.name)
        )
    db = sqlite3.connect(path, timeout=20, isolation_level=None)
    path.chmod(0o600)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA secure_delete=ON")
    db.execute("CREATE TABLE IF NOT EXISTS key (subject TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID")
    db.execute("CREATE TABLE IF NOT EXISTS destroyed (subject TEXT PRIMARY KEY) WITHOUT ROWID")
    return db


def _keys(db: sqlite3.Connection, subjects: Collection[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for piece in rows.chunks(sorted(subjects)):
        blanks = ",".join("?" * len(piece))
        found.update(db.execute(f"SELECT subject, key FROM key WHERE subject IN ({blanks})", piece))
    return found


def keys_for(subjects: Collection[str]) -> dict[str, bytes]:
    """The subjects' keys, made where missing; on disk before this returns.

    Raises ``VaultLocked`` when something is sealed under a key that is gone without having been destroyed: a new one in its
    place would make the loss of the old one final and silent.
    """
    if not subjects:
        return {}
    with _open() as db:
        keys = _keys(db, subjects)
        missing = [subject for subject in subjects if subject not in keys]
        if missing:
            _refuse_if_lost(db, missing)
            fresh = [(subject, os.urandom(32)) for subject in missing]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", fresh)
            db.execute("COMMIT")
            keys |= _keys(db, missing)
    return keys


def _refuse_if_lost(db: sqlite3.Connection, missing: Collection[str]) -> None:
    found = rows.select("SELECT DISTINCT subject FROM ledger_sealed WHERE subject {keys}", sorted(missing))
    sealed = {subject for (subject,) in found}
    if sealed:
        destroyed = {row[0] for row in db.execute("SELECT subject FROM destroyed")}
        if lost := sealed - destroyed:
            raise VaultLocked(
                _(
                    "钥匙文件中缺少 {n} 个当事人的钥匙，其已封存的个人信息无法读取。请从最新的钥匙备份中恢复后重试。"
                ).format(n=len(lost))
            )


def check_at_start() -> None:
    """Raise ``VaultLocked`` when something is sealed and the key file is not there."""
    if Sealed.objects.exists():
        with _open():
            pass


def seal(values: Mapping[str, str], key: bytes, stream: str, sseq: int) -> tuple[dict[str, str], bytes]:
    """Commitments for the entry's body, and the encrypted box for the vault."""
    salts = os.urandom(32 * len(values) + boxes.NONCE)
    commitments: dict[str, str] = {}
    inside: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(values.items()):
        salt = salts[32 * number : 32 * number + 32]
        commitments[name] = commit(salt, value)
        inside[name] = [salt.hex(), value]
    return commitments, boxes.shut(key, encode(inside), f"{stream}/{sseq}".encode(), salts[-boxes.NONCE :])


class Box(NamedTuple):
    """A row of ``Sealed``, read without the ORM where many are."""

    stream: str
    sseq: int
    subject: str
    box: bytes


def unseal(boxes: Iterable[Sealed | Box]) -> dict[tuple[str, int], dict[str, str]]:
    """Open boxes: (stream, sseq) → field → value. A box whose key was destroyed is left out."""
    boxes = list(boxes)
    if not boxes:
        return {}
    with _open() as db:
        keys = _keys(db, {box.subject for box in boxes})
    opened: dict[tuple[str, int], dict[str, str]] = {}
    for box in boxes:
        key = keys.get(box.subject)
        if key is not None:
            inside = _unbox(box, key)
            opened[box.stream, box.sseq] = {name: value for name, (_salt, value) in inside.items()}
    return opened


def _unbox(box: Sealed | Box, key: bytes) -> dict[str, list[str]]:
    try:
        plain = boxes.opened(key, bytes(box.box), f"{box.stream}/{box.sseq}".encode())
    except InvalidTag:
        raise VaultLocked(
            _("封存的数据 {place} 已被改动，无法解开。").format(place=f"{box.stream}/{box.sseq}")
        ) from None
    opened: dict[str, list[str]] = json.loads(plain)
    return opened


def broken(boxes: Sequence[tuple[Sealed, Mapping[str, str]]]) -> Iterator[tuple[str, list[str]]]:
    """Of boxes with what their entries committed to, the places and fields that do not agree.

    All fields of a box whose key was lost, or which does not open; none of one whose key was destroyed.
    """
    if not boxes:
        return
    with _open() as db:
        keys = _keys(db, {box.subject for box, _pii in boxes})
        destroyed = {row[0] for row in db.execute("SELECT subject FROM destroyed")}
    for box, commitments in boxes:
        wrong = list(commitments)
        if box.subject in keys:
            wrong = _not_as_committed(box, keys[box.subject], commitments)
        elif box.subject in destroyed:
            wrong = []
        if wrong:
            yield f"{box.stream}/{box.sseq}", wrong


def _not_as_committed(box: Sealed, key: bytes, commitments: Mapping[str, str]) -> list[str]:
    try:
        inside = _unbox(box, key)
    except VaultLocked:
        return list(commitments)
    wrong = [
        name
        for name, (salt, value) in inside.items()
        if commitments.get(name) != commit(bytes.fromhex(salt), value)
    ]
    return wrong + [name for name in commitments if name not in inside]


def destroy(subject: str) -> bool:
    """Destroy a subject's key and the boxes under it; whether there was one.

    ``secure_delete`` overwrites the page and the truncating checkpoint empties the key file's log. Until the boxes are gone too, a mark
    tells this from a lost key; a crash in between is mended by erasing again.
    """
    with _open() as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT OR IGNORE INTO destroyed VALUES (?)", [subject])
        gone = db.execute("DELETE FROM key WHERE subject = ?", [subject]).rowcount > 0
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        Sealed.objects.filter(subject=subject).delete()
        db.execute("DELETE FROM destroyed WHERE subject = ?", [subject])
    return gone


_users: list[Callable[[Collection[str]], set[str]]] = []


def also_used(asked: Callable[[Collection[str]], set[str]]) -> None:
    """Name a function that says which of some subjects' keys are in use outside the ledger's own boxes."""
    if asked not in _users:
        _users.append(asked)


def destroy_orphans() -> int:
    """Destroy keys under which nothing is sealed: after a restore, those of subjects erased since the keys were saved."""
    if not _path().exists():
        return 0
    with _open() as db:
        subjects = [row[0] for row in db.execute("SELECT subject FROM key")]
        used: set[str] = set()
        for piece in rows.chunks(subjects):
            used.update(Sealed.objects.filter(subject__in=piece).values_list("subject", flat=True))
            for asked in _users:
                used |= asked(piece)
        orphans = [(subject,) for subject in subjects if subject not in used]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM key WHERE subject = ?", orphans)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(orphans)
