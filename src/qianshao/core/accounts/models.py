"""Accounts, what they may do (dated grants of roles, nothing by default), how they sign in, and the audit trail."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from qianshao.core.org.models import Person, Unit


class Account(AbstractBaseUser):
    """A sign-in of one natural person. There is no superuser: rights come from grants alone.

    While ``one_time_until`` is set the password is a one-time one: good until then, to be changed first.
    ``password_set_at`` is when the account's owner last chose the password; its age counts from there.
    """

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    one_time_until = models.DateTimeField(null=True)
    password_set_at = models.DateTimeField(null=True)

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


class PastPassword(models.Model):
    """A password the account had before, as the hash it was checked by."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="past_passwords")
    hashed = models.CharField(max_length=128)

    def __str__(self) -> str:
        return str(self.account)


class StaffSession(AbstractBaseSession):
    """A browser's session, with whose it is, so that a person's sessions can be listed and ended."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type:
        """The engine that reads and writes these rows."""
        from .sessions import SessionStore

        return SessionStore


class CodeMaker(models.Model):
    """A secret shared with an app that makes codes by the time (RFC 6238), sealed under the installation's key.

    ``last_step`` is the newest step of 30 seconds whose code was taken: no code is good twice.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="code_maker")
    secret = models.BinaryField(max_length=100)
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account)


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost, as a keyed digest; good once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account)


class Passkey(models.Model):
    """A key pair of which the account's owner holds the private half (WebAuthn level 2)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.BinaryField(max_length=1023, unique=True)
    data = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OutsideIdentity(models.Model):
    """Who an account is to the single sign-on: the provider's issuer and its subject (OpenID Connect)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="outside_identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="one_account_of_a_subject"),
            models.UniqueConstraint(fields=("account", "issuer"), name="one_subject_of_an_account"),
        )

    def __str__(self) -> str:
        return self.subject


class Token(models.Model):
    """A key for a program that acts as its owner, with part of the owner's rights, until it expires.

    Only a digest is kept. ``scopes`` are capabilities; the owner's grants bound them at every request.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A grant of an administrator's role that one security administrator asked for and another has to confirm."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="proposals")
    role = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account} {self.role}"


class Trail(models.Model):
    """One line of the audit trail (GB/T 22239—2019 8.1.4.3 b): when, who, what, on what, whether it was allowed.

    Lines are only ever added; triggers refuse the rest. ``actor`` is a key that names nobody, ``about`` a thing by
    its number or an address without what was searched for: no personal data but the address a request came from.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=60, db_index=True)
    unit = models.CharField(max_length=40)
    post = models.CharField(max_length=120)
    act = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=300)
    allowed = models.BooleanField()
    reason = models.CharField(max_length=500)
    address = models.CharField(max_length=45)

    def __str__(self) -> str:
        return f"{self.at} {self.actor} {self.act}"
