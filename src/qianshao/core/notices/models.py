"""What people are told in the product, and what of it goes outside, each once by its key."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from qianshao.core.accounts.models import Account
from qianshao.kernel.words import Blank, Words


class Notice(models.Model):
    """A sentence for one account. ``text`` is the message id, ``stream`` the duty it links to, or empty."""

    key = models.CharField(max_length=160)
    account = models.ForeignKey(Account, models.CASCADE, related_name="notices", db_index=False)
    text = models.CharField(max_length=300)
    blanks = models.JSONField()
    stream = models.CharField(max_length=26)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "account"), name="one_notice_of_a_key"),)
        indexes = (
            models.Index(fields=("account", "-made_at", "-id"), name="notice_account"),
            models.Index(fields=("account",), condition=Q(read_at=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> Words:
        """The sentence, to be translated by whoever shows it."""
        return Words(self.text, tuple((name, _blank(value)) for name, value in sorted(self.blanks.items())))


class Address(models.Model):
    """Where an account is reached outside the product; ``channel`` is mail."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "channel"), name="one_address_of_a_channel"),
        )

    def __str__(self) -> str:
        return self.channel


class Delivery(models.Model):
    """A notice on its way outside; ``state`` is waiting, sent or failed."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.IntegerField(default=0)
    again_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="one_delivery_of_a_notice"),
        )
        indexes = (models.Index(fields=("again_at",), condition=Q(state="waiting"), name="delivery_waiting"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


def blanks_of(words: Words) -> dict[str, str | int | dict[str, str]]:
    """The blanks of a sentence as JSON that ``Notice.words`` reads back unchanged."""
    return {
        name: {"at": value.isoformat()}
        if isinstance(value, datetime)
        else {"on": value.isoformat()}
        if isinstance(value, date)
        else value
        for name, value in words.blanks
    }


def _blank(value: str | int | dict[str, str]) -> Blank:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value
