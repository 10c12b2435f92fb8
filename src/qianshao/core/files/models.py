"""Which evidence is kept here, by digest. Rows are only added; the contents are files beside the database."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """Some content, kept once however often and under whatever name it was handed in; ``size`` in bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    type = models.CharField(max_length=10)
    first_kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256
