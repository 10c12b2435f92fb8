"""Calendars that follow the duties of a person or a unit, each behind a secret address."""

from __future__ import annotations

from django.db import models

from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Unit


class Feed(models.Model):
    """A calendar of an account: its own duties, or those of a unit it may see. ``digest`` is SHA-256 of the secret in the address.

    What it shows is what the account may see on the day it is asked; revoking it, or locking the account, ends it at once.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="feeds")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True)
    digest = models.BinaryField(max_length=32, unique=True)
    holidays = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
