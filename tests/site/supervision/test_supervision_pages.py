"""The pages over supervision, budgets and appraisal: every number opens its list, and nobody sees more than theirs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from cast import NOW, SignIn, moment
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import outbox, registry
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims import facts as c
from qianshao.modules.appraisal.rounds import facts as f
from qianshao.modules.supervision.items import facts as i
from qianshao.site.supervision import views

pytestmark = pytest.mark.django_db
METER = "burden.inspections-received"


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.SESSION_IDLE = settings.SESSION_LONGEST = timedelta(days=40)
    settings.SESSION_COOKIE_AGE = 40 * 86_400  # a round is run over days, by people who stay signed in here


def tell(kind: str, fact: Fact, robot: Actor, duty: Duty | None = None) -> Duty:
    receipt = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=robot, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)


def finding(number: int, **more: object) -> dict[str, object]:
    """What a phone sends of a visit."""
    paper = SimpleUploadedFile("现场.txt", "到场核对".encode(), "text/plain")
    token = str(UUID(int=number, version=4))
    said = {"result": "confirmed", "found": "属实", "seen": "on", "_token": token, "_evidence": paper}
    return {**said, "waited": 0, **more}


@pytest.fixture
def items(city: dict[str, Unit], robot: Actor) -> dict[str, Duty]:
    """Two items of the housing bureau, one overdue with its slips, and one of the county."""
    made = {}
    for name, unit, due in (
        ("late", "housing", date(2026, 2, 20)),
        ("open", "housing", date(2026, 6, 30)),
        ("county", "county-1", date(2026, 6, 30)),
    ):
        fact = i.Assigned(at=moment("2026-01-05"), title=f"任务{name}", unit=unit, origin="report", due=due)
        made[name] = tell("supervision.item", fact, robot)
    while wake(NOW, limit=10):
        pass
    return made


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number on a page that opens a list of duties."""
    return [
        (link.replace("&amp;", "&"), int(value))
        for link, value in re.findall(r'href="(/duties/\?[^"]+)">(?:<strong>)?(\d+)', page)
    ]


def test_every_number_of_the_matrix_is_the_length_of_its_list(
    items: dict[str, Duty], sign_in: SignIn
) -> None:
    client = sign_in("supervision.head", "city")

    page = client.get("/supervision/").content.decode()

    found = numbers(page)
    assert len(found) > 12
    for link, value in found:
        listed = client.get(link).content.decode()
        shown = len(set(re.findall(r'href="/duties/([0-9a-z]{26})/"', listed)))
        assert shown == value, link


def test_a_unit_sees_its_own_row_only(items: dict[str, Duty], sign_in: SignIn) -> None:
    page = sign_in("supervision.unit", "county-1").get("/supervision/").content.decode()

    assert "刺东县" in page and "住建局" not in page


@pytest.mark.parametrize("path", ["/supervision/", "/burden/", "/appraisal/", f"/burden/{METER}/housing/"])
def test_who_may_not_read_is_told_so(city: dict[str, Unit], sign_in: SignIn, path: str) -> None:
    assert sign_in("learning.clerk", "office").get(path).status_code == 403


def test_a_slip_comes_as_a_document_to_those_who_may_see_it(items: dict[str, Duty], sign_in: SignIn) -> None:
    slip = Duty.objects.get(kind="supervision.slip")

    client = sign_in("supervision.unit", "housing")
    link = f"/supervision/slips/{slip.stream}/"
    assert f'href="{link}"' in client.get(f"/duties/{slip.stream}/").content.decode()

    answer = client.get(link)

    text = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    assert slip.number in text and "市住房和城乡建设局：" in text
    other = sign_in("supervision.unit", "water").get(f"/supervision/slips/{slip.stream}/")
    assert other.status_code in (403, 404)


def test_a_limit_is_set_and_explained_on_its_page_and_shown_in_the_table(
    city: dict[str, Unit], sign_in: SignIn
) -> None:
    client = sign_in("burden.keeper", "city")
    page = f"/burden/{METER}/county-1/"

    wrong = client.post(page, {"amount": "many"})
    assert wrong.status_code == 422 and "额度须为 0 到 999999 的整数" in wrong.content.decode()
    assert client.post(page, {"amount": "4"}).status_code == 302
    assert client.post(page, {"reason": "首年启用，没有上年数"}).status_code == 302

    stands = meters.stands(METER, city["county-1"], NOW)
    assert (stands.limit, stands.explained) == (4, True)
    assert f'href="{page}">0</a>' in client.get("/burden/").content.decode()
    unit = sign_in("burden.unit", "county-1")
    refused = unit.post(page, {"amount": "99"})
    assert refused.status_code == 422 and "没有核定额度的权限" in refused.content.decode()
    assert unit.get(f"/burden/{METER}/housing/").status_code == 403


def test_a_finding_that_cannot_be_taken_says_why_in_a_sentence(
    items: dict[str, Duty], robot: Actor, sign_in: SignIn
) -> None:
    inspector, unit = sign_in("appraisal.inspector", "office"), sign_in("appraisal.unit", "housing")
    fact = c.Due(
        at=NOW, round="2026-1", title="任务", item="1", stream="x", stratum="ordinary", unit="housing"
    )
    link = f"/visits/{tell('appraisal.claim', fact, robot).stream}/"

    def reason(client: Client, **more: object) -> tuple[int, str]:
        answer = client.post(link, finding(1, **more))
        return answer.status_code, answer.json()["reason"]

    assert reason(unit) == (403, "没有核查的权限，只有效能督查员有抽查任务")
    assert reason(inspector) == (422, "单位没有申报完成，不用核查")
    assert reason(inspector, found="") == (422, "现场情况：这个字段是必填项。")
    assert reason(inspector, _evidence="") == (422, "佐证：“登记核查结果”须附佐证。")
    assert reason(inspector, waited="-1") == (422, "这条结果在手机上保存得太久，请重新填写。")
    assert reason(inspector, waited=86_400 * 32) == (422, "这条结果在手机上保存得太久，请重新填写。")
    program = SimpleUploadedFile("查.exe", b"MZ" * 40, "application/octet-stream")
    assert reason(inspector, _evidence=program)[0] == 422
    item = items["open"].stream
    assert inspector.post(f"/visits/{item}/", finding(2)).status_code == 404


def test_the_worker_of_the_visits_rules_only_over_them(sign_in: SignIn) -> None:
    answer = sign_in("appraisal.inspector", "office").get("/visits/worker.js")

    assert answer["Content-Type"].startswith("text/javascript") and b"caches" in answer.content
    assert "Service-Worker-Allowed" not in answer


def test_a_round_is_run_from_its_page_and_its_points_open_their_entries(
    items: dict[str, Duty],
    city: dict[str, Unit],
    robot: Actor,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper, head = sign_in("appraisal.keeper", "city"), sign_in("appraisal.head", "city")
    inspector = sign_in("appraisal.inspector", "office")
    for unit in ("housing", "county-1"):
        meters.set_limit(METER, city[unit], "2026", 2, actor=robot, now=NOW)
        meters.explain(METER, city[unit], "首年启用，没有上年数", actor=robot, now=NOW)
    meters.set_limit("burden.inspections-made", city["office"], "2026", 2, actor=robot, now=NOW)
    meters.explain("burden.inspections-made", city["office"], "首年启用，没有上年数", actor=robot, now=NOW)
    fact = f.Opened(
        at=NOW, title="2026年第一轮", name="2026-1", unit="office", since=date(2026, 1, 1), until=date(2026, 6, 30),
        declare_by=date(2026, 3, 5), visit_by=date(2026, 3, 20), share=50, risk_share=100,
    )  # fmt: skip
    tell("appraisal.round", fact, robot)
    outbox.deliver(NOW)
    for claim in Duty.objects.filter(kind="appraisal.claim"):
        tell("appraisal.claim", c.Declared(at=NOW, summary="完成"), robot, claim)
    early = keeper.post("/appraisal/2026-1/seal/", follow=True).content.decode()
    assert "申报截止日（2026年3月5日）还没有过" in early

    monkeypatch.setattr(timezone, "now", lambda: moment("2026-03-06 09:00"))
    assert head.post("/appraisal/2026-1/seal/").status_code == 403
    keeper.post("/appraisal/2026-1/seal/")
    keeper.post("/appraisal/2026-1/draw/")
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-03-20 09:00"))
    assert "今日抽查 3 件" in inspector.get("/appraisal/2026-1/").content.decode()
    page = inspector.get("/visits/").content.decode()
    visits = re.findall(r'data-send="(/visits/[0-9a-z]{26}/)"', page)
    assert (
        len(visits) == 3
    )  # the overdue item is a stratum of its own, and of each stratum at least one is drawn
    assert "今日抽查" not in keeper.get("/appraisal/2026-1/").content.decode()
    assert keeper.get("/visits/").status_code == 403
    for number, link in enumerate(visits):
        answer = inspector.post(link, finding(number, waited=7200))
        assert answer.json() == {"entry": 3, "at": "2026年3月20日 09:00"}
        assert (
            inspector.post(link, finding(number, waited=9000)).json()["entry"] == 3
        )  # sent twice, recorded once
        (read,) = load([link.split("/")[2]], lock=False)
        assert len(read.bodies) == 3 and read.bodies[2].at == "2026-03-20T07:00:00+08:00"
        assert len(read.bodies[2].files) == 1
    keeper.post("/appraisal/2026-1/reveal/")
    keeper.post("/appraisal/2026-1/rate/")
    early = head.post("/appraisal/2026-1/publish/", {"place": "门户网站"}, follow=True).content.decode()
    assert "申诉期限（至2026年3月27日）未满" in early
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-03-23 09:00"))
    assert "重新计算评分" in keeper.get("/appraisal/2026-1/").content.decode()
    rating = Duty.objects.get(kind="appraisal.rating", unit__code="county-1")
    unit = sign_in("appraisal.unit", "county-1")
    form = {"at": "2026-03-23T08:30:00", "_token": str(uuid4()), "_expected": 1}
    said = {"grounds": "应完成的事项多算了一件"}
    assert unit.post(f"/duties/{rating.stream}/act/Appealed/", {**form, **said}).status_code == 302
    assert ">待处理</a>" in keeper.get("/appraisal/2026-1/").content.decode()
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-03-30 09:00"))
    form = {"at": "2026-03-30T08:30:00", "_token": str(uuid4()), "_expected": 2}
    said = {"result": "lowered", "hundredths": "125", "reason": "另有一件未完成"}
    assert head.post(f"/duties/{rating.stream}/act/AppealDecided/", {**form, **said}).status_code == 302
    head.post("/appraisal/2026-1/publish/", {"place": "门户网站"})

    shown = keeper.get("/appraisal/2026-1/").content.decode()
    assert Duty.objects.get(kind=running.ROUND).phase == "published"
    assert "全市申报属实率估计为" in shown
    assert (
        f'href="/duties/{rating.stream}/#entry-3">-1.25</a>' in shown
    )  # what changed the score opens its entry
    assert 'id="entry-3"' in keeper.get(f"/duties/{rating.stream}/").content.decode()
    for link, value in numbers(shown):
        listed = keeper.get(link).content.decode()
        assert len(set(re.findall(r'href="/duties/([0-9a-z]{26})/"', listed))) == value
    points = head.get("/appraisal/points/housing/").content.decode()
    assert re.search(r'href="/duties/[0-9a-z]{26}/#facts">督办单 督〔2026〕', points) is not None
    budgets = sign_in("burden.unit", "county-1").get("/burden/")
    assert budgets.status_code == 200  # a spot check draws on the budget and is no inspection to be merged


def test_a_budget_shows_its_latest_draws_and_the_way_to_the_earlier_ones(
    sign_in: SignIn, items: dict[str, Duty], city: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_DRAWS", 2)
    stream = items["late"].stream
    for number in range(1, 6):
        Drawn.objects.create(
            eid=number,
            meter=METER,
            unit=city["housing"],
            number=number,
            amount=1,
            at=NOW,
            stream=stream,
            reverses=0,
        )
    keeper = sign_in("burden.keeper")
    page = f"/burden/{METER}/housing/"

    seen, path = [], page
    while path:
        words = keeper.get(path).content.decode()
        seen.append(words.count(f"/duties/{stream}/"))
        link = re.search(r'href="(\?before=\d+)', words)
        path = f"{page}{link.group(1)}" if link else ""

    assert seen == [2, 2, 1]
