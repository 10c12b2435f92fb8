"""Long work with progress. A row is state, not record: what the work does goes through its own doors."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of long work. ``state`` is waiting, running, done, failed or stopped.

    ``tries`` counts claims and is the fence: a worker whose number is no longer the row's has lost the job.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    actor = models.CharField(max_length=60)
    state = models.CharField(max_length=10)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=500, default="")
    result = models.JSONField(null=True)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    asked_to_stop = models.BooleanField(default=False)
    tries = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("id",), condition=Q(state="waiting"), name="job_waiting"),
            models.Index(fields=("beat_at",), condition=Q(state="running"), name="job_running"),
            models.Index(fields=("actor", "made_at"), name="job_actor"),
        )

    def __str__(self) -> str:
        return self.key


class Lease(models.Model):
    """Who does what only one process may do at a time; good until ``until``, renewed by its holder."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    seen_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
