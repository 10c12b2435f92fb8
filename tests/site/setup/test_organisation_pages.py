"""From two sheets to people who sign in with their roles, each step by the administrator it belongs to."""

from __future__ import annotations

import io
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cast import SignIn
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties.door import perform
from qianshao.core.imports.models import ImportRun
from qianshao.core.jobs import runner
from qianshao.core.jobs.models import Job
from qianshao.core.ledger.models import Reveal
from qianshao.core.onboarding.models import AskedAccount
from qianshao.core.org import imports
from qianshao.core.org.models import Holding, Person, Unit, UnitName
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Selection
from qianshao.kit.queries import figures
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
UNITS = """编码,名称,简称,类别,上级编码,起始日期,排序,曾用名
edu,市教育局,教育局,市直部门,city,2000-01-01,30,市教委（至2010-01-01）
,市卫健委,卫健委,市直部门,city,2000-01-01,31,
"""
PEOPLE = """姓名,单位,职务,起始日期,截止日期,登录名,角色,角色截止
林一,水利局,科长,2024-01-01,,lin.yi,承办单位联络员,
陈二,水利局,科员,2024-01-01,,,,
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def system(sign_in: SignIn) -> Client:
    return sign_in("sysadmin", "city", "系统")


def upload(client: Client, spec: str, text: str) -> str:
    file = SimpleUploadedFile("sheet.csv", text.encode())
    where: str = client.post("/organisation/", {"spec": spec, "file": file})["Location"]
    return where


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(b"".join(answer).decode() if answer.streaming else answer.content.decode())


def work() -> None:
    while runner.work_once(timezone.now):
        pass


def book(client: Client, address: str) -> list[tuple[Any, ...]]:
    answer = client.get(address)
    raw = b"".join(answer) if answer.streaming else answer.content
    return list(openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(values_only=True))


def test_a_sheet_is_previewed_with_its_faults_and_the_good_rows_go_in(system: Client, home: Path) -> None:
    where = upload(system, "units", UNITS)

    seen = page(system, where)
    assert "“编码”不能为空" in seen and "请填写“编码”" in seen and "先写入没有错误的 1 行" in seen
    assert not Unit.objects.filter(code="edu").exists()
    system.post(where, {"do": "start"})
    assert "正在排队" in page(system, where)
    work()

    assert Unit.objects.get(code="edu").names.count() == 2
    assert "已写入 1 行" in page(system, where)
    header, row = book(system, f"{where}errors.xlsx")
    assert header[:3] == ("行号", "问题", "改正办法")
    assert row[0] == 3 and "市卫健委" in row
    system.post(where, {"do": "clear"})
    assert list((home / "uploads").glob("[0-9a-f]*")) == []


def test_the_mended_error_sheet_goes_in_and_the_whole_sheet_again_changes_nothing(system: Client) -> None:
    system.post(upload(system, "units", UNITS), {"do": "start"})
    work()
    system.post(upload(system, "units", UNITS.replace("\n,市卫", "\nhealth,市卫")), {"do": "start"})
    work()

    run = ImportRun.objects.order_by("id").last()
    assert run is not None and (run.state, run.new, run.known, run.faulty) == ("done", 1, 1, 0)
    assert UnitName.objects.filter(unit__code="edu").count() == 2


def test_a_worker_killed_between_batches_goes_on_where_it_stopped(
    system: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"u{n},第{n}局,,市直部门,city,2000-01-01,{n},\n" for n in range(250))
    where = upload(system, "units", UNITS.splitlines()[0] + "\n" + rows)
    system.post(where, {"do": "start"})
    real, calls = imports.add_units, []

    def dies(*args: Any, **words: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return real(*args, **words)

    from qianshao.site.setup import sheets

    broken = sheets.Spec(**{**sheets.UNITS.__dict__, "write": dies})
    monkeypatch.setattr(sheets, "SPECS", (broken, sheets.PEOPLE))
    with pytest.raises(SystemExit):
        runner.work_once(timezone.now)
    assert Unit.objects.filter(code__startswith="u").count() == 100
    work()

    assert Unit.objects.filter(code__startswith="u").count() == 250
    run = ImportRun.objects.get()
    assert (run.state, run.new, run.known) == ("done", 250, 0)


def test_people_sign_in_with_codes_of_one_administrator_and_roles_of_another(
    system: Client, sign_in: SignIn
) -> None:
    security = sign_in("secadmin", "city", "安全")
    where = upload(system, "people", PEOPLE)
    system.post(where, {"do": "start"})
    work()
    assert "林一" in page(system, "/organisation/codes/")
    assert not Account.objects.filter(login="lin.yi").exists()

    answer = system.post("/organisation/codes/", {"unit": "water"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    (_header, row) = list(sheet.iter_rows(values_only=True))
    assert row[:3] == ("市水利局", "林一", "lin.yi")
    assert Account.objects.get(login="lin.yi").check_password(str(row[3]))
    assert "没有人等待登录码" in page(system, "/organisation/codes/")
    assert Reveal.objects.get(fields="codes").reason == "1 codes"

    assert system.get("/organisation/grants/").status_code == 403
    assert security.get("/organisation/codes/").status_code == 403
    assert "承办单位" in page(security, "/organisation/grants/")
    pk = AskedAccount.objects.get().grants.get().pk
    security.post("/organisation/grants/", {"row": [pk], "do": "grant"})

    grant = Grant.objects.get(account__login="lin.yi")
    assert (grant.role, grant.unit.code) == ("hotline.unit", "water")
    assert "没有等待授权的角色" in page(security, "/organisation/grants/")
    assert Holding.objects.count() == 2


@pytest.mark.parametrize("role", ["office.head", "secadmin", "auditor", "hotline.chief"])
def test_nobody_else_sees_or_changes_the_organisation(sign_in: SignIn, system: Client, role: str) -> None:
    other = sign_in(role, "city")
    where = upload(system, "people", PEOPLE)

    for address in (
        "/organisation/",
        where,
        f"{where}errors.xlsx",
        "/organisation/templates/units.xlsx",
        "/organisation/codes/",
        "/organisation/changes/",
    ):
        assert other.get(address).status_code == 403, address
    assert other.post(where, {"do": "start"}).status_code == 403
    assert not Job.objects.exists()


def test_blank_sheets_are_read_back_and_say_how_to_fill_them(system: Client) -> None:
    for key, columns in (("units", imports.UNIT_COLUMNS), ("people", imports.PEOPLE_COLUMNS)):
        (header,) = book(system, f"/organisation/templates/{key}.xlsx")
        assert header[: len(columns)] == columns
    assert system.get("/organisation/templates/kings.xlsx").status_code == 404


@pytest.mark.parametrize("content", [b"", b"\x00\x01nothing", "甲,乙\n1,2\n".encode()])
def test_what_is_no_such_sheet_is_told_and_not_kept(system: Client, home: Path, content: bytes) -> None:
    answer = system.post(
        "/organisation/", {"spec": "units", "file": SimpleUploadedFile("a.csv", content)}, follow=True
    )

    assert "alert-danger" in answer.content.decode()
    assert not Unit.objects.filter(code="1").exists()


def test_a_merged_unit_keeps_yesterdays_figures_and_says_what_is_still_open(
    system: Client, city: dict[str, Unit], order_kind: Kind, robot: Actor
) -> None:
    now = timezone.now()
    fact = f.Received(at=now, title="路灯不亮", body="三天了", channel="web", unit="water")
    perform(kind=order_kind, fact=fact, actor=robot, now=now, src="test")
    before = figures.by_unit(Selection("hotline.order"), robot, now)
    today = timezone.localdate().isoformat()
    for unit in city.values():
        UnitName.objects.create(unit=unit, name=unit.name, short=unit.short, valid_from=date(2000, 1, 1))

    system.post("/organisation/changes/", {"do": "merge", "unit": "水利局", "into": "住建局", "since": today})
    system.post(
        "/organisation/changes/", {"do": "rename", "unit": "住建局", "name": "市住建水务局", "since": today}
    )

    assert figures.by_unit(Selection("hotline.order"), robot, now) == before
    city["water"].refresh_from_db()
    assert city["water"].merged_into == city["housing"]
    assert Unit.objects.get(code="housing").name == "市住建水务局"
    seen = page(system, "/organisation/changes/")
    assert "市水利局" in seen and 'data-label="仍在办">1<' in seen


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"do": "rename", "unit": "气象局", "name": "甲"}, "没有叫“气象局”的单位"),
        ({"do": "rename", "unit": "水利局", "name": ""}, "请填写新名称"),
        ({"do": "merge", "unit": "水利局", "into": ""}, "请填写并入的单位"),
        ({"do": "merge", "unit": "刺东县", "into": "住建局"}, "还有下级单位"),
        ({"do": "merge", "unit": "水利局", "into": "水利局"}, "已经撤并"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_its_sentence(
    system: Client, given: dict[str, str], says: str
) -> None:
    answer = system.post("/organisation/changes/", {"since": "2026-01-05", **given})

    assert answer.status_code == 422 and says in unescape(answer.content.decode())
    assert not Unit.objects.exclude(valid_to=None).exists()


def test_people_are_counted_once(system: Client) -> None:
    for _time in range(2):
        system.post(upload(system, "people", PEOPLE), {"do": "start"})
        work()

    assert Person.objects.filter(name__in=["林一", "陈二"]).count() == 2
