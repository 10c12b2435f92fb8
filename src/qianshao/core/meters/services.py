"""Draw from a meter, or be refused at once; set limits, file explanations, give back.

Each meter and holder is a register of the ledger, held until commit: two draws at the same moment cannot
both take the last one. Call within the transaction of the act that needs the draw, and both happen or neither.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.register import append_register, hold
from qianshao.core.org.models import Unit
from qianshao.kernel import meter as rules
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.meter import Draw, Meter, MeterState
from qianshao.kernel.words import Words

from .models import Drawn, Explanation, Limit

SET = "meters.set"
EXPLAIN = "meters.explain"
CORRECT = "meters.correct"


class UnknownMeter(LookupError):
    """No module of this installation declares the meter."""


class Exhausted(ValueError):
    """The meter refuses; ``words`` say what stands against it, with the article."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def meter_of(key: str) -> Meter:
    """The declared meter of a key; raises ``UnknownMeter``."""
    found = registry.meters().get(key)
    if found is None:
        raise UnknownMeter(key)
    return found


def stands(key: str, unit: Unit, now: datetime) -> MeterState:
    """How a holder's meter stands in the period that holds ``now``."""
    meter = meter_of(key)
    of = {"meter": key, "unit": unit, "period": rules.period_of(meter.span, now)}
    limit = Limit.objects.filter(**of).order_by("-eid").values_list("amount", flat=True).first()
    explained = Explanation.objects.filter(**of).exists()
    return rules.state(
        meter, draws(key, unit, since=counting_since(now)), now, limit=limit, explained=explained
    )


def draws(key: str, unit: Unit, *, since: datetime | None = None) -> list[Draw]:
    """What a holder drew and gave back, in order: everything, or what was recorded from a moment on."""
    rows = Drawn.objects.filter(meter=key, unit=unit)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [Draw(*row) for row in rows.order_by("number").values_list("number", "amount", "at", "reverses")]


def counting_since(now: datetime) -> datetime:
    """From when on draws bear on how a meter stands: its period and the same a year before.

    What is given back counts in the period of what it reverses and is recorded after it, so nothing earlier matters.
    """
    return datetime(now.astimezone(SHANGHAI).year - 1, 1, 1, tzinfo=SHANGHAI)


@transaction.atomic
def set_limit(key: str, unit: Unit, period: str, amount: int, *, actor: Actor, now: datetime) -> Limit:
    """Set what a holder may draw (or owes) in a period: 2026, 2026Q3 or 2026-09, as the meter is declared."""
    meter = meter_of(key)
    _may(actor, SET, unit, _("没有核定额度的权限"))
    if not _names_a_period(meter, period):
        raise ValueError(_("“{period}”不是{title}的期间，例如 {example}。").format(
            period=period, title=meter.title, example=rules.period_of(meter.span, now)
        ))  # fmt: skip
    if amount < 0:
        raise ValueError(_("额度不能小于 0。"))
    eid = _record(key, unit, "LimitSet", {"period": period, "amount": amount}, actor, now)
    return Limit.objects.create(eid=eid, meter=key, unit=unit, period=period, amount=amount)


@transaction.atomic
def explain(key: str, unit: Unit, reason: str, *, actor: Actor, now: datetime) -> Explanation:
    """File why the count of the current period has to rise above last year's (BUR-10)."""
    meter = meter_of(key)
    _may(actor, EXPLAIN, unit, _("没有报送说明的权限"))
    if not 2 <= len(reason.strip()) <= 500:
        raise ValueError(_("请写明理由（2 至 500 字）。"))
    period = rules.period_of(meter.span, now)
    eid = _record(key, unit, "Explained", {"period": period, "reason": reason.strip()}, actor, now)
    return Explanation.objects.create(eid=eid, meter=key, unit=unit, period=period, reason=reason.strip())


@transaction.atomic
def draw(key: str, unit: Unit, amount: int, *, stream: str, actor: Actor, now: datetime) -> Drawn:
    """Take ``amount`` for a duty's ``stream``; raises ``Exhausted``, and then nothing is written.

    Whoever calls has decided that the actor may do what the draw is for.
    """
    hold(_register(key, unit))
    refusal = rules.refuse(meter_of(key), stands(key, unit, now), amount)
    if refusal is not None:
        raise Exhausted(refusal)
    return _draw(key, unit, amount, stream, 0, actor, now)


@transaction.atomic
def carry(key: str, unit: Unit, period: str, amount: int, *, actor: Actor, now: datetime) -> Drawn | None:
    """Take over what a holder used in a period before this product counted; None where it stands so already.

    A number taken over before is given back and the new one stands; both stay readable. Raises ``ValueError`` for the
    present period, and where the product itself has counted in that period.
    """
    meter = meter_of(key)
    _may(actor, SET, unit, _("没有核定额度的权限"))
    if not _names_a_period(meter, period) or period >= rules.period_of(meter.span, now):
        raise ValueError(_("“{period}”不是已经过去的期间。").format(period=period))
    hold(_register(key, unit))
    known = rules.standing(draws(key, unit))
    counted = [draw for draw in known if rules.period_of(meter.span, draw.at) == period]
    streams = dict(Drawn.objects.filter(meter=key, unit=unit).values_list("number", "stream"))
    own = [draw for draw in counted if streams[draw.number]]
    if own:
        raise ValueError(
            _("{unit}在 {period} 已有 {n} 笔系统内的记录，不能用表格代替。").format(
                unit=unit.name, period=period, n=len(own)
            )
        )
    if sum(draw.amount for draw in counted) == amount:
        return None
    for draw in counted:
        _draw(key, unit, draw.amount, "", draw.number, actor, now)
    return _draw(key, unit, amount, "", 0, actor, now, period=period) if amount else None


@transaction.atomic
def give_back(key: str, unit: Unit, number: int, *, actor: Actor, now: datetime) -> Drawn:
    """Reverse a draw; both stay readable. Raises ``Exhausted`` for one that is not there or was given back."""
    _may(actor, CORRECT, unit, _("没有冲正的权限"))
    hold(_register(key, unit))
    refusal = rules.refuse_reversal(draws(key, unit), number)
    if refusal is not None:
        raise Exhausted(refusal)
    taken = Drawn.objects.get(meter=key, unit=unit, number=number)
    return _draw(key, unit, taken.amount, taken.stream, number, actor, now)


def _draw(
    key: str,
    unit: Unit,
    amount: int,
    stream: str,
    reverses: int,
    actor: Actor,
    now: datetime,
    period: str = "",
) -> Drawn:
    """``period`` is the past one an amount is taken over for; it counts on that period's first day."""
    number = Drawn.objects.filter(meter=key, unit=unit).count() + 1
    data = {"number": number, "amount": amount, "for": stream, "reverses": reverses}
    if period:
        data["period"] = period
    eid = _record(key, unit, "Drawn", data, actor, now)
    at = _first_day(meter_of(key), period) if period else now
    return Drawn.objects.create(
        eid=eid, meter=key, unit=unit, number=number, amount=amount, at=at, stream=stream, reverses=reverses
    )  # fmt: skip


def _first_day(meter: Meter, period: str) -> datetime:
    months = (datetime(int(period[:4]), month, 1, tzinfo=SHANGHAI) for month in range(1, 13))
    return next(at for at in months if rules.period_of(meter.span, at) == period)


def _names_a_period(meter: Meter, period: str) -> bool:
    """Whether some moment has a period of this name."""
    if not period[:4].isdigit():
        return False
    months = (
        datetime(int(period[:4]), month, 1, tzinfo=SHANGHAI) for month in range(1, 13) if period[:4] > "0000"
    )
    return any(rules.period_of(meter.span, at) == period for at in months)


def _register(key: str, unit: Unit) -> str:
    return f"meter:{key}:{unit.code}"


def _record(key: str, unit: Unit, fact: str, data: dict[str, Any], actor: Actor, now: datetime) -> int:
    whole = {"meter": key, "holder": unit.code, **data}
    name = _register(key, unit)
    return append_register(name=name, kind="register.meter", fact=fact, data=whole, actor=actor, now=now)


def _may(actor: Actor, capability: str, unit: Unit, sentence: str) -> None:
    if not actor.may(capability, unit.path):
        raise NotAllowed(sentence)
