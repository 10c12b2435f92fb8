"""What the portal remembers of its visitors: only how often somebody tried, for an hour."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """Somebody at an address did something that is limited; the address is a keyed digest."""

    what = models.CharField(max_length=10)
    address = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("what", "address", "at"), name="attempt_of_an_address"),
            models.Index(fields=("at",), name="attempt_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
