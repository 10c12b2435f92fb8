"""A document of a kind that has to be interpreted opens its interpretation by itself (INT-1, INT-2, INT-5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from cast import NOW, moment
from reckoning import flags, reckon, refused, told

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty, Outbox
from qianshao.core.duties.rebuild import rebuild
from qianshao.kernel.clock import last_day
from qianshao.kernel.declare import Fact, Voided
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.interpretations import facts as i

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KIND = "openness.document"
TITLE = "关于印发停车管理办法的通知"


@pytest.fixture
def record(city: object, robot: Actor) -> Any:
    """Record facts of one duty, and let what reacts to them react."""

    def recorded(kind: str, *facts: Fact, duty: Duty | None = None) -> Duty:
        for fact in facts:
            made = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=robot, now=NOW, src="test")
            duty = Duty.objects.get(stream=made.stream)
            while outbox.deliver(NOW):
                pass
        assert not Outbox.objects.filter(done_at=None).exists()
        assert duty is not None
        return duty

    return recorded


def formed(category: str = "20.1", openness: str = "active", on: str = "2025-09-01", **more: Any) -> d.Formed:
    return d.Formed(
        at=moment(on),
        title=TITLE,
        document_number="刺政〔2025〕3号",
        unit="housing",
        category=category,
        openness=openness,
        **{"reason": "内部事务", "article": "第十六条"} if openness != "active" else {},
        **more,
    )


def owed() -> list[tuple[str, str, bool]]:
    """(title, phase, open) of every interpretation."""
    found = Duty.objects.filter(kind="openness.interpretation").order_by("id")
    return [(one.title, one.phase, one.open) for one in found]


@pytest.mark.parametrize(
    ("document", "opens"),
    [
        (formed(), True),
        (formed(scope="rules"), True),
        (formed("20.11", scope="wide"), True),
        (formed("21", scope="draft"), True),
        (formed("20.11"), False),
        (formed("20.11", scope="none"), False),
        (formed(scope="none", uninterpreted="只宣布文件废止"), False),
        (formed(scope="none", uninterpreted="  "), True),
        (formed(openness="withheld"), False),
        (formed(openness="on_request", scope="rules"), False),
    ],
)
def test_what_has_to_be_interpreted_opens_its_duty(record: Any, document: d.Formed, opens: bool) -> None:
    record(KIND, document)

    assert owed() == ([(TITLE, "proposed", True)] if opens else [])


def test_the_clock_runs_from_the_documents_publication_and_the_plan_is_asked_for(record: Any) -> None:
    document = record(KIND, formed())
    (duty,) = Duty.objects.filter(kind="openness.interpretation")
    assert (duty.unit and duty.unit.code, duty.due_at) == ("housing", None)
    with pytest.raises(Refused, match="没有解读方案"):
        record("openness.interpretation", i.Submitted(at=moment("2025-09-03")), duty=duty)

    record(KIND, d.Published(at=moment("2025-09-30"), url="https://x.test/1"), duty=document)

    duty.refresh_from_db()
    assert duty.due_at and last_day(duty.due_at) == date(2025, 10, 11)  # as INT-3 counts over National Day
    assert (duty.phase, "|no_plan|" in duty.marks) == ("due", True)
    record("openness.interpretation", i.Interpreted(at=moment("2025-10-11"), links="both"), duty=duty)
    assert owed() == [(TITLE, "interpreted", False)]
    assert rebuild(write=False).none


def test_the_duty_registered_while_drafting_is_the_documents_own(record: Any) -> None:
    drafted = i.Proposed(at=moment("2025-08-01"), title=TITLE, unit="housing", scope="normative")
    record("openness.interpretation", drafted, i.Planned(at=moment("2025-08-05"), by="head"))

    document = record(KIND, formed(), d.Published(at=moment("2025-09-30")))

    (duty,) = Duty.objects.filter(kind="openness.interpretation")
    assert (duty.phase, "no_plan" in duty.marks) == ("due", False)
    record(KIND, d.Changed(at=moment("2025-11-03")), d.Published(at=moment("2025-11-04")), duty=document)
    assert owed() == [(TITLE, "due", True)]


def test_another_document_of_the_same_title_owes_one_of_its_own(record: Any) -> None:
    before = i.DocumentPublished(
        at=moment("2024-09-02"), title=TITLE, document_number="刺政〔2024〕9号", unit="housing"
    )
    record("openness.interpretation", before, i.Interpreted(at=moment("2024-09-03")))

    record(KIND, formed(), d.Published(at=moment("2025-09-30")))

    assert owed() == [(TITLE, "interpreted", False), (TITLE, "due", True)]


def test_a_document_decided_open_later_owes_it_from_then_and_one_withheld_again_does_not(record: Any) -> None:
    document = record(KIND, formed(openness="on_request"))
    assert owed() == []
    opened = d.Decided(at=moment("2025-10-09"), openness="active")
    closed = d.Decided(at=moment("2025-10-13"), openness="withheld", reason="涉密", article="第十四条")

    record(KIND, opened, duty=document)
    assert owed() == [(TITLE, "proposed", True)]
    record(KIND, closed, duty=document)
    assert owed() == [(TITLE, "excused", False)]
    assert "excused_in_scope" not in Duty.objects.get(kind="openness.interpretation").marks
    record(KIND, Voided(at=moment("2025-10-14"), entry=3, reason="误录"), duty=document)

    assert owed() == [(TITLE, "excused", False), (TITLE, "proposed", True)]


def test_a_reason_given_later_closes_it_with_that_reason_and_marks_it(record: Any) -> None:
    document = record(KIND, formed())
    said = d.Decided(at=moment("2025-09-03"), openness="active", scope="none", uninterpreted="只调整成员名单")

    record(KIND, said, duty=document)

    assert owed() == [(TITLE, "excused", False)]
    assert "excused_in_scope" in Duty.objects.get(kind="openness.interpretation").marks


def test_a_document_abolished_before_it_came_out_owes_nothing_and_one_that_was_out_still_does(
    record: Any,
) -> None:
    record(KIND, formed(), d.Abolished(at=moment("2025-09-10")))
    record(
        KIND,
        d.Formed(at=moment("2025-09-01"), title="规定", unit="water", category="20.1", openness="active"),
        d.Published(at=moment("2025-09-02")),
        d.Abolished(at=moment("2025-09-03")),
    )

    assert owed() == [(TITLE, "excused", False), ("规定", "due", True)]


def test_to_say_that_none_is_due_needs_a_reason_and_is_remarked() -> None:
    born = told("Formed", "2025-09-01", title="办法", category="20.1", openness="active")

    unsaid = reckon(KIND, {**born, "scope": "none"})
    said = reckon(KIND, {**born, "scope": "none", "uninterpreted": "只宣布文件废止"})
    late = reckon(KIND, born, told("Decided", "2025-09-02", openness="active", scope="none"))

    assert (flags(unsaid), flags(said)) == (["uninterpreted_unsaid"], ["excused_in_scope"])
    assert refused(late) == [("Decided", "国办发〔2016〕80号")]
    assert flags(reckon(KIND, born)) == []
