"""The pages of matters: groups with their heat and lists, decisions of a clerk, a problem opened from groups."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from cast import NOW, SignIn

from qianshao.core.duties.models import Duty
from qianshao.core.jobs import runner
from qianshao.core.jobs.models import Job
from qianshao.modules.hotline import gathering
from qianshao.modules.hotline.matters.heat import heat as heat_of
from qianshao.modules.hotline.models import Grouped, Member
from qianshao.site.hotline import matter_job, matters

from .conftest import Opens

pytestmark = pytest.mark.django_db
LAMP = {
    "title": "桐花路幼儿园门口路灯不亮",
    "body": "桐花路幼儿园门口的路灯坏了，晚上看不见",
    "topic": "路灯",
}
NOISE = {"title": "海棠小区楼下烧烤店夜间噪音扰民", "body": "海棠小区楼下烧烤店营业到凌晨", "topic": "噪声"}


def two_matters(opens: Opens) -> tuple[list[Duty], list[Duty]]:
    lamps = [opens(f"2026-02-2{day} 09:00", **LAMP) for day in range(2)]
    lamps.append(opens("2026-02-24 09:00", **{**LAMP, "body": "路灯坏了好多天，孩子放学看不清路"}))
    noise = [opens(f"2026-02-2{day} 10:00", **NOISE) for day in range(2)]
    gathering.refresh(NOW)
    return lamps, noise


def test_groups_stand_with_places_words_heat_and_a_list_of_exactly_their_orders(
    sign_in: SignIn, opens: Opens
) -> None:
    lamps, _noise = two_matters(opens)
    client = sign_in("hotline.agent")
    page = client.get("/hotline/matters/").content.decode()
    body = page.split('<section class="paper" id="matters">')[1]

    assert body.index("路灯不亮") < body.index(
        "噪音扰民"
    )  # three texts of late are hotter than one said twice
    assert "桐花路" in body
    assert "2^(−距今天数÷14) × (1 + ln 份数)" in page
    link = re.search(r'href="(/duties/\?[^"]*stream__in[^"]*)">3<', body)
    assert link is not None
    listed = client.get(unquote(link[1]).replace("&amp;", "&")).content.decode()
    assert all(duty.number in listed for duty in lamps)
    assert set(re.findall(r"/duties/([0-9a-z]{26})/\"", listed)) == {duty.stream for duty in lamps}


def test_heat_from_rows_is_the_heat_of_the_library(sign_in: SignIn, opens: Opens) -> None:
    lamps, _noise = two_matters(opens)
    said = list(gathering.read([(duty.stream, duty.opened_at) for duty in lamps]))
    rows = [matters.Row(row.stream, row.text, row.at) for row in Member.objects.filter(group=lamps[0].stream)]

    assert matters.heat(rows, NOW) == pytest.approx(heat_of(said, NOW).value)


def test_who_may_not_read_the_texts_is_shown_none_of_it(sign_in: SignIn, opens: Opens) -> None:
    lamps, _noise = two_matters(opens)
    for role in ("supervision.head", "openness.clerk"):
        client = sign_in(role)
        assert client.get("/hotline/matters/").status_code == 403
        assert client.get(f"/hotline/matters/{lamps[0].stream}/").status_code == 403


def test_a_unit_sees_groups_of_its_own_orders_and_decides_nothing(sign_in: SignIn, opens: Opens) -> None:
    mine = [opens(f"2026-02-2{day} 09:00", unit="housing", **LAMP) for day in range(2)]
    opens("2026-02-23 09:00", unit="water", **LAMP)
    gathering.refresh(NOW)
    client = sign_in("hotline.unit", "housing")
    page = client.get(f"/hotline/matters/{mine[0].stream}/").content.decode()

    assert "2 件工单" in page
    assert "确认是同一诉求" not in page
    assert client.post(f"/hotline/matters/{mine[0].stream}/", {"do": "confirm"}).status_code == 403


def test_a_clerk_confirms_splits_and_merges(sign_in: SignIn, opens: Opens) -> None:
    lamps, noise = two_matters(opens)
    client = sign_in("hotline.agent")
    here = f"/hotline/matters/{lamps[0].stream}/"
    assert client.post(here, {"do": "confirm"}).status_code == 302
    assert "已确认" in client.get(here).content.decode()

    assert client.post(here, {"do": "split", "order": [lamps[2].stream]}).status_code == 302
    assert Member.objects.get(stream=lamps[2].stream).group == lamps[2].stream
    assert client.post(here, {"do": "merge", "other": noise[0].number}).status_code == 302
    assert (
        len(set(Member.objects.filter(stream__in=[lamps[0].stream, noise[1].stream]).values_list("group")))
        == 1
    )
    gathering.refresh(NOW)
    assert Member.objects.get(stream=lamps[2].stream).group == lamps[2].stream
    assert Duty.objects.filter(kind="hotline.sameness").count() == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"do": "split"}, "请勾选要拆出的工单"),
        ({"do": "merge", "other": "没有"}, "没有编号为“没有”的"),
        ({"do": "explode"}, "请选择确认、拆分或者合并"),
    ],
)
def test_what_decides_nothing_is_answered_with_a_sentence(
    sign_in: SignIn, opens: Opens, sent: dict[str, str], said: str
) -> None:
    lamps, _noise = two_matters(opens)
    answer = sign_in("hotline.agent").post(f"/hotline/matters/{lamps[0].stream}/", sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_form_of_a_problem_is_filled_from_groups_without_their_words(
    sign_in: SignIn, opens: Opens
) -> None:
    lamps, noise = two_matters(opens)
    client = sign_in("hotline.agent")
    page = client.get(f"/hotline/problems/new/?group={lamps[0].stream}&group={noise[0].stream}")
    text = page.content.decode()

    assert page.status_code == 200
    assert all(duty.number in text for duty in (*lamps, *noise))
    assert "2026-02 5" in text
    assert "幼儿园" not in text


def test_groups_are_made_anew_by_a_job_each_night_and_on_request(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-20 09:00", **LAMP)
    assert sign_in("hotline.agent").post("/hotline/matters/again/").status_code == 302
    assert runner.work_once(lambda: NOW) == 1
    assert Grouped.objects.get().orders == 1
    matter_job.plan(NOW)
    matter_job.plan(NOW)

    assert Job.objects.filter(kind="hotline-matters").count() == 2
    assert sign_in("hotline.unit", "housing").post("/hotline/matters/again/").status_code == 403
