"""Personal data at rest: sealed under a key of its subject; destroying the key erases it everywhere.

The ledger's body holds only a salted commitment. The value and its salt are encrypted with AES-256-GCM
(NIST SP 800-38D) under the subject's own random key. Keys live in a file outside the database, so that
neither the database nor its write-ahead log nor its backups can bring an erased value back.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from qianshao.kernel.ledger.entry import commit

from . import rows
from .models import Sealed


class VaultLocked(RuntimeError):
    """The key file is missing or unreadable although the ledger holds sealed values."""


def _path() -> Path:
    return Path(settings.HOME) / "secrets" / "subject-keys.sqlite3"


def _open() -> sqlite3.Connection:
    path = _path()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists() and Sealed.objects.exists():
        raise VaultLocked(
            f"钥匙文件 {path.name} 不在数据文件夹中，已封存的个人信息无法读取。请从钥匙备份中恢复该文件后重试。"
        )
    db = sqlite3.connect(path, timeout=20, isolation_level=None)
    path.chmod(0o600)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA secure_delete=ON")
    db.execute("CREATE TABLE IF NOT EXISTS key (subject TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID")
    return db


def _keys(db: sqlite3.Connection, subjects: Collection[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for piece in rows.chunks(sorted(subjects)):
        blanks = ",".join("?" * len(piece))
        found.update(db.execute(f"SELECT subject, key FROM key WHERE subject IN ({blanks})", piece))
    return found


def keys_for(subjects: Collection[str]) -> dict[str, bytes]:
    """The subjects' keys, made where missing; on disk before this returns."""
    with closing(_open()) as db:
        keys = _keys(db, subjects)
        missing = [subject for subject in subjects if subject not in keys]
        if missing:
            fresh = [(subject, os.urandom(32)) for subject in missing]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", fresh)
            db.execute("COMMIT")
            keys |= _keys(db, missing)
    return keys


def seal(values: Mapping[str, str], key: bytes, stream: str, sseq: int) -> tuple[dict[str, str], bytes]:
    """Commitments for the entry's body, and the encrypted box for the vault."""
    salts = os.urandom(32 * len(values))
    commitments: dict[str, str] = {}
    inside: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(values.items()):
        salt = salts[32 * number : 32 * number + 32]
        commitments[name] = commit(salt, value)
        inside[name] = [salt.hex(), value]
    nonce = os.urandom(12)
    plain = json.dumps(inside, ensure_ascii=False).encode()
    return commitments, nonce + AESGCM(key).encrypt(nonce, plain, f"{stream}/{sseq}".encode())


def unseal(boxes: Iterable[Sealed]) -> dict[tuple[str, int], dict[str, str]]:
    """Open boxes: (stream, sseq) → field → value. A box whose key was destroyed is left out."""
    boxes = list(boxes)
    if not boxes:
        return {}
    with closing(_open()) as db:
        keys = _keys(db, {box.subject for box in boxes})
    opened: dict[tuple[str, int], dict[str, str]] = {}
    for box in boxes:
        key = keys.get(box.subject)
        if key is not None:
            inside = _unbox(box, key)
            opened[box.stream, box.sseq] = {name: value for name, (_, value) in inside.items()}
    return opened


def _unbox(box: Sealed, key: bytes) -> dict[str, list[str]]:
    raw = bytes(box.box)
    try:
        plain = AESGCM(key).decrypt(raw[:12], raw[12:], f"{box.stream}/{box.sseq}".encode())
    except InvalidTag:
        raise VaultLocked(f"封存的数据 {box.stream}/{box.sseq} 已被改动，无法解开。") from None
    opened: dict[str, list[str]] = json.loads(plain)
    return opened


def broken_commitments(box: Sealed, commitments: Mapping[str, str]) -> list[str]:
    """Fields whose sealed value does not match what the ledger's body committed to; empty when erased."""
    with closing(_open()) as db:
        key = _keys(db, {box.subject}).get(box.subject)
    if key is None:
        return []
    inside = _unbox(box, key)
    wrong = [
        name
        for name, (salt, value) in inside.items()
        if commitments.get(name) != commit(bytes.fromhex(salt), value)
    ]
    return wrong + [name for name in commitments if name not in inside]


def destroy(subject: str) -> bool:
    """Destroy a subject's key and the boxes under it; whether there was one.

    ``secure_delete`` overwrites the page and the truncating checkpoint empties the key file's log.
    """
    with closing(_open()) as db:
        gone = db.execute("DELETE FROM key WHERE subject = ?", [subject]).rowcount > 0
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Sealed.objects.filter(subject=subject).delete()
    return gone


def destroy_orphans() -> int:
    """Destroy keys under which nothing is sealed: after a restore, those of subjects erased since the keys were saved."""
    if not _path().exists():
        return 0
    with closing(_open()) as db:
        subjects = [row[0] for row in db.execute("SELECT subject FROM key")]
        used: set[str] = set()
        for piece in rows.chunks(subjects):
            used.update(Sealed.objects.filter(subject__in=piece).values_list("subject", flat=True))
        orphans = [(subject,) for subject in subjects if subject not in used]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM key WHERE subject = ?", orphans)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(orphans)
