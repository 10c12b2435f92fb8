"""Evidence by digest: what goes in is named by its content, and can be shown unchanged years later."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.core.duties.door import FileRef

from . import sniff
from .models import StoredFile
from .names import clean_name, extension

_CHUNK = 1 << 20
_LIMIT = 50 * 2**20  # bytes; FILE_LIMIT in the settings overrides it


class TooLarge(ValueError):
    """The file is larger than this installation takes, or empty."""


class FileGone(LookupError):
    """No such file was ever kept, or its content is missing from the data folder."""


@dataclass(frozen=True, slots=True)
class Kept(FileRef):
    """A kept file, ready to be named as evidence; ``type`` is a key of ``sniff.MEDIA_TYPES``."""

    type: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A kept file that is no longer what was kept."""

    sha256: str
    what: Literal["changed", "missing"]


def folder() -> Path:
    """Where contents lie: ``files/ab/cd/abcd…`` in the data folder."""
    return Path(settings.HOME) / "files"


def place_of(sha256: str) -> Path:
    """The path of a content."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


def keep(content: BinaryIO | bytes, name: str, *, now: datetime) -> Kept:
    """Keep a file durably and name it by its content.

    Raises ``BadName``, ``TooLarge``, ``BadType`` or ``SecretMark``, and then nothing is kept. The file is
    on disk before its row is written, so a crash leaves at worst a file nobody refers to.
    """
    name = clean_name(name)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, path = tempfile.mkstemp(prefix="incoming-", dir=folder())
    incoming = Path(path)
    try:
        with os.fdopen(handle, "wb") as file:
            sha256, sm3, size = _copy(stream, file)
            file.flush()
            os.fsync(file.fileno())
        kind = sniff.sniff(incoming, extension(name))
        _settle(incoming, place_of(sha256))
    finally:
        incoming.unlink(missing_ok=True)
    StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"sm3": sm3, "size": size, "type": kind, "first_kept_at": now}
    )
    return Kept(name=name, sha256=sha256, sm3=sm3, size=size, type=kind)


def _copy(stream: BinaryIO, file: BinaryIO) -> tuple[str, str, int]:
    limit: int = getattr(settings, "FILE_LIMIT", _LIMIT)
    one, other, size = hashlib.sha256(), hashlib.new("sm3"), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(_("文件超过 {n} MB，请压缩或拆分后上传。").format(n=limit >> 20))
        one.update(chunk)
        other.update(chunk)
        file.write(chunk)
    if not size:
        raise TooLarge(_("文件是空的，请检查后重新上传。"))
    return one.hexdigest(), other.hexdigest(), size


def _settle(incoming: Path, place: Path) -> None:
    """Move into place and make the move itself durable, folder by folder."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    incoming.chmod(0o400)
    incoming.replace(place)
    for level in (place.parent, place.parent.parent, folder()):
        descriptor = os.open(level, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_file(sha256: str) -> BinaryIO:
    """A kept content for reading; raises ``FileGone``. The caller has checked who may read it."""
    if not StoredFile.objects.filter(pk=sha256).exists():
        raise FileGone(_("没有保存过这个文件。"))
    try:
        return place_of(sha256).open("rb")
    except FileNotFoundError:
        raise FileGone(
            _("文件 {sha} 的内容不在数据文件夹中，请从备份恢复。").format(sha=sha256[:12])
        ) from None


def scrub() -> Iterator[Damage]:
    """Read every kept file again and name each that changed or is missing."""
    for stored in StoredFile.objects.order_by("sha256").iterator():
        try:
            with place_of(stored.sha256).open("rb") as file:
                one, other = hashlib.sha256(), hashlib.new("sm3")
                while chunk := file.read(_CHUNK):
                    one.update(chunk)
                    other.update(chunk)
        except FileNotFoundError:
            yield Damage(stored.sha256, "missing")
            continue
        if (one.hexdigest(), other.hexdigest()) != (stored.sha256, stored.sm3):
            yield Damage(stored.sha256, "changed")
