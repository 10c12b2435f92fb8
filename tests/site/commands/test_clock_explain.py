"""``qianshao clock explain``: a date and its reasons from a file, without a database."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from qianshao.site.commands.clock import clock
from qianshao.site.commands.saying import CommandError

RECEIVED = {"fact": "Received", "on": "2025-09-25", "channel": "in_person"}
ASKED = {"fact": "CorrectionAsked", "on": "2025-09-28", "until": "2025-10-15"}
CONSULTED = {"fact": "Consulted", "on": "2025-10-09", "whom": "third_party", "delivered_on": "2025-10-10"}


def run(kind: str, document: Any, *options: str) -> Result:
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    with translation.override("zh-hans"):
        return CliRunner().invoke(clock, ["explain", kind, "-", *options], input=text)


def explain(kind: str, *facts: dict[str, Any], options: tuple[str, ...] = ()) -> dict[str, Any]:
    result = run(kind, {"facts": list(facts)}, "--json", *options)
    assert result.exit_code == 0, result.exception
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def complaint(kind: str, document: Any, *options: str) -> str:
    result = run(kind, document, *options)
    assert isinstance(result.exception, CommandError), result.output
    assert result.exception.code == 2
    return str(result.exception)


def test_the_answer_holds_what_the_issue_promises():
    answer = explain("openness.request", RECEIVED)

    assert answer["due_on"] == "2025-10-29"
    assert (answer["provisional"], answer["state"], answer["flags"], answer["refused"]) == (
        False,
        "in_process",
        [],
        [],
    )
    assert answer["second_clocks"] == []
    worked = [segment for segment in answer["segments"] if segment["from"] == "2025-09-28"]
    assert worked[0]["counted"] and "调休" in worked[0]["why"]


@pytest.mark.parametrize(
    ("kind", "facts", "options", "term"),
    [
        ("openness.request", [RECEIVED], (), 20),
        ("openness.request", [RECEIVED], ("--edition", "2007"), 15),
        ("openness.request", [RECEIVED, ASKED, {"fact": "Corrected", "on": "2025-10-09"}], (), 20),
        (
            "openness.request",
            [RECEIVED, CONSULTED, {"fact": "ConsultationAnswered", "on": "2025-10-16"}],
            (),
            20,
        ),
        (
            "openness.request",
            [RECEIVED, {"fact": "Extended", "on": "2025-10-20", "days": 7, "agreed_by": "科长"}],
            (),
            27,
        ),
        ("openness.document", [{"fact": "Formed", "on": "2025-09-25"}], (), 20),
        ("openness.interpretation", [{"fact": "DocumentPublished", "on": "2025-09-25"}], (), 3),
        ("openness.yearly_report", [{"fact": "YearEnded", "on": "2025-12-31", "body": "government"}], (), 90),
        ("hotline.order", [{"fact": "Received", "on": "2025-09-25"}], (), 5),
    ],
)
def test_the_segments_add_up(kind, facts, options, term):
    segments = explain(kind, *facts, options=options)["segments"]

    assert sum(segment["days"] for segment in segments if segment["counted"]) == term
    for segment in segments:
        first, last = date.fromisoformat(segment["from"]), date.fromisoformat(segment["to"])
        assert segment["days"] == (last - first).days + 1
        assert segment["why"]
    for one, following in itertools.pairwise(segments):
        assert (date.fromisoformat(following["from"]) - date.fromisoformat(one["to"])).days == 1


@pytest.mark.parametrize(
    ("options", "due_on"),
    [
        ((), "2020-02-25"),
        (("--known-on", "2020-01-20"), "2020-02-21"),
        (("--edition", "2007"), "2020-02-18"),
        (("--edition", "2007", "--known-on", "2020-01-20"), "2020-02-14"),
        (("--edition", "2019"), "2020-02-25"),
    ],
)
def test_editions_and_the_calendar_as_then_known(options, due_on):
    received = {"fact": "Received", "on": "2020-01-20"}

    assert explain("openness.request", received, options=options)["due_on"] == due_on


@pytest.mark.parametrize(
    ("on", "state", "due_on", "lamp"),
    [
        ("2025-09-26", "in_process", "2025-10-29", "green"),
        ("2025-10-09", "consulting", None, "grey"),
        ("2025-10-30", "consulting", None, "grey"),  # the last day of the third party's period
        ("2025-10-31", "in_process", "2025-11-20", "green"),
        ("2025-11-20", "in_process", "2025-11-20", "amber"),
        ("2025-11-21", "in_process", "2025-11-20", "red"),
    ],
)
def test_the_state_on_a_day(on, state, due_on, lamp):
    answer = explain("openness.request", RECEIVED, CONSULTED, options=("--on", on))

    assert (answer["state"], answer["due_on"], answer["lamp"]) == (state, due_on, lamp)
    assert answer["overdue"] is (lamp == "red")
    assert any(flag.startswith("overdue: ") for flag in answer["flags"]) is (lamp == "red")


def test_a_pending_consultation_says_whose_turn_it_is_and_the_latest_day():
    answer = explain("openness.request", RECEIVED, CONSULTED)

    assert answer["second_clocks"] == [{"name": "第三方提出意见", "due_on": "2025-10-30"}]
    assert (answer["due_on"], answer["due_if_silent_on"]) == (None, "2025-11-20")


def test_refusals_and_remarks_carry_their_article():
    second = {"fact": "CorrectionAsked", "on": "2025-10-20", "until": "2025-10-30"}
    late = explain("openness.request", RECEIVED, second)
    twice = explain("openness.request", RECEIVED, ASKED, second)

    assert late["flags"][0].startswith("late_correction_notice: ") and "第三十条" in late["flags"][0]
    assert twice["state"] == "given_up"  # nothing came by the 15th
    assert [(one["fact"], one["on"]) for one in twice["refused"]] == [("CorrectionAsked", "2025-10-20")]
    assert "第三十条" in twice["refused"][0]["article"]


def test_facts_are_taken_in_the_order_they_happened():
    extended = {"fact": "Extended", "on": "2025-10-20", "days": 5, "agreed_by": "科长"}

    assert explain("openness.request", extended, RECEIVED) == explain("openness.request", RECEIVED, extended)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "不是有效的 JSON"),
        ("[" * 100_000, "嵌套过深"),
        ("[]", "至少一条"),
        ("7", "至少一条"),
        ({"facts": [RECEIVED], "more": 1}, "more"),
        ({"facts": ["Received"]}, "第 1 条"),
        ({"facts": [{"on": "2025-09-25"}]}, "第 1 条"),
        ({"facts": [{"fact": "Seen", "on": "2025-09-25"}]}, "Seen"),
        ({"facts": [RECEIVED | {"chanel": "web"}]}, "chanel"),
        ({"facts": [RECEIVED | {"channel": "pigeon"}]}, "in_person"),
        ({"facts": [RECEIVED | {"channel": 7}]}, "in_person"),
        ({"facts": [{"fact": "Received"}]}, "on 须写成 2026-01-31"),
        ({"facts": [RECEIVED | {"on": "2025-02-30"}]}, "on 须写成 2026-01-31"),
        ({"facts": [RECEIVED | {"on": 20250925}]}, "on 须写成 2026-01-31"),
        ({"facts": [RECEIVED | {"on": "0025-02-03"}]}, "on 须写成 2026-01-31"),
        ({"facts": [RECEIVED | {"at": "2025-09-25T09:00:00"}]}, "on 与 at"),
        ({"facts": [RECEIVED, {"fact": "Extended", "on": "2025-10-20"}]}, "缺少 days"),
        ({"facts": [RECEIVED, {"fact": "Extended", "on": "2025-10-20", "days": True}]}, "days"),
        ({"facts": [RECEIVED, {"fact": "Extended", "on": "2025-10-20", "days": "5"}]}, "days"),
        ({"facts": [RECEIVED, {"fact": "Consulted", "on": "2025-10-20"}]}, "缺少 whom"),
        ({"facts": [RECEIVED | {"applicant": 5}]}, "applicant"),
        ({"facts": [{"fact": "Answered", "on": "2025-10-20"}]}, "没有登记"),
        ({"facts": [{"fact": "Received", "on": "2031-10-20"}]}, "2031 年的工作日历"),
        ({"facts": [{"fact": "Received", "on": "2001-10-20"}]}, "没有现行版本"),
        ({"facts": [RECEIVED], "kind": "openness.document"}, "openness.request"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(document, said):
    sentence = complaint("openness.request", document)

    assert said in sentence and "\n" not in sentence


def test_an_unknown_kind_edition_or_file_names_what_there_is():
    assert "openness.document" in complaint("openness.nothing", {"facts": [RECEIVED]})
    assert "2007、" in complaint("openness.request", {"facts": [RECEIVED]}, "--edition", "1999-x")
    with translation.override("zh-hans"):
        missing = CliRunner().invoke(clock, ["explain", "openness.request", "/nowhere.json"])
    assert isinstance(missing.exception, CommandError) and missing.exception.code == 2


@pytest.mark.parametrize(
    ("written", "key"), [("mail", "post"), ("Online", "web"), ("in-person", "in_person"), ("传真", "fax")]
)
def test_a_channel_goes_by_other_names_too(written, key):
    assert explain("openness.request", RECEIVED | {"channel": written})["due_on"] == "2025-10-29"


def test_without_json_it_speaks_to_people():
    result = run("openness.request", {"facts": [RECEIVED, ASKED | {"until": "2025-10-31"}, CONSULTED]})

    assert "依申请公开" in result.stdout
    assert "等待申请人补正" in result.stdout or "申请人补正" in result.stdout
    assert "另有期限：第三方提出意见，2025年10月30日" in result.stdout


@pytest.mark.slow
def test_it_needs_no_database_and_leaves_none(tmp_path: Path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"facts": [RECEIVED]}), encoding="utf-8")
    env = {
        **os.environ,
        "QIANSHAO_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
    }
    env["QIANSHAO_DATABASE"] = "postgres://nobody@127.0.0.1:1/none"

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "qianshao.site.commands",
            "clock",
            "explain",
            "openness.request",
            str(facts),
            "--json",
        ],
        env=env,
        check=True,
        capture_output=True,
    )

    assert json.loads(done.stdout)["due_on"] == "2025-10-29"
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_name_given_twice_is_not_chosen_between():
    twice = '{"facts": [{"fact": "Received", "on": "2025-09-25", "on": "2025-09-26"}]}'

    assert "“on”写了两次" in complaint("openness.request", twice)


def test_a_day_before_the_first_fact_is_told_as_that():
    said = complaint("openness.request", {"facts": [RECEIVED]}, "--on", "2025-09-24")

    assert said == "截至2025年9月24日还没有登记，第一条记录在2025年9月25日。"


@pytest.mark.parametrize(
    ("on", "due_on", "provisional"),
    [
        ("2024-02-29", "2024-03-28", False),  # a leap day
        ("2025-10-01", "2025-11-04", False),  # received on a holiday
        ("2025-09-28", "2025-10-31", False),  # received on a worked Sunday
        ("2025-12-31", "2026-01-29", False),  # over the year's end
        ("2026-12-10", "2027-01-08", True),  # into a year whose notice is not out
    ],
)
def test_odd_days_of_receipt(on: str, due_on: str, provisional: bool):
    answer = explain("openness.request", {**RECEIVED, "on": on})

    assert (answer["due_on"], answer["provisional"]) == (due_on, provisional)


@pytest.mark.parametrize(
    "on",
    [
        20250925,
        None,
        "2025/9/25",
        "2025年9月25日",
        "2025-02-29",
        "2025-09-25T10:00:00+08:00",
        "2025-09-25 10:00",
    ],
)
def test_a_day_is_written_one_way_only(on: Any):
    assert "on 须写成 2026-01-31" in complaint("openness.request", {"facts": [{**RECEIVED, "on": on}]})


def test_the_order_of_the_list_is_not_the_order_of_events():
    answered = {"fact": "Answered", "on": "2025-10-29", "outcome": "provided"}

    assert explain("openness.request", answered, RECEIVED) == explain("openness.request", RECEIVED, answered)


def test_two_bodies_asked_stop_the_clock_once():
    asked = [
        {"fact": "Consulted", "on": "2025-10-09", "whom": whom, "delivered_on": "2025-10-10"}
        for whom in ("third_party", "co_maker")
    ]
    told = [
        {"fact": "ConsultationAnswered", "on": on, "whom": whom}
        for on, whom in (("2025-10-16", "third_party"), ("2025-10-20", "co_maker"))
    ]

    answer = explain("openness.request", RECEIVED, *asked, *told)

    assert answer["due_on"] == "2025-11-10"  # 5 days by 9 October, 15 more from the 21st
