"""The office's signing key: Ed25519 (RFC 8032), in a file outside the database, made at first use."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from qianshao.kernel.ledger import note
from qianshao.kernel.ledger.bundle import PublicKey

from .gate import Unavailable


class KeyMissing(Unavailable):
    """Checkpoints exist but the key that signed them is gone; a new one must not silently take its place."""


@dataclass(frozen=True)
class OfficeKey:
    """Signs checkpoints, and checks its own signatures."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a note."""
        return note.key_id(self.name, note.ED25519, self.public)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self.private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def stated(self) -> PublicKey:
        """The public key as an export states it."""
        return PublicKey(self.name, "ed25519", self.public)


def path() -> Path:
    """Where the key lies."""
    return Path(settings.HOME) / "secrets" / "checkpoint-ed25519"


def office_key(*, signed_before: bool) -> OfficeKey:
    """The key; made when there never was one. Raises ``KeyMissing`` when it should be there and is not."""
    file = path()
    if not file.exists():
        if signed_before:
            raise KeyMissing(
                f"签名密钥 {file.name} 不在数据文件夹的 secrets 中，而账本已有用它签名的检查点。请从密钥备份中恢复，不要另造新密钥。"
            )
        _make(file)
    return OfficeKey(f"{settings.LOG_NAME}/office", Ed25519PrivateKey.from_private_bytes(file.read_bytes()))


def _make(file: Path) -> None:
    """Whole or not at all, and never over one that another process made meanwhile."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as new:
        new.write(os.urandom(32))
        new.flush()
        os.fsync(new.fileno())
    with suppress(FileExistsError):
        file.hardlink_to(waiting)
    waiting.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
