"""The cockpit: every number is the length of its list, now and on a past day; who is silent; what follows."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from cast import NOW, SignIn, clerk, moment, put_down
from django.test import RequestFactory
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger.models import Reveal
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures
from qianshao.modules.hotline import facts as f
from qianshao.site.cockpit import asking, drawings, progress, standing

from .conftest import Tell, document, order

pytestmark = pytest.mark.django_db
READS = ("hotline.read", "openness.read")


def asked(actor: Actor, query: str = "kind=hotline.order") -> asking.Asked:
    request = RequestFactory().get(f"/?{query}")
    request.actor, request.now = actor, NOW  # type: ignore[attr-defined]
    return asking.read(request)  # type: ignore[arg-type]


def count(number: asking.Number, actor: Actor) -> int:
    """What the list behind a number holds, through its address."""
    query = number.url.partition("?")[2]
    return figures.count(Selection.from_query(query, figures.VOCABULARY), actor, NOW)


@pytest.fixture
def year(tell: Tell) -> None:
    """Late and not, of two kinds, in three units and in none; some returned."""
    returned = f.Returned(at=moment("2026-01-13"), reason="not_ours", note="非本局职责")
    upheld = f.ReturnJudged(at=moment("2026-01-14"), result="upheld", note="同意")
    sent = f.Dispatched(at=moment("2026-01-15"), unit="water")
    tell("hotline.order", order("2026-01-12"), returned, upheld, sent)
    tell("hotline.order", order("2026-01-12", unit=""))
    tell("hotline.order", order("2026-02-27"))
    tell("hotline.order", order("2026-02-28", unit="town-1"))
    tell("hotline.order", order("2025-12-01", unit="town-1"))
    tell("hotline.order", order("2026-01-05"), f.Replied(at=moment("2026-01-06"), reply="修好了"))
    tell("openness.document", document("2025-11-20", "应当公开的", unit="housing"))


@pytest.mark.parametrize("as_of", ["", "2026-01-20", "2025-12-31"])
def test_every_number_of_the_matrix_and_the_calendar_is_its_list(year: None, as_of: str) -> None:
    actor = clerk(*READS)
    question = asked(actor, f"kind=hotline.order&as_of={as_of}")

    matrix = standing.matrix(question)
    days = drawings.days(question)
    numbers = [number for row in matrix.rows for number in (*row.numbers, row.all)]
    numbers += [item.late for item in matrix.by_kind]
    numbers += [day.due for week in days.weeks for day in week] + [days.before, days.after, days.never]

    assert any(number.value for number in numbers)
    assert [(n.url, n.value) for n in numbers if n.value != count(n, actor)] == []
    open_then = figures.count(question.of("hotline.order", asking.OPEN), actor, NOW)
    assert (
        sum(d.due.value for week in days.weeks for d in week)
        + sum(n.value for n in (days.before, days.after, days.never))
        == open_then
    )


def test_the_matrix_names_kinds_units_and_what_is_nobodys(year: None) -> None:
    matrix = standing.matrix(asked(clerk(*READS)))

    found = {
        row.unit.code if row.unit else "": {
            kind.key: number.value for kind, number in zip(matrix.kinds, row.numbers, strict=True)
        }
        for row in matrix.rows
    }
    assert found == {
        "housing": {"hotline.order": 0, "openness.document": 1},
        "water": {"hotline.order": 1, "openness.document": 0},
        "town-1": {"hotline.order": 1, "openness.document": 0},
        "": {"hotline.order": 1, "openness.document": 0},
    }


def test_a_unit_sees_in_the_matrix_only_its_own(year: None) -> None:
    rows = standing.matrix(asked(clerk(*READS, path="/housing/"))).rows

    assert [row.unit.code for row in rows if row.unit] == ["housing"]
    assert len(rows) == 1


def test_days_in_the_past_are_overdue_and_today_is_not(tell: Tell) -> None:
    duty = tell("hotline.order", order("2026-02-27"))
    assert duty.due_at is not None
    last = (duty.due_at - timedelta(seconds=1)).date()

    shown = [day for week in drawings.days(asked(clerk(*READS))).weeks for day in week if day.due.value]

    assert [(day.on, day.due.value, day.past) for day in shown] == [(last, 1, False)]
    assert all(
        day.on < NOW.date() for week in drawings.days(asked(clerk(*READS))).weeks for day in week if day.past
    )


def test_the_flow_tells_who_returned_what_and_who_has_it_now(year: None) -> None:
    actor = clerk(*READS)

    flows = drawings.returns(asked(actor))

    assert [(flow.origin, flow.goal, flow.orders.value) for flow in flows] == [
        ("by:housing", "for:not_ours", 1),
        ("for:not_ours", "now:water", 1),
    ]
    assert [count(flow.orders, actor) for flow in flows] == [1, 1]


def test_a_district_holds_its_towns_and_opens_them(year: None, city: dict[str, Unit]) -> None:
    actor = clerk(*READS)

    (county,) = standing.districts(asked(actor), [city["county-1"]])

    assert (county.late.value, county.open.value) == (1, 2)
    assert (count(county.late, actor), count(county.open, actor)) == (1, 2)
    assert standing.districts(asked(clerk(*READS, path="/housing/")), [city["county-1"]]) == []


def test_a_unit_is_silent_when_it_moved_nothing_it_had(tell: Tell, settings: Settings) -> None:
    settings.SILENT_DAYS = 7
    old, fresh = "2026-02-02", "2026-02-27"
    tell("hotline.order", order(old, unit="water"))  # nothing since
    tell("hotline.order", order(fresh, unit="water"))  # what came in is no act of the unit
    tell("hotline.order", order(old, unit="housing"))
    tell(
        "hotline.order",
        order(old, unit="housing"),
        f.Contacted(at=moment("2026-02-26"), way="phone", note=""),
    )  # moved one of two
    tell("hotline.order", order(fresh, unit="county-1"))  # had nothing before
    tell("hotline.order", order(old, unit="town-1"))
    tell(
        "hotline.order",
        order(old, unit="town-1"),
        f.Withdrawn(at=moment("2026-02-26"), reason="自行解决"),
    )  # closed one
    actor = clerk(*READS)

    (silent,) = standing.silent(asked(actor))

    assert (silent.unit.code, silent.waiting.value, count(silent.waiting, actor)) == ("water", 1, 1)
    settings.SILENT_DAYS = 2
    assert {item.unit.code for item in standing.silent(asked(actor))} == {
        "water",
        "housing",
        "town-1",
        "county-1",
    }


def test_silence_is_asked_about_a_past_day_too(tell: Tell) -> None:
    tell(
        "hotline.order",
        order("2026-01-05", unit="water"),
        f.Contacted(at=moment("2026-02-27"), way="phone", note=""),
    )
    actor = clerk(*READS)

    assert standing.silent(asked(actor)) == []
    (then,) = standing.silent(asked(actor, "kind=hotline.order&as_of=2026-02-10"))
    assert (then.unit.code, count(then.waiting, actor)) == ("water", 1)


def test_what_usually_follows_is_learnt_and_only_what_one_may_do_is_offered(
    tell: Tell, sign_in: SignIn
) -> None:
    signed, replied = (
        f.Contacted(at=moment("2026-02-03"), way="phone", note=""),
        f.Replied(at=moment("2026-02-04"), reply="修好了"),
    )
    for _n in range(3):
        tell("hotline.order", order("2026-02-02"), signed, replied)
    tell("hotline.order", order("2026-02-02", title="还在办的灯"), signed)
    progress.usual.cache_clear()

    page = sign_in("hotline.unit", "housing").get("/").content.decode()

    assert "还在办的灯" in page and "/act/Replied/" in page
    assert page.count("/act/") == 1
    assert "/act/Replied/" not in sign_in("hotline.agent").get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "unit", "view"),
    [
        ("mayor", "city", "一分钟"),
        ("auditor", "city", "一分钟"),
        ("office.head", "city", "今天"),
        ("hotline.unit", "housing", "我的事项"),
        ("supervision.clerk", "city", "我的事项"),
    ],
)
def test_each_role_opens_on_its_own_view(
    sign_in: SignIn, tell: Tell, role: str, unit: str, view: str
) -> None:
    page = sign_in(role, unit).get("/").content.decode()

    assert re.search(rf'aria-current="page">{view}</a>', page)
    assert ("我的事项" in page) == (role not in ("mayor", "auditor"))


def test_the_minute_says_what_was_last_done(sign_in: SignIn, tell: Tell) -> None:
    tell("hotline.order", order("2026-01-12"), f.Contacted(at=moment("2026-01-13"), way="phone", note=""))

    page = sign_in("mayor").get("/?kind=hotline.order").content.decode()

    assert "2026年1月13日已联系诉求人" in page
    then = sign_in("auditor").get("/?kind=hotline.order&as_of=2026-01-12").content.decode()
    assert "2026年1月13日已联系诉求人" not in then


def test_the_drawings_are_a_piece_for_the_page_and_a_page_by_themselves(sign_in: SignIn, year: None) -> None:
    head = sign_in("office.head")

    whole = head.get("/cockpit/charts/?kind=hotline.order").content.decode()
    piece = head.get("/cockpit/charts/?kind=hotline.order", headers={"HX-Request": "true"}).content.decode()

    assert "<h1>" in whole and "<html" in whole
    assert "<h1>" not in piece and "days-table" in piece
    for link, said in re.findall(r'<a href="(/duties/\?[^"]+)"(?: class="not-done")?>(\d+)</a>', piece):
        assert f"共 {said} 件" in head.get(html.unescape(link)).content.decode(), link


def test_a_table_leaves_as_excel_and_it_is_kept_who_took_it(sign_in: SignIn, year: None) -> None:
    head = sign_in("office.head")

    def taken(name: str, form: str) -> bytes:
        answer = head.get(f"/cockpit/tables/{name}/?kind=hotline.order&format={form}")
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        put_down(answer)
        return content

    sheet = openpyxl.load_workbook(io.BytesIO(taken("matrix", "xlsx"))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["单位", "诉求工单", "主动公开", "合计"]
    assert ["市住房和城乡建设局", 0, 1, 1] in rows
    (kept,) = Reveal.objects.all()
    assert kept.reason == "export xlsx cockpit matrix hotline.order"
    for name in ("calendar", "returns", "districts", "silent"):
        assert len(taken(name, "utf-8-sig").decode("utf-8-sig").splitlines()) > 1
    assert head.get("/cockpit/tables/nothing/").status_code == 404
    assert head.get("/cockpit/tables/matrix/?format=exe").status_code == 400


def test_the_wall_is_for_those_who_see_the_city_and_shows_nobodys_words(sign_in: SignIn, tell: Tell) -> None:
    duty = tell("hotline.order", order("2026-01-12", title="王五家门口的路灯", caller="王五"))

    page = sign_in("office.head").get("/wall/?kind=hotline.order").content.decode()

    assert duty.number in page
    assert "路灯" not in page and "王五" not in page
    for role, unit in (("hotline.chief", "city"), ("hotline.unit", "housing"), ("sysadmin", "city")):
        assert sign_in(role, unit).get("/wall/").status_code == 403


def test_a_wrong_day_says_how_one_is_written(sign_in: SignIn, tell: Tell) -> None:
    client = sign_in("mayor")
    for path in ("/", "/cockpit/charts/", "/cockpit/tables/matrix/"):
        assert client.get(f"{path}?as_of=morgen").status_code == 400
