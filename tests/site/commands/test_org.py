"""A real city begins on the console: units, people, accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Holding, Unit
from qianshao.site.commands.root import root

pytestmark = [pytest.mark.django_db, pytest.mark.database]
UNITS = """编码,名称,简称,类别,上级编码,起始日期,排序
city,望潮市人民政府,市政府,市,,2000-01-01,1
office,望潮市人民政府办公室,政府办,政府办公室,city,2000-01-01,2
water,望潮市水利局,水利局,市直部门,city,2019年1月1日,3
"""
PEOPLE = """姓名,单位,职务,起始日期
林一,政府办,秘书,2020-01-01
林二,水利局,联络员,2021-03-01
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(root, [str(word) for word in words])


def sheet(folder: Path, text: str) -> Path:
    file = folder / "sheet.csv"
    file.write_text(text, encoding="utf-8")
    return file


def founded(folder: Path) -> None:
    assert run("org", "units", sheet(folder, UNITS), "--yes").exit_code == 0
    assert run("org", "people", sheet(folder, PEOPLE), "--yes").exit_code == 0


def test_units_and_people_come_from_sheets_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    founded(tmp_path)

    again = json.loads(run("org", "units", sheet(tmp_path, UNITS), "--yes", "--json").stdout)

    assert again == {"new": 0, "same": 3, "added": 0, "problems": []}
    assert Unit.objects.get(code="water").path == "/water/"
    assert Holding.objects.get(person__name="林二").post.unit.code == "water"


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    told = json.loads(run("org", "units", sheet(tmp_path, UNITS), "--dry-run", "--json").stdout)

    assert (told["new"], told["added"], Unit.objects.count()) == (3, 0, 0)


def test_one_wrong_cell_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = UNITS.replace("2019年1月1日", "去年").replace("市直部门", "局")
    told = run("org", "units", sheet(tmp_path, wrong), "--dry-run", "--json")

    assert told.exit_code == 1
    problems = json.loads(told.stdout)["problems"]
    assert [(item["row"], item["column"]) for item in problems] == [(4, "类别"), (4, "起始日期")]
    assert isinstance(run("org", "units", sheet(tmp_path, wrong), "--yes").exception, ValueError)
    assert not Unit.objects.exists()


def test_an_account_is_opened_granted_locked_and_listed(tmp_path: Path) -> None:
    founded(tmp_path)

    made = json.loads(run("account", "add", "lin.yi", "林一", "--json").stdout)
    assert run("account", "grant", "lin.yi", "hotline.unit", "水利局").exit_code == 0
    assert run("account", "lock", "lin.yi", "--reason", "离岗").exit_code == 0

    assert len(made["password"]) == 14
    (listed,) = json.loads(run("account", "list", "--json").stdout)
    assert (listed["login"], listed["active"]) == ("lin.yi", False)
    assert [(one["role"], one["unit"]) for one in listed["grants"]] == [("hotline.unit", "water")]


def test_a_name_nobody_bears_says_what_to_do(tmp_path: Path) -> None:
    founded(tmp_path)

    assert "请先用 qianshao org people 导入" in str(run("account", "add", "x", "林三").exception)
    assert "可用：mayor（市长）" in str(
        run("account", "add", "lin.yi", "林一")
        and run("account", "grant", "lin.yi", "king", "水利局").exception
    )
    assert Account.objects.count() == 1
