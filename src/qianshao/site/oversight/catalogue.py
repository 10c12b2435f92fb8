"""The disclosure catalogue of every body: what is published under each item of article 20, and how it is kept up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.core.org.queries import units_on
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.queries import figures
from qianshao.modules.openness.documents.catalogue import CLAUSE, ITEMS, TEXT
from qianshao.modules.openness.documents.facts import CATALOGUE
from qianshao.modules.openness.figures import DOCUMENT
from qianshao.modules.openness.upkeep.facts import PARTS

from .figures import Opened
from .yearly import BODIES

UPKEEP = "openness.upkeep"
READ = "openness.read"
PUBLISHED = Selection(DOCUMENT, (Condition("phase", "", "published"),))
WAITING = Selection(DOCUMENT, (Condition("phase", "", "waiting"),))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a body's catalogue; ``last`` is when something was last published under it."""

    key: str
    title: str
    text: str
    clause: str
    published: Opened
    waiting: Opened
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the guide or the catalogue of a body is kept: what is open, and when it was last brought up to date."""

    title: str
    open: Duty | None
    updated: Duty | None


@dataclass(frozen=True, slots=True)
class Body:
    """A body with how much of its catalogue holds something."""

    unit: Unit
    published: Opened
    items: int
    waiting: Opened
    upkeep: tuple[Upkeep, ...]


Counted = Mapping[tuple[int, str], tuple[int, datetime | None]]


def bodies(actor: Actor, now: datetime) -> list[Body]:
    """Every body that owes a catalogue and that the actor may see, in the city's own order."""
    units = [unit for unit in units_on(now.astimezone(SHANGHAI).date()) if unit.kind in BODIES]
    units = [unit for unit in units if _sees(actor, unit)]
    published, waiting = (_counted(selection, actor, now) for selection in (PUBLISHED, WAITING))
    kept = _kept([unit.pk for unit in units], actor, now)
    titles = [CATALOGUE[key] for key in ITEMS]
    return [
        Body(
            unit,
            Opened(_sum(published, unit), _of(PUBLISHED, unit)),
            sum((unit.pk, title) in published for title in titles),
            Opened(_sum(waiting, unit), _of(WAITING, unit)),
            tuple(kept.get((unit.pk, part), Upkeep(part, None, None)) for part in PARTS.values()),
        )
        for unit in units
    ]


def items(unit: Unit, actor: Actor, now: datetime) -> list[Item]:
    """The fifteen items of article 20 and the one of article 21, those with nothing too."""
    published, waiting = (_counted(_of(selection, unit), actor, now) for selection in (PUBLISHED, WAITING))
    found = []
    for key, text in TEXT.items():
        title = CATALOGUE[key]
        under = Condition("topic", "", title)
        n, last = published.get((unit.pk, title), (0, None))
        w, _last = waiting.get((unit.pk, title), (0, None))
        found.append(
            Item(
                key,
                title,
                text,
                CLAUSE[key],
                Opened(n, _of(PUBLISHED, unit).also(under)),
                Opened(w, _of(WAITING, unit).also(under)),
                last,
            )
        )
    return found


def unplaced(unit: Unit, actor: Actor, now: datetime) -> Opened:
    """What is published and stands under no item."""
    selection = _of(PUBLISHED, unit).also(Condition("topic", "empty", True))
    return Opened(figures.count(selection, actor, now), selection)


def upkeep(unit: Unit, actor: Actor, now: datetime) -> tuple[Upkeep, ...]:
    """The guide and the catalogue of one body."""
    kept = _kept([unit.pk], actor, now)
    return tuple(kept.get((unit.pk, part), Upkeep(part, None, None)) for part in PARTS.values())


def body_of(code: str, actor: Actor, now: datetime) -> Unit | None:
    """The body of a code, None where there is none or the actor may not see it."""
    unit = units_on(now.astimezone(SHANGHAI).date()).filter(code=code, kind__in=BODIES).first()
    return unit if unit is not None and _sees(actor, unit) else None


def _sees(actor: Actor, unit: Unit) -> bool:
    return any(path == EVERYWHERE or unit.path.startswith(path) for path in actor.paths(READ))


def _of(selection: Selection, unit: Unit) -> Selection:
    return selection.also(Condition("unit", "", unit.code))


def _counted(selection: Selection, actor: Actor, now: datetime) -> Counted:
    rows = (
        figures.queryset(selection, actor, now)
        .order_by()
        .values_list("unit_id", "topic")
        .annotate(n=Count("pk"), last=Max("closed_at"))
    )
    return {(unit, topic): (n, last) for unit, topic, n, last in rows if unit is not None}


def _sum(counted: Counted, unit: Unit) -> int:
    return sum(n for (pk, _topic), (n, _last) in counted.items() if pk == unit.pk)


def _kept(units: Iterable[int], actor: Actor, now: datetime) -> dict[tuple[int, str], Upkeep]:
    """By unit and part: the upkeep that is open and due first, and the one last done."""
    rows = figures.queryset(Selection(UPKEEP), actor, now).filter(unit_id__in=list(units))
    found: dict[tuple[int, str], Upkeep] = {}
    for duty in rows.filter(Q(open=True) | Q(phase="updated")).order_by("closed_at", "-due_at", "id"):
        assert duty.unit_id is not None
        key = (duty.unit_id, duty.topic)
        before = found.get(key, Upkeep(duty.topic, None, None))
        found[key] = (
            Upkeep(duty.topic, duty, before.updated) if duty.open else Upkeep(duty.topic, before.open, duty)
        )
    return found
