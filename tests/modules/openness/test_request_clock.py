"""The clock of an information request as tables of dates, by the rule ids of docs/openness.md."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st
from reckoning import clocks, due, flags, reckon, refused, told

KIND = "openness.request"
RECEIVED = told("Received", "2025-09-25", channel="in_person")
LAW = "政府信息公开条例"


def request(*facts: dict[str, Any], **more: str):
    return reckon(KIND, RECEIVED, *facts, **more)


@pytest.mark.parametrize(
    ("received", "known_on", "last_day", "provisional"),
    [
        # CNT-2, CNT-4: Sunday 28 September and Saturday 11 October 2025 are worked
        ("2025-09-25", "", "2025-10-29", False),
        # 连云港: 8 and 9 October 2022 are worked
        ("2022-09-30", "", "2022-11-02", False),
        # 指导案例26号 under the old fifteen days
        ("2011-06-01", "", "2011-06-23", False),
        # received on a day off, on a holiday, on a make-up day
        ("2025-10-04", "", "2025-11-04", False),
        ("2025-10-11", "", "2025-11-07", False),
        ("2025-09-28", "", "2025-10-31", False),
        # CNT-7: the Spring Festival of 2020 was made longer while the clock ran
        ("2020-01-20", "", "2020-02-25", False),
        ("2020-01-20", "2020-01-20", "2020-02-21", False),
        ("2020-01-20", "2020-02-01", "2020-02-25", False),
        # a year whose notice is not out: counted by the statutory days and said to be provisional
        ("2026-12-20", "", "2027-01-18", True),
        ("2025-12-20", "2025-06-01", "2026-01-19", True),
        ("2026-11-30", "", "2026-12-28", False),
        # the editions: fifteen days before 15 May 2019, twenty from then on
        ("2019-05-14", "", "2019-06-04", False),
        ("2019-05-15", "", "2019-06-13", False),
    ],
)
def test_a_reply_is_due_so_many_working_days_after_receipt(received, known_on, last_day, provisional):
    played = reckon(KIND, told("Received", received), known_on=known_on)

    assert (due(played), played.deadline.provisional) == (last_day, provisional)
    assert played.look.phase == "in_process"


@pytest.mark.parametrize("channel", ["in_person", "oral", "post", "letter", "web", "email", "fax", ""])
def test_every_channel_counts_from_its_day_of_receipt(channel):  # APP-REC-a to e
    assert due(reckon(KIND, told("Received", "2025-09-25", channel=channel))) == "2025-10-29"


@pytest.mark.parametrize("channel", ["letter", "web", "fax"])
def test_what_both_sides_confirm_counts_from_the_confirmation(channel):  # APP-REC-c, d
    played = reckon(KIND, told("Received", "2025-09-25", channel=channel, confirmed_on="2025-09-28"))

    assert due(played) == "2025-10-31"
    first = played.deadline.segments[0]
    assert (first.since.date(), first.counted, first.article) == (
        date(2025, 9, 25),
        False,
        f"{LAW} 第三十一条",
    )


@pytest.mark.parametrize(
    ("asked", "late"),
    [("2025-09-25", False), ("2025-10-11", False), ("2025-10-12", True), ("2025-10-13", True)],
)
def test_a_correction_is_asked_for_within_seven_working_days(asked, late):  # APP-COR-1
    played = request(told("CorrectionAsked", asked, until="2025-10-31"))

    assert flags(played) == (["late_correction_notice"] if late else [])
    assert (played.look.phase, due(played)) == ("correction_asked", None)
    assert clocks(played) == [("申请人补正", "2025-10-31")]  # APP-COR-2


@pytest.mark.parametrize(
    ("corrected", "last_day"),
    [("2025-09-28", "2025-10-31"), ("2025-10-09", "2025-11-05"), ("2025-10-12", "2025-11-07")],
)
def test_a_corrected_request_starts_the_whole_period_afresh(corrected, last_day):  # APP-COR-3
    asked = told("CorrectionAsked", "2025-09-28", until="2025-10-15")

    played = request(asked, told("Corrected", corrected))

    assert (due(played), played.look.phase) == (last_day, "in_process")
    assert sum(s.amount for s in played.deadline.segments if s.counted) == 20


def test_a_correction_period_is_open_on_its_last_day_and_gone_the_day_after():
    asked = told("CorrectionAsked", "2025-09-28", until="2025-10-15")

    assert request(asked, on="2025-10-15").look.phase == "correction_asked"
    gone = request(asked, on="2025-10-16")
    assert (gone.look.phase, due(gone), clocks(gone)) == ("given_up", None, [])
    assert gone.state.outcome.code == "O20"


def test_a_correction_after_its_period_is_refused_unless_there_was_a_good_reason():
    asked = told("CorrectionAsked", "2025-09-28", until="2025-10-15")

    late = request(asked, told("Corrected", "2025-10-20"))
    excused = request(asked, told("Corrected", "2025-10-20", good_reason="住院"))

    assert (late.look.phase, refused(late)) == ("given_up", [("Corrected", f"{LAW} 第三十条")])
    assert (excused.look.phase, due(excused), refused(excused)) == ("in_process", "2025-11-17", [])


@pytest.mark.parametrize(
    ("whom", "sent", "delivered", "answered", "last_day"),
    [
        # APP-TP-2: the sending day still counts, the answering day does not
        ("third_party", "2025-10-09", "2025-10-09", "2025-10-16", "2025-11-06"),
        ("third_party", "2025-10-09", "2025-10-13", "2025-10-16", "2025-11-06"),
        ("co_maker", "2025-10-09", "2025-10-09", "2025-10-16", "2025-11-06"),
        ("other_body", "2025-10-09", "2025-10-09", "2025-10-16", "2025-11-06"),
        # answered the same day; on a Saturday; over the holiday alone
        ("third_party", "2025-10-09", "2025-10-09", "2025-10-09", "2025-10-29"),
        ("third_party", "2025-10-09", "2025-10-09", "2025-10-18", "2025-11-07"),
        ("third_party", "2025-09-30", "2025-09-30", "2025-10-08", "2025-10-29"),
        # asked on the very last day
        ("third_party", "2025-10-29", "2025-10-29", "2025-11-05", "2025-11-05"),
        # APP-TP-1, APP-JNT-1: a late opinion gives no more than fifteen working days from delivery
        ("third_party", "2025-10-09", "2025-10-09", "2025-12-16", "2025-11-19"),
        ("co_maker", "2025-10-09", "2025-10-13", "2025-12-16", "2025-11-24"),
        # the law gives other bodies no period
        ("other_body", "2025-10-09", "2025-10-09", "2025-12-16", "2026-01-07"),
    ],
)
def test_time_spent_consulting_is_not_counted(whom, sent, delivered, answered, last_day):
    played = request(
        told("Consulted", sent, whom=whom, delivered_on=delivered), told("ConsultationAnswered", answered)
    )

    assert due(played) == last_day
    assert sum(s.amount for s in played.deadline.segments if s.counted) == 20


@pytest.mark.parametrize(
    ("whom", "name", "limit"),
    [
        ("third_party", "第三方提出意见", "2025-11-03"),
        ("co_maker", "共同制作机关提出意见", "2025-11-03"),
        ("other_body", "其他机关提出意见", None),
    ],
)
def test_whoever_is_consulted_has_a_clock_from_the_day_the_letter_arrived(whom, name, limit):
    played = request(told("Consulted", "2025-10-09", whom=whom, delivered_on="2025-10-13"))

    assert (played.look.phase, due(played)) == ("consulting", None)
    assert clocks(played) == [(name, limit)]


@pytest.mark.parametrize("whom", ["third_party", "co_maker"])
def test_silence_ends_the_consultation_when_its_period_is_over(whom):
    asked = told("Consulted", "2025-10-09", whom=whom)

    waiting, resumed = request(asked, on="2025-10-29"), request(asked, on="2025-10-30")

    assert (waiting.look.phase, due(waiting)) == ("consulting", None)
    assert (resumed.look.phase, due(resumed)) == ("in_process", "2025-11-19")
    assert [type(fact).__name__ for fact in resumed.drawn] == ["ConsultationLapsed"]


def test_two_letters_are_two_clocks_and_the_reply_waits_for_both():
    first = told("Consulted", "2025-10-09", whom="third_party")
    second = told("Consulted", "2025-10-10", whom="co_maker")
    one = told("ConsultationAnswered", "2025-10-16", whom="co_maker")
    both = told("ConsultationAnswered", "2025-10-20")

    assert clocks(request(first, second)) == [
        ("第三方提出意见", "2025-10-29"),
        ("共同制作机关提出意见", "2025-10-30"),
    ]
    assert clocks(request(first, second, one)) == [("第三方提出意见", "2025-10-29")]
    assert due(request(first, second, one, both)) == "2025-11-10"


def test_a_late_opinion_is_remarked():
    played = request(
        told("Consulted", "2025-10-09", whom="third_party"), told("ConsultationAnswered", "2025-11-03")
    )

    assert (flags(played), due(played)) == (["late_opinion"], "2025-11-19")


@pytest.mark.parametrize(
    ("on", "days", "last_day", "remarks"),
    [
        ("2025-10-20", 1, "2025-10-30", []),
        ("2025-10-20", 20, "2025-11-26", []),
        ("2025-10-29", 10, "2025-11-12", []),  # on the last day it is in time
        ("2025-10-30", 10, "2025-11-12", ["late_extension"]),
    ],
)
def test_an_extension_adds_working_days_and_a_late_one_is_marked(on, days, last_day, remarks):  # APP-EXT-1
    played = request(told("Extended", on, days=days, agreed_by="公开科科长"))

    assert (due(played), flags(played), played.look.phase) == (last_day, remarks, "extended")


def test_the_applicant_is_told_of_an_extension_before_the_old_day_has_passed():
    def told_on(day: str):
        return flags(request(told("Extended", "2025-10-28", days=5, agreed_by="科长", told_on=day)))

    assert (told_on("2025-10-29"), told_on("2025-10-30")) == ([], ["extension_untold"])


def test_the_old_law_extends_by_fifteen_days_at_most():
    received = told("Received", "2018-06-01")

    assert (
        due(reckon(KIND, received, told("Extended", "2018-06-20", days=15, agreed_by="科长"))) == "2018-07-16"
    )
    too_long = reckon(KIND, received, told("Extended", "2018-06-20", days=16, agreed_by="科长"))
    assert refused(too_long) == [("Extended", f"{LAW}（2007年） 第二十四条")]


def test_a_fee_stands_in_the_way_until_it_is_paid_and_then_the_period_begins_afresh():  # APP-FEE-1
    notified = told("FeeNotified", "2025-10-09", fen=40_000)

    standing, paid = request(notified), request(notified, told("FeePaid", "2025-10-16"))
    unpaid = request(notified, on="2025-11-06")

    assert (standing.look.phase, clocks(standing)) == ("fee_notified", [("申请人缴费", "2025-11-05")])
    assert due(paid) == "2025-11-13"
    assert (unpaid.look.phase, unpaid.state.outcome.code) == ("given_up", "O21")
    assert set(flags(request(told("FeeNotified", "2025-10-30")))) == {"late_fee_notice", "pause_after_due"}


def test_a_mass_request_with_good_reasons_is_put_off_to_a_set_day():  # APP-MASS-1
    asked, given = told("ReasonsAsked", "2025-09-28"), told("ReasonsGiven", "2025-10-09", reasonable=True)
    put_off = told("Postponed", "2025-10-15", until="2025-12-31")

    played = request(asked, given, put_off)

    assert (due(played), played.look.phase) == ("2025-12-31", "postponed")
    assert played.deadline.segments[-1].article == f"{LAW} 第三十五条"
    unreasonable = request(asked, told("ReasonsGiven", "2025-10-09"), put_off)
    assert (due(unreasonable), refused(unreasonable)) == ("2025-10-29", [("Postponed", f"{LAW} 第三十五条")])


@pytest.mark.parametrize(
    ("answered", "late"), [("2025-09-25", False), ("2025-10-29", False), ("2025-10-30", True)]
)
def test_a_late_reply_is_taken_and_marked(answered, late):  # APP-REP-0, APP-REP-1
    played = request(told("Answered", answered))

    assert (played.look.phase, due(played)) == ("answered", "2025-10-29")
    assert flags(played) == (["late_answer"] if late else [])
    assert (played.missed_at is not None) is late


def test_all_three_dates_of_a_reply_are_kept_and_none_is_passed_over():  # CNT-8
    played = request(
        told(
            "Answered", "2025-10-29", dated_on="2025-10-28", posted_on="2025-10-31", delivered_on="2025-11-03"
        )
    )

    answered = played.state.answered
    assert (answered.dated_on, answered.posted_on, answered.delivered_on) == (
        date(2025, 10, 28),
        date(2025, 10, 31),
        date(2025, 11, 3),
    )
    assert flags(played) == ["posted_late"]


def test_late_stays_late_when_the_limit_is_moved_afterwards():
    played = request(
        told("Extended", "2025-11-03", days=20, agreed_by="科长"), told("Answered", "2025-11-10")
    )

    assert flags(played) == ["late_extension"]
    assert played.missed_at is not None and due(played) == "2025-11-26"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # REV-1, SUIT-1: sixty days for review (30 December is not off), six months for the court
        (
            {"outcome": "provided", "delivered_on": "2025-10-31"},
            [("申请人申请行政复议", "2025-12-30"), ("申请人直接提起行政诉讼", "2026-04-30")],
        ),
        # REV-2: not disclosed means review first
        (
            {"outcome": "internal", "reason": "内部管理", "review_told": True, "delivered_on": "2025-10-31"},
            [("申请人申请行政复议", "2025-12-30")],
        ),
    ],
)
def test_a_reply_starts_the_clocks_of_review_and_court(answer, expected):
    assert clocks(request(told("Answered", "2025-10-29", **answer))) == expected


def test_the_office_answers_the_review_body_and_the_court_in_time():
    refusal = told("Answered", "2025-10-29", outcome="internal", reason="内部管理", review_told=True)
    sought, decided = told("ReviewSought", "2025-11-10"), told("ReviewDecided", "2026-01-05", result="upheld")
    answered, sued = told("ReviewAnswered", "2025-11-20"), told("Sued", "2026-01-19")

    assert clocks(request(refusal, sought)) == [("向复议机构提出书面答复", "2025-11-24")]
    assert clocks(request(refusal, sought, answered)) == []
    assert clocks(request(refusal, sought, answered, decided)) == [
        ("申请人不服复议决定提起行政诉讼", "2026-01-20")
    ]
    assert clocks(request(refusal, sought, answered, decided, sued)) == [
        ("向法院提交答辩状和证据", "2026-02-03")
    ]


DAYS = st.integers(0, 900).map(lambda n: date(2023, 1, 2) + timedelta(days=n))
STRETCH = st.tuples(
    st.integers(0, 25), st.integers(0, 40), st.sampled_from(["third_party", "co_maker", "other_body"])
)


@given(received=DAYS, stretches=st.lists(STRETCH, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_pause_never_shortens_and_the_count_always_makes_up_the_term(received, stretches):
    facts = [told("Received", received.isoformat())]
    for after, long, whom in stretches:
        sent = received + timedelta(days=after)
        facts += [
            told("Consulted", sent.isoformat(), whom=whom),
            told("ConsultationAnswered", (sent + timedelta(days=long)).isoformat(), whom=whom),
        ]

    plain, played = reckon(KIND, facts[0]), reckon(KIND, *facts)

    assert played.deadline.until is not None and plain.deadline.until is not None
    assert played.deadline.until >= plain.deadline.until
    segments = played.deadline.segments
    assert sum(segment.amount for segment in segments if segment.counted) == 20
    assert all(segment.why.text for segment in segments)
    assert all(one.until == two.since for one, two in itertools.pairwise(segments))


@given(received=DAYS, after=st.integers(0, 60), days=st.integers(1, 20))
@settings(max_examples=100, deadline=None)
def test_an_extension_only_lengthens_and_by_its_own_working_days(received, after, days):
    facts = [
        told("Received", received.isoformat()),
        told("Extended", (received + timedelta(days=after)).isoformat(), days=days, agreed_by="科长"),
    ]

    plain, played = reckon(KIND, facts[0]), reckon(KIND, *facts)

    assert played.deadline.until is not None and plain.deadline.until is not None
    assert played.deadline.until > plain.deadline.until
    assert sum(s.amount for s in played.deadline.segments if s.counted) == 20 + days


@given(received=DAYS, asked=st.integers(0, 10), came=st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_a_correction_always_gives_the_same_day_as_a_request_that_came_that_day(received, asked, came):
    notice = received + timedelta(days=asked)
    corrected = notice + timedelta(days=came)

    played = reckon(
        KIND,
        told("Received", received.isoformat()),
        told("CorrectionAsked", notice.isoformat(), until=corrected.isoformat()),
        told("Corrected", corrected.isoformat()),
    )

    assert due(played) == due(reckon(KIND, told("Received", corrected.isoformat())))


def counted_by_hand(received: date, sent: date, end: date) -> date:
    """The twentieth working day, counted one by one by another calendar than ours, with the days of a pause left out."""
    on, n = received, 0
    while n < 20:
        on += timedelta(days=1)
        n += is_workday(on) and not sent < on <= end
    if sent == on:  # asked on the very last day: due when the answer is there
        while on < end or not is_workday(on):
            on += timedelta(days=1)
    return on


@given(received=DAYS, after=st.integers(0, 45), long=st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_the_day_is_the_one_counted_by_hand(received, after, long):
    sent = received + timedelta(days=after)
    answered = sent + timedelta(days=long)

    played = reckon(
        KIND,
        told("Received", received.isoformat()),
        told("Consulted", sent.isoformat(), whom="other_body"),
        told("ConsultationAnswered", answered.isoformat()),
    )

    assert due(played) == counted_by_hand(received, sent, answered).isoformat()
