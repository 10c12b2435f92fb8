"""Problems with what became of their calls: before and after beside each other, each number with its orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.hotline.problems import facts as f
from qianshao.modules.hotline.problems.counting import streams
from qianshao.modules.hotline.problems.kind import PROBLEM
from qianshao.modules.hotline.problems.state import Problem
from qianshao.site.oversight.figures import url_of

MOST = 200
_IN_LINK = 200
_STAGES = {phase.key: phase.title for phase in PROBLEM.phases}


@dataclass(frozen=True)
class Line:
    """A problem; ``before`` and ``after`` are addresses of lists, empty where there are too many orders to name.

    ``item`` is the stream of supervision's item, empty where the reader may not see it.
    """

    duty: Duty
    problem: Problem
    before: str
    after: str
    item: str

    @property
    def stage(self) -> str:
        """Its station."""
        return telling.sentence(_STAGES[self.duty.phase])

    @property
    def compared(self) -> f.Compared | None:
        """The last comparison, also of a watch before it was reopened."""
        return self.problem.compared[-1] if self.problem.compared else None

    @property
    def evidence(self) -> int:
        """Orders of the time the evidence was counted in, as whoever opened it counted them by period."""
        ends = (line.split()[-1] for line in self.problem.opened.counts.splitlines() if line.strip())
        return sum(int(end) for end in ends if end.isdecimal())

    @property
    def days_before(self) -> int:
        """Days of that time, both ends in it."""
        opened = self.problem.opened
        if self.compared:
            return self.compared.days_before
        return (opened.until - opened.since).days + 1 if opened.since and opened.until else 0

    @property
    def reading(self) -> str:
        """What the comparison says."""
        return telling.sentence(f.READINGS[self.compared.reading]) if self.compared else ""

    @property
    def ratio(self) -> str:
        """0.07 (0.01–0.31): the rate after as a multiple of the rate before, with its interval."""
        told = self.compared
        if told is None:
            return ""
        low, high = f"{told.low / 1000:.2f}", "∞" if told.unbounded else f"{told.high / 1000:.2f}"
        middle = f"{told.ratio / 1000:.2f}" if told.before else "—"
        return f"{middle}（{low}–{high}）"

    @property
    def months(self) -> str:
        """The months it is the city's problem of."""
        return " ".join(self.problem.months)


def lines(actor: Actor, now: datetime) -> list[Line]:
    """The newest problems the actor may see."""
    selection = Selection(PROBLEM.key)
    found = figures.queryset(selection, actor, now).select_related("unit").order_by("-opened_at", "-id")
    duties = list(found[:MOST])
    states: dict[str, Problem] = {
        one.key: PROBLEM.fold(counted(one.facts))
        for one in load([duty.stream for duty in duties], lock=False)
    }
    handed = [state.handed.stream for state in states.values() if state.handed]
    items = Duty.objects.filter(stream__in=handed).select_related("unit")
    seen = {item.stream for item in items if may_see(item, actor)}
    return [_line(duty, states[duty.stream], seen) for duty in duties]


def _line(duty: Duty, problem: Problem, items: set[str]) -> Line:
    told = problem.compared[-1] if problem.compared else None
    scope = _scope(problem)
    opened = problem.opened
    item = problem.handed.stream if problem.handed and problem.handed.stream in items else ""
    return Line(
        duty,
        problem,
        _list(scope, opened.since, opened.until),
        _list(scope, told.since, told.until) if told else "",
        item,
    )


def _scope(problem: Problem) -> Sequence[Condition]:
    if problem.opened.scope == "matter":
        found = tuple(sorted(streams(problem)))
        return (Condition("stream", "in", found),) if 0 < len(found) <= _IN_LINK else ()
    where = [("topic", problem.opened.topic), ("place", problem.opened.place)]
    return [Condition(field, "", value) for field, value in where if value]


def _list(scope: Sequence[Condition], since: date | None, until: date | None) -> str:
    """The address of the orders of a stretch of days, both in it; those merged into others are not counted."""
    if not scope or since is None or until is None:
        return ""
    days = (
        Condition("opened_at", "gte", since.isoformat()),
        Condition("opened_at", "lt", (until + timedelta(days=1)).isoformat()),
        Condition("phase", "not", "merged"),
    )
    return url_of(Selection(ORDER.key, (*scope, *days)))
