"""Uploaded sheets in the data folder: there while an import needs them, then gone, for they hold personal data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.core.imports.models import ImportRun

MOST = 300 * 2**20  # bytes; a city's year is a file for the command line
KEPT = timedelta(days=7)  # an import nobody finished, an error sheet nobody fetched


class TooBig(ValueError):
    """The upload is larger than the page takes."""


class Gone(LookupError):
    """The uploaded file is no longer here."""


def folder() -> Path:
    """``uploads`` of the data folder, readable by the service alone."""
    found = Path(settings.HOME) / "uploads"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def keep(chunks: Iterable[bytes]) -> str:
    """Keep an upload under a name nobody can guess; raises ``TooBig``, and then nothing is kept."""
    name = secrets.token_hex(16)
    path = folder() / name
    size = 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST:
                    raise TooBig(
                        _("文件超过 {n} MB。请分成几个文件，或用命令行导入。").format(n=MOST // 2**20)
                    )
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def place(name: str) -> Path:
    """Where an upload lies; raises ``Gone``."""
    path = folder() / name
    if not name or not path.exists():
        raise Gone(_("上传的文件已经清除，请重新上传；导入过的行不会重复登记。"))
    return path


def faults_of(run: int) -> Path:
    """Where the error sheet of a run lies, if there is one."""
    return folder() / f"errors-{run}.xlsx"


def drop(name: str) -> None:
    """Remove an upload."""
    if name:
        (folder() / name).unlink(missing_ok=True)


def clear(run: ImportRun) -> None:
    """Remove what a run left here: its upload and its error sheet."""
    drop(run.path)
    faults_of(run.pk).unlink(missing_ok=True)


def sweep(now: datetime) -> int:
    """Remove what nobody came back for; how many files."""
    old = [path for path in folder().iterdir() if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
