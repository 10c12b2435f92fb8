"""Invented registers and the balanced reports made of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from qianshao.modules.openness.report import compute, exports
from qianshao.modules.openness.report.form import APPLICANTS, COURSES
from qianshao.modules.openness.report.model import Report
from qianshao.modules.openness.requests.outcomes import BY_CODE

BODY = "刺桐市教育局"
DAY = date(2024, 1, 1)


def a_request(number: int, applicant: str, received: int, took: int | None, outcome: str) -> compute.Request:
    """``received`` and ``took`` in days, counted from 1 January 2024."""
    came = DAY + timedelta(days=received)
    closed = None if took is None else came + timedelta(days=took)
    return compute.Request(f"依申请〔2024〕{number}号", applicant, came, closed, outcome if closed else "")


requests = st.lists(
    st.builds(
        a_request,
        st.integers(1, 9999),
        st.sampled_from(APPLICANTS),
        st.integers(-200, 400),
        st.none() | st.integers(0, 200),
        st.sampled_from(list(BY_CODE)),
    ),
    max_size=60,
)


def a_case(course: str, lodged: int, took: int | None, result: str) -> compute.Case:
    """A review or lawsuit, days as above."""
    came = DAY + timedelta(days=lodged)
    closed = None if took is None else came + timedelta(days=took)
    return compute.Case("案", course, came, closed, result if closed else "")


cases = st.lists(
    st.builds(
        a_case,
        st.sampled_from(list(COURSES)),
        st.integers(-200, 400),
        st.none() | st.integers(0, 200),
        st.sampled_from(["upheld", "corrected", "other"]),
    ),
    max_size=12,
)

# One request for each outcome, some carried in, two open at the end of the year.
STORY = [
    a_request(
        place, APPLICANTS[place % len(APPLICANTS)], 20 + 10 * place - 60 * (place % 3), 30, outcome.code
    )
    for place, outcome in enumerate(BY_CODE.values())
] + [a_request(90, "person", 350, None, ""), a_request(91, "legal", 355, 30, "O1")]
CASES = [
    a_case("review", 30, 40, "upheld"),
    a_case("review", 60, 40, "corrected"),
    a_case("direct", 100, None, ""),
    a_case("after_review", -30, 60, "other"),
]
ENTRIES = {
    "regulation": {"made": 1, "repealed": 0, "in_force": 4},
    "normative": {"made": 3, "repealed": 2, "in_force": 21},
    "permit": {"decisions": 1203},
    "penalty": {"decisions": 17},
}


def a_report(year: int = 2024, body: str = BODY) -> Report:
    """A balanced report with something in every part."""
    entries = ENTRIES if year >= 2021 else {}
    return compute.report(body=body, year=year, requests=STORY, cases=CASES, entries=entries)


def as_json(year: int = 2024, body: str = BODY) -> dict[str, Any]:
    """The same as a JSON document, without its prose, to break a cell of."""
    return {**exports.as_json(a_report(year, body)), "text": {}}
