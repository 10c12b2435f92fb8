"""Any table an office hands in is read as what it is, or refused with the sentence that says how to mend it."""

from __future__ import annotations

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import HEADER, LETTERS, write_csv, write_locked, write_xlsx

from qianshao.kit.imports import mapping
from qianshao.kit.sheets import delimited, workbook
from qianshao.kit.sheets.header import letter
from qianshao.kit.sheets.model import Sheet, SheetError
from qianshao.kit.sheets.opening import open_sheet
from qianshao.modules.hotline.imports import ORDERS


def opened(path: Path, sheet: str = "") -> Sheet:
    return open_sheet(path, known=lambda name: mapping.known(ORDERS, name), sheet=sheet)


def refusal(path: Path, sheet: str = "") -> str:
    with pytest.raises(SheetError) as caught:
        list(opened(path, sheet).read())
    return str(caught.value.words)


def cells(path: Path) -> list[tuple[object, ...]]:
    return [row.cells for row in opened(path).read()]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "how"),
    [
        ("utf-8", ",", "UTF-8 编码，以逗号分隔"),
        ("utf-8-sig", ";", "UTF-8 编码，以分号分隔"),
        ("gb18030", ",", "GB18030 编码，以逗号分隔"),
        ("gb18030", "\t", "GB18030 编码，以制表符分隔"),
        ("utf-16", "\t", "UTF-16 编码，以制表符分隔"),
        ("utf-16-le", "|", "UTF-16-LE 编码，以竖线分隔"),
    ],
)
def test_encoding_and_delimiter_are_found_out(
    tmp_path: Path, encoding: str, delimiter: str, how: str
) -> None:
    found = opened(write_csv(tmp_path / "a.csv", encoding=encoding, delimiter=delimiter))

    assert (str(found.how), found.header) == (how, HEADER)
    assert [row.cells for row in found.read()] == list(LETTERS)


def test_what_a_file_is_called_does_not_matter(tmp_path: Path) -> None:
    packed = tmp_path / "letters.xlsx"
    packed.write_bytes(gzip.compress(write_csv(tmp_path / "a.csv").read_bytes()))
    book = write_xlsx(tmp_path / "b.xlsx", [HEADER, *LETTERS[:3]]).rename(tmp_path / "0b7a")

    assert (cells(packed), cells(book)) == (list(LETTERS), list(LETTERS[:3]))


def test_a_cell_with_line_breaks_keeps_them_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('编号,标题\n1,"两\n行"\n\n2,一行\n', encoding="utf-8")

    found = [(row.number, row.cells) for row in opened(path).read()]

    assert found == [(2, ("1", "两\n行")), (4, ("2", "一行"))]


def test_numbers_and_columns_are_those_a_spreadsheet_program_shows(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *LETTERS], row=3, column=2)

    found = opened(path)
    first = next(found.read())

    assert (found.header_row, first.number) == (4, 5)
    assert (letter(found.header.index("留言编号")), first.cells[2]) == ("C", "1")


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["网友留言办理情况统计表"], ["制表：办公室"], HEADER, *LETTERS])

    assert (opened(path).header_row, cells(path)[:3]) == (3, list(LETTERS[:3]))


def test_a_header_of_two_merged_rows_is_one(tmp_path: Path) -> None:
    upper = ["编号", "留言", "", "", "答复", "", "承办单位"]
    lower = ["", "主题", "时间", "内容", "内容", "时间", ""]
    path = write_xlsx(tmp_path / "a.xlsx", [["统计表"], upper, lower, ["1", *LETTERS[0][1:], "水利局"]])

    found = opened(path)

    assert found.header == ("编号", "主题", "留言时间", "留言内容", "答复内容", "答复时间", "承办单位")
    assert [row.number for row in found.read()] == [4]


def test_names_that_stand_in_the_upper_row_alone_do_not_hide_the_lower_one(tmp_path: Path) -> None:
    upper = ["编号", "姓名", "电话", "地址", "承办单位", "渠道", "留言", "", ""]
    lower = ["", "", "", "", "", "", "主题", "时间", "内容"]
    path = write_xlsx(
        tmp_path / "a.xlsx", [upper, lower, ["1", "林一", "2", "望潮镇", "", "电话", *LETTERS[0][1:4]]]
    )

    assert opened(path).header == ("编号", "姓名", "电话", "地址", "承办单位", "渠道", "主题", "时间", "内容")


def test_dates_and_numbers_of_a_workbook_stay_what_they_are(tmp_path: Path) -> None:
    at = datetime(2025, 9, 22, 8, 30)  # noqa: DTZ001 - a spreadsheet has wall times
    path = write_xlsx(tmp_path / "a.xlsx", [["编号", "受理时间", "标题"], [7, at, "=1+1"]])

    assert cells(path) == [(7.0, at, "=1+1")]


def test_a_quote_nobody_closed_spoils_one_row_and_names_its_line(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    with path.open("a", encoding="utf-8") as file:
        file.write('5,"没有收尾\n6,下一行\n')

    last = list(opened(path).read())[-1]

    assert str(last.problem) == "从第 6 行起，引号没有成对，后面的内容连成了一格"


def test_a_cell_too_long_is_called_so_and_a_quote_left_open_is_told_apart(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    whole = path.read_bytes()

    path.write_bytes(whole + f'5,"{"长" * 100_001}"\n'.encode())
    with pytest.raises(SheetError, match=r"^第 6 行有一格超过 100,?000 个字"):
        list(opened(path).read())
    path.write_bytes(whole + f'5,"{"长" * 100_001}\n'.encode())
    with pytest.raises(SheetError, match=r"^从第 6 行起，引号没有成对"):
        list(opened(path).read())


def test_a_broken_letter_in_utf8_is_not_read_as_another_encoding(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    raw = path.read_bytes()
    path.write_bytes(raw.replace("半夜".encode(), "半夜".encode()[:-1], 1))

    assert refusal(path).startswith("第 4 行附近有无法识别的文字编码")


BROKEN: list[tuple[str, bytes, str]] = [
    ("empty.csv", b"", "文件是空的，没有可以导入的内容。"),
    ("blank.csv", b"\n\n \n", "文件是空的，没有可以导入的内容。"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "这不是表格。请选择 .csv、.xlsx、.xls 或 .ods 文件。"),
    ("zeros.csv", b"a,b\n\x001,2\n", "这不是表格。请选择 .csv、.xlsx、.xls 或 .ods 文件。"),
    (
        "page.xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        "这是网页格式的表格。请用表格软件打开，另存为 .xlsx 后再导入。",
    ),
    ("cut.csv.gz", gzip.compress(b"a,b\n1,2\n" * 99)[:-9], "压缩文件已损坏或不完整，请重新导出或上传。"),
    (
        "broken.xlsx",
        b"PK\x03\x04" + bytes(99),
        "工作簿已损坏或格式不对。请用表格软件打开，另存为 .xlsx 后再导入。",
    ),
    (
        "story.csv",
        "从前有座山。\n山里有座庙。\n".encode(),
        "前 20 行里没有找到表头。请在第一行写上各列的名称，例如：编号、受理时间、标题、内容。",
    ),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BROKEN, ids=[name for name, _c, _s in BROKEN])
def test_what_is_no_table_is_refused_with_its_own_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path) == sentence


@pytest.mark.parametrize("name", ["a.xlsx", "b.xls", "0b7a"])
def test_a_workbook_with_a_password_says_so(tmp_path: Path, name: str) -> None:
    assert refusal(write_locked(tmp_path / name)) == "工作簿设有打开密码，请去掉密码后再导入。"


def test_a_worksheet_that_is_not_there_and_an_empty_workbook(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER])

    assert refusal(path, sheet="别的") == "工作簿里没有这个名称的工作表，请核对名称。"
    assert refusal(write_xlsx(tmp_path / "b.xlsx", [])) == "工作簿里没有可以读取的工作表。"


def bomb(path: Path, size: int, members: int = 1) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        for number in range(members):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(size))
    return path


def test_bombs_are_refused_by_their_directory_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_child", None)  # nothing may be unpacked

    assert "100 倍以上" in refusal(bomb(tmp_path / "ratio.xlsx", 20_000_000))
    assert "1002 个部件" in refusal(bomb(tmp_path / "many.xlsx", 1, members=1001))
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1000)
    assert "解开后超过" in refusal(bomb(tmp_path / "large.xlsx", 2000))


def test_a_packed_text_that_swells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b,c\n" * 4_000_000))

    assert "100 倍以上" in refusal(path)


@pytest.mark.fault
def test_a_workbook_that_lies_about_its_size_meets_the_childs_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *LETTERS])
    monkeypatch.setattr(workbook, "SECONDS", 0.0)

    assert refusal(path).startswith("读取工作簿时超出了内存或时间的限度")


def test_too_many_columns_and_rows_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("编号,标题" + "," * 600 + "\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(delimited, "MAX_ROWS", 3)

    assert refusal(wide) == "表格有 602 列，最多 500 列；请删去多余的空列。"
    assert refusal(write_csv(tmp_path / "long.csv")) == "表格超过 3 行，请分成几个文件导入。"


_LETTER = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff")
_TEXT = st.text(_LETTER, max_size=12).map(str.strip)
_ROWS = st.lists(st.tuples(st.integers(1, 9**9).map(str), _TEXT, _TEXT), min_size=1, max_size=8)
_QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_QUIET
@given(
    rows=_ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_whatever_is_written_as_text_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], encoding: str, delimiter: str
) -> None:
    # Enough Chinese to know the encoding by: a table of five letters may be in any.
    known = ("0", "前哨是市政府办公室的工作平台，每一件都有时限、有主人、有记录", "受理")
    path = write_csv(
        tmp_path / "a.csv", [known, *rows], ("编号", "标题", "内容"), encoding=encoding, delimiter=delimiter
    )

    assert cells(path) == [known, *rows]


@settings(_QUIET, max_examples=12)
@given(rows=_ROWS)
def test_whatever_is_written_into_a_workbook_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [("编号", "标题", "内容"), *rows])

    assert [tuple(cell or "" for cell in row) for row in cells(path)] == rows
