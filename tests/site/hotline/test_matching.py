"""While an agent types: orders of the same matter by shared places and words, in milliseconds, from the groups of the last run."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from cast import NOW, SignIn, clerk

from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.modules.hotline import gathering
from qianshao.site.hotline import matching
from qianshao.site.hotline.suggesting import Draft, Similar, hints

from .conftest import Opens

pytestmark = [pytest.mark.django_db]
AGENT = clerk("hotline.read", "hotline.text", "hotline.receive")
DRAFT = Draft(
    title="榕荫花园楼下烧烤摊油烟呛人", body="住在榕荫花园，烧烤摊的油烟一直飘上来", phone="13812345678"
)
SMOKE = (
    ("榕荫花园楼下烧烤摊油烟扰民", "榕荫花园二栋楼下的烧烤摊每晚营业到两点，油烟直往家里灌。"),
    ("榕荫花园烧烤摊深夜油烟太大", "我住榕荫花园，楼下烧烤摊的油烟熏得窗户不能开，请管一管。"),
)
OTHERS = (
    ("石笋小学门口没有斑马线", "石笋小学放学时车很多，孩子过马路危险，请画斑马线。"),
    ("清源新村自来水发黄", "清源新村三天来自来水发黄有铁锈味，打水厂电话没人接。"),
    ("建议31路公交车增加班次", "31路公交车早高峰要等四十分钟，上班族很不方便。"),
)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No thread reads the test's database beside the test, and no index outlives it."""
    monkeypatch.setattr(matching, "_make_soon", lambda: None)
    matching.forget()
    yield
    matching.forget()


def take_in(opens: Opens, *letters: tuple[str, str], **fields: object) -> list[Duty]:
    return [opens("2026-02-26 09:00", title=title, body=body, **fields) for title, body in letters]


def grouped() -> None:
    gathering.refresh(NOW)
    matching.prepare()


def asked(draft: Draft = DRAFT) -> list[Similar]:
    return list(hints(draft, AGENT, NOW).similar)


def test_orders_of_the_matter_come_with_shared_places_words_and_the_size_of_their_group(opens: Opens) -> None:
    smoke = take_in(opens, *SMOKE, phone="13812345678")
    take_in(opens, *OTHERS)
    grouped()

    found = asked()

    assert {one.duty.pk for one in found} == {duty.pk for duty in smoke}
    reasons = "；".join(found[0].because)
    for said in ("来电号码相同", "地点都有“榕荫花园”", "“油烟”", "同一诉求已有 2 件"):
        assert said in reasons
    assert hints(DRAFT, AGENT, NOW).similar_by == ""


def test_an_order_that_came_after_the_run_is_placed_and_found_at_once(opens: Opens) -> None:
    take_in(opens, SMOKE[0], *OTHERS)
    grouped()
    (late,) = take_in(opens, SMOKE[1])

    found = asked()

    assert late.pk in {one.duty.pk for one in found}
    assert any("同一诉求已有 2 件" in reason for one in found for reason in one.because)


def test_before_the_first_run_and_while_the_index_is_made_the_page_says_what_answers(
    opens: Opens, sign_in: SignIn
) -> None:
    (order,) = take_in(opens, SMOKE[0])
    typed = {"title": DRAFT.title, "body": DRAFT.body}
    client = sign_in("hotline.agent")

    before = client.post("/hotline/desk/hints/", typed).content.decode()
    gathering.refresh(NOW)
    during = client.post("/hotline/desk/hints/", typed).content.decode()
    matching.prepare()
    after = client.post("/hotline/desk/hints/", typed).content.decode()

    assert "还没有归并过同一诉求" in before and "正在准备" in during
    assert "只按共同的文字片段" not in after
    assert all(order.number in page for page in (before, during, after))


def test_a_merged_order_is_not_offered_and_words_are_for_those_who_may_read_them(opens: Opens) -> None:
    smoke = take_in(opens, *SMOKE)
    grouped()
    Duty.objects.filter(pk=smoke[0].pk).update(phase="merged")
    (one,) = matching.similar(DRAFT, clerk("hotline.read", "hotline.receive"), NOW)

    assert one.duty.pk == smoke[1].pk
    assert not any("榕荫花园" in reason for reason in one.because)
    assert "榕荫花园" not in one.title
    assert not matching.similar(DRAFT, clerk("hotline.read", "hotline.text", path="/water/"), NOW)


def test_a_hint_costs_milliseconds(opens: Opens) -> None:
    take_in(opens, *[(f"{title}{n}", body) for n in range(40) for title, body in (*SMOKE, *OTHERS)])
    grouped()
    matching.similar(DRAFT, AGENT, NOW)

    began = time.process_time()
    for _time in range(10):
        matching.similar(DRAFT, AGENT, NOW)

    assert (time.process_time() - began) / 10 < 0.1


def test_the_thread_beside_the_requests_makes_the_index_and_a_failing_one_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(matching, "prepare", lambda: 1 / 0)

    matching._make_soon()
    assert matching._maker is not None
    matching._maker.join()

    assert "cannot be made" in caplog.text


def test_an_empty_city_has_an_index_of_nothing(city: dict[str, Unit]) -> None:
    grouped()

    assert asked() == []
