"""What people are told in the product, and what of it goes outside, each once by its key."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from qianshao.core.accounts.models import Account
from qianshao.kernel.words import Blank, Words

from . import sorts


class Notice(models.Model):
    """A sentence for one account. ``text`` is the message id, ``stream`` the duty it links to, or empty.

    ``sort`` is one of ``sorts``; ``link`` a page of the product where there is no duty; an ``urgent`` one keeps no
    quiet hours; ``raised_at`` is when somebody above was told that it lay unread.
    """

    key = models.CharField(max_length=160)
    account = models.ForeignKey(Account, models.CASCADE, related_name="notices", db_index=False)
    text = models.CharField(max_length=300)
    blanks = models.JSONField()
    stream = models.CharField(max_length=26)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sort = models.CharField(max_length=10, default=sorts.TASK)
    link = models.CharField(max_length=200, default="")
    urgent = models.BooleanField(default=False)
    raised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "account"), name="one_notice_of_a_key"),)
        indexes = (
            models.Index(
                fields=("made_at",),
                condition=Q(read_at=None, raised_at=None, sort__in=sorts.RISING),
                name="notice_to_raise",
            ),
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
    """Where an account is reached outside the product: a mail address, a number, the key of a group's robot.

    ``box`` is encrypted (see ``addresses``): an address is personal data and stands in no table, log or backup in the clear.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=20)
    box = models.BinaryField(max_length=400)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "channel"), name="one_address_of_a_channel"),
        )

    def __str__(self) -> str:
        return self.channel


class Preference(models.Model):
    """How an account wants to be told; no row is the usual way (see ``preferences``).

    ``choices`` names for each sort the channels outside; quiet hours run from one time to another, over midnight too;
    ``digest_at`` gathers what is not urgent into one message a day.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="notice_preference")
    choices = models.JSONField()
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


class Delivery(models.Model):
    """A notice on its way outside: waiting, sending, sent, failed, uncertain or needless (read before it went).

    A row is taken (``sending``, ``taken_at``) in a transaction of its own before anything leaves. A process that dies in between
    leaves it taken: after the lease it is sent once more (``doubtful``, same ``batch``, hence same message number), and a second
    death makes it ``uncertain``, for a person to decide. ``together`` rows of an account and channel leave as one message.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.IntegerField(default=0)
    again_at = models.DateTimeField()
    together = models.BooleanField(default=False)
    batch = models.CharField(max_length=32, default="")
    taken_at = models.DateTimeField(null=True)
    doubtful = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="one_delivery_of_a_notice"),
        )
        indexes = (
            models.Index(fields=("again_at",), condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=("taken_at",), condition=Q(state="sending"), name="delivery_taken"),
            models.Index(fields=("state", "-id"), name="delivery_state"),
            models.Index(fields=("batch",), condition=~Q(batch=""), name="delivery_batch"),
        )

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
