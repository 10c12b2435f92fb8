"""The bulletins of a day, a week and a month: every number is the length of the list it links to."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cast import NOW, SignIn, clerk, moment
from click.testing import CliRunner
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION

from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures as counting
from qianshao.modules.hotline import facts as f
from qianshao.site.commands.root import root
from qianshao.site.hotline import bulletin
from qianshao.site.hotline.spans import Span
from qianshao.site.oversight.figures import Reader

from .conftest import Opens

pytestmark = pytest.mark.django_db
ALL = clerk("hotline.read")
READER = Reader(ALL, NOW)
SITE = "https://city.example.cn/"


@pytest.fixture(autouse=True)
def _a_february(opens: Opens) -> None:
    reached = f.CalledBack(
        at=moment("2026-02-25 09:00"),
        way="phone",
        outcome="reached",
        responded=True,
        solved=True,
        satisfied="very",
    )
    opens(
        "2026-02-24 09:00",
        f.Dispatched(at=moment("2026-02-24 10:00"), unit="housing"),
        f.Replied(at=moment("2026-02-24 11:00"), reply="已修复"),
        f.Reviewed(at=moment("2026-02-24 12:00"), result="pass"),
        reached,
        topic="照明",
        appeal="help",
    )
    opens("2026-02-24 10:00", channel="phone", unit="water", topic="供水", place="刺东县")
    opens("2026-02-16 10:00", unit="water")
    opens("2026-01-10 10:00", unit="water")
    opens("2025-02-24 10:00", unit="water")


@pytest.mark.parametrize(
    ("period", "on", "since", "until"),
    [
        ("day", "2026-02-24", "2026-02-24", "2026-02-24"),
        ("week", "2026-02-24", "2026-02-23", "2026-03-01"),
        ("week", "2026-03-01", "2026-02-23", "2026-03-01"),
        ("month", "2026-02-24", "2026-02-01", "2026-02-28"),
        ("month", "2024-02-24", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_is_the_one_its_day_lies_in(period: str, on: str, since: str, until: str) -> None:
    span = bulletin.span_of(period, date.fromisoformat(on), NOW.date())

    assert span == Span(date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("period", "received", "before", "year_before"), [("day", 2, 0, 1), ("week", 2, 1, 1), ("month", 3, 1, 1)]
)
def test_what_came_stands_beside_the_span_before_and_the_year_before(
    period: str, received: int, before: int, year_before: int
) -> None:
    found = bulletin.gather(period, date(2026, 2, 24), READER)

    assert (found.received.value, found.before.value, found.year_before.value) == (
        received,
        before,
        year_before,
    )


@pytest.mark.parametrize(
    ("now", "before", "said"), [(3, 2, "+50.00%"), (1, 2, "-50.00%"), (2, 2, "+0.00%"), (2, 0, "—")]
)
def test_a_change_is_told_in_per_cent_and_never_out_of_nothing(now: int, before: int, said: str) -> None:
    assert bulletin.changed(now, before) == said


@pytest.mark.parametrize("period", bulletin.PERIODS)
def test_every_number_of_the_file_links_to_a_list_of_that_length(period: str) -> None:
    made = bulletin.write(bulletin.gather(period, date(2026, 2, 24), READER), SITE)

    paper = Document(io.BytesIO(made))
    links = [rel.target_ref for rel in paper.part.rels.values() if rel.reltype == RELATION.HYPERLINK]
    texts = {
        link.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"): "".join(
            text.text or ""
            for text in link.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
        )
        for link in paper.element.body.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}hyperlink"
        )
    }
    assert len(links) > 20
    for rid, told in texts.items():
        address = urlsplit(paper.part.rels[rid].target_ref)
        selection = Selection.from_query(address.query, counting.VOCABULARY)
        assert address.path == "/duties/"
        assert counting.count(selection, ALL, NOW) == int(told), address.query


def test_the_file_tells_nothing_of_who_wrote_it() -> None:
    made = bulletin.write(bulletin.gather("day", date(2026, 2, 24), READER), SITE)

    core = Document(io.BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert "docProps/app.xml" not in zipfile.ZipFile(io.BytesIO(made)).namelist()


def test_the_page_gives_the_file_and_a_sentence_for_what_cannot_be(sign_in: SignIn) -> None:
    chief = sign_in("hotline.chief")

    answer = chief.get("/hotline/bulletin/?period=week&on=2026-02-24")

    assert answer["Content-Disposition"].endswith("2026-02-23.docx")
    for query in ("period=year", "on=2026-02-30", "on=2027-01-01", "period=day&on=0001-01-01"):
        assert chief.get(f"/hotline/bulletin/?{query}").status_code == 400, query
    assert sign_in("learning.clerk").get("/hotline/bulletin/").status_code == 403


def test_the_command_writes_the_file_and_tells_each_number_with_its_list(tmp_path: Path) -> None:
    out = tmp_path / "day.docx"
    args = ["hotline", "bulletin", "--period", "day", "--on", "2026-02-25", "--out", str(out), "--json"]

    result = CliRunner().invoke(root, args, catch_exceptions=False)

    told = json.loads(result.stdout)
    assert (told["received"]["value"], told["before"]["value"], told["rates_since"]) == (0, 2, "2026-01-27")
    assert told["received"]["list"].startswith("http://127.0.0.1:8000/duties/?")
    assert [row["value"] for row in told["kinds"]] == [0] * 6
    assert {item["title"]: item["rate"] for item in told["figures"]}["解决率"] == 10_000
    assert Document(str(out)).paragraphs[0].text.endswith("12345热线日报")
