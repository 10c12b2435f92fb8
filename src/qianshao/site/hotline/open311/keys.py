"""Keys of the apps that may send requests: kept as digests in the data folder, shown once when made."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.kit.replacing import write_private

_NAME = re.compile(r"[a-z0-9-]{2,40}")


class BadName(ValueError):
    """A name no key can have, or one that is taken or unknown."""


def _file() -> Path:
    return Path(settings.HOME) / "open311-keys.json"


def names() -> list[str]:
    """The apps that have a key."""
    return sorted(_read())


def add(name: str) -> str:
    """Make a key for an app; it is told once and cannot be told again. Raises ``BadName``."""
    if not _NAME.fullmatch(name):
        raise BadName(_("名称只能用 2 至 40 个小写字母、数字和连字符，不能是“{name}”").format(name=name[:60]))
    known = _read()
    if name in known:
        raise BadName(_("“{name}”已有密钥，先移除再新建").format(name=name))
    key = secrets.token_urlsafe(24)
    _write({**known, name: _digest(key)})
    return key


def remove(name: str) -> None:
    """Take a key back at once. Raises ``BadName``."""
    known = _read()
    if name not in known:
        raise BadName(_("没有名为“{name}”的密钥").format(name=name[:60]))
    _write({other: digest for other, digest in known.items() if other != name})


def owner(key: str) -> str | None:
    """The app a key belongs to, or None."""
    digest = _digest(key)
    found = None
    for name, known in _read().items():
        if hmac.compare_digest(known, digest):
            found = name
    return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _read() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _write(known: dict[str, str]) -> None:
    write_private(_file(), json.dumps(known))
