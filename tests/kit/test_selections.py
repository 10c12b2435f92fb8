"""The one translation: what a selection means in the database is what the kernel says of each duty."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cast import NOW, clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.kernel.figures import BadSelection, Condition, Selection
from qianshao.kernel.lamp import Lamp, lamp
from qianshao.kit.queries import figures, lists
from qianshao.modules.hotline import facts as f

from .conftest import Opens

pytestmark = [pytest.mark.django_db, pytest.mark.database]

READER = clerk("hotline.read", "hotline.text")


@pytest.fixture
def orders(opens: Opens) -> list[Duty]:
    """One of everything: calm, near, overdue, paused, answered in time, answered late, of no unit."""
    asked = f.Asked(at=moment("2026-02-25 10:00"), until=moment("2026-03-20").date(), what="门牌号")
    return [
        opens("2026-02-28 09:00", unit="housing"),
        opens("2026-02-14 09:00", unit="water", place="望潮镇"),
        opens("2026-01-05 09:00", unit="housing", topic="市政设施"),
        opens("2026-02-24 09:00", asked, unit="water"),
        opens("2026-01-06 09:00", f.Replied(at=moment("2026-01-07"), reply="好"), unit="housing"),
        opens("2026-01-08 09:00", f.Replied(at=moment("2026-01-28"), reply="好"), unit="town-1"),
        opens("2026-02-13 09:00", unit=""),
    ]


def found(*where: Condition, actor: Actor = READER, as_of: str = "", kind: str = "hotline.order") -> set[str]:
    selection = Selection(kind, where, as_of)
    return set(figures.queryset(selection, actor, NOW).values_list("stream", flat=True))


@pytest.mark.parametrize("wanted", list(Lamp))
@pytest.mark.parametrize("day", ["", "2026-01-07", "2026-01-20", "2026-02-26"])
def test_the_filter_of_a_lamp_is_the_lamp_of_the_kernel(orders: list[Duty], wanted: Lamp, day: str) -> None:
    at = moment(day).replace(hour=23, minute=59, second=59, microsecond=999_999) if day else NOW
    expected = set()
    for duty in Duty.objects.all():
        for span in duty.spans.filter(since__lte=at):
            if span.until is None or span.until > at:
                stood = lamp(
                    at,
                    open=span.open,
                    paused=span.paused,
                    amber_at=span.amber_at,
                    due_at=span.due_at,
                    missed_at=span.missed_at,
                )
                if stood is wanted:
                    expected.add(duty.stream)

    assert found(Condition("lamp", "", wanted.value), as_of=day) == expected


@pytest.mark.parametrize("day", ["", "2026-01-20"])
@pytest.mark.parametrize("field", ["late", "settled", "open", "paused", "provisional"])
def test_a_flag_and_its_contrary_divide_the_duties(orders: list[Duty], field: str, day: str) -> None:
    yes, no = found(Condition(field, "", True), as_of=day), found(Condition(field, "", False), as_of=day)

    assert not yes & no
    assert yes | no == found(as_of=day)


def test_as_of_a_past_day_a_later_answer_has_not_happened(orders: list[Duty]) -> None:
    answered_late = orders[5].stream

    assert found(Condition("open", "", True), as_of="2026-01-20") >= {answered_late}
    assert answered_late not in found(Condition("open", "", True))
    assert answered_late in found(Condition("late", "", True), as_of="2026-01-20")
    assert found(as_of="2025-12-31") == set()


def test_units_are_asked_by_code_with_or_without_those_below(orders: list[Duty]) -> None:
    assert found(Condition("unit", "", "county-1")) == set()
    assert found(Condition("unit", "under", "county-1")) == {orders[5].stream}
    assert found(Condition("unit", "empty", True)) == {orders[6].stream}
    assert found(Condition("unit", "not", "housing")) == {orders[n].stream for n in (1, 3, 5, 6)}
    assert len(found(Condition("unit", "under", "city"))) == 7


def test_what_lies_outside_the_actors_units_is_not_even_counted(orders: list[Duty]) -> None:
    water = clerk("hotline.read", path="/water/")
    selection = Selection("hotline.order")

    assert found(actor=water) == {orders[1].stream, orders[3].stream}
    assert figures.count(selection, water, NOW) == 2
    assert sum(figures.by_unit(selection, water, NOW).values()) == 2
    assert found(Condition("unit", "empty", True), actor=water) == set()
    assert figures.count(selection, clerk("learning.read"), NOW) == 0


def test_words_are_sought_only_by_those_who_may_read_them(orders: list[Duty]) -> None:
    sought = Condition("text", "", "路灯")

    assert found(sought, actor=clerk("hotline.read")) == set()
    assert found(Condition("text", "", orders[0].number[:11]), actor=clerk("hotline.read")) == {
        orders[0].stream
    }
    assert len(found(sought)) == 7


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("kind=no.such", "no.such"),
        ("lamp=blue", "blue"),
        ("lamp__not=red", "lamp__not"),
        ("unit=nowhere", "nowhere"),
        ("due_at__lt=0001-01-01", "due_at__lt"),
        ("as_of=9999-12-31", "as_of"),
        ("month__in=1,x", "month__in"),
        ("topic=a%00b", "topic"),
    ],
)
def test_a_question_outside_the_vocabulary_is_refused_by_name(
    db: None, city: object, query: str, what: str
) -> None:
    with pytest.raises(BadSelection, match=what):
        figures.count(Selection.from_query(query, figures.VOCABULARY), READER, NOW)


@pytest.mark.parametrize("sort", list(lists.SORTS))
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_by_key_show_every_duty_once(orders: list[Duty], sort: str, size: int) -> None:
    whole = lists.page(Selection(), READER, NOW, sort=sort, size=50).duties
    shown: list[str] = []
    after = ""
    while True:
        page = lists.page(Selection(), READER, NOW, sort=sort, after=after, size=size)
        shown += [duty.stream for duty in page.duties]
        after = page.after
        if not after:
            break

    assert shown == [duty.stream for duty in whole]
    assert len(set(shown)) == len(shown) == 7


def test_the_sort_by_limit_shows_open_ones_first_then_those_that_stand(orders: list[Duty]) -> None:
    page = lists.page(Selection("hotline.order"), READER, NOW, sort="due")

    assert [duty.stream for duty in page.duties] == [orders[n].stream for n in (2, 6, 1, 0, 3, 5, 4)]


@pytest.mark.parametrize(
    "after", ["x", "9~1~2026-01-01", "0~1~", "0~x~2026-01-01", "0~1~0001-01-01", "0~" + "9" * 40]
)
def test_a_place_no_list_gave_is_refused(db: None, city: object, after: str) -> None:
    with pytest.raises(BadSelection, match="after"):
        lists.page(Selection("hotline.order"), READER, NOW, after=after)


def test_past_days_are_sorted_by_what_does_not_change(db: None, city: object) -> None:
    with pytest.raises(BadSelection, match="过去某日"):
        lists.page(Selection("hotline.order", as_of="2026-01-01"), READER, NOW, sort="due")


def test_beyond_the_bound_a_count_stops(orders: list[Duty], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "BOUND", 3)

    assert lists.count(Selection("hotline.order"), READER, NOW) == (3, False)
    assert lists.count(Selection("hotline.order", (Condition("lamp", "", "grey"),)), READER, NOW) == (1, True)


def test_the_median_is_the_time_of_a_real_order(orders: list[Duty]) -> None:
    answered = Selection("hotline.order", (Condition("phase", "", "replied"),))

    assert figures.median_days(answered, READER, NOW) == 0
    assert (
        figures.median_days(Selection("hotline.order", (Condition("lamp", "", "grey"),)), READER, NOW) is None
    )


def test_a_day_to_come_is_asked_about_as_now(orders: list[Duty]) -> None:
    assert figures.moment_of(Selection(as_of="2026-12-31"), NOW) == figures.Moment(NOW, past=False)
    yesterday: datetime = NOW - timedelta(days=1)
    assert figures.moment_of(Selection(as_of=f"{yesterday:%Y-%m-%d}"), NOW).past
