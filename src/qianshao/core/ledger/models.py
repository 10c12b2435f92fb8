"""The tables of the ledger. Entries, leaves, their blocks, checkpoints and daily heads only grow; triggers refuse the rest.

The body of an entry is the record. Everything beside it here can be computed again from it.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One recorded fact: canonical bytes (RFC 8785, restricted), number ``sseq`` of its stream."""

    eid = models.BigIntegerField(primary_key=True)
    stream = models.CharField(max_length=26)
    sseq = models.IntegerField()
    idem = models.BinaryField(max_length=16, null=True, unique=True)
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stream", "sseq"), name="one_entry_at_a_place"),)

    def __str__(self) -> str:
        return f"{self.stream}/{self.sseq}"


class Leaf(models.Model):
    """An entry's place in the city's log: gapless from 0, given by the sequencer."""

    seq = models.BigIntegerField(primary_key=True)
    eid = models.BigIntegerField(unique=True)
    sha256 = models.BinaryField(max_length=32)
    sm3 = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.seq)


class Pending(models.Model):
    """Entries the sequencer has not numbered yet; empty when it has caught up."""

    eid = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.eid)


class Head(models.Model):
    """The frontier of both trees at ``size`` leaves; one row, written with the leaves it covers."""

    size = models.BigIntegerField()
    sha256 = models.BinaryField()
    sm3 = models.BinaryField()

    def __str__(self) -> str:
        return str(self.size)


class Checkpoint(models.Model):
    """A signed statement of the log's size and root that left, or may leave, the office."""

    size = models.BigIntegerField()
    made_at = models.DateTimeField()
    note = models.TextField()
    sm3_note = models.TextField()

    def __str__(self) -> str:
        return str(self.size)


class LeafBlock(models.Model):
    """The roots over 4,096 leaves, kept when the block is full; a proof needs few of them. Computed again by ``verify``."""

    number = models.BigIntegerField(primary_key=True)
    sha256 = models.BinaryField(max_length=32)
    sm3 = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.number)


class DayHeads(models.Model):
    """The signed root over all stream heads at ``size`` entries, once a day (see ``kernel.ledger.heads``)."""

    size = models.BigIntegerField()
    made_at = models.DateTimeField()
    note = models.TextField()

    def __str__(self) -> str:
        return str(self.size)


class Sealed(models.Model):
    """The personal values of one entry with their salts, encrypted under the key of their subject."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=26)
    sseq = models.IntegerField()
    subject = models.CharField(max_length=64, db_index=True)
    box = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stream", "sseq"), name="one_box_of_an_entry"),)

    def __str__(self) -> str:
        return f"{self.stream}/{self.sseq}"


class Reveal(models.Model):
    """Somebody read sealed values that are masked by default: who, what, why."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    stream = models.CharField(max_length=26, db_index=True)
    sseq = models.IntegerField()
    fields = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.actor} {self.stream}/{self.sseq}"
