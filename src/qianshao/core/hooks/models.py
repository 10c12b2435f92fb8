"""Other systems that are told of facts by HTTP, and what was told to each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Hook(models.Model):
    """Where facts are told. Empty ``kinds`` or ``facts`` mean all; ``cursor`` is the next number of the log to look at.

    Secrets are encrypted under a key outside the database; the one before stays good until ``old_until``.
    """

    name = models.CharField(max_length=60, unique=True)
    url = models.CharField(max_length=500)
    kinds = models.JSONField()
    facts = models.JSONField()
    secret = models.BinaryField(max_length=200)
    old_secret = models.BinaryField(max_length=200, null=True)
    old_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    cursor = models.BigIntegerField()
    failing_since = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One fact on its way to one hook: waiting, sending, sent or failed; ``body`` is what is sent, the same each time.

    ``seq`` is the entry's number in the log. A process that dies while sending leaves the row taken; it is sent again under the
    same id, by which the receiver knows it (at least once).
    """

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="calls", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    fact = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.IntegerField(default=0)
    again_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)
    reason = models.CharField(max_length=20, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("hook", "seq"), name="one_call_of_an_entry"),)
        indexes = (
            models.Index(fields=("again_at",), condition=Q(state="waiting"), name="call_waiting"),
            models.Index(fields=("taken_at",), condition=Q(state="sending"), name="call_taken"),
            models.Index(fields=("done_at",), condition=Q(done_at__isnull=False), name="call_done"),
        )

    def __str__(self) -> str:
        return f"{self.hook_id}/{self.seq}"
