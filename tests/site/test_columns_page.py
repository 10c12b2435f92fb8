"""The required columns of sites are the city's to set, by edition, and the next watch goes by them."""

from __future__ import annotations

from datetime import date

import pytest
from cast import NOW, SignIn, clerk
from django.utils import timezone

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.org.models import Unit
from qianshao.modules.openness.models import ColumnEdition
from qianshao.modules.openness.watch import columns
from qianshao.modules.openness.watch.items import COLUMNS, Column

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KEEPER = clerk("rules.set")


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch, city: dict[str, Unit]) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_the_keeper_adds_an_edition_that_holds_from_its_day(sign_in: SignIn) -> None:
    client = sign_in("rules.keeper", "office")
    text = "依申请公开：依申请公开\n惠企政策: 惠企政策，助企政策、惠企政策\n\n议事公开"

    answer = client.post(
        "/rules/columns/", {"columns": text, "valid_from": "2026-04-01", "reason": "本市办法"}, follow=True
    )

    assert answer.status_code == 200 and "尚未生效" in answer.content.decode()
    assert columns.in_force(date(2026, 3, 31)) == COLUMNS
    assert columns.in_force(date(2026, 4, 1)) == (
        Column("依申请公开", ("依申请公开",)),
        Column("惠企政策", ("惠企政策", "助企政策")),
        Column("议事公开", ("议事公开",)),
    )
    assert ColumnEdition.objects.get().set_by.startswith("account:")


def test_the_form_holds_what_is_in_force_and_takes_it_back_unchanged(sign_in: SignIn) -> None:
    assert columns.parsed(columns.written(COLUMNS)) == COLUMNS
    told = sign_in("rules.keeper", "office").get("/rules/columns/").content.decode()

    assert columns.written(COLUMNS).splitlines()[0] in told
    assert "未核实" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "至少"),
        (" \n ", "至少"),
        ("：字样", "第 1 行"),
        ("甲\n甲：乙", "第 2 行"),
        ("长" * 41, "第 1 行"),
    ],
)
def test_a_line_that_is_no_column_is_pointed_at(text: str, why: str) -> None:
    with pytest.raises(columns.BadList, match=why):
        columns.parsed(text)


def test_a_wrong_form_says_what_to_mend_and_records_nothing(sign_in: SignIn) -> None:
    client = sign_in("rules.keeper", "office")

    wrong = client.post("/rules/columns/", {"columns": "：", "valid_from": "2026-04-01", "reason": "x"})

    assert (wrong.status_code, ColumnEdition.objects.count()) == (422, 0)
    assert "第 1 行没有栏目名称" in wrong.content.decode()


def test_two_editions_of_one_day_are_refused_and_so_is_whoever_may_not_set_rules(sign_in: SignIn) -> None:
    given = {"columns": "甲", "valid_from": "2026-04-01", "reason": "x"}
    keeper, reader = sign_in("rules.keeper", "office"), sign_in("openness.clerk", "office")

    assert [keeper.post("/rules/columns/", given).status_code for _ in range(2)] == [302, 422]
    assert reader.post("/rules/columns/", given | {"valid_from": "2026-05-01"}).status_code == 403
    assert "<textarea" not in reader.get("/rules/columns/").content.decode()
    assert ColumnEdition.objects.count() == 1
    with pytest.raises(NotAllowed):
        columns.set_columns(COLUMNS, valid_from=date(2026, 6, 1), actor=clerk(), now=NOW, reason="x")
