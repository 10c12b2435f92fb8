"""The rates of timeliness: what is in the denominator, what stands beside it, by unit, month and channel."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.figures import Condition, Indicator, Scope
from qianshao.kit.queries import figures
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.interpretations import facts as i
from qianshao.modules.openness.requests import facts as r

pytestmark = [pytest.mark.django_db, pytest.mark.database]
READER = clerk("openness.read")
EVERYTHING = Scope()


def indicator(key: str) -> Indicator:
    kinds = registry.kinds().values()
    return next(one for kind in kinds for one in kind.indicators if one.key == key)


def tell(kind: str, robot: Actor, now: datetime, *facts: Fact) -> Duty:
    opening, *others = facts
    receipt = perform(kind=registry.kind(kind), fact=opening, actor=robot, now=now, src="test")
    duty = Duty.objects.get(stream=receipt.stream)
    for fact in others:
        perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=robot, now=now, src="test")
    return duty


def counted(key: str, now: datetime, scope: Scope = EVERYTHING) -> tuple[int, int, list[int]]:
    """Numerator, denominator, and what stands beside."""
    found = indicator(key)
    assert found.base is not None
    beside = [figures.count(part(scope), READER, now) for _words, part in found.left_out]
    return (
        figures.count(found.counts(scope), READER, now),
        figures.count(found.base(scope), READER, now),
        beside,
    )


def request(on: str, channel: str = "web", unit: str = "housing") -> r.Received:
    return r.Received(at=moment(on), channel=channel, wanted="征地批复", unit=unit)


@pytest.fixture
def requests(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    """Seven requests: two in time, one late, one overdue, one young, one withdrawn, one given up."""
    kind = "openness.request"
    answered = [("2025-10-29", "web"), ("2025-10-20", "post"), ("2025-11-03", "web")]
    for on, channel in answered:
        tell(kind, robot, now, request("2025-09-25", channel), r.Answered(at=moment(on), outcome="provided"))
    tell(kind, robot, now, request("2025-12-01", unit="water"))
    tell(kind, robot, now, request("2026-02-25"))
    tell(kind, robot, now, request("2025-12-01"), r.Withdrawn(at=moment("2025-12-02")))
    tell(
        kind,
        robot,
        now,
        request("2025-12-01"),
        r.CorrectionAsked(at=moment("2025-12-03"), until=moment("2025-12-20").date(), items="名称"),
        r.GivenUp(at=moment("2025-12-21"), because="not_corrected"),
    )


def test_the_rate_of_requests_spells_out_its_denominator(requests: None, now: datetime):
    assert counted("openness.request-in-time", now) == (2, 4, [1, 1, 1])
    assert counted("openness.request-in-time", now, Scope(unit="water")) == (0, 1, [0, 0, 0])


def test_a_rate_can_be_asked_by_unit_month_and_channel(requests: None, now: datetime):
    found = indicator("openness.request-in-time")
    assert found.base is not None
    base = found.base(Scope())

    assert sum(figures.by_unit(base, READER, now).values()) == 4
    assert dict(figures.by_month(base, READER, now)) == {202509: 3, 202512: 1}
    assert figures.count(base.also(Condition("channel", "", "web")), READER, now) == 3


def test_what_was_open_at_the_end_of_the_year_is_carried_forward(requests: None, now: datetime):
    carried = indicator("openness.request-carried").counts(Scope(as_of="2025-12-31"))

    assert figures.count(carried, READER, now) == 1


def test_every_ended_request_is_in_one_row_of_the_yearly_table(requests: None, now: datetime):
    rows = [one for one in registry.kind("openness.request").indicators if "-row-" in one.key]
    found = {one.key: figures.count(one.counts(Scope()), READER, now) for one in rows}

    assert {key: n for key, n in found.items() if n} == {
        "openness.request-row-3.1": 3,
        "openness.request-row-3.6.1": 1,
        "openness.request-row-3.6.3": 1,
    }
    assert sum(found.values()) == Duty.objects.filter(kind="openness.request", open=False).count()


def test_the_rate_of_documents(city: dict[str, Unit], robot: Actor, now: datetime):
    def document(*facts: Fact, openness: str = "active") -> None:
        formed = d.Formed(at=moment("2025-09-25"), title="通知", unit="housing", openness=openness)
        tell("openness.document", robot, now, formed, *facts)

    document(d.Published(at=moment("2025-10-29")))
    document(d.Published(at=moment("2025-10-30")))
    document()
    document(openness="withheld")

    assert counted("openness.document-in-time", now) == (1, 3, [0, 1, 0])


def test_the_rate_of_interpretations(city: dict[str, Unit], robot: Actor, now: datetime):
    def interpretation(*facts: Fact, out: str = "2025-09-30") -> None:
        published = i.DocumentPublished(at=moment(out), title="办法", unit="housing")
        tell("openness.interpretation", robot, now, published, *facts)

    interpretation(i.Interpreted(at=moment("2025-10-11")))
    interpretation(i.Interpreted(at=moment("2025-10-13")))
    interpretation()
    interpretation(out="2026-02-27")
    interpretation(i.Excused(at=moment("2025-10-09"), reason="人事任免"))

    assert counted("openness.interpretation-in-time", now) == (1, 3, [1, 1])
