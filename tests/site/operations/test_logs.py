"""Logs say what failed and where, in which request, and nothing of what anybody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from cast import SignIn
from django.test import Client

from qianshao.site.operations import logs
from qianshao.site.views import people

PLANTED = "林小满 13812345678 张三家的路灯"


@pytest.fixture(params=[True, False], ids=["json", "line"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the product logs, as it would stand in the journal."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Formatter(as_json=request.param))
    root, asked = logging.getLogger(), logging.getLogger("qianshao.request")
    before = asked.level
    root.addHandler(handler)
    asked.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    asked.setLevel(before)


@pytest.mark.django_db
def test_a_failing_page_is_logged_with_its_place_and_request_and_without_its_words(
    sign_in: SignIn, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_told: object) -> None:
        raise ValueError(PLANTED)

    monkeypatch.setattr(people, "render", fail)
    client = sign_in("hotline.unit", "housing")
    client.raise_request_exception = False

    answer = client.get("/units/", {"text": PLANTED}, headers={"X-Request-ID": "abcdef-123456"})

    assert (answer.status_code, answer["X-Request-ID"]) == (500, "abcdef-123456")
    said = lines.getvalue()
    assert not [word for word in ("林小满", "13812345678", "张三", "路灯") if word in said]
    assert "ValueError" in said and "qianshao/site/views/people.py" in said and "abcdef-123456" in said


@pytest.mark.django_db
def test_a_request_is_logged_by_its_route_and_account_number(sign_in: SignIn, lines: io.StringIO) -> None:
    client = sign_in("hotline.unit", "housing", name="林小满")
    client.get("/feeds/calendar/very-secret-token.ics")
    answer = client.get("/duties/", {"text": "张三"})

    said = lines.getvalue()
    assert not [word for word in ("very-secret-token", "林小满", "张三") if word in said]
    assert "account:" in said and "duties/" in said
    if said.startswith("{"):
        told = json.loads(said.splitlines()[-1])
        assert (told["route"], told["status"], told["request"]) == ("duties/", 200, answer["X-Request-ID"])
        assert told["ms"] > 0


def test_numbers_of_persons_in_a_message_are_hidden_and_exceptions_among_blanks_too(
    lines: io.StringIO,
) -> None:
    logging.getLogger("x").warning("call %s: %s", "13812345678", ValueError("林小满"))

    assert "138****5678: ValueError" in lines.getvalue()
    assert "林小满" not in lines.getvalue()


def test_a_request_number_that_is_not_one_is_not_taken() -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": "x\r\ninjected: 1"})

    assert "injected" not in answer["X-Request-ID"]
    assert len(answer["X-Request-ID"]) == 32
