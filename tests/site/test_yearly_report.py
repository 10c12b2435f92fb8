"""The yearly report as a page, as files and from the command line: every figure is the length of its list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cast import NOW, moment
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.openness.report import check, opening
from qianshao.modules.openness.report.form import COLUMNS, COURSES, RESULTS, figures
from qianshao.modules.openness.requests import facts as r
from qianshao.modules.openness.yearly import facts as y
from qianshao.site.commands.root import root
from qianshao.site.oversight import yearly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def reader(city: dict[str, Unit]) -> Callable[[str], Client]:
    """Sign in the contact of a unit."""

    def signed_in(unit: str) -> Client:
        account = Account(login=f"contact-{unit}", person=Person.objects.create(name="林一"))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(
            account=account, role="openness.unit", unit=city[unit], valid_from=date(2020, 1, 1)
        )
        client = Client()
        client.force_login(account)
        return client

    return signed_in


@pytest.fixture
def tell(city: dict[str, Unit], robot: Actor) -> Callable[..., Duty]:
    """Perform facts on one duty."""

    def told(kind: str, *facts: Fact) -> Duty:
        found = registry.kind(f"openness.{kind}")
        duty = None
        for fact in facts:
            receipt = perform(kind=found, duty=duty, fact=fact, actor=robot, now=NOW, src="test")
            duty = Duty.objects.get(stream=receipt.stream)
        assert duty is not None
        return duty

    return told


def asked(on: str, unit: str, kind: str = "person") -> Fact:
    return r.Received(
        at=moment(on), channel="web", wanted="征地批复", applicant="王五", applicant_kind=kind, unit=unit
    )


@pytest.fixture
def story(tell: Callable[..., Duty]) -> Duty:
    """2025 in two bureaus: carried in, answered, refused and fought over, paid for, carried out; and the report's duty."""
    tell("request", asked("2024-12-20", "housing"), r.Answered(at=moment("2025-01-10"), outcome="provided"))
    tell(
        "request",
        asked("2025-02-03", "housing", "company"),
        r.Answered(at=moment("2025-02-20"), outcome="process", reason="草稿", review_told=True),
        r.ReviewSought(at=moment("2025-03-10")),
        r.ReviewDecided(at=moment("2025-05-08"), result="upheld"),
        r.Sued(at=moment("2025-05-20")),
    )
    tell(
        "request",
        asked("2025-03-03", "water", ""),
        r.FeeNotified(at=moment("2025-03-10"), fen=223_000),
        r.FeePaid(at=moment("2025-03-20")),
        r.Answered(at=moment("2025-04-01"), outcome="provided"),
        r.Sued(at=moment("2025-06-03")),
        r.Judged(at=moment("2025-10-10"), result="corrected"),
    )
    tell("request", asked("2025-06-03", "housing"), r.Withdrawn(at=moment("2025-06-05")))
    tell("request", asked("2025-12-25", "housing"))
    return tell(
        "yearly_report",
        y.YearEnded(at=moment("2026-01-01"), body="department", unit="housing", year=2025),
        y.Compiled(
            at=moment("2026-01-20"),
            normative_made=3,
            normative_in_force=21,
            permits=1203,
            fees=12_345,
            overview="一年来的工作。",
            problems="问题与改进。",
        ),
    )


def test_the_tables_are_counts_of_the_register(story: Duty, city: dict[str, Unit]) -> None:
    made = yearly.make(city["housing"], 2025, NOW)

    value = made.report.value
    assert [value("table3", row, "total") for row in ("new", "carried_in", "total", "carried_out")] == [
        3,
        1,
        3,
        1,
    ]
    assert value("table3", "process", "company") == 1
    assert value("table3", "other_reasons", "person") == 1
    assert [value("table4", "review", result) for result in RESULTS] == [1, 0, 0, 0, 1]
    assert [value("table4", "after_review", result) for result in RESULTS] == [0, 0, 0, 1, 1]
    assert value("table2", "permit", "decisions") == 1203
    assert str(value("table2", "fee", "amount")) == "1.2345"
    assert made.findings == ()
    assert made.compiled and made.unwritten == ()


def test_a_suit_without_review_and_a_fee_are_told_where_they_belong(
    story: Duty, city: dict[str, Unit]
) -> None:
    made = yearly.make(city["water"], 2025, NOW)

    assert [made.report.value("table4", "direct", result) for result in RESULTS] == [0, 1, 0, 0, 1]
    assert "2230元" in made.report.text["六"]
    assert [record.unit for record in made.untold] == [city["water"].short]
    assert not made.compiled


@pytest.mark.parametrize("unit", ["housing", "water", "city"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_cell_is_the_length_of_its_list(
    story: Duty, city: dict[str, Unit], unit: str, year: int
) -> None:
    made = yearly.make(city[unit], year, NOW)

    for row in figures(made.report.form):
        for column in COLUMNS:
            assert made.report.value("table3", row, column) == len(made.behind("table3", row, column))
    for course in COURSES:
        for result in RESULTS:
            assert made.report.value("table4", course, result) == len(made.behind("table4", course, result))


def test_the_page_shows_the_sections_and_its_figures_open(
    story: Duty, reader: Callable[[str], Client]
) -> None:
    client = reader("housing")

    page = client.get("/openness/reports/housing/2025/").content.decode()

    assert [found for found in ("一、", "二、", "三、", "四、", "五、", "六、") if f'">{found}' in page] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
        "六、",
    ]
    assert "I1 至 I8 全部相符" in page
    links = re.findall(r'href="(/openness/reports/housing/2025/records/[^"]+)">(\d+)<', page)
    assert links
    for address, printed in links:
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert shown.count('<td class="lead-cell') == int(printed)
    assert "王五" not in page


def test_the_list_of_bodies_leads_to_the_report_and_its_duty(
    story: Duty, reader: Callable[[str], Client]
) -> None:
    page = reader("housing").get("/openness/reports/?year=2025").content.decode()

    assert "/openness/reports/housing/2025/" in page
    assert f"/duties/{story.stream}/" in page
    assert "/openness/reports/water/2025/" not in page


def test_the_running_year_is_shown_as_far_as_it_went(story: Duty, reader: Callable[[str], Client]) -> None:
    client = reader("housing")

    assert "尚未到编制时间" in client.get("/openness/reports/?year=2026").content.decode()
    assert "这一年还没有结束" in client.get("/openness/reports/housing/2026/").content.decode()
    carried = "/openness/reports/housing/2026/records/?table=table3&row=carried_in&column=total"
    assert client.get(carried).content.decode().count('<td class="lead-cell') == 1


@pytest.mark.parametrize("form", ["docx", "html", "json"])
def test_what_is_downloaded_passes_the_checker(
    story: Duty, reader: Callable[[str], Client], form: str, tmp_path: Path
) -> None:
    answer = reader("housing").get(f"/openness/reports/housing/2025/report.{form}")
    path = tmp_path / f"report.{form}"
    path.write_bytes(answer.content)

    (read,) = opening.reports_in(path)
    assert read.value("table3", "total", "total") == 3
    assert check.check([read]) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/openness/reports/water/2025/", 403),
        ("/openness/reports/nowhere/2025/", 404),
        ("/openness/reports/housing/2031/", 400),
        ("/openness/reports/housing/1999/", 400),
        ("/openness/reports/housing/2025/records/?table=table3&row=new&column=nobody", 404),
        ("/openness/reports/housing/2025/records/?table=table2&row=permit&column=decisions", 404),
        ("/openness/reports/housing/2025/report.exe", 404),
        ("/openness/reports/?year=99999999999", 400),
    ],
)
def test_what_is_not_there_or_not_theirs_is_refused(
    story: Duty, reader: Callable[[str], Client], address: str, status: int
) -> None:
    assert reader("housing").get(address).status_code == status


def test_a_published_report_is_not_written_over(story: Duty, robot: Actor) -> None:
    from qianshao.core.duties.door import Refused

    kind = registry.kind("openness.yearly_report")
    perform(
        kind=kind, duty=story, fact=y.Published(at=moment("2026-01-28")), actor=robot, now=NOW, src="test"
    )
    duty = Duty.objects.get(pk=story.pk)

    with pytest.raises(Refused):
        perform(
            kind=kind, duty=duty, fact=y.Compiled(at=moment("2026-02-02")), actor=robot, now=NOW, src="test"
        )


def test_the_command_writes_the_file_and_the_document(story: Duty, tmp_path: Path) -> None:
    out = tmp_path / "housing.docx"

    done = CliRunner().invoke(root, ["openness", "report", "housing", "2025", "--out", str(out), "--json"])

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["findings"] == [] and told["table3"]["（七）总计"][-1] == 3
    assert opening.reports_in(out)[0].value("table3", "new", "total") == 3


@pytest.mark.parametrize(
    "words",
    [
        ["nowhere", "2025", "--json"],
        ["housing", "1999", "--json"],
        ["housing", "2025"],
        ["housing", "2025", "--out", "a.txt"],
    ],
)
def test_the_command_says_what_is_wrong(story: Duty, words: list[str]) -> None:
    done = CliRunner().invoke(root, ["openness", "report", *words])

    assert done.exit_code != 0
    assert "Traceback" not in done.output
