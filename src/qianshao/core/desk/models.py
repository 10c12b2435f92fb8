"""What belongs to a person's own desk: duties lately opened, what they follow, and what is said about a duty.

Ordinary rows: none of it is a record, none of it enters a figure (BUR-13, BUR-14: 不以批示、留痕、点赞等作为考核依据).
"""

from __future__ import annotations

from django.db import models

from qianshao.core.accounts.models import Account


class Opened(models.Model):
    """An account opened a duty's page; only the account itself sees it, and only the last few are kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="opened", db_index=False)
    stream = models.CharField(max_length=26)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "stream"), name="one_opening_of_a_duty"),)
        indexes = (models.Index(fields=("account", "-at"), name="opened_lately"),)

    def __str__(self) -> str:
        return self.stream


class Follow(models.Model):
    """An account follows a duty (by stream), a unit (by code) or a figure (by key); ``what`` says which.

    ``told`` is how the followed duty stood when it was last looked at (``phase|lamp``), ``version`` its last entry
    then, and ``wake_at`` when its lamp changes by itself: a look at what neither moved nor woke is spared.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="follows", db_index=False)
    what = models.CharField(max_length=10)
    key = models.CharField(max_length=60)
    since = models.DateTimeField()
    told = models.CharField(max_length=60, default="")
    version = models.IntegerField(default=0)
    wake_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "what", "key"), name="one_follow_of_a_thing"),
        )
        indexes = (models.Index(fields=("what", "key"), name="follow_key"),)

    def __str__(self) -> str:
        return f"{self.what} {self.key}"


class Comment(models.Model):
    """What somebody said about a duty, sealed under the key of the duty's person; ``key`` names the box.

    ``edition`` counts the changes. A deleted comment leaves no row.
    """

    key = models.CharField(max_length=26, unique=True)
    stream = models.CharField(max_length=26, db_index=True)
    author = models.ForeignKey(Account, models.PROTECT, related_name="comments")
    subject = models.CharField(max_length=64, db_index=True)
    box = models.BinaryField()
    edition = models.IntegerField(default=1)
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
