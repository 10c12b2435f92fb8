"""A request on its page: the clocks beside its own, and nothing personal where it does not belong."""

from __future__ import annotations

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit.duties.why import why
from qianshao.kit.queries import figures
from qianshao.modules.openness.requests import facts as r

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = moment("2025-11-10 09:00")


@pytest.fixture
def answered(city: dict[str, Unit], robot: Actor) -> Duty:
    kind = registry.kind("openness.request")
    received = r.Received(
        at=moment("2025-09-25"), channel="web", wanted="望潮征地批复", applicant="林小满", unit="housing"
    )
    receipt = perform(kind=kind, fact=received, actor=robot, now=NOW, src="test")
    duty = Duty.objects.get(stream=receipt.stream)
    refusal = r.Answered(
        at=moment("2025-10-29"), outcome="internal", reason="林小满的人事信息", review_told=True
    )
    perform(kind=kind, duty=duty, fact=refusal, actor=robot, now=NOW, src="test")
    duty.refresh_from_db()
    return duty


def test_the_page_names_the_clocks_beside_the_reply(answered: Duty):
    (stream,) = load([answered.stream], lock=False)

    assert [str(clock.name) for clock in why(stream).beside] == ["申请人申请行政复议"]


def test_nothing_personal_is_in_the_entries_or_the_row(answered: Duty):
    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))

    for secret in ("林小满", "征地批复"):
        assert secret.encode() not in bodies
        assert secret not in str(list(Duty.objects.values()))


def test_a_request_is_found_by_what_was_asked_for(answered: Duty):
    wanted = Selection("openness.request", (Condition("text", "", "征地批复"),))

    assert figures.count(wanted, clerk("openness.read", "openness.text"), NOW) == 1
