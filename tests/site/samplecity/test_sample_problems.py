"""The problems of the sample city: one proved solved, one that came back, one of the month, each with its orders."""

from __future__ import annotations

from datetime import date

import pytest
from cast import moment

from qianshao.core.duties import outbox, registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.kernel.calendar import Calendar
from qianshao.modules.hotline.problems import facts as f
from qianshao.modules.hotline.problems.counting import counted
from qianshao.site.samplecity import folder
from qianshao.site.samplecity.city import city_of
from qianshao.site.samplecity.problems import problems
from qianshao.site.samplecity.scales import scale_of

UNTIL = moment("2026-11-20 15:00")


@pytest.mark.django_db
def test_they_stand_at_three_stages_and_every_count_opens_orders_that_are_there() -> None:
    folder.make(seed=1, scale="village", until=UNTIL, progress=lambda done: None)
    while outbox.deliver(UNTIL):
        pass
    found = {duty.title: duty for duty in Duty.objects.filter(kind="hotline.problem")}
    stages = {title: (duty.phase, duty.marks) for title, duty in found.items()}

    assert stages["滨江下穿通道逢雨积水"] == ("solved", "|compared|fell|")
    assert stages["老旧小区电梯反复停运"] == ("mending", "|reopened|")
    assert "|monthly|" in stages["台风季易涝点提前排查（未诉先办）"][1]
    kind = registry.kind("hotline.problem")
    (read,) = load([found["滨江下穿通道逢雨积水"].stream], lock=False)
    problem = kind.fold([item.fact for item in read.facts])
    told = problem.latest
    assert counted(problem, problem.opened.since, problem.opened.until) == told.before
    assert counted(problem, told.since, told.until) == told.after
    assert Duty.objects.filter(number__in=problem.numbers).count() == len(problem.numbers) == told.before
    items = Duty.objects.filter(kind="supervision.item", title__startswith="热线问题：")
    assert items.count() == 4  # and no other was opened by the reactions


def test_a_later_end_only_adds_to_them() -> None:
    size = scale_of("600")
    city, calendar = city_of(size, 1), Calendar.china()
    told = (600, 1, date(2026, 1, 1))
    early = list(problems(*told, moment("2026-05-01"), city, calendar))

    assert early == list(problems(*told, UNTIL, city, calendar))
    opened = [one.steps[0].fact for one in early if isinstance(one.steps[0].fact, f.Opened)]
    assert len(opened) == 3
    for one in early:
        recorded = [step.rec for step in one.steps]
        assert recorded == sorted(recorded)
        assert all(step.fact.at <= step.rec for step in one.steps)
