"""Which orders are about the same matter, as last grouped: reckoned anew from the ledger, and nobody's words in it."""

from __future__ import annotations

from django.db import models


class Member(models.Model):
    """An order in a group. ``text`` numbers the different texts of a group; near-copies share a number."""

    stream = models.CharField(max_length=26, primary_key=True)
    group = models.CharField(max_length=26, db_index=True)
    text = models.IntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.group}/{self.stream}"


class Grouped(models.Model):
    """One run: when, over how many orders, as of which size of the log; the last row is the one that stands."""

    at = models.DateTimeField()
    size = models.BigIntegerField()
    orders = models.IntegerField()
    groups = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.at} {self.orders}"
