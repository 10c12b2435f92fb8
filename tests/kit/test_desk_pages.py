"""One's own desk through pages: following, comments, comparing, and the rules behind a page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from cast import SignIn
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.desk.models import Comment, Follow
from qianshao.core.duties.door import perform
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def orders(city: dict[str, Unit], order_kind: Kind, robot: Actor) -> list[str]:
    """Two orders of the water bureau and one of housing."""
    made = []
    now = timezone.now()
    for title, unit in (("路灯不亮", "water"), ("水压太低", "water"), ("墙皮脱落", "housing")):
        fact = f.Received(at=now, title=title, body="请处理", channel="web", unit=unit)
        made.append(perform(kind=order_kind, fact=fact, actor=robot, now=now, src="test").stream)
    return made


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_a_duty_opened_and_followed_lies_on_ones_own_desk_only(sign_in: SignIn, orders: list[str]) -> None:
    water, other = sign_in("hotline.unit", "water"), sign_in("office.head", "office", "王主任")
    text_of(water, f"/duties/{orders[0]}/")
    answer = water.post("/desk/follow/", {"what": "duty", "key": orders[1], "next": f"/duties/{orders[1]}/"})

    assert answer["Location"] == f"/duties/{orders[1]}/"
    desk = text_of(water, "/desk/")
    assert desk.index("水压太低") < desk.index(">最近打开的<") < desk.index("路灯不亮")
    assert 'aria-pressed="true"' in text_of(water, f"/duties/{orders[1]}/")
    assert "路灯不亮" in text_of(water, "/") and "还没有关注事项" in text_of(other, "/desk/")

    water.post("/desk/follow/", {"what": "duty", "key": orders[1], "stop": "1", "next": "//evil.example/"})
    assert not Follow.objects.exists()
    water.post("/desk/clear/")
    assert "还没有打开过事项" in text_of(water, "/desk/")


def test_what_one_may_not_see_is_not_followed_nor_told(sign_in: SignIn, orders: list[str]) -> None:
    water = sign_in("hotline.unit", "water")

    assert water.post("/desk/follow/", {"what": "duty", "key": orders[2]}).status_code == 404
    assert water.post("/desk/follow/", {"what": "figure", "key": "supervision.late"}).status_code == 404
    assert water.post("/desk/follow/", {"what": "thing", "key": "x"}).status_code == 404
    assert water.get("/desk/follow/").status_code == 405
    assert water.post("/desk/follow/", {"what": "unit", "key": "water"})["Location"] == "/desk/"
    assert not Follow.objects.exclude(what="unit").exists()


def test_a_followed_unit_and_figure_show_numbers_that_open_their_lists(
    sign_in: SignIn, orders: list[str]
) -> None:
    water = sign_in("hotline.unit", "water")
    water.post("/desk/follow/", {"what": "unit", "key": "water"})
    water.post("/desk/follow/", {"what": "figure", "key": "hotline.received"})
    desk = text_of(water, "/desk/")

    numbers = re.findall(r'<a href="(/duties/\?[^"]+)">(\d+)</a>', desk)
    assert len(numbers) >= 3
    for address, number in numbers:
        assert re.search(rf"共 {number} 件", text_of(water, address)), address


def test_a_comment_is_escaped_answered_and_kept_from_strangers(sign_in: SignIn, orders: list[str]) -> None:
    water, housing = sign_in("hotline.unit", "water"), sign_in("hotline.unit", "housing", "陈二")
    page = f"/duties/{orders[0]}/"

    answer = water.post(f"{page}comments/", {"text": "<script>x</script>\n电话 13900001111"})
    assert answer["Location"] == f"{page}#comments"
    body = water.get(page).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;<br>" in body and "<script>x" not in body
    assert housing.post(f"{page}comments/", {"text": "插话"}).status_code == 404
    assert Comment.objects.count() == 1

    head = sign_in("office.head", "office", "王主任")
    seen = text_of(head, page)
    assert "139****1111" in seen and "13900001111" not in seen and "said-change" not in seen


def test_a_refused_comment_comes_back_with_its_words(sign_in: SignIn, orders: list[str]) -> None:
    water = sign_in("hotline.unit", "water")

    answer = water.post(f"/duties/{orders[0]}/comments/", {"text": "@无此人 请看"})

    assert answer.status_code == 422
    said = unescape(answer.content.decode())
    assert "不是能查看这件事项的人" in said and ">@无此人 请看</textarea>" in said


def test_a_comment_is_changed_and_deleted_by_its_author(sign_in: SignIn, orders: list[str]) -> None:
    water = sign_in("hotline.unit", "water")
    page = f"/duties/{orders[0]}/"
    water.post(f"{page}comments/", {"text": "写错了"})
    key = Comment.objects.get().key

    water.post(f"{page}comments/{key}/", {"text": "改对了"})
    assert "改对了" in text_of(water, page) and "已修改" in text_of(water, page)
    assert water.post(f"/duties/{orders[1]}/comments/{key}/", {"text": "x"}).status_code == 404
    water.post(f"{page}comments/{key}/", {"delete": "1"})
    assert not Comment.objects.exists()


def test_a_comment_needs_the_form_of_its_page(
    sign_in: SignIn, orders: list[str], city: dict[str, Unit]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in("hotline.unit", "water").cookies

    assert strict.post(f"/duties/{orders[0]}/comments/", {"text": "x"}).status_code == 403
    assert not Comment.objects.exists()


def test_chosen_rows_stand_side_by_side_with_differences_in_words(
    sign_in: SignIn, orders: list[str], order_kind: Kind, robot: Actor
) -> None:
    water = sign_in("hotline.unit", "water")
    now = timezone.now()
    perform(
        kind=order_kind,
        fact=f.Replied(at=now, reply="已调高"),
        actor=robot,
        now=now,
        src="test",
        duty=_duty(orders[1]),
    )

    sent = water.post("/duties/compare/", {"row": [f"{key}:1" for key in orders[:2]]})
    page = text_of(water, sent["Location"])

    assert page.index("路灯不亮") < page.index("水压太低")
    rows = dict(
        re.findall(r'<tr( class="differs")?><th scope="row">(?:<[^>]*>[^<]*</span>)?([^<]+)</th>', page)
    )
    marked = {
        title
        for differs, title in re.findall(
            r'<tr( class="differs")?><th scope="row">(?:<span[^>]*>[^<]*</span>)?([^<]+)</th>', page
        )
        if differs
    }
    assert {"状态", "答复", "记录数"} <= marked and "责任单位" not in marked
    assert rows and page.count("不同：") == len(marked)


@pytest.mark.parametrize("how_many", [1, 3])
def test_too_few_or_unseen_duties_are_not_compared(sign_in: SignIn, orders: list[str], how_many: int) -> None:
    water = sign_in("hotline.unit", "water")
    asked = "&".join(f"with={key}" for key in orders[:how_many])

    assert water.get(f"/duties/compare/?{asked}").status_code == (404 if how_many == 3 else 400)
    assert water.post("/duties/compare/", {"row": orders[:1]})["Location"].startswith("/duties/?")


def test_a_figure_is_compared_by_unit_and_by_period(sign_in: SignIn, orders: list[str]) -> None:
    head = sign_in("office.head", "office")

    sent = head.get("/figures/hotline.received/compare/", {"unit_name": ["水利局", "住建局"]})
    page = text_of(head, sent["Location"])

    cells = re.findall(r'<a href="(/duties/\?[^"]+from=hotline.received)">(\d+)</a>', page)
    assert [number for _address, number in cells[:2]] == ["2", "1"]
    for address, number in cells:
        assert f"共 {number} 件" in text_of(head, address)
    both = text_of(
        head,
        "/figures/hotline.received/compare/?since=2026-01-01&until=2026-01-31&since=2025-01-01&until=2025-01-31",
    )
    assert "2026年1月1日 至 2026年1月31日" in both
    assert head.get("/figures/hotline.received/compare/?since=x&until=").status_code == 400
    assert head.get("/figures/hotline.received/compare/?unit=nowhere").status_code == 400
    assert "还没有可以对比的两方" in text_of(head, "/figures/hotline.received/compare/")


def test_the_rules_behind_a_page_say_number_article_edition_and_status(
    sign_in: SignIn, orders: list[str], order_kind: Kind
) -> None:
    water = sign_in("hotline.unit", "water")
    for address in (
        f"/duties/{orders[0]}/",
        f"/duties/{orders[0]}/act/Replied/",
        "/figures/hotline.received/",
    ):
        page = text_of(water, address)
        assert 'class="help-rules"' in page, address
        assert 'href="/rules/#hotline.answer"' in page and "诉求办理答复时限" in page
        assert "本市设定" in page and re.search(r"自\d{4}年\d{1,2}月\d{1,2}日起施行", page)
    rules = text_of(water, "/rules/")
    assert all(f'id="{key}"' in rules for key in order_kind.rules)


def test_words_are_explained_on_one_page(sign_in: SignIn, orders: list[str]) -> None:
    water = sign_in("hotline.unit", "water")
    page = text_of(water, f"/duties/{orders[0]}/")
    (word,) = set(re.findall(r'<a class="term" href="(/glossary/#ledger)"', page))

    assert word and 'id="ledger"' in text_of(water, "/glossary/")


def _duty(stream: str) -> object:
    from qianshao.core.duties.models import Duty

    return Duty.objects.get(stream=stream)
