"""What every part of the cockpit is asked: by whom, about which kind, as of which moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Condition, Selection, as_of_moment
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

OPEN = Condition("open", "", True)
RED = Condition("lamp", "", "red")


@dataclass(frozen=True)
class Asked:
    """``kind`` is the one looked at, None where the reader may see none; ``as_of`` is empty for now."""

    actor: Actor
    now: datetime
    kinds: tuple[Kind, ...]
    kind: Kind | None
    as_of: str
    at: datetime

    @property
    def on(self) -> date:
        """The day asked about, in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()

    @cached_property
    def moment(self) -> figures.Moment:
        """The moment as the queries take it."""
        return figures.moment_of(self.of(""), self.now)

    def of(self, kind: str, *conditions: Condition) -> Selection:
        """A selection as of the moment; of all kinds where ``kind`` is empty."""
        return Selection(kind, conditions, self.as_of)


@dataclass(frozen=True)
class Number:
    """A count and the address of the list of exactly its records."""

    value: int
    because: Selection

    @property
    def url(self) -> str:
        """The list, from the root of the site."""
        return f"{reverse('duties')}?{self.because.to_query()}"


def read(request: StaffRequest) -> Asked:
    """What an address of the cockpit asks; raises ``BadSelection`` for a day that is none."""
    actor, now = request.actor, request.now
    kinds = tuple(kind for kind in registry.kinds().values() if actor.may(kind.reads))
    wanted = request.GET.get("kind")
    kind = next((kind for kind in kinds if kind.key == wanted), kinds[0] if kinds else None)
    as_of = request.GET.get("as_of", "")
    try:
        moment = min(as_of_moment(as_of), now) if as_of else now
    except ValueError:
        raise BadSelection(_("“截至”须为日期，例如 2026-01-31。")) from None
    return Asked(actor, now, kinds, kind, as_of if moment < now else "", moment)
