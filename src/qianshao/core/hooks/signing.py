"""Signatures as the Standard Webhooks specification 1.0 has them: HMAC-SHA256 over ``id.timestamp.body``.

Secrets read ``whsec_`` and 32 random bytes in base64. While two are good, both signatures go along, separated by a space.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from datetime import datetime

from django.conf import settings

from qianshao.core import boxes

from .models import Hook

_PREFIX = "whsec_"


def fresh() -> str:
    """A new secret as it is shown once."""
    return _PREFIX + base64.b64encode(os.urandom(32)).decode()


def boxed(secret: str) -> bytes:
    """A secret as it is stored."""
    return boxes.shut(settings.NOTICE_KEY, secret.encode(), b"hook")


def _opened(box: bytes) -> bytes:
    raw = boxes.opened(settings.NOTICE_KEY, box, b"hook")
    return base64.b64decode(raw.decode().removeprefix(_PREFIX))


def signature(key: bytes, name: str, stamp: int, body: bytes) -> str:
    """One signature, ``v1,`` and base64."""
    digest = hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(hook: Hook, name: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of one call."""
    stamp = int(now.timestamp())
    keys = [_opened(bytes(hook.secret))]
    if hook.old_secret is not None and hook.old_until is not None and now < hook.old_until:
        keys.append(_opened(bytes(hook.old_secret)))
    return {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signature(key, name, stamp, body) for key in keys),
    }
