"""How many calls of a problem came in a stretch of days, counted before and after in the same way.

Different texts are counted, not copies: one person who calls ten times is not ten independent events. Orders merged
into others are left out.
"""

from __future__ import annotations

from datetime import date

from qianshao.core.duties.models import Duty
from qianshao.kernel.hours import DAY, midnight

from ..models import Member
from .state import Problem

ORDER = "hotline.order"


def streams(problem: Problem) -> set[str]:
    """The orders given as evidence and all now grouped with one of them."""
    evidence = set(
        Duty.objects.filter(kind=ORDER, number__in=problem.numbers).values_list("stream", flat=True)
    )
    groups = set(Member.objects.filter(stream__in=evidence).values_list("group", flat=True))
    return evidence | set(Member.objects.filter(group__in=groups).values_list("stream", flat=True))


def counted(problem: Problem, first: date, last: date) -> int:
    """Different texts of the problem's orders received from ``first`` to ``last``, both days in."""
    since, until = midnight(first), midnight(last) + DAY
    orders = Duty.objects.filter(kind=ORDER, opened_at__gte=since, opened_at__lt=until)
    orders = orders.exclude(phase="merged")
    if problem.opened.scope == "matter":
        wanted = streams(problem)
        found = [stream for stream in orders.values_list("stream", flat=True) if stream in wanted]
    else:
        orders = orders.filter(topic=problem.opened.topic)
        if problem.opened.place:
            orders = orders.filter(place=problem.opened.place)
        found = list(orders.values_list("stream", flat=True))
    texts = {
        stream: (group, text)
        for stream, group, text in Member.objects.filter(at__gte=since, at__lt=until).values_list(
            "stream", "group", "text"
        )
    }
    return len({texts.get(stream, (stream, 0)) for stream in found})
