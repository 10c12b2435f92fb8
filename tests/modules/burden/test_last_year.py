"""Last year's numbers from a sheet: looked at first, taken over once, and what "only falls" falls against."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from cast import NOW, SignIn, moment
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from qianshao.core.accounts.actor import Actor
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org.models import Unit
from qianshao.modules.burden import lastyear
from qianshao.site.commands.root import root

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RECEIVED, DOCUMENTS = "burden.inspections-received", "burden.documents"
AT = moment("2026-01-12 09:00")
SHEET = """单位,年度,接受检查次数,开展检查次数,发文数量,会议数量,向基层索要材料次数
刺东县,2025,2,,,,12
市政府办公室,2025,0,9,120,40,
住建局,,3,4,55,,
"""


def previewed(folder: Path, text: str = SHEET) -> lastyear.Preview:
    file = folder / "上年.csv"
    file.write_text(text, encoding="utf-8")
    return lastyear.preview(lastyear.rows_of(file), AT)


def used(unit: Unit, key: str = RECEIVED) -> tuple[int, int]:
    stands = meters.stands(key, unit, AT)
    return stands.used, stands.before


def test_a_sheet_is_taken_over_once_and_the_second_time_changes_nothing(
    city: dict[str, Unit], robot: Actor, tmp_path: Path
) -> None:
    found = previewed(tmp_path)
    assert (len(found.new), found.same, found.problems) == (8, 1, [])  # a 0 stands where there was nothing
    assert Drawn.objects.count() == 0

    assert lastyear.take_over(found.new, actor=robot, now=AT) == 8

    assert used(city["county-1"]) == (0, 2) and used(city["housing"]) == (0, 3)
    assert used(city["office"], DOCUMENTS) == (0, 120)
    again = previewed(tmp_path)
    assert (again.new, again.same) == ([], 9)
    assert lastyear.take_over(found.new, actor=robot, now=AT) == 0
    assert Drawn.objects.count() == 8


def test_in_its_first_year_a_city_may_draw_up_to_last_years_number_and_not_beyond(
    city: dict[str, Unit], robot: Actor, tmp_path: Path
) -> None:
    county = city["county-1"]
    meters.set_limit(RECEIVED, county, "2026", 5, actor=robot, now=AT)
    with pytest.raises(meters.Exhausted, match="只减不增：上年同期 0"):
        meters.draw(RECEIVED, county, 1, stream="a", actor=robot, now=AT)
    lastyear.take_over(previewed(tmp_path).new, actor=robot, now=AT)

    for stream in ("a", "b"):
        meters.draw(RECEIVED, county, 1, stream=stream, actor=robot, now=AT)
    with pytest.raises(meters.Exhausted, match="上年同期 2，再用 1 将达到 3，须先报送书面说明"):
        meters.draw(RECEIVED, county, 1, stream="c", actor=robot, now=AT)
    meters.explain(RECEIVED, county, "新增专项任务", actor=robot, now=AT)
    meters.draw(RECEIVED, county, 1, stream="c", actor=robot, now=AT)


def test_a_corrected_sheet_corrects_and_both_numbers_stay_in_the_ledger(
    city: dict[str, Unit], robot: Actor, tmp_path: Path
) -> None:
    lastyear.take_over(previewed(tmp_path).new, actor=robot, now=AT)
    found = previewed(tmp_path, SHEET.replace("2025,2,", "2025,4,").replace("3,4,55", "0,4,55"))

    assert [(one.name, one.before, one.amount) for one in found.new] == [
        ("刺东县", 2, 4),
        ("市住房和城乡建设局", 3, 0),
    ]
    lastyear.take_over(found.new, actor=robot, now=AT)

    assert used(city["county-1"]) == (0, 4) and used(city["housing"]) == (0, 0)
    amounts = Drawn.objects.filter(meter=RECEIVED, unit=city["county-1"]).order_by("number")
    assert list(amounts.values_list("amount", "reverses")) == [(2, 0), (2, 1), (4, 0)]


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("月球局,2025,1,,,,", "单位", "月球局"),
        (",2025,1,,,,", "单位", "没有写单位"),
        ("刺东县,2026,1,,,,", "年度", "不是已经过去的年度"),
        ("刺东县,去年,1,,,,", "年度", "不是已经过去的年度"),
        ("刺东县,2025,许多,,,,", "接受检查次数", "不是 0 到 100000 的整数"),
        ("刺东县,2025,-1,,,,", "接受检查次数", "不是 0 到 100000 的整数"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    city: dict[str, Unit], tmp_path: Path, row: str, column: str, why: str
) -> None:
    (problem,) = previewed(tmp_path, SHEET.splitlines()[0] + f"\n{row}\n").problems

    assert (problem.row, problem.column) == (2, column) and why in str(problem.words)


def test_one_unit_twice_and_a_year_the_product_counted_itself_are_refused(
    city: dict[str, Unit], robot: Actor, tmp_path: Path
) -> None:
    (twice,) = previewed(tmp_path, SHEET + "刺东县,2025,3,,,,\n").problems
    assert (twice.row, twice.column) == (5, "接受检查次数") and "与第 2 行是同一单位" in str(twice.words)
    then = moment("2025-05-06")
    meters.set_limit(RECEIVED, city["county-1"], "2025", 5, actor=robot, now=then)
    meters.explain(RECEIVED, city["county-1"], "首年启用", actor=robot, now=then)
    meters.draw(RECEIVED, city["county-1"], 1, stream="x", actor=robot, now=then)

    (counted,) = previewed(tmp_path).problems

    assert "已有 2025 年的 1 笔记录" in str(counted.words)
    with pytest.raises(ValueError, match="不能用表格代替"):
        meters.carry(RECEIVED, city["county-1"], "2025", 3, actor=robot, now=AT)
    with pytest.raises(ValueError, match="不是已经过去的期间"):
        meters.carry(RECEIVED, city["housing"], "2026", 3, actor=robot, now=AT)


def test_the_page_previews_a_workbook_writes_what_it_showed_and_lists_it(
    city: dict[str, Unit], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    book = openpyxl.Workbook()
    for row in (
        ["2025年减负统计"],
        ["单位", "接受检查次数", "会议数量"],
        ["刺东县", 6, None],
        ["政府办", None, 31],
    ):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    keeper = sign_in("burden.keeper", "city")
    assert "导入上年数" in keeper.get("/burden/").content.decode()

    sent = SimpleUploadedFile("统计.xlsx", kept.getvalue())
    page = keeper.post("/burden/last-year/", {"file": sent}).content.decode()

    assert "将写入 2 个数" in page and Drawn.objects.count() == 0
    carried = page.split('name="carried" value="')[1].split('"')[0]
    for _sending in range(2):
        keeper.post("/burden/last-year/", {"carried": carried})
    assert meters.stands(RECEIVED, city["county-1"], NOW).before == 6
    assert Drawn.objects.count() == 2
    shown = keeper.get(f"/burden/{RECEIVED}/county-1/").content.decode()
    assert "从表格导入的全年数" in shown
    assert (
        keeper.get("/burden/last-year/empty.csv")
        .content.decode("utf-8-sig")
        .startswith("单位,年度,接受检查次数")
    )
    forged = keeper.post("/burden/last-year/", {"carried": carried + "x"})
    assert forged.status_code == 422 and "预览已经过期" in forged.content.decode()
    unit = sign_in("burden.unit", "county-1")
    assert unit.get("/burden/last-year/").status_code == 403
    other = sign_in("office.head", "city")
    assert other.post("/burden/last-year/", {"carried": carried}).status_code == 422


def test_the_command_previews_and_writes(city: dict[str, Unit], tmp_path: Path) -> None:
    file = tmp_path / "上年.csv"
    file.write_text(SHEET.replace("2025", ""), encoding="utf-8")

    def run(*words: str) -> dict[str, object]:
        done = CliRunner().invoke(root, ["burden", "last-year", str(file), "--json", *words])
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    assert run("--dry-run") == {"new": 8, "same": 1, "written": 0, "problems": []}
    assert Drawn.objects.count() == 0
    assert run("--yes")["written"] == 8
    assert run("--yes") == {"new": 0, "same": 9, "written": 0, "problems": []}
