"""What is published can be found by anybody, linked both ways, by unit, item and year; the rest is not there."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from cast import NOW, moment
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.interpretations import facts as i
from qianshao.modules.openness.upkeep import facts as u

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PLAN, PRICE = "望潮镇防汛预案", "停车收费办法"


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch, city: dict[str, Unit]) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def stranger() -> Client:
    """Nobody signed in."""
    return Client()


def opened(robot: Actor, key: str, *facts: Fact) -> Duty:
    kind, duty = registry.kind(key), None
    for fact in facts:
        receipt = perform(
            kind=kind, duty=duty, fact=fact, actor=robot, now=NOW + timedelta(days=9), src="test"
        )
        duty = Duty.objects.get(stream=receipt.stream)
    assert duty is not None
    return duty


def published(
    robot: Actor,
    title: str,
    on: str = "2026-02-05",
    unit: str = "water",
    item: str = "20.12",
    number: str = "刺水〔2026〕1号",
    url: str = "https://www.example.org/1.html",
) -> Duty:
    formed = d.Formed(
        at=moment(on), title=title, document_number=number, unit=unit, category=item, openness="active"
    )
    return opened(robot, "openness.document", formed, d.Published(at=moment(on), where="site", url=url))


def explained(robot: Actor, title: str, unit: str = "water", number: str = "", url: str = "") -> Duty:
    out = i.DocumentPublished(at=moment("2026-02-05"), title=title, unit=unit, document_number=number)
    return opened(
        robot,
        "openness.interpretation",
        out,
        i.Interpreted(at=moment("2026-02-06"), form="questions", url=url, links="both"),
    )


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/portal/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def titles(told: str) -> list[str]:
    return re.findall(r'<h3><a href="/portal/policies/[^"]+">([^<]+)</a>', told)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [PLAN, PRICE, "旧办法"]),
        ("q=防汛", [PLAN]),
        ("q=刺住建", [PRICE]),
        ("unit=housing", [PRICE]),
        ("item=20.12", [PLAN]),
        ("year=2025", ["旧办法"]),
        ("unit=water&year=2026&item=20.12&q=预案", [PLAN]),
        ("unit=housing&item=20.12", []),
        ("year=abc&item=99&unit=", [PLAN, PRICE, "旧办法"]),
        ("year=99999999999999999999", [PLAN, PRICE, "旧办法"]),
        ("q=%00&page=-1", [PLAN, PRICE, "旧办法"]),
    ],
)
def test_the_library_narrows_by_words_unit_item_and_year(
    stranger: Client, robot: Actor, query: str, found: list[str]
) -> None:
    published(robot, "旧办法", on="2025-03-05", item="20.1", number="旧1号")
    published(robot, PRICE, on="2026-02-04", unit="housing", item="20.8", number="刺住建〔2026〕2号")
    published(robot, PLAN)

    assert titles(page(stranger, f"policies/?{query}")) == found


def test_paging_keeps_what_was_asked_for(stranger: Client, robot: Actor) -> None:
    for number in range(21):
        published(robot, f"预案{number}")
    published(robot, "无关", unit="housing")

    told = page(stranger, "policies/?unit=water&q=预案")
    onward = re.search(r'rel="next" href="([^"]+)"', told)

    assert onward and len(titles(told)) == 20
    assert titles(page(stranger, "policies/" + onward[1].replace("&amp;", "&"))) == ["预案0"]


def test_document_and_interpretation_lead_to_each_other(stranger: Client, robot: Actor) -> None:
    document = published(robot, PLAN)
    note = explained(robot, PLAN, url="https://www.example.org/2.html")

    of_document = page(stranger, f"policies/{document.stream}/")
    of_note = page(stranger, f"interpretations/{note.stream}/")

    assert f"/portal/interpretations/{note.stream}/" in of_document and "问答" in of_document
    assert "https://www.example.org/1.html" in of_document
    assert f"/portal/policies/{document.stream}/" in of_note and "https://www.example.org/2.html" in of_note
    assert f"/portal/interpretations/{note.stream}/" in page(stranger, "policies/")


def test_an_interpretation_belongs_to_the_document_it_names_and_to_no_namesake(
    stranger: Client, robot: Actor
) -> None:
    one = published(robot, PLAN, number="刺水〔2026〕1号")
    other = published(robot, PLAN, number="刺水〔2026〕2号")
    elsewhere = published(robot, PLAN, unit="housing", number="刺住建〔2026〕3号")
    named, unnamed = explained(robot, PLAN, number="刺水〔2026〕2号"), explained(robot, PLAN, unit="housing")

    def notes(document: Duty) -> list[str]:
        return re.findall(r"/portal/interpretations/(\w+)/", page(stranger, f"policies/{document.stream}/"))

    assert (notes(one), notes(other), notes(elsewhere)) == ([], [named.stream], [unnamed.stream])


def test_what_is_withheld_waiting_or_taken_down_is_nowhere(stranger: Client, robot: Actor) -> None:
    secret = "不对外的文件"
    kept = [
        opened(
            robot,
            "openness.document",
            d.Formed(
                at=moment("2026-02-02"),
                title=secret,
                unit="water",
                category="20.1",
                openness=openness,
                reason="理由",
                article="第十六条",
            ),
        )
        for openness in ("withheld", "on_request", "active")
    ]
    down = published(robot, secret, item="20.1")
    perform(
        kind=registry.kind("openness.document"),
        duty=down,
        fact=d.TakenDown(at=NOW, reason="更正"),
        actor=robot,
        now=NOW,
        src="test",
    )
    draft = opened(robot, "openness.interpretation", i.Proposed(at=moment("2026-02-02"), title=secret))

    for path in (
        "",
        "policies/",
        "catalogue/",
        "catalogue/water/",
        "data/documents.json",
        "data/documents.csv",
    ):
        answer = stranger.get(f"/portal/{path}")
        assert answer.status_code == 200
        assert secret not in b"".join(answer).decode("utf-8-sig")
    assert "这一项没有公开信息" in page(stranger, "catalogue/water/")
    for duty in (*kept, down):
        page(stranger, f"policies/{duty.stream}/", 404)
    page(stranger, f"interpretations/{draft.stream}/", 404)


def test_a_request_is_no_document_whatever_address_is_tried(stranger: Client, robot: Actor) -> None:
    from qianshao.modules.openness.requests import facts as r

    asked = opened(
        robot,
        "openness.request",
        r.Received(at=moment("2026-02-02"), channel="web", applicant="林小潮", wanted="望潮镇"),
        r.Answered(at=moment("2026-02-03"), outcome="provided"),
    )

    for place in ("policies", "interpretations"):
        assert "林小潮" not in page(stranger, f"{place}/{asked.stream}/", 404)


def test_an_address_that_is_not_of_the_web_becomes_no_link(stranger: Client, robot: Actor) -> None:
    document = published(robot, PLAN, url="javascript:alert(1)")
    note = explained(robot, PLAN, url="data:text/html,x")

    for path in ("policies/", f"policies/{document.stream}/", f"interpretations/{note.stream}/"):
        assert not re.search(r'href="(?:javascript|data):', page(stranger, path))


def test_the_catalogue_counts_what_its_links_list(stranger: Client, robot: Actor) -> None:
    published(robot, PLAN)
    published(robot, "另一预案", number="刺水〔2026〕2号")
    published(robot, PRICE, unit="housing", item="20.8")
    opened(
        robot,
        "openness.upkeep",
        u.Outdated(at=moment("2026-01-05"), part="guide", what="电话有误", unit="water"),
        u.Updated(at=moment("2026-01-06"), url="https://www.example.org/guide.html"),
    )

    told = page(stranger, "catalogue/water/")
    links = re.findall(r'href="(/portal/policies/\?unit=water&amp;item=[^"]+)">(\d+) 件', told)

    assert [n for _link, n in links] == ["2"]
    for link, n in links:
        assert len(titles(page(stranger, link.removeprefix("/portal/").replace("&amp;", "&")))) == int(n)
    assert told.count("这一项没有公开信息") == 15  # fourteen of article 20, and article 21
    assert "https://www.example.org/guide.html" in told and "2026年1月6日更新" in told
    assert "电话有误" not in told
    assert "市水利局" in page(stranger, "catalogue/") and "1 / 15 项有内容" in page(stranger, "catalogue/")
    page(stranger, "catalogue/nobody/", 404)


@pytest.mark.parametrize(
    "path", ["", "request/", "follow/", "policies/", "catalogue/", "catalogue/water/", "rates/", "data/"]
)
def test_the_first_view_of_any_page_weighs_less_than_150_kb(
    stranger: Client, robot: Actor, path: str
) -> None:
    for number in range(20):
        published(robot, f"{PLAN}{number}", number=f"刺水〔2026〕{number}号")
    shown = page(stranger, path)

    fetched = re.findall(r'(?:href|src)="/static/([^"]+)"', shown)
    assert fetched and not re.search(r'(?:src|srcset|<link[^>]+href)="(?:https?:)?//', shown)
    files = [Path(found).read_bytes() for found in map(finders.find, fetched) if isinstance(found, str)]
    assert len(files) == len(fetched)
    assert not re.search(rb"url\((?!data:)|@import", b"".join(files))  # nothing more is fetched by what was
    assert (
        sum(len(gzip.compress(part)) for part in (shown.encode(), *files)) < 20_000
    )  # on a slow line: seconds
    assert sum(map(len, (shown.encode(), *files))) < 150_000  # and even if the server does not compress
