"""The disclosure catalogue of the staff: fifteen items, each number the length of its list, upkeep beside it."""

from __future__ import annotations

import html
import re

import pytest
from cast import NOW, SignIn, moment
from django.utils import timezone

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.documents.catalogue import CLAUSE, ITEMS, TEXT
from qianshao.modules.openness.upkeep import facts as u

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch, city: dict[str, Unit], robot: Actor) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def tell(kind: str, *facts: Fact) -> None:
        duty = None
        for fact in facts:
            receipt = perform(
                kind=registry.kind(kind), duty=duty, fact=fact, actor=robot, now=NOW, src="test"
            )
            duty = Duty.objects.get(stream=receipt.stream)

    def formed(title: str, unit: str, category: str) -> Fact:
        return d.Formed(at=moment("2026-01-06"), title=title, unit=unit, category=category, openness="active")

    out = d.Published(at=moment("2026-01-20"), where="site")
    tell("openness.document", formed("预案", "water", "20.12"), out)
    tell("openness.document", formed("规划", "water", "20.3"), out)
    tell("openness.document", formed("又一规划", "water", "20.3"), out)
    tell("openness.document", formed("没有归类", "water", ""), out)
    tell("openness.document", formed("待公开", "water", "20.3"))
    tell("openness.document", formed("住房", "housing", "20.3"), out)
    outdated = u.Outdated(at=moment("2026-01-05"), part="guide", what="电话", unit="water")
    tell("openness.upkeep", outdated, u.Updated(at=moment("2026-01-06")))
    tell("openness.upkeep", u.Outdated(at=moment("2026-02-05"), part="guide", what="地址", unit="water"))


def test_the_items_are_those_of_article_20_with_its_own_words() -> None:
    assert len(ITEMS) == 15 and set(TEXT) == set(d.CATALOGUE)
    assert list(CLAUSE) == list(TEXT)
    assert (CLAUSE["20.11"], CLAUSE["21"]) == ("第二十条第十一项", "第二十一条")


def test_every_number_of_a_catalogue_opens_exactly_its_documents(sign_in: SignIn) -> None:
    client = sign_in("openness.clerk", "office")

    told = client.get("/openness/catalogue/water/").content.decode()

    links = re.findall(r'<a href="(/duties/\?[^"]+)">(\d+)</a>', told)
    assert sorted(int(n) for _link, n in links if int(n)) == [
        1,
        1,
        1,
        2,
    ]  # 12, 3 waiting, unplaced, 3 published
    for link, n in links:
        selection = Selection.from_query(html.unescape(link).partition("?")[2], figures.VOCABULARY)
        assert figures.count(selection, machine("test"), NOW) == int(n)
    assert told.count("没有公开</span>") == 14  # 13 of article 20, and article 21
    assert "13 项没有公开任何信息" in told


def test_guide_and_catalogue_stand_beside_it_with_what_is_open_and_what_was_done(sign_in: SignIn) -> None:
    told = sign_in("openness.clerk", "office").get("/openness/catalogue/water/").content.decode()

    assert "待更新" in told and "上次2026年1月6日更新" in told
    assert told.count("没有更新记录") == 1  # the catalogue itself


def test_the_bodies_stand_side_by_side_and_a_unit_sees_only_its_own(sign_in: SignIn) -> None:
    city = sign_in("openness.clerk", "office").get("/openness/catalogue/").content.decode()
    own = sign_in("openness.unit", "water")

    assert "市水利局" in city and "市住房和城乡建设局" in city
    assert re.search(r"2 / 15", city)
    listed = own.get("/openness/catalogue/").content.decode()
    assert "市水利局" in listed and "市住房和城乡建设局" not in listed
    assert own.get("/openness/catalogue/housing/").status_code == 404
    assert own.get("/openness/catalogue/nobody/").status_code == 404


def test_who_may_not_read_openness_is_told_so(sign_in: SignIn) -> None:
    assert sign_in("sysadmin", "office").get("/openness/catalogue/").status_code == 403
