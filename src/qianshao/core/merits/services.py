"""Give points for an entry, take them back, and rank; every point opens the entry that earned it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import append_register, hold
from qianshao.core.org.models import Unit
from qianshao.kernel import merit as rules
from qianshao.kernel.merit import MeritRule, Point, Standing
from qianshao.kernel.meter import Span, period_of, refuse_reversal, standing
from qianshao.kernel.words import Words, say

from .models import Given

GIVE = "merits.give"
CORRECT = "merits.correct"


class NotGiven(ValueError):
    """The point cannot be given or taken back; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


class UnknownRule(LookupError):
    """No module of this installation declares the scoring rule."""


def rule_of(key: str) -> MeritRule:
    """The declared scoring rule of a key; raises ``UnknownRule``."""
    found = registry.merits().get(key)
    if found is None:
        raise UnknownRule(key)
    return found


@transaction.atomic
def give(rule: str, unit: Unit, *, stream: str, sseq: int, reason: str, actor: Actor, now: datetime) -> Given:
    """Give a unit what a rule is worth for an entry, once for each (rule, entry); raises ``NotGiven``."""
    worth = rule_of(rule).hundredths
    _may(actor, GIVE, unit)
    hold(_register(unit))
    if not Entry.objects.filter(stream=stream, sseq=sseq).exists():
        raise NotGiven(say("没有这条记录，评分须指明依据的记录"))
    if any(item.rule == rule and item.entry == f"{stream}/{sseq}" for item in standing(points_of([unit]))):
        raise NotGiven(say("这条记录已经按这项规则评过分"))
    return _give(unit, rule, worth, stream, sseq, reason, 0, actor, now)


@transaction.atomic
def take_back(unit: Unit, number: int, *, reason: str, actor: Actor, now: datetime) -> Given:
    """Reverse a point; both stay readable. Raises ``NotGiven`` for one that is not there or was reversed."""
    _may(actor, CORRECT, unit)
    hold(_register(unit))
    refusal = refuse_reversal(points_of([unit]), number)
    if refusal is not None:
        raise NotGiven(refusal)
    first = Given.objects.get(unit=unit, number=number)
    return _give(unit, first.rule, first.hundredths, first.stream, first.sseq, reason, number, actor, now)


def points_of(units: Iterable[Unit]) -> list[Point]:
    """Every point of these units in order, reversals included; numbers count within a unit."""
    rows = Given.objects.filter(unit__in=list(units)).select_related("unit").order_by("unit_id", "number")
    return [
        Point(
            number=row.number,
            rule=row.rule,
            unit=row.unit.code,
            hundredths=row.hundredths,
            entry=f"{row.stream}/{row.sseq}",
            at=row.at,
            reason=row.reason,
            reverses=row.reverses,
        )
        for row in rows
    ]


def ranking(units: Iterable[Unit], *, span: Span, now: datetime) -> list[Standing]:
    """The units' places in the period that holds ``now``, ties spelled out; a unit without a point has 0."""
    scored = list(units)
    points: dict[str, list[Point]] = {unit.code: [] for unit in scored}
    for point in points_of(scored):
        points[point.unit].append(point)
    totals: dict[str, int] = {}
    for code, own in points.items():
        totals |= rules.total(registry.merits(), [code], own, span=span, period=period_of(span, now))
    return rules.ranked(totals)


def _give(
    unit: Unit,
    rule: str,
    hundredths: int,
    stream: str,
    sseq: int,
    reason: str,
    reverses: int,
    actor: Actor,
    now: datetime,
) -> Given:
    if not 2 <= len(reason.strip()) <= 500:
        raise ValueError(_("请写明理由（2 至 500 字）。"))
    number = Given.objects.filter(unit=unit).count() + 1
    data = {
        "holder": unit.code,
        "number": number,
        "rule": rule,
        "hundredths": hundredths,
        "for": stream,
        "entry": sseq,
        "reason": reason.strip(),
        "reverses": reverses,
    }
    eid = append_register(
        name=_register(unit), kind="register.merit", fact="Given", data=data, actor=actor, now=now
    )
    return Given.objects.create(
        eid=eid,
        unit=unit,
        number=number,
        rule=rule,
        hundredths=hundredths,
        stream=stream,
        sseq=sseq,
        at=now,
        reason=reason.strip(),
        reverses=reverses,
    )


def _register(unit: Unit) -> str:
    return f"merit:{unit.code}"


def _may(actor: Actor, capability: str, unit: Unit) -> None:
    if not actor.may(capability, unit.path):
        raise NotAllowed(_("没有评分的权限"))
