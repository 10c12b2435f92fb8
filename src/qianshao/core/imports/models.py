"""What was brought in from spreadsheets: remembered mappings, runs, and which row became which duty.

None of it is the record: that is the ledger. No cell of a sheet is kept here, for cells hold personal data.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ImportMapping(models.Model):
    """Which column means what, for sheets with the same header; ``columns`` is column key → header.

    ``constants`` stand for the whole sheet where it has no such column; ``source`` begins the source keys.
    """

    spec = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    columns = models.JSONField()
    constants = models.JSONField()
    source = models.CharField(max_length=60)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("spec", "signature"), name="one_mapping_of_a_header"),)

    def __str__(self) -> str:
        return f"{self.spec} {self.signature[:8]}"


class ImportRun(models.Model):
    """One import of one file. ``state`` is new, running, stopped, done or failed.

    ``row`` is the number of the last row that was taken in: the run goes on behind it. ``claims`` counts
    who took the run up and is the fence: a process whose number is no longer the run's has lost it.
    ``path`` is the uploaded file's name in the data folder, empty for a file the command line reads in place.
    """

    spec = models.CharField(max_length=60)
    file = models.CharField(max_length=200)
    path = models.CharField(max_length=60, default="")
    sheet = models.CharField(max_length=100, default="")
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    columns = models.JSONField()
    constants = models.JSONField()
    source = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="new")
    row = models.IntegerField(default=0)
    line = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    faulty = models.IntegerField(default=0)
    actor = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    claims = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("actor", "-made_at", "-id"), name="import_run_actor"),
            models.Index(fields=("spec", "sha256", "state"), name="import_run_file"),
        )

    def __str__(self) -> str:
        return f"{self.spec} {self.pk}"

    @property
    def rows(self) -> int:
        """Rows taken in so far, faulty ones with them."""
        return self.new + self.updated + self.known + self.changed + self.faulty


class ImportLine(models.Model):
    """A row of a run and the duty it is about. ``outcome`` is new, updated, known or changed.

    ``note`` names the fields of a changed row that differ from what was recorded.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="items", db_index=False)
    row = models.IntegerField()
    stream = models.CharField(max_length=26)
    outcome = models.CharField(max_length=10)
    note = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "row"), name="one_line_of_a_row"),)
        indexes = (
            models.Index(fields=("run", "row"), condition=Q(outcome="changed"), name="import_line_changed"),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.row}"


class ImportFault(models.Model):
    """A row that was not taken in: message ids with blanks, as ``Words``, of what is wrong and how to mend it.

    ``columns`` are the letters of the cells that are wrong, comma between; empty when the row as a whole is.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="faults", db_index=False)
    row = models.IntegerField()
    columns = models.CharField(max_length=60, default="")
    problem = models.JSONField()
    mend = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "row"), name="one_fault_of_a_row"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.row}"
