"""What an app on a telephone shows, worked out from RFC 4226 and not by the product's own library."""

from __future__ import annotations

import hashlib
import hmac
import struct
from datetime import datetime


def code_at(secret: bytes, now: datetime) -> str:
    """The six digits of the step of 30 seconds in which ``now`` lies."""
    digest = hmac.new(secret, struct.pack(">Q", int(now.timestamp()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
