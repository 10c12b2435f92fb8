"""Backup and restore. A restore ends with a verification against the checkpoints seen outside.

Data and keys are two backups, kept apart and for different times: an old copy of the keys would bring back what was erased, so
keep few of those, and after a restore keys under which nothing is sealed any more are destroyed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from qianshao.kernel.hours import SHANGHAI

from . import checking, gate, store, vault
from .models import Checkpoint

_MANIFEST = "manifest.json"
_FORMAT = "qianshao-backup/1"


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
    while store.seal():
        pass
    made = _fresh(folder, "qianshao", now)
    waiting = made.with_name(f".{made.name}.part")
    made.rename(waiting)
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), waiting / "database.sqlite3")
    else:
        _postgres("pg_dump", "--format=custom", f"--file={waiting / 'database.dump'}")
    files = Path(settings.HOME) / "files"
    if files.is_dir():
        shutil.copytree(files, waiting / "files")
    newest = Checkpoint.objects.order_by("-id").first()
    if newest is not None:
        (waiting / "checkpoint.txt").write_text(newest.note, encoding="utf-8")
    size, sha256, _sm3 = store.frontiers()
    listed = {
        path.relative_to(waiting).as_posix(): _digest(path)
        for path in sorted(waiting.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "format": _FORMAT,
        "vendor": connection.vendor,
        "size": size,
        "root": sha256.root().hex(),
        "made_at": now.isoformat(),
        "files": listed,
    }
    (waiting / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    waiting.rename(made)
    return Backup(made, size, str(manifest["root"]), connection.vendor, listed)


def backup_keys(folder: Path, *, now: datetime) -> Path:
    """Copy the secrets; keep this folder away from the data's."""
    made = _fresh(folder, "keys", now)
    for path in sorted((Path(settings.HOME) / "secrets").iterdir()):
        if path.suffix == ".sqlite3":
            _copy_sqlite(path, made / path.name)
        elif path.is_file() and not path.name.endswith(("-wal", "-shm")):
            shutil.copy2(path, made / path.name)
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


def restore(found: Backup, keys: Path | None) -> checking.Result:
    """Put a checked backup in place of the data folder's content, verify it, and close the ledger when it is older."""
    home = Path(settings.HOME)
    if keys is not None:
        secrets = home / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        vault.close()
        for name in ("subject-keys.sqlite3-wal", "subject-keys.sqlite3-shm"):
            (secrets / name).unlink(missing_ok=True)
        for path in keys.iterdir():
            shutil.copy2(path, secrets / path.name)
    if connection.vendor == "sqlite":
        _put_sqlite(found.folder / "database.sqlite3")
    else:
        _postgres(
            "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner",
            f"--dbname={connection.settings_dict['NAME']}", str(found.folder / "database.dump"),
        )  # fmt: skip
    if (found.folder / "files").is_dir():
        shutil.copytree(found.folder / "files", home / "files", dirs_exist_ok=True)
    vault.destroy_orphans()
    result = checking.verify(workers=1)
    if result.older_than is not None:
        gate.stop(result.report.size, result.older_than)
    return result


def _put_sqlite(source: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    waiting = target.with_name(f".{target.name}.restoring")
    shutil.copy2(source, waiting)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    waiting.replace(target)
