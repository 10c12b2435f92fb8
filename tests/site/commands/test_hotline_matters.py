"""``qianshao hotline group``, ``rising`` and ``replies`` as a clerk and a script meet it, with real files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import console
import openpyxl
import pytest

HEADING = ("message_id", "title", "body", "sent_at")
ROWS = (
    ("7", "B3区榕荫花园烧烤摊油烟扰民", "楼下的烧烤摊每晚营业到两点，油烟直往家里灌。", "2026/3/2 9:00:00"),
    ("=8", "榕荫花园烧烤摊深夜油烟太大", "我住B3区榕荫花园，楼下烧烤摊油烟熏人。", "2026-03-04 21:15"),
    ("9", "B3区石笋小学门口没有斑马线", "石笋小学放学时车很多，孩子过马路危险。", "2026年3月3日"),
    ("10", "", "", ""),
)


def run(tmp_path: Path, *words: object) -> subprocess.CompletedProcess[str]:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    return console.run(home, "hotline", *words)


def table(path: Path, rows: Sequence[Sequence[str]] = ROWS, heading: Sequence[str] = HEADING) -> Path:
    """The rows as .csv, .csv.gz or .xlsx, by the name of the file."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in (heading, *rows):
            book.active.append(list(row))
        for cell in book.active["A"]:
            cell.data_type = "s"
        book.save(path)
        return path
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *rows])
    written = text.getvalue().encode()
    path.write_bytes(gzip.compress(written) if path.suffix == ".gz" else written)
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.xlsx"])
def test_every_message_gets_one_row_in_the_order_of_the_file(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out.csv"

    done = run(tmp_path, "group", table(tmp_path / name), "--out", out)

    assert (done.returncode, read(out)) == (
        0,
        [["message_id", "group_id"], ["7", "7"], ["'=8", "7"], ["9", "9"], ["10", "10"]],
    )
    assert "4 条信件归为 3 组，其中 2 条单独成组，最大的一组有 2 条。" in done.stdout
    assert "有 1 行的时间为空或无法读出（第 5 行），按时间不明处理。" in done.stderr


def test_the_document_and_the_reasons(tmp_path: Path) -> None:
    out, why = tmp_path / "out.csv", tmp_path / "why.csv"

    done = run(tmp_path, "group", table(tmp_path / "a.csv"), "--out", out, "--explain", why, "--json")

    told = json.loads(done.stdout)
    assert (told["messages"], told["groups"], told["alone"]) == (4, 3, 2)
    assert told["largest"] == [{"group_id": "7", "size": 2}]
    heading, *rows = read(why)
    hottest = dict(zip(heading, rows[0], strict=True))
    assert (hottest["group_id"], hottest["size"], hottest["first_sent_at"]) == ("7", "2", "2026-03-02 09:00")
    assert hottest["places"] == "榕荫花园"
    assert "油烟" in hottest["words"]
    assert float(hottest["heat"]) == pytest.approx(1 + 2 ** (-(2 + 12.25 / 24) / 14), abs=0.001)


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    file = table(tmp_path / "a.csv")

    run(tmp_path, "group", file, "--out", first)
    run(tmp_path, "group", file, "--out", second)

    assert first.read_bytes() == second.read_bytes()


def test_the_reasons_can_be_a_workbook(tmp_path: Path) -> None:
    why = tmp_path / "why.xlsx"

    run(tmp_path, "group", table(tmp_path / "a.csv"), "--out", tmp_path / "out.csv", "--explain", why)

    sheet = openpyxl.load_workbook(why).active
    assert (sheet["A1"].value, sheet.max_row) == ("group_id", 4)


def test_other_names_of_columns_are_taken_only_after_asking(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", heading=("留言编号", "留言主题", "留言详情", "留言时间"))

    refused = run(tmp_path, "group", file, "--out", tmp_path / "out.csv")
    taken = run(tmp_path, "group", file, "--out", tmp_path / "out.csv", "--yes")

    assert refused.returncode == 1
    assert "无法询问确认，请加 --yes 再运行。" in refused.stderr
    assert (taken.returncode, len(read(tmp_path / "out.csv"))) == (0, 5)


@pytest.mark.parametrize(
    ("heading", "rows", "sentence"),
    [
        (HEADING[:2], [row[:2] for row in ROWS], "缺少 body 列"),
        (HEADING, [ROWS[0], ROWS[2], ROWS[0]], "第 4 行的 message_id 与第 2 行相同"),
        (HEADING, [("", *ROWS[0][1:])], "第 2 行没有 message_id"),
        (HEADING, [("1.23E+17", *ROWS[0][1:])], "末尾几位已经丢失"),
        (HEADING, [], "表头下面没有内容"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence_and_writes_nothing(
    tmp_path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]], sentence: str
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")

    done = run(tmp_path, "group", table(tmp_path / "a.csv", rows, heading), "--out", out, "--json")

    assert done.returncode == 1
    assert sentence in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr
    assert out.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "home", "out.csv"]


def test_without_any_time_messages_are_grouped_all_the_same_and_only_heat_is_refused(tmp_path: Path) -> None:
    bare = table(tmp_path / "a.csv", [row[:3] for row in ROWS], HEADING[:3])
    vague = table(tmp_path / "b.csv", [(*row[:3], "下周") for row in ROWS])
    long = table(tmp_path / "c.csv", [*ROWS, ("11", "很长的信", "长" * 200_000, "2026-03-01")])
    out, why = tmp_path / "out.csv", tmp_path / "why.csv"

    for file, rows in ((bare, len(ROWS)), (vague, len(ROWS)), (long, len(ROWS) + 1)):
        done = run(tmp_path, "group", file, "--out", out)
        assert (done.returncode, len(read(out)) - 1) == (0, rows)  # below its heading
        assert ("全部按时间不明处理" in done.stderr) == (file != long)
    for file, sentence in ((bare, "缺少 sent_at 列"), (vague, "没有一个可读的时间")):
        done = run(tmp_path, "group", file, "--out", out, "--explain", why)
        assert done.returncode == 1 and sentence in done.stderr
    assert not why.exists()


def test_files_that_are_not_there_empty_or_no_table_are_refused(tmp_path: Path) -> None:
    empty, noise = tmp_path / "empty.csv", tmp_path / "noise.xlsx"
    empty.write_bytes(b"")
    noise.write_bytes(b"PK\x03\x04" + bytes(range(256)))

    for file in (tmp_path / "none.csv", empty, noise, tmp_path):
        done = run(tmp_path, "group", file, "--out", tmp_path / "out.csv")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_an_answer_never_overwrites_the_question(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv")
    before = file.read_bytes()

    same = run(tmp_path, "group", file, "--out", file)
    twice = run(tmp_path, "group", file, "--out", tmp_path / "o.csv", "--explain", tmp_path / "o.csv")
    nowhere = run(tmp_path, "group", file, "--out", tmp_path / "none" / "o.csv")

    assert [done.returncode for done in (same, twice, nowhere)] == [1, 1, 1]
    assert "已用作另一个文件" in same.stderr
    assert "已用作另一个文件" in twice.stderr
    assert "请换一个可以写的文件夹" in nowhere.stderr
    assert file.read_bytes() == before


def stream(path: Path) -> Path:
    """A hundred days with one message a day about the market, and seven of the last week about the lamps."""
    start = date(2026, 3, 2)
    rows = [
        (f"m{day}", f"B3区东门市场摊位第{day}号占道", "", f"{start + timedelta(days=day)} 10:00", "城市管理")
        for day in range(100)
    ]
    rows += [
        (
            f"l{n}",
            "B5区长虹路的路灯不亮",
            f"第{n}盏灯不亮，晚上看不见路。",
            f"{start + timedelta(days=94 + n % 6)} 20:00",
            "市政",
        )
        for n in range(7)
    ]
    return table(path, rows, (*HEADING, "label_l1"))


@pytest.mark.parametrize(("by", "name"), [("class", "市政"), ("place", "长虹路"), ("group", "l0")])
def test_what_rises_is_told_with_its_messages(tmp_path: Path, by: str, name: str) -> None:
    told = json.loads(run(tmp_path, "rising", stream(tmp_path / "a.csv"), "--by", by, "--json").stdout)

    assert (told["on"], told["by"]) == ("2026-06-09", by)
    assert told["alarms"] >= 1
    (one,) = [one for one in told["rising"] if one["name"] == name]
    assert (one["observed"], one["alarm"]) == (7, True)
    assert sorted(one["message_ids"]) == [f"l{n}" for n in range(7)]
    assert one["observed"] > one["limit"] > one["expected"]


def test_nothing_had_risen_a_month_before(tmp_path: Path) -> None:
    file = stream(tmp_path / "a.csv")

    done = run(tmp_path, "rising", file, "--by", "class", "--on", "2026-05-10")
    early = run(tmp_path, "rising", file, "--by", "class", "--on", "2026-03-20")

    assert "截至2026-05-10的七天：2 个序列，0 个明显增多" in done.stdout
    assert "基线不足 8 周，无法判断是否增多。" in early.stdout


def test_rising_needs_classes_where_it_goes_by_class_and_a_real_day(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv")

    unclassed = run(tmp_path, "rising", file, "--by", "class")
    no_day = run(tmp_path, "rising", file, "--on", "2026-02-30")

    assert (unclassed.returncode, no_day.returncode) == (1, 2)
    assert "按类别统计须有 label_l1 或 label 列" in unclassed.stderr
    assert "Traceback" not in no_day.stderr


def test_each_reply_gets_its_hints_and_a_copy_names_the_first(tmp_path: Path) -> None:
    reply = "3月5日，区城管局对榕荫花园的烧烤摊进行了检查，责令两家摊主安装油烟净化装置，3月20日前完成整改并接受复查。"
    rows = [
        ("1", "B3区榕荫花园烧烤摊油烟扰民", "油烟直往家里灌。", reply),
        ("2", "B5区长虹路的路灯不亮", "晚上看不见路。", reply),
        ("3", "B5区清源新村自来水发黄", "三天了。", "您反映的问题已转交有关部门处理。"),
        ("4", "咨询居住证办理", "刚来本市。", ""),
    ]
    out = tmp_path / "out.csv"

    done = run(
        tmp_path,
        "replies",
        table(tmp_path / "a.csv", rows, ("message_id", "title", "body", "reply")),
        "--out",
        out,
        "--json",
    )

    assert read(out) == [
        ["message_id", "hints", "copy_of"],
        ["1", "", ""],
        ["2", "off_topic copied", "1"],
        ["3", "forwarded no_time", ""],
        ["4", "empty", ""],
    ]
    told = json.loads(done.stdout)
    assert (told["replies"], told["without_hints"], told["copies"]) == (4, 1, 1)


def test_replies_without_their_column_are_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "replies", table(tmp_path / "a.csv"), "--out", tmp_path / "out.csv")

    assert done.returncode == 1
    assert "缺少 reply 列" in done.stderr
    assert not (tmp_path / "out.csv").exists()
