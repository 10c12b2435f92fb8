"""The three rates and the ledger of returns: every number is the length of its list, nobody sees more than theirs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from cast import NOW, SignIn, clerk, moment
from django.test import Client

from qianshao.core.duties.models import Duty
from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures as counting
from qianshao.modules.hotline import facts as f
from qianshao.site.hotline import figures, returns, spans
from qianshao.site.oversight.figures import Reader

from .conftest import Opens

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SPAN = spans.asked("2026-02-01", "2026-02-28", NOW.date())
ALL = clerk("hotline.read")
NUMBER = re.compile(r'<a href="/duties/\?([^"]+)">(\d+)</a>')


def called(at: str, **fields: object) -> f.CalledBack:
    told = {
        "way": "phone",
        "outcome": "reached",
        "responded": True,
        "solved": True,
        "satisfied": "very",
        **fields,
    }
    return f.CalledBack(at=moment(at), **told)  # type: ignore[arg-type]


def answered(at: str, unit: str, *more: f.CalledBack) -> list[f.AnyFact]:
    return [
        f.Dispatched(at=moment(f"{at} 10:00"), unit=unit),
        f.Replied(at=moment(f"{at} 11:00"), reply="已修复"),
        f.Reviewed(at=moment(f"{at} 12:00"), result="pass"),
        *more,
    ]


@pytest.fixture
def lives(opens: Opens) -> list[Duty]:
    """Four answered orders of February, and two that were kicked back."""
    refused = f.Returned(at=moment("2026-02-24 16:00"), reason="not_ours", note="属水利局", rather="water")
    return [
        opens("2026-02-24 09:00", *answered("2026-02-24", "housing", called("2026-02-24 15:00")), topic="道路", place="刺东县"),
        opens("2026-02-24 09:00", *answered("2026-02-24", "water", called("2026-02-24 15:00", solved=False, satisfied="not")), topic="供水"),
        opens("2026-02-24 09:00", *answered("2026-02-24", "water", called("2026-02-24 15:00", outcome="unreached", responded=False, solved=False, satisfied=""))),
        opens("2026-02-24 09:00", *answered("2026-02-24", "water")),
        opens("2026-02-24 09:00", f.Dispatched(at=moment("2026-02-24 10:00"), unit="housing"), refused),
        opens(
            "2026-02-24 09:00",
            f.Dispatched(at=moment("2026-02-24 10:00"), unit="housing"),
            refused,
            f.ReturnJudged(at=moment("2026-02-25 10:00"), result="upheld", note="同意"),
            f.Dispatched(at=moment("2026-02-25 10:10"), unit="water"),
        ),
    ]  # fmt: skip


def test_the_rates_are_out_of_those_who_were_reached_and_show_who_is_left_out(lives: list[Duty]) -> None:
    shares = {key: figures.share(key, SPAN.scope(), Reader(ALL, NOW)) for key in figures.RATES}

    assert {key: (item.part.value, item.whole.value) for key, item in shares.items()} == {
        "hotline.response": (2, 2),
        "hotline.solution": (1, 2),
        "hotline.satisfaction": (1, 2),
    }
    assert [left.value for _said, left in shares["hotline.response"].left_out] == [1, 0, 0, 1]


def test_every_breakdown_adds_up_to_the_rate(lives: list[Duty]) -> None:
    for table in figures.breakdowns(SPAN.scope(), Reader(ALL, NOW)):
        assert sum(line.whole.value for line in table.lines) == 2, table.key
        assert sum(line.shares[1].part.value for line in table.lines) == 1, table.key


def test_the_ledger_says_who_kicked_back_what_and_after_how_long(lives: list[Duty]) -> None:
    ledger = returns.ledger(SPAN.scope(), Reader(ALL, NOW))

    (row,) = ledger.rows
    numbers = (row.returned, row.upheld, row.refused, row.pending, row.has)
    assert (row.title, [number.value for number in numbers], row.held) == ("住建局", [2, 1, 0, 1, 2], 6.0)
    assert [(entry.rather, entry.held, entry.waited) for entry in ledger.entries] == [
        ("水利局", 6.0, 18.0),
        ("水利局", 6.0, None),
    ]


@pytest.mark.parametrize("path", ["/hotline/rates/", "/hotline/returns/"])
@pytest.mark.parametrize(("role", "unit"), [("hotline.chief", "city"), ("hotline.unit", "water")])
def test_every_number_of_a_page_is_the_length_of_its_list(
    lives: list[Duty], sign_in: SignIn, path: str, role: str, unit: str
) -> None:
    client: Client = sign_in(role, unit)
    numbers = NUMBER.findall(client.get(path).content.decode())
    actor = clerk("hotline.read", path="/" if unit == "city" else f"/{unit}/")

    assert len(numbers) > 10
    for query, told in numbers:
        selection = Selection.from_query(unescape(query), counting.VOCABULARY)
        assert counting.count(selection, actor, NOW) == int(told), query


def test_without_the_right_to_read_orders_there_is_no_page(sign_in: SignIn) -> None:
    client = sign_in("learning.clerk")

    assert client.get("/hotline/rates/").status_code == 403
    assert client.get("/hotline/returns/").status_code == 403


@pytest.mark.parametrize(
    "query", ["since=2026-13-01", "since=0001-01-01", "since=2026-03-01&until=2026-02-01"]
)
def test_a_span_that_is_none_is_a_sentence(sign_in: SignIn, query: str) -> None:
    assert sign_in("hotline.chief").get(f"/hotline/returns/?{query}").status_code == 400
