"""The projection of duties: what lists, lamps and figures read. ``rebuild`` makes it again from the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qianshao.core.org.models import Unit

MAY_BE_LATE = Q(missed_at__isnull=False) | Q(open=True)


class Duty(models.Model):
    """Someone owes something by a moment. Dates are stored, colours are not.

    ``marks`` are names of what is true of it, each between bars: ``|late_sign|returned|``.
    ``step_at`` is when the first of the clocks beside its own runs out, null when none runs.
    ``missed_at`` is the first moment the duty was overdue while open, as far as its past shows; an open
    duty whose ``due_at`` has passed is overdue too. ``version`` is the number of its last entry.
    """

    stream = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    phase = models.CharField(max_length=30)
    open = models.BooleanField()
    paused = models.BooleanField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False)
    place = models.CharField(max_length=60)
    topic = models.CharField(max_length=60)
    channel = models.CharField(max_length=30)
    subject = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    amber_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    provisional = models.BooleanField()
    month = models.IntegerField()
    marks = models.CharField(max_length=1000, default="")
    step_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=1000)
    version = models.IntegerField()
    head = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("kind", "opened_at", "id"), name="duty_opened"),
            models.Index(fields=("kind", "unit", "opened_at", "id"), name="duty_unit_opened"),
            *(
                models.Index(fields=("kind", name, "opened_at", "id"), name=f"duty_{name}_opened")
                for name in ("phase", "topic", "channel", "place")
            ),
            models.Index(fields=("kind", "number"), name="duty_number"),
            models.Index(
                fields=("kind", "closed_at", "id"), condition=Q(closed_at__isnull=False), name="duty_closed"
            ),
            # Who may be late: the rest of the columns lets a count stay in the index.
            models.Index(
                fields=("kind", "opened_at", "id", "missed_at", "due_at", "open"),
                condition=MAY_BE_LATE,
                name="duty_late",
            ),
            models.Index(
                fields=("unit", "kind", "opened_at", "id", "missed_at", "due_at", "open"),
                condition=MAY_BE_LATE,
                name="duty_unit_late",
            ),
            models.Index(fields=("kind", "due_at", "id"), condition=Q(open=True), name="duty_open_due"),
            models.Index(fields=("unit", "due_at", "id"), condition=Q(open=True), name="duty_unit_open_due"),
            models.Index(
                fields=("kind", "step_at", "id"), condition=Q(step_at__isnull=False), name="duty_step"
            ),
            models.Index(fields=("wake_at",), condition=Q(wake_at__isnull=False), name="duty_wake"),
            models.Index(fields=("kind", "month", "unit", "open", "missed_at"), name="duty_month_unit"),
            models.Index(
                fields=("due_at",), condition=Q(open=True, provisional=True), name="duty_provisional"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Span(models.Model):
    """How a duty stood from one moment until another (exclusive, null = still): figures as of a past day.

    A duty's last span carries the same values as the duty. ``node`` is where ``during`` finds it by a moment.
    """

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="spans", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    kind = models.CharField(max_length=60)
    phase = models.CharField(max_length=30)
    open = models.BooleanField()
    paused = models.BooleanField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False)
    amber_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    node = models.IntegerField()
    marks = models.CharField(max_length=1000, default="")
    step_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("duty", "since"), name="span_duty"),
            models.Index(fields=("node", "since", "until"), condition=Q(open=True), name="span_open_then"),
        )

    def __str__(self) -> str:
        return f"{self.duty_id} {self.since}–{self.until or ''}"


class RuleEdition(models.Model):
    """A number of the rulebook as this city set it from a day on; rows are only added."""

    key = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    valid_from = models.DateField()
    body = models.JSONField()
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "edition"), name="one_edition_of_a_rule"),)

    def __str__(self) -> str:
        return f"{self.key}@{self.edition}"


class HolidayNotice(models.Model):
    """A State Council holiday notice this city loaded after the product was shipped; rows are only added."""

    year = models.IntegerField()
    body = models.TextField()
    loaded_by = models.CharField(max_length=60)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)


class Outbox(models.Model):
    """A reaction owed to a recorded fact; done once per (handler, entry)."""

    eid = models.BigIntegerField()
    stream = models.CharField(max_length=26)
    handler = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("handler", "eid"), name="one_reaction_to_an_entry"),)
        indexes = (models.Index(fields=("id",), condition=Q(done_at=None), name="outbox_waiting"),)

    def __str__(self) -> str:
        return f"{self.handler} {self.eid}"


class SavedView(models.Model):
    """A list's filters an account kept under a name; the query is a ``Selection``."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "name"), name="one_view_of_a_name"),)

    def __str__(self) -> str:
        return self.name
