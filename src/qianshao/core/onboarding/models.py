"""Accounts and roles that were asked for and wait for whoever may give them.

One sheet says who shall sign in and as what; but the one who opens accounts may not grant roles
(GB/T 22239—2019 8.1.5), so the sheet's wishes wait here for each of the two.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Person, Unit


class AskedAccount(models.Model):
    """A person who shall have an account with this login; ``account`` once it was opened."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="asked_account")
    login = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT)
    account = models.OneToOneField(Account, models.CASCADE, null=True, related_name="asked")
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.login


class AskedGrant(models.Model):
    """A role somebody shall hold in a unit from a day until another (exclusive); ``state`` is waiting, granted or refused."""

    asked = models.ForeignKey(AskedAccount, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, default="waiting")
    decided_by = models.CharField(max_length=60, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("asked", "role", "unit", "since"), name="one_asked_grant"),
        )
        indexes = (models.Index(fields=("id",), condition=Q(state="waiting"), name="asked_grant_waiting"),)

    def __str__(self) -> str:
        return f"{self.asked} {self.role} {self.unit}"
