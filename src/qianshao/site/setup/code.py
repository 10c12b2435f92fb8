"""The one-time code that opens the set-up page: whoever reads the server's console may found the city, nobody else.

Only its digest lies in the data folder. Sixteen letters of a drawn alphabet are 79 bits, so guessing needs no counter.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Unit
from qianshao.kit.replacing import write_private

GOOD_FOR = timedelta(hours=24)
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 l i: it is read from a screen and typed


def needed() -> bool:
    """Whether nobody has begun: no account and no unit."""
    return not Account.objects.exists() and not Unit.objects.exists()


def _path() -> Path:
    return Path(settings.HOME) / "secrets" / "setup-code"


def fresh(now: datetime) -> str:
    """A new code, good for a day; the one before it is good no more."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _part in range(4))
    path = _path()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(path, json.dumps({"digest": digest(code), "until": (now + GOOD_FOR).isoformat()}))
    return code


def digest(code: str) -> str:
    """What is kept of a code; spaces and case are the typist's."""
    return hashlib.sha256("".join(code.split()).lower().encode()).hexdigest()


def good(told: str, now: datetime) -> bool:
    """Whether a digest is that of the code in force."""
    try:
        kept = json.loads(_path().read_text(encoding="ascii"))
    except FileNotFoundError:
        return False
    return now < datetime.fromisoformat(kept["until"]) and hmac.compare_digest(told, kept["digest"])


def spend() -> None:
    """The city is founded: no code opens anything any more."""
    _path().unlink(missing_ok=True)
