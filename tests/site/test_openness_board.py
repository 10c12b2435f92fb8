"""The board of openness and its bulletin: every number is the length of its list, and nobody sees more than theirs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cast import NOW, SignIn, clerk, moment
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from docx import Document

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures as counting
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.interpretations import facts as i
from qianshao.modules.openness.requests import facts as r
from qianshao.site.commands.root import root
from qianshao.site.oversight import bulletin, figures
from qianshao.site.oversight.figures import Reader

pytestmark = pytest.mark.django_db
READ = "openness.read"


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def work(city: dict[str, Unit], robot: Actor) -> None:
    """A year of disclosure: kept, late, overdue and coming, in two bureaus; cards given by the tick."""

    def tell(kind: str, *facts: Fact) -> None:
        found = registry.kind(f"openness.{kind}")
        duty = None
        for fact in facts:
            receipt = perform(kind=found, duty=duty, fact=fact, actor=robot, now=NOW, src="test")
            duty = Duty.objects.get(stream=receipt.stream)

    def asked(on: str, unit: str, channel: str = "web") -> Fact:
        return r.Received(at=moment(on), channel=channel, wanted="征地批复", applicant="王五", unit=unit)

    def answered(on: str) -> Fact:
        return r.Answered(at=moment(on), outcome="provided")

    tell("request", asked("2025-01-06", "housing"), answered("2025-01-20"))
    tell("request", asked("2025-01-07", "housing", "post"), answered("2025-06-20"))
    tell("request", asked("2026-01-05", "housing"), answered("2026-01-20"))
    tell("request", asked("2026-01-06", "water"), answered("2026-01-20"))
    tell("request", asked("2026-01-07", "water", "post"), answered("2026-02-28"))
    tell("request", asked("2026-01-12", "housing"))  # due 2026-02-09: overdue
    tell("request", asked("2026-02-02", "water"))  # due in the ten days
    tell("request", asked("2026-02-27", "town-1"))  # due later
    tell("request", asked("2026-02-03", "office"), r.Withdrawn(at=moment("2026-02-04")))
    for unit, out in (("housing", "2026-01-20"), ("water", "2026-02-27")):
        formed = d.Formed(at=moment("2026-01-06"), title=f"{unit}规划", unit=unit, openness="active")
        tell("document", formed, d.Published(at=moment(out), where="site"))
    tell("document", d.Formed(at=moment("2026-02-04"), title="办法", unit="water", openness="active"))
    published = i.DocumentPublished(at=moment("2026-02-02"), title="办法", unit="housing")
    tell("interpretation", published, i.Interpreted(at=moment("2026-02-03"), links="both"))
    while wake(NOW, limit=100):
        pass


def listed(address: str, actor: Actor) -> int:
    selection = Selection.from_query(urlsplit(address).query, counting.VOCABULARY)
    return counting.count(selection, actor, NOW)


READERS = [
    pytest.param(machine("test"), id="everything"),
    pytest.param(clerk(READ, path="/water/", unit="water"), id="water"),
]


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("actor", READERS)
@pytest.mark.parametrize("as_of", ["", "2026-02-10", "2026-01-31", "2025-06-30"])
@pytest.mark.parametrize("key", figures.RATES)
def test_every_number_of_the_board_is_the_length_of_its_list(actor: Actor, as_of: str, key: str) -> None:
    reader, item = Reader(actor, NOW, as_of), figures.indicator(key)
    of_days, of_units = figures.coming(reader)
    shares = [
        *(share for found in figures.timeliness(reader) for share in (found.year, found.before)),
        *figures.ranking(item, reader),
        *figures.by_month(item, reader),
        *figures.by_channel(item, reader),
    ]
    rows = [*of_days, *of_units, *figures.cards(reader), *figures.overdue(reader)]
    opened = [number for share in shares for number in (share.part, share.whole)]
    opened += [number for share in shares for _said, number in share.left_out]
    opened += [number for row in rows for number in row.cells]

    assert [number.value for number in opened] == [listed(number.url, actor) for number in opened]


@pytest.mark.usefixtures("work")
def test_the_rates_of_the_year_stand_beside_those_of_the_year_before() -> None:
    request, document, interpretation = figures.timeliness(Reader(machine("test"), NOW))

    assert (request.year.figure.value, request.year.figure.of, request.year.rate) == (2, 4, "50.00%")
    # On 2 March 2025 the second request of that January had been overdue for some days.
    assert (request.before.figure.value, request.before.figure.of) == (1, 2)
    assert request.change == "+0.00"
    assert [(said[:6], left.value) for said, left in request.year.left_out] == [
        ("期限未到的在", 2),
        ("申请人撤回的", 1),
        ("视为放弃的申", 0),
    ]
    assert (document.year.rate, interpretation.year.rate) == ("50.00%", "100.00%")
    assert (document.before.rate, document.change) == ("—", "—")


@pytest.mark.usefixtures("work")
def test_units_of_one_rate_share_a_place() -> None:
    item = figures.indicator(figures.RATES[0])

    ranked = figures.ranking(item, Reader(machine("test"), NOW))

    assert [(share.place, share.title, share.rate) for share in ranked] == [
        (1, "住建局", "50.00%"),
        (1, "水利局", "50.00%"),
    ]


@pytest.mark.usefixtures("work")
def test_channels_and_months_add_up_to_the_rate() -> None:
    reader, item = Reader(machine("test"), NOW), figures.indicator(figures.RATES[0])

    channels = {
        share.title: (share.figure.value, share.figure.of) for share in figures.by_channel(item, reader)
    }
    months = {share.title: share.figure.of for share in figures.by_month(item, reader)}

    assert sum(of or 0 for _value, of in channels.values()) == 4
    assert sorted(channels.values()) == [(0, 1), (2, 3)]
    assert (len(months), months["2026-01"], months["2026-02"], months["2025-04"]) == (12, 4, 0, 0)


@pytest.mark.usefixtures("work")
def test_the_next_ten_days_are_told_by_day_and_by_unit() -> None:
    of_days, of_units = figures.coming(Reader(machine("test"), NOW))

    due = Duty.objects.filter(
        kind__in=figures.KINDS, open=True, due_at__gt=NOW, due_at__lte=moment("2026-03-12")
    )
    assert sum(row.total for row in of_days) == sum(row.total for row in of_units) == due.count() > 0
    assert len(of_days) == figures.AHEAD
    assert {row.title for row in of_units} == {"水利局"}


@pytest.mark.usefixtures("work")
def test_the_cards_in_force_are_told_by_unit() -> None:
    found = figures.cards(Reader(machine("test"), NOW))

    assert next((row.title, [cell.value for cell in row.cells]) for row in found) == ("住建局", [1, 0])


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("question", ["", "?as_of=2026-02-10", f"?rate={figures.RATES[1]}", "?rate=no"])
def test_the_page_shows_and_its_numbers_open(sign_in: SignIn, question: str) -> None:
    client = sign_in("openness.head", "office")

    page = client.get(f"/openness/{question}")

    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("位次</th>") == 1  # months and channels are not ranked
    assert "style=" not in html and "<script>" not in html
    links = set(re.findall(r'href="(/duties/\?[^"]+)"', html))
    assert len(links) > 20
    for link in sorted(links)[:3]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("question", ["?as_of=yesterday", "?as_of=0001-01-01"])
def test_a_day_that_is_none_is_refused_with_a_sentence(sign_in: SignIn, question: str) -> None:
    assert sign_in("openness.head", "office").get(f"/openness/{question}").status_code == 400


@pytest.mark.usefixtures("work")
def test_an_officer_of_another_unit_sees_only_their_own(sign_in: SignIn) -> None:
    client = sign_in("openness.unit", "water")

    html = client.get("/openness/").content.decode()

    assert "水利局" in html
    assert "住建局" not in html
    text = read(client.get("/openness/bulletin/?month=2026-02").content)
    assert "水利局" in text
    assert "住建局" not in text


@pytest.mark.parametrize("address", ["/openness/", "/openness/bulletin/?month=2026-02"])
def test_who_may_not_read_openness_is_turned_away(sign_in: SignIn, address: str) -> None:
    client = sign_in("sysadmin", "city")

    assert client.get(address).status_code == 403
    assert 'href="/openness/"' not in client.get("/").content.decode()
    assert Client().get(address).status_code == 302


def read(made: bytes) -> str:
    """All words of a bulletin, tables and links among them, in the order they stand."""
    body = Document(io.BytesIO(made)).element.body
    return "".join(
        "\n" if node.tag.endswith("}p") else node.text or ""
        for node in body.iter()
        if node.tag.endswith(("}p", "}t"))
    )


@pytest.mark.usefixtures("work")
def test_the_bulletin_read_back_says_what_the_board_says() -> None:
    actor = machine("test")
    reader = Reader(actor, NOW)
    made = bulletin.write(date(2026, 2, 1), reader, site="https://example.org/")

    paper = Document(io.BytesIO(made))
    rates = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    end = Reader(actor, NOW, "2026-02-28")
    (request, *_others) = figures.timeliness(end)
    assert rates[1] == [
        "依申请公开按时答复率",
        "本年累计",
        str(request.year.figure.value),
        str(request.year.figure.of),
        request.year.rate,
        "",
    ]
    before = figures.rate(request.indicator, Reader(actor, NOW, "2026-01-31"))
    assert rates[2][1:5] == ["上月末", str(before.figure.value), str(before.figure.of), before.rate]
    assert rates[3][1:5] == ["上年同期", "1", "2", "50.00%"]
    assert len(rates) == 1 + 3 * 3
    text = read(made)
    assert "刺桐市政务公开监察月报" in text and "2026年2月28日" in text
    assert "住建局" in text
    assert "王五" not in text and "征地批复" not in text


@pytest.mark.usefixtures("work")
def test_every_number_in_the_bulletin_links_to_a_list_of_that_length() -> None:
    made = bulletin.write(date(2026, 2, 1), Reader(machine("test"), NOW), site="https://example.org/")

    paper = Document(io.BytesIO(made))
    links = [
        (link.url, link.text)
        for paragraph in (
            *paper.paragraphs,
            *(
                p
                for table in paper.tables
                for row in table.rows
                for cell in row.cells
                for p in cell.paragraphs
            ),
        )
        for link in paragraph.hyperlinks
    ]
    assert len(links) > 40
    for address, number in links:
        assert address.startswith("https://example.org/duties/?")
        assert listed(address, machine("test")) == int(number)


@pytest.mark.usefixtures("work")
def test_the_bulletin_says_nothing_of_who_made_it() -> None:
    made = bulletin.write(date(2026, 2, 1), Reader(machine("test"), NOW), site="https://example.org/")

    core = Document(io.BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments, core.title) == ("", "", "", "")
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = package.namelist()
        everything = b"".join(package.read(name) for name in names).lower()
    assert not [name for name in names if "thumbnail" in name or name == "docProps/app.xml"]
    assert b"python-docx" not in everything


@pytest.mark.usefixtures("work")
def test_the_bulletin_of_a_month_under_way_speaks_of_today(sign_in: SignIn) -> None:
    response = sign_in("openness.head", "office").get("/openness/bulletin/?month=2026-03")

    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "2026年3月2日" in read(response.content)


@pytest.mark.parametrize("month", ["2026-13", "march", "2026-04", "1800-01"])
def test_a_month_that_cannot_be_reported_on_is_refused(
    city: dict[str, Unit], sign_in: SignIn, month: str
) -> None:
    client = sign_in("openness.head", "office")

    assert client.get(f"/openness/bulletin/?month={month}").status_code == 400


@pytest.mark.usefixtures("work")
def test_the_command_writes_the_bulletin(tmp_path: Path) -> None:
    out = tmp_path / "月报.docx"

    done = CliRunner().invoke(root, ["openness", "bulletin", "--month", "2026-02", "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert "住建局" in read(out.read_bytes())
