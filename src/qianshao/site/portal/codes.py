"""The query code that goes with a request's number: 85 bits nobody can guess, kept nowhere.

The code is a keyed digest of the request's stream (HMAC-SHA-256, RFC 2104, cut to 85 bits), so no table of
codes can leak, and a form that is sent twice gives the same receipt twice.
"""

from __future__ import annotations

import hmac

from django.conf import settings

from qianshao.core.duties.models import Duty

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: what is read aloud is not misread
_LENGTH = 17
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v"})


def code_of(stream: str) -> str:
    """The code of a request: five groups, like ``7k3m-9x2p-…``."""
    number = int.from_bytes(hmac.digest(settings.PORTAL_KEY, stream.encode(), "sha256")[:11], "big")
    letters = "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def plain(code: str) -> str:
    """A code as it was typed: case, spaces, dashes and look-alike letters do not matter."""
    return "".join(letter for letter in code.lower().translate(_MISREAD) if letter in _ALPHABET)


def find(kind: str, number: str, code: str) -> Duty | None:
    """The request with this number and this code; the same work is done whatever is wrong with either."""
    given = plain(code).encode()
    there = list(Duty.objects.filter(kind=kind, number=number.strip().upper()[:60])[:5])
    found = None
    for duty in [*there, Duty(stream="none")]:
        if hmac.compare_digest(plain(code_of(duty.stream)).encode(), given) and duty.pk:
            found = duty
    return found
