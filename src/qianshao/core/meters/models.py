"""What was set, explained and drawn on the city's meters; every row restates an entry of the ledger."""

from __future__ import annotations

from django.db import models

from qianshao.core.org.models import Unit


class Limit(models.Model):
    """A limit set for a holder and a period; a later row takes the place of an earlier one, which stays."""

    eid = models.BigIntegerField(primary_key=True)
    meter = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    amount = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("meter", "unit", "period"), name="limit_of_a_period"),)

    def __str__(self) -> str:
        return f"{self.meter} {self.period}: {self.amount}"


class Explanation(models.Model):
    """A holder filed why its count has to rise above last year's."""

    eid = models.BigIntegerField(primary_key=True)
    meter = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    reason = models.CharField(max_length=500)

    class Meta:
        indexes = (models.Index(fields=("meter", "unit", "period"), name="explanation_of_a_period"),)

    def __str__(self) -> str:
        return f"{self.meter} {self.period}"


class Drawn(models.Model):
    """An amount a holder took, or with ``reverses`` gave back; ``stream`` is the duty it was taken for."""

    eid = models.BigIntegerField(primary_key=True)
    meter = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.IntegerField()
    amount = models.IntegerField()
    at = models.DateTimeField()
    stream = models.CharField(max_length=26)
    reverses = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("meter", "unit", "number"), name="one_draw_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.meter} {self.number}: {self.amount}"
