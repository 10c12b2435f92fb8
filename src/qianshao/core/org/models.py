"""The city's units, posts and people, each true from one day until another (exclusive)."""

from __future__ import annotations

from django.db import models


class City(models.Model):
    """The city this installation serves; one row, written when a real city is set up."""

    name = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of the city. Its ``code`` never changes; its name may, see ``UnitName``."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    order = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """A name a unit bore from one day until another."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "valid_from"), name="one_name_of_a_unit_from_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}–{self.valid_to or ''}"


class Person(models.Model):
    """A natural person on the staff; an account belongs to one."""

    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post in a unit, held by people in turn."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"


class Holding(models.Model):
    """A person held a post from one day until another (exclusive)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.person} {self.post} {self.valid_from}"
