"""What the watch saw: captures by digest, findings with the duties they opened; and the columns it looks for."""

from __future__ import annotations

from django.db import models


class Capture(models.Model):
    """The bytes of a page as they came, kept once, packed with zlib; ``size`` is their length unpacked."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    url = models.TextField()
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    packed = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class SiteFinding(models.Model):
    """A defect of a site, known again by its key; ``round`` counts how often it came back after being mended."""

    site = models.TextField()
    key = models.CharField(max_length=32)
    round = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20)
    unit = models.CharField(max_length=40, db_index=True)
    url = models.TextField()
    automatic = models.CharField(max_length=10)
    places = models.PositiveIntegerField()
    stream = models.CharField(max_length=26, unique=True)
    capture = models.ForeignKey(Capture, models.PROTECT, null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("site", "key", "round"), name="one_finding_of_a_site_in_a_round"),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.url}"


class ColumnEdition(models.Model):
    """The columns every site of the city must have, true from a day on; rows are only added.

    ``body`` is a list of [title, [words its links may carry, …]].
    """

    valid_from = models.DateField(unique=True)
    body = models.JSONField()
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return str(self.valid_from)
