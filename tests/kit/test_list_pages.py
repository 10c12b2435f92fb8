"""The list as a page: who sees what, what it costs, how it leaves."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from cast import SignIn, moment
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianshao.core.duties.models import Duty, SavedView
from qianshao.core.ledger.models import Reveal
from qianshao.modules.hotline import facts as f

from .conftest import Opens

pytestmark = pytest.mark.django_db

ORDERS = "/duties/?kind=hotline.order"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_list_shows_the_titles_to_those_who_may_read_them_with_numbers_hidden(
    sign_in: SignIn, opens: Opens
) -> None:
    opens("2026-02-27", title="王小满反映路灯不亮，电话13812345678", caller="王小满")

    chief, mayor = text(sign_in("hotline.chief").get(ORDERS)), text(sign_in("mayor").get(ORDERS))

    assert "王**反映路灯不亮，电话138****5678" in chief
    assert "路灯" not in mayor
    assert "内容已封存" in mayor


def test_a_unit_sees_its_own_and_the_count_says_no_more(sign_in: SignIn, opens: Opens) -> None:
    mine, other = opens("2026-02-27", unit="housing"), opens("2026-02-27", unit="water")
    none = opens("2026-02-27", unit="")

    page = text(sign_in("hotline.unit", "housing").get(ORDERS))

    assert "共 1 件" in page
    assert mine.number in page
    assert other.number not in page and none.number not in page


def test_somebody_without_any_right_sees_an_empty_list(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-27")

    page = text(sign_in("sysadmin").get("/duties/"))

    assert "共 0 件" in page and "没有符合条件的事项" in page


def test_three_rows_cost_as_many_queries_as_one(sign_in: SignIn, opens: Opens) -> None:
    chief = sign_in("hotline.chief")
    counts = []
    for n in (1, 2):
        for unit in ("housing", "water")[:n]:
            opens("2026-02-27", f.Dispatched(at=moment("2026-02-28"), unit=unit))
        for query in (ORDERS, f"{ORDERS}&as_of=2026-02-28", "/duties/?sort=due"):
            chief.get(query)
            with CaptureQueriesContext(connection) as queries:
                chief.get(query)
            counts.append((query, len(queries)))

    assert counts[:3] == counts[3:]
    kinds = len(
        chief.get("/api/v1/kinds").json()
    )  # a list of all kinds asks each for the three parts of its order
    assert all(n < (20 if "kind=" in query else 12 + 3 * kinds) for query, n in counts)


def test_the_filter_form_leads_to_the_one_address_of_its_question(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-27", unit="housing")
    opens("2026-02-20", unit="housing")
    chief = sign_in("hotline.chief")

    answer = chief.get(f"{ORDERS}&unit_name=住建局&opened_from=2026-02-27&opened_to=2026-02-27&lamp=")

    where = answer["Location"]
    assert where == (
        "/duties/?kind=hotline.order&unit__under=housing&opened_at__gte=2026-02-27&opened_at__lt=2026-02-28"
    )
    page = text(chief.get(where))
    assert "共 1 件" in page
    assert "登记 自 2026年2月27日" in page and "登记 至 2026年2月27日" in page


def test_a_limit_is_found_by_its_last_day(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    chief = sign_in("hotline.chief")
    last = (duty.due_at - (moment("2026-01-02") - moment("2026-01-01"))).astimezone(
        moment("2026-01-01").tzinfo
    )

    found = chief.get(f"{ORDERS}&due_from={last:%Y-%m-%d}&due_to={last:%Y-%m-%d}", follow=True)
    missed = chief.get(f"{ORDERS}&due_to={last.replace(day=last.day - 1):%Y-%m-%d}", follow=True)

    assert "共 1 件" in text(found) and "共 0 件" in text(missed)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lamp=blue", "blue"),
        ("colour=red", "colour"),
        ("kind=no.such", "no.such"),
        ("unit_name=没有的单位", "没有叫"),
        ("opened_from=gestern", "opened_from"),
        ("after=1", "after"),
        ("sort=size", "sort"),
        ("as_of=2026-13-01", "as_of"),
        ("opened_at__gte=%FF%FE", "opened_at__gte"),
        ("text=%00", "text"),
    ],
)
def test_a_bad_question_is_a_400_that_names_the_parameter(
    sign_in: SignIn, opens: Opens, query: str, said: str
) -> None:
    answer = sign_in("hotline.chief").get(f"/duties/?{query}")

    assert answer.status_code == 400
    assert said in text(answer)


def test_htmx_gets_the_piece_it_asked_for(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-27")
    chief = sign_in("hotline.chief")

    piece, whole = text(chief.get(ORDERS, headers={"HX-Request": "true"})), text(chief.get(ORDERS))

    assert "<html" not in piece and "共 1 件" in piece
    assert piece.strip()[:40] in whole


def test_a_list_behind_a_figure_counts_exactly(
    sign_in: SignIn, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(3):
        opens("2026-02-27")
    monkeypatch.setattr("qianshao.kit.queries.lists.BOUND", 2)
    chief = sign_in("hotline.chief")

    assert "超过 2 件" in text(chief.get(ORDERS))
    assert "共 3 件" in text(chief.get(f"{ORDERS}&from=hotline.received"))
    assert "共 3 件" in text(chief.get(f"{ORDERS}&exact=1"))


def test_an_export_holds_what_the_filter_shows_and_is_written_down(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-27", topic="=HYPERLINK(路灯)", unit="housing")
    opens("2026-02-27", unit="water")
    chief = sign_in("hotline.chief")

    table = b"".join(chief.get("/duties/export/?kind=hotline.order&unit=housing&format=gb18030"))
    excel = b"".join(chief.get("/duties/export/?kind=hotline.order&unit=housing"))

    rows = list(csv.DictReader(io.StringIO(table.decode("gb18030"))))
    assert [(row["标题"], row["责任单位"], row["灯"]) for row in rows] == [
        ("'=HYPERLINK(路灯)", "市住房和城乡建设局", "正常")
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(excel)).active
    assert sheet is not None and sheet.max_row == 2
    assert [(r.fields, r.reason) for r in Reveal.objects.order_by("id")] == [
        ("list", "export gb18030 kind=hotline.order&unit=housing"),
        ("list", "export xlsx kind=hotline.order&unit=housing"),
    ]


def test_without_the_right_nothing_is_exported(sign_in: SignIn, opens: Opens) -> None:
    opens("2026-02-27")

    answer = sign_in("hotline.agent").get("/duties/export/?kind=hotline.order")

    assert answer.status_code == 403
    assert not Reveal.objects.exists()


def test_a_view_is_kept_for_its_owner_and_opens_the_same_list(sign_in: SignIn, opens: Opens) -> None:
    chief, agent = sign_in("hotline.chief"), sign_in("hotline.agent")

    chief.post("/views/", {"name": "逾期的", "query": "kind=hotline.order&lamp=red&sort=due"})

    assert "逾期的" in text(chief.get("/duties/")) and "逾期的" not in text(agent.get("/duties/"))
    agent.post("/views/", {"forget": "逾期的"})
    assert SavedView.objects.count() == 1
    chief.post("/views/", {"forget": "逾期的"})
    assert not SavedView.objects.exists()
    assert chief.post("/views/", {"name": "坏", "query": "lamp=blue"}).status_code == 400


def test_one_act_on_many_rows_says_what_became_of_each(sign_in: SignIn, opens: Opens) -> None:
    good, moved = opens("2026-02-27", unit="housing"), opens("2026-02-27", unit="housing")
    closed = opens("2026-02-24", f.Replied(at=moment("2026-02-25"), reply="好"), unit="housing")
    chief = sign_in("hotline.chief")
    rows = [f"{duty.stream}:{duty.version}" for duty in (good, closed)] + [f"{moved.stream}:0"]
    send = {"kind": "hotline.order", "fact": "Dispatched", "row": rows}

    form = text(chief.post("/duties/bulk/", send))
    token = "6f2f3c1e-3c48-4a44-9c39-9a8a46f1a2b3"
    done = text(
        chief.post("/duties/bulk/", {**send, "at": "2026-03-02T09:00:00", "unit": "水利局", "_token": token})
    )

    assert "对 3 件事项" in form
    assert "3 件中 1 件已记录" in done
    assert "工单已于" in done and "刚刚被别人办理过" in done
    good.refresh_from_db()
    assert good.unit is not None and good.unit.code == "water"
    assert Duty.objects.filter(unit__code="water").count() == 1


def test_rows_of_other_units_are_left_out_of_a_bulk_act(sign_in: SignIn, opens: Opens) -> None:
    other = opens("2026-02-27", unit="water")

    page = text(
        sign_in("hotline.unit", "housing").post(
            "/duties/bulk/", {"kind": "hotline.order", "fact": "Replied", "row": [f"{other.stream}:1"]}
        )
    )

    assert other.number not in page and "没有选中事项" in page
