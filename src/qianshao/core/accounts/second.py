"""The second factor: codes by the time (RFC 6238), and recovery codes for the day the telephone is lost.

Who has none signs in with the password alone, unless a role of theirs is in ``settings.SECOND_FACTOR_ROLES``.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b32encode
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from qianshao.core import boxes

from .models import Account, CodeMaker, RecoveryCode

STEP = 30  # seconds a code is shown (RFC 6238, section 5.2)
DIGITS = 6
_DRIFT = 1  # steps a telephone's clock may be off, either way
_CODES = 10
_ALPHABET = (
    "23456789abcdefghjkmnpqrstuvwxyz"  # read from paper and typed: nothing that looks like something else
)


def has(account: Account) -> bool:
    """Whether the account has a second factor: an app for codes, or a passkey."""
    return account.passkeys.exists() or CodeMaker.objects.filter(account=account).exists()


def new_secret() -> bytes:
    """Twenty random bytes, as long as the digest (RFC 4226, section 4)."""
    return os.urandom(20)


def spoken(secret: bytes) -> str:
    """The secret to be typed into an app, in fours."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, account: Account, issuer: str) -> str:
    """The ``otpauth:`` address an app reads from the picture."""
    return _maker(secret).get_provisioning_uri(account.login, issuer)


def step_of(secret: bytes, code: str, now: datetime, after: int = 0) -> int | None:
    """The step a code belongs to, None when it is wrong, too old, or of a step already used (``after``)."""
    plain = "".join(code.split())
    current = int(now.timestamp()) // STEP
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        right = _maker(secret).generate(step * STEP)
        if hmac.compare_digest(right, plain.encode()) and step > after:
            found = step
    return found


def _maker(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)


@transaction.atomic
def set_up(account: Account, secret: bytes, code: str, now: datetime) -> list[str] | None:
    """Keep the secret once its first code proves that the app has it.

    Returns fresh recovery codes, to be shown once; None when the code is wrong.
    """
    step = step_of(secret, code, now)
    if step is None:
        return None
    CodeMaker.objects.update_or_create(
        account=account, defaults={"secret": _sealed(secret, account), "last_step": step, "made_at": now}
    )
    return fresh_codes(account)


def check(account: Account, code: str, now: datetime) -> str | None:
    """``code`` or ``recovery`` when the code is right and was never used before, else None."""
    maker = CodeMaker.objects.filter(account=account).first()
    if maker is not None:
        step = step_of(_opened(bytes(maker.secret), account), code, now, after=maker.last_step)
        # Two requests with one code at once: the row tells which was first.
        if (
            step is not None
            and CodeMaker.objects.filter(pk=maker.pk, last_step__lt=step).update(last_step=step) == 1
        ):
            return "code"
    used = RecoveryCode.objects.filter(account=account, digest=_digest(account, code), used_at=None)
    return "recovery" if used.update(used_at=now) == 1 else None


@transaction.atomic
def fresh_codes(account: Account) -> list[str]:
    """New recovery codes in place of all before; shown once and kept as digests."""
    account.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _letter in range(12)) for _code in range(_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=_digest(account, code)) for code in codes
    )
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def codes_left(account: Account) -> int:
    """How many recovery codes are good still."""
    return account.recovery_codes.filter(used_at=None).count()


def remove_code_maker(account: Account) -> None:
    """Forget the app."""
    CodeMaker.objects.filter(account=account).delete()
    drop_codes_without_factor(account)


def drop_codes_without_factor(account: Account) -> None:
    """Recovery codes go with the last factor they stand in for."""
    if not has(account):
        account.recovery_codes.all().delete()


@transaction.atomic
def forget(account: Account) -> None:
    """Forget every second factor: for somebody who lost them all, by an administrator."""
    CodeMaker.objects.filter(account=account).delete()
    account.passkeys.all().delete()
    account.recovery_codes.all().delete()


def _digest(account: Account, code: str) -> bytes:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return salted_hmac(f"qianshao.recovery.{account.pk}", plain, algorithm="sha256").digest()


def _sealed(secret: bytes, account: Account) -> bytes:
    return boxes.shut(settings.SECOND_FACTOR_KEY, secret, str(account.pk).encode())


def _opened(sealed: bytes, account: Account) -> bytes:
    try:
        return boxes.opened(settings.SECOND_FACTOR_KEY, sealed, str(account.pk).encode())
    except (
        InvalidTag
    ):  # the key file was lost and made anew: no code is right, the factor has to be set up again
        return os.urandom(20)
