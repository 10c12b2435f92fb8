"""A round of appraisal for its page: every unit's score with its interval, and what each part of it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.merits.services import points_of
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.merit import Point
from qianshao.kit.queries import figures
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.estimate import BadSample, Estimate
from qianshao.modules.appraisal.ratings.facts import LEVELS
from qianshao.modules.appraisal.ratings.rules import Rating, fold


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's rating as a row: the numbers of its score, each with its list."""

    duty: Duty
    rating: Rating
    decided: int = 0  # the number of the entry that decided its appeal

    @property
    def level(self) -> str:
        """优秀, or empty before places are given."""
        return LEVELS[self.rating.placed.level] if self.rating.placed else ""

    @property
    def points(self) -> str:
        """93.25."""
        return f"{self.rating.hundredths / 100:.2f}"

    @property
    def completion(self) -> str:
        """91.7% (83.3%–95.8%)."""
        rated = self.rating.rated
        low, value, high = (f"{bp / 100:.1f}%" for bp in (rated.low_bp, rated.completion_bp, rated.high_bp))
        return f"{value}（{low}–{high}）"

    @property
    def excess(self) -> str:
        """What was declared beyond the interval, in per cent."""
        return f"{self.rating.rated.excess_bp / 100:.1f}%"

    @property
    def corrected(self) -> str:
        """+2.00, what an appeal changed; empty where nothing was."""
        return f"{self.rating.adjusted / 100:+.2f}" if self.rating.adjusted else ""

    @property
    def appeal(self) -> bool:
        """Whether an appeal waits to be decided."""
        return self.rating.appeal_open

    @property
    def slips(self) -> str:
        """What slips cost, in points."""
        return f"{self.rating.rated.slips / 100:.2f}"

    def _claims(self, *marks: str) -> str:
        where = [
            Condition("topic", "", self.rating.rated.round),
            Condition("unit", "", self.rating.rated.unit),
        ]
        where += [Condition("marks", "", mark) for mark in marks]
        return f"{reverse('duties')}?{Selection(running.CLAIM, tuple(where)).to_query()}"

    @property
    def due_url(self) -> str:
        """The items that were due."""
        return self._claims()

    @property
    def declared_url(self) -> str:
        """Those declared done."""
        return self._claims("declared")

    @property
    def checked_url(self) -> str:
        """Those looked at."""
        return self._claims("checked")


def rounds(actor: Actor, now: datetime) -> list[Duty]:
    """The rounds the reader may see, the latest first."""
    return list(figures.queryset(Selection(running.ROUND), actor, now).order_by("-opened_at", "-id")[:20])


def lines(found: Duty, actor: Actor, now: datetime) -> list[Line]:
    """The ratings of a round, the highest score first."""
    selection = Selection(running.RATING, (Condition("topic", "", found.number),))
    duties = {duty.stream: duty for duty in figures.queryset(selection, actor, now).select_related("unit")}
    read = [
        Line(
            duties[one.key],
            fold(counted(one.facts)),  # type: ignore[arg-type]
            next((body.sseq for body in reversed(one.bodies) if body.fact == "AppealDecided"), 0),
        )
        for one in load(set(duties), lock=False)
    ]
    return sorted(read, key=lambda line: (-line.rating.hundredths, line.rating.rated.unit))


def of_all(found: Duty) -> Estimate | None:
    """The city's share with its interval, once everything drawn was checked."""
    try:
        return running.of_all(found.number)
    except BadSample:
        return None


def points(unit: Unit) -> list[Point]:
    """The points of a unit that slips cost it, each with its entry."""
    return points_of([unit])
