"""What the law forbids at a request is refused with its article, and changes nothing."""

from __future__ import annotations

import pytest
from reckoning import due, flags, reckon, refused, told

from qianshao.modules.openness.requests.facts import GIVEN_UP
from qianshao.modules.openness.requests.outcomes import OUTCOMES, REPLIES, ROWS, WITHDRAWN

KIND = "openness.request"
LAW = "政府信息公开条例"
RECEIVED = told("Received", "2025-09-25", channel="in_person")
ASKED = told("CorrectionAsked", "2025-09-28", until="2025-10-15")
CONSULTED = told("Consulted", "2025-10-09", whom="third_party")


@pytest.mark.parametrize(
    ("before", "fact", "article"),
    [
        ([ASKED], told("CorrectionAsked", "2025-09-29", until="2025-10-20"), "第三十条"),
        (
            [ASKED, told("Corrected", "2025-10-09")],
            told("CorrectionAsked", "2025-10-10", until="2025-10-20"),
            "第三十条",
        ),
        ([], told("CorrectionAsked", "2025-09-28", until="2025-09-27"), "第三十条"),
        ([], told("Corrected", "2025-10-09"), "第三十条"),
        ([], told("ConsultationAnswered", "2025-10-16"), "第三十二条"),
        (
            [CONSULTED, told("ConsultationAnswered", "2025-10-13")],
            told("ConsultationAnswered", "2025-10-16"),
            "第三十二条",
        ),
        ([CONSULTED], told("ConsultationAnswered", "2025-10-16", whom="co_maker"), "第三十二条"),
        ([], told("Extended", "2025-10-20", days=21, agreed_by="科长"), "第三十三条第二款"),
        ([], told("Extended", "2025-10-20", days=0, agreed_by="科长"), "第三十三条第二款"),
        ([], told("Extended", "2025-10-20", days=10), "第三十三条第二款"),
        ([], told("Extended", "2025-10-20", days=10, agreed_by=" "), "第三十三条第二款"),
        (
            [told("Extended", "2025-10-20", days=5, agreed_by="科长")],
            told("Extended", "2025-10-21", days=5, agreed_by="科长"),
            "第三十三条第二款",
        ),
        ([ASKED], told("Extended", "2025-10-09", days=10, agreed_by="科长"), "第三十三条第二款"),
        ([], told("ReasonsGiven", "2025-10-09", reasonable=True), "第三十五条"),
        ([], told("Postponed", "2025-10-09", until="2025-12-31"), "第三十五条"),
        ([], told("FeePaid", "2025-10-09"), "第四十二条"),
        ([], told("Answered", "2025-10-09", outcome="internal"), "第三十六条第三项、第三十七条"),
        ([], told("Answered", "2025-10-09", outcome="partly"), "第三十六条第三项、第三十七条"),
        ([], told("Answered", "2025-10-09", outcome="unclear"), "第三十条"),
        ([], told("Answered", "2025-10-09", outcome="mass"), "第三十五条"),
        ([], told("GivenUp", "2025-10-09", because="not_corrected"), "第三十条"),
        ([], told("ReviewSought", "2025-10-29"), "第五十一条"),
    ],
)
def test_an_act_against_the_law_is_refused_with_its_article(before, fact, article):
    allowed, played = reckon(KIND, RECEIVED, *before), reckon(KIND, RECEIVED, *before, fact)

    assert refused(played) == [(fact["fact"], f"{LAW} {article}")]
    assert (due(played), played.look) == (due(allowed), allowed.look)


@pytest.mark.parametrize(
    "last",
    [
        told("Answered", "2025-10-09"),
        told("Withdrawn", "2025-10-09"),
    ],
)
@pytest.mark.parametrize(
    "fact",
    [
        told("Answered", "2025-10-10"),
        told("Withdrawn", "2025-10-10"),
        told("Extended", "2025-10-10", days=5, agreed_by="科长"),
        told("Consulted", "2025-10-10", whom="third_party"),
        told("CorrectionAsked", "2025-10-10", until="2025-10-20"),
        told("FeeNotified", "2025-10-10"),
    ],
)
def test_nothing_more_is_done_to_a_request_that_ended(last, fact):
    assert [name for name, _article in refused(reckon(KIND, RECEIVED, last, fact))] == [fact["fact"]]


def test_facts_before_the_receipt_and_a_second_receipt_are_refused():
    played = reckon(KIND, told("Extended", "2025-09-01", days=5, agreed_by="科长"), RECEIVED, RECEIVED)

    assert [name for name, _article in refused(played)] == ["Extended", "Received"]
    assert due(played) == "2025-10-29"


def test_where_review_must_come_first_a_suit_without_it_is_refused():  # REV-2
    refusal = told("Answered", "2025-10-29", outcome="internal", reason="内部管理", review_told=True)
    disclosed = told("Answered", "2025-10-29", outcome="provided")
    sued = told("Sued", "2025-12-01")

    assert refused(reckon(KIND, RECEIVED, refusal, sued)) == [("Sued", "行政复议法 第二十三条第一款第四项")]
    assert refused(reckon(KIND, RECEIVED, refusal, told("ReviewSought", "2025-11-10"), sued)) == []
    assert refused(reckon(KIND, RECEIVED, disclosed, sued)) == []


def test_a_refusal_that_does_not_name_the_review_is_marked():
    played = reckon(KIND, RECEIVED, told("Answered", "2025-10-09", outcome="internal", reason="内部管理"))

    assert flags(played) == ["no_review_notice"]


def test_disclosing_while_the_third_party_may_still_speak_is_marked():
    played = reckon(KIND, RECEIVED, CONSULTED, told("Answered", "2025-10-13", outcome="provided"))

    assert flags(played) == ["answered_before_opinion"]


def test_the_22_outcomes_are_each_in_one_row_of_the_yearly_table():
    assert [outcome.code for outcome in OUTCOMES.values()] == [f"O{number}" for number in range(1, 23)]
    rows = [outcome.row for outcome in OUTCOMES.values()]
    handled = [row for row in ROWS if row.startswith("3.") and row != "3.7"]
    assert set(rows) == set(handled)
    assert sorted(rows, key=rows.index) == ["3.1", "3.1", *(row for row in handled if row != "3.1")]


@pytest.mark.parametrize("outcome", REPLIES)
def test_every_reply_is_counted_in_the_row_of_its_outcome(outcome):
    facts = [told("ReasonsAsked", "2025-09-28")]
    if outcome == "unclear":
        facts = [ASKED, told("Corrected", "2025-10-09")]
    answer = told("Answered", "2025-10-13", outcome=outcome, reason="依法", review_told=True)

    played = reckon(KIND, RECEIVED, *facts, answer)

    assert (refused(played), played.look.phase) == ([], "answered")
    assert played.look.topic == ROWS[OUTCOMES[outcome].row]


def test_what_ended_without_a_reply_is_counted_too():
    withdrawn = reckon(KIND, RECEIVED, told("Withdrawn", "2025-10-09"))
    given_up = reckon(KIND, RECEIVED, ASKED, on="2025-10-16")

    assert withdrawn.look.topic == ROWS[OUTCOMES[WITHDRAWN].row] == "3.其他"
    assert given_up.look.topic == ROWS["3.6.1"]
    assert set(GIVEN_UP) == {key for key, outcome in OUTCOMES.items() if not outcome.said}
