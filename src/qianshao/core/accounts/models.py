"""Accounts and what they may do: dated grants of roles in a scope, nothing by default."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from qianshao.core.org.models import Person, Unit


class Account(AbstractBaseUser):
    """A sign-in of one natural person. There is no superuser: rights come from grants alone.

    While ``one_time_until`` is set the password is a one-time one: good until then, to be changed first.
    """

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    one_time_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager["Account"]()

    def __str__(self) -> str:
        return self.login


class Grant(models.Model):
    """An account holds a role in a unit and everything below it, from one day until another (exclusive)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.account} {self.role} {self.unit}"


class FailedTry(models.Model):
    """A sign-in that failed. Login and address are keyed digests: people mistake one box for the other."""

    login = models.BinaryField(max_length=32)
    address = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("login", "at"), name="failed_try_login"),
            models.Index(fields=("address", "at"), name="failed_try_address"),
        )

    def __str__(self) -> str:
        return str(self.at)
