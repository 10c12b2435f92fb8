"""What is reckoned from orders and may be reckoned again: groups of the same matter, and learned models; nobody's words in it."""

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


class Learned(models.Model):
    """A model of classes learned from the city's own orders: from how many, with how many corrections known by then.

    ``used`` when it took the place of the one before. What it says of itself stands in its file, found by ``sha256``.
    """

    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    used = models.BooleanField()
    examples = models.IntegerField()
    classes = models.IntegerField()
    reclassified = models.IntegerField()
    moved = models.IntegerField()
    sameness = models.IntegerField()
    macro_f1 = models.IntegerField()  # ten-thousandths
    seconds = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.at} {self.sha256[:12]}"


class Tolerated(models.Model):
    """The share of wrong suggestions the office puts up with, in thousandths; the last row counts."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    per_mille = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.per_mille}‰"


class Sent(models.Model):
    """How many requests an app has sent in a stretch of time (``minute``, ``day``) that began at ``since``."""

    app = models.CharField(max_length=40)
    span = models.CharField(max_length=6)
    since = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("app", "span"), name="one_count_of_an_app_and_span"),)

    def __str__(self) -> str:
        return f"{self.app} {self.count}/{self.span}"


class Grouped(models.Model):
    """One run: when, over how many orders, as of which size of the log; the last row is the one that stands."""

    at = models.DateTimeField()
    size = models.BigIntegerField()
    orders = models.IntegerField()
    groups = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.at} {self.orders}"
