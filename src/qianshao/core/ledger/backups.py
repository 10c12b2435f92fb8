"""Backup and restore. A restore ends with a verification against the checkpoints seen outside.

Data and keys are two backups, kept apart and for different times: an old copy of the keys would bring back what was erased, so
keep few of those, and after a restore keys under which nothing is sealed any more are destroyed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.merkle import Frontier

from . import anchoring, checking, gate, loss, store, vault
from .keys import KeyMissing
from .keys import path as keys_file
from .models import Checkpoint

_MANIFEST = "manifest.json"
_FORMAT = "qianshao-backup/1"
_MADE = re.compile(r"(?:qianshao|keys)-\d{8}-\d{6}")


class BadBackup(ValueError):
    """A folder that is no whole backup; says which file is missing or changed."""


@dataclass(frozen=True)
class Backup:
    """A backup on disk: how many entries, the log's root, which database, and the digest of every file."""

    folder: Path
    size: int
    root: str
    vendor: str
    files: dict[str, str]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fresh(folder: Path, name: str, now: datetime) -> Path:
    made = folder / f"{name}-{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    made.mkdir(parents=True, mode=0o700)
    return made


def backup(folder: Path, *, now: datetime) -> Backup:
    """Copy the database as of one moment, and the evidence files; written under another name until whole."""
    with gate.told_when_full():
        store.seal_all()
        made = _fresh(folder, "qianshao", now)
        waiting = made.with_name(f".{made.name}.part")
        made.rename(waiting)
        try:
            return _fill(waiting, made, now)
        except BaseException:
            shutil.rmtree(waiting, ignore_errors=True)
            raise


def _fill(waiting: Path, made: Path, now: datetime) -> Backup:
    if connection.vendor == "sqlite":
        copy = waiting / "database.sqlite3"
        _copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
        size, root = _state_of(copy)
    else:
        size, root = _dump(waiting / "database.dump")
    files = Path(settings.HOME) / "files"
    if files.is_dir():
        shutil.copytree(files, waiting / "files", ignore=shutil.ignore_patterns("incoming-*"))
    newest = Checkpoint.objects.filter(size__lte=size).order_by("-id").first()
    if newest is not None:
        (waiting / "checkpoint.txt").write_text(newest.note, encoding="utf-8")
    listed = {
        path.relative_to(waiting).as_posix(): _digest(path)
        for path in sorted(waiting.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "format": _FORMAT,
        "vendor": connection.vendor,
        "size": size,
        "root": root,
        "made_at": now.isoformat(),
        "files": listed,
    }
    (waiting / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    _flush(waiting)
    waiting.rename(made)
    _flush(made.parent, deep=False)
    return Backup(made, size, root, connection.vendor, listed)


def _state_of(copy: Path) -> tuple[int, str]:
    """Size and root of the log in a copy, read from the copy itself: the original may have gone on meanwhile."""
    with closing(sqlite3.connect(copy)) as db:
        row = db.execute("SELECT sha256 FROM ledger_head WHERE id = 1").fetchone()
    tree = Frontier(SHA256) if row is None else Frontier.from_bytes(SHA256, row[0])
    return tree.size, tree.root().hex()


def _dump(target: Path) -> tuple[int, str]:
    """Dump PostgreSQL as of one snapshot; size and root of the log in that same snapshot."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        size, sha256, _sm3 = store.frontiers()
        _postgres("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    target.chmod(0o600)
    return size, sha256.root().hex()


def _flush(folder: Path, *, deep: bool = True) -> None:
    """What was written is on disk, files before the folders that name them."""
    paths = sorted(folder.rglob("*"), reverse=True) if deep else []
    for path in [*paths, folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def backup_keys(folder: Path, *, now: datetime) -> Path:
    """Copy the secrets; keep this folder away from the data's. Raises ``FileNotFoundError`` when there are none yet."""
    made = _fresh(folder, "keys", now)
    for path in sorted((Path(settings.HOME) / "secrets").iterdir()):
        if path.suffix == ".sqlite3":
            _copy_sqlite(path, made / path.name)
        elif path.is_file() and not path.name.startswith(".") and not path.name.endswith(("-wal", "-shm")):
            shutil.copy2(path, made / path.name)
    _flush(made)
    return made


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online backup: a consistent copy while others write."""
    with closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def _postgres(program: str, *arguments: str) -> None:
    """Run PostgreSQL's own tool against the database of the settings."""
    found = shutil.which(program)
    if found is None:
        raise FileNotFoundError(
            _("没有找到 {program}：请安装 PostgreSQL 客户端程序。").format(program=program)
        )
    at = connection.settings_dict
    host = at["HOST"] or at["OPTIONS"].get("host", "")
    environment = {
        **os.environ,
        **{
            name: str(value)
            for name, value in {
                "PGHOST": host,
                "PGPORT": at["PORT"],
                "PGUSER": at["USER"],
                "PGPASSWORD": at["PASSWORD"],
                "PGDATABASE": at["NAME"],
            }.items()
            if value
        },
    }
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{program}: {done.stderr.strip()[:500]}")


def check(folder: Path) -> Backup:
    """Read a backup and hold every file against its digest; raises ``BadBackup``."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        found = Backup(folder, manifest["size"], manifest["root"], manifest["vendor"], manifest["files"])
        if manifest["format"] != _FORMAT:
            raise KeyError("format")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(_("{folder} 不是完整的备份：{error}").format(folder=folder, error=error)) from error
    for name, digest in found.files.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise BadBackup(_("备份中的 {name} 缺失或已被改动。").format(name=name))
    if found.vendor != connection.vendor:
        raise BadBackup(
            _("这是 {there} 的备份，当前数据库是 {here}。").format(there=found.vendor, here=connection.vendor)
        )
    return found


def examine(found: Backup) -> None:
    """Look into a checked backup as deep as can be without restoring it; raises ``BadBackup``.

    SQLite: the file's own structure, and the log's root computed again from its leaves. PostgreSQL: the dump's table of contents
    can be read; that it restores to the stated root is what the drill shows (docs/operations.md).
    """
    if found.vendor != "sqlite":
        _postgres("pg_restore", "--list", "--file=/dev/null", str(found.folder / "database.dump"))
        return
    with closing(sqlite3.connect(f"file:{found.folder / 'database.sqlite3'}?mode=ro", uri=True)) as db:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
        tree = Frontier(SHA256)
        for (leaf,) in db.execute("SELECT sha256 FROM ledger_leaf ORDER BY seq"):
            tree.append(leaf)
    if said != "ok" or (tree.size, tree.root().hex()) != (found.size, found.root):
        raise BadBackup(
            _("{folder} 中的数据库已损坏，或与清单写明的树根不一致。").format(folder=found.folder)
        )


def prune(folder: Path, name: str, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` copies that ``backup`` or ``backup_keys`` made here; what they did not make stays."""
    mine = sorted(path for path in folder.glob(f"{name}-*") if _MADE.fullmatch(path.name) and path.is_dir())
    gone = mine[:-keep]
    for path in gone:
        shutil.rmtree(path)
    return gone


def restore(found: Backup, keys: Path | None, since: str = "") -> checking.Result:
    """Put a checked backup in place of the data folder's content, verify it, and close the ledger when it is older.

    ``since`` is the newest checkpoint somebody outside holds. Raises ``KeyMissing`` before anything is touched when the key that signed
    the backup's checkpoints is neither here nor in ``keys``. Stop the service first.
    """
    home = Path(settings.HOME)
    held = keys / keys_file().name if keys is not None else keys_file()
    if (found.folder / "checkpoint.txt").exists() and not held.exists() and not keys_file().exists():
        raise KeyMissing(_("没有签名密钥，恢复后无法核验。请用 --keys 指明密钥备份的文件夹；数据尚未改动。"))
    with gate.told_when_full():
        if keys is not None:
            _put_keys(keys, home / "secrets")
        if connection.vendor == "sqlite":
            _put_sqlite(found.folder / "database.sqlite3")
        else:
            _postgres(
                "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner",
                f"--dbname={connection.settings_dict['NAME']}", str(found.folder / "database.dump"),
            )  # fmt: skip
        if (found.folder / "files").is_dir():
            _put_files(found.folder / "files", home / "files")
    gate.flag().unlink(missing_ok=True)
    if keys is not None:
        vault.destroy_orphans()
    store.seal_all()
    result = checking.verify(workers=1, sealed=True, since=since)
    state = (result.report.size, result.report.sha256_root.hex())
    if result.older_than is None and state != (found.size, found.root):
        result.faults.append(
            _("恢复后的账本有 {n} 条记录，与备份清单写明的 {m} 条或其树根不一致").format(
                n=state[0], m=found.size
            )
        )
    if result.older_than is not None:
        gate.stop(result.report.size, result.older_than)
    else:
        loss.notice()
    return result


def _put_keys(keys: Path, secrets: Path) -> None:
    secrets.mkdir(mode=0o700, exist_ok=True)
    vault.close()
    for name in ("subject-keys.sqlite3-wal", "subject-keys.sqlite3-shm"):
        (secrets / name).unlink(missing_ok=True)
    for path in sorted(keys.iterdir()):
        anchoring.replace(secrets / path.name, path.read_bytes())
        (secrets / path.name).chmod(0o600)


def _put_files(source: Path, target: Path) -> None:
    """Contents named by their digest: one that is here already stays, unless it is not what its name says."""
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_file() and not (there.exists() and _digest(there) == path.name):
            there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            anchoring.replace(there, path.read_bytes())
            there.chmod(0o400)


def _put_sqlite(source: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    waiting = target.with_name(f".{target.name}.restoring")
    shutil.copy2(source, waiting)
    _flush(waiting, deep=False)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    waiting.replace(target)
    _flush(target.parent, deep=False)
