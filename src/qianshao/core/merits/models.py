"""Points given to units; every row restates an entry of the ledger."""

from __future__ import annotations

from django.db import models

from qianshao.core.org.models import Unit


class Given(models.Model):
    """Points a unit was given under a rule for an entry (``stream``/``sseq``), or with ``reverses`` taken back."""

    eid = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.IntegerField()
    rule = models.CharField(max_length=60)
    hundredths = models.IntegerField()
    stream = models.CharField(max_length=26)
    sseq = models.IntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    reverses = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "number"), name="one_point_of_a_number"),)
        indexes = (models.Index(fields=("at",), name="points_by_day"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.rule} {self.hundredths}"
