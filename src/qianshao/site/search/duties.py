"""Duties of every kind by their words, their number or the initials of their title, in two queries.

A list asks each kind by itself; here one question goes over all kinds, so that typing stays quick in a large city.
Kinds are put together by what of them the actor may see and may read, which few roles have many of.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlencode

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties import registry, search
from qianshao.core.duties.models import Duty
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Selection
from qianshao.kit import telling
from qianshao.kit.duties import listing
from qianshao.kit.duties.asking import module_of
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

from .hits import Asked, Group, Hit

BOUND = 300  # hits counted over all kinds; beyond it a count says "at least"


def groups(asked: Asked, request: StaffRequest, size: int) -> list[Group]:
    """What was found of each kind, newest first; the list behind ``more`` holds exactly these duties."""
    kinds = [kind for kind in registry.kinds().values() if request.actor.paths(kind.reads)]
    if not asked.text or not kinds:
        return []
    found, exact = _found(asked.text, kinds, request.actor)
    shown = Duty.objects.in_bulk([pk for pks in found.values() for pk in pks[:size]])
    rows = {row.duty.pk: row for row in listing.rows(list(shown.values()), request, Selection())}
    made = []
    for kind in kinds:
        pks = found.get(kind.key, [])
        if pks:
            hits = tuple(_hit(rows[pk], request) for pk in pks[:size] if pk in rows)
            query = urlencode({"kind": kind.key, "text": asked.text})
            more = f"{reverse('duties')}?{query}"
            made.append(Group(telling.sentence(kind.title), hits, len(pks), exact, more))
    return made


def _found(text: str, kinds: list[Kind], actor: Actor) -> tuple[dict[str, list[int]], bool]:
    """The numbers of duties by kind, newest first, and whether they are all there are."""
    found: dict[int, str] = {}
    clause = search.clause(text)
    ways: list[Q] = []
    if clause is not None:
        ways.append(Q(RawSQL(*clause, output_field=BooleanField())) & _together(kinds, actor, readable=True))
    if text.isascii():
        number = figures.begins("number", text.upper()) | figures.begins("number", text)
        ways.append(number & _together(kinds, actor, readable=False))
    for way in ways:
        found.update(Duty.objects.filter(way).order_by("-id").values_list("id", "kind")[: BOUND + 1])
    by_kind: dict[str, list[int]] = defaultdict(list)
    for pk in sorted(found, reverse=True)[:BOUND]:
        by_kind[found[pk]].append(pk)
    return by_kind, len(found) <= BOUND


def _together(kinds: list[Kind], actor: Actor, *, readable: bool) -> Q:
    """Duties of these kinds the actor may see, and whose words they may read where that is asked."""
    alike: dict[tuple[tuple[str, ...], ...], list[Kind]] = defaultdict(list)
    for kind in kinds:
        sealed = readable and kind.sealed_title
        text = actor.paths(f"{module_of(kind)}.text") if sealed else (EVERYWHERE,)
        alike[actor.paths(kind.reads), text].append(kind)
    conditions = Q(pk__in=[])
    for same in alike.values():
        where = Q(kind__in=[kind.key for kind in same]) & figures.visible(same[0], actor)
        conditions |= where & figures.readable(same[0], actor) if readable else where
    return conditions


def _hit(row: listing.Row, request: StaffRequest) -> Hit:
    duty = row.duty
    said = (
        duty.number,
        telling.lamp_title(telling.lamp_of(duty, request.now)),
        duty.unit.short if duty.unit else "",
        telling.day(duty.opened_at),
    )
    title = row.title.text or duty.number
    return Hit(title, reverse("duty", args=[duty.stream]), " · ".join(part for part in said if part))
