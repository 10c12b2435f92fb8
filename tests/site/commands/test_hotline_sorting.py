"""``qianshao hotline train`` and ``classify`` as a script meets them: real processes, real files, no database."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import console
import pytest
import xlsxwriter
from tables import write_csv

from qianshao.modules.hotline.sorting import store, training
from qianshao.modules.hotline.sorting.measures import RATES
from qianshao.modules.hotline.sorting.training import Example

LABELLED = ("message_id", "title", "body", "label_l1")
ASKED = ("message_id", "title", "body")
_TOLD = {
    "市政": ("路灯", "井盖", "人行道", "积水", "护栏", "天桥"),
    "卫生": ("医院", "挂号", "医生", "药房", "疫苗", "门诊"),
    "教育": ("学校", "老师", "食堂", "校服", "作业", "招生"),
}
ROWS = [
    (
        f"{label}{n}",
        f"{words[n % 6]}的事",
        f"第{n}组的{words[(n + n // 6) % 6]}和{words[(n * n) % 6]}，请处理",
        label,
    )
    for n in range(30)
    for label, words in _TOLD.items()
]
LETTERS = [("7", "路灯不亮", "门口的路灯坏了"), ("8", "医生少", "门诊挂号难"), ("9", "食堂", "学校食堂贵")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sorting") / "classes.model"
    examples = [Example(title, body, label) for _number, title, body, label in ROWS]
    store.write(training.train(examples, lambda _done, _of: None).model, path)
    return path


def run(tmp_path: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return console.run(tmp_path / "home", "hotline", *words)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def classified(tmp_path: Path, model: Path, rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    out = tmp_path / "out.csv"
    done = run(
        tmp_path, "classify", write_csv(tmp_path / "in.csv", rows, ASKED), "--model", model, "--out", out
    )
    assert done.returncode == 0, done.stderr
    return table(out)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a failure; a stack of calls or an exit of 0 fails here."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_training_tells_how_good_it_is_and_classifying_writes_the_five_columns(tmp_path: Path) -> None:
    sheet, out = write_csv(tmp_path / "in.csv", ROWS, LABELLED), tmp_path / "out.csv"

    trained = run(tmp_path, "train", sheet, "--out", tmp_path / "m", "--yes", "--json")
    told = run(tmp_path, "classify", sheet, "--model", tmp_path / "m", "--out", out, "--yes", "--json")

    learned, found = json.loads(trained.stdout), json.loads(told.stdout)
    assert (learned["rows"], learned["examples"], learned["classes"]) == (90, 90, ["卫生", "市政", "教育"])
    assert {row["rate"] for row in learned["cross_validation"]["handing"]} == set(RATES)
    assert (found["rows"], found["without_id"]) == (90, 0)
    rows = table(out)
    assert list(rows[0]) == ["message_id", "label", "confidence", "second", "because"]
    assert [row["message_id"] for row in rows] == [row[0] for row in ROWS]
    assert [row["label"] for row in rows] == [row[3] for row in ROWS]
    assert all(0 < float(row["confidence"]) <= 1 and row["second"] != row["label"] for row in rows)


def test_a_person_reads_the_cross_validation(tmp_path: Path) -> None:
    done = run(tmp_path, "train", write_csv(tmp_path / "in.csv", ROWS, LABELLED), "--out", tmp_path / "m")

    assert done.returncode == 0
    assert "读到 90 行，学习 90 条" in done.stdout
    assert "交叉验证（5 折，近似重复的在同一侧）：宏平均 F1" in done.stdout
    assert "  市政：F1" in done.stdout
    assert "  容许错 1%：" in done.stdout


def test_corrections_take_the_place_of_earlier_rows_and_may_name_the_class_alone(tmp_path: Path) -> None:
    sheet = write_csv(tmp_path / "in.csv", ROWS, LABELLED)
    mended = [(number, "", "", "学校事务" if label == "教育" else label) for number, _t, _b, label in ROWS]
    also = write_csv(tmp_path / "also.csv", mended, LABELLED)

    done = run(tmp_path, "train", sheet, "--also", also, "--out", tmp_path / "m", "--json")

    found = json.loads(done.stdout)
    assert (found["rows"], found["examples"], found["replaced"]) == (180, 90, 90)
    assert found["classes"] == ["卫生", "学校事务", "市政"]


@pytest.mark.parametrize("kind", ["csv.gz", "gb18030", "bom", "xlsx", "chinese names"])
def test_sheets_of_all_kinds_are_read(tmp_path: Path, model: Path, kind: str) -> None:
    path = tmp_path / "in.csv"
    if kind == "xlsx":
        path = tmp_path / "in.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for place, row in enumerate([ASKED, *LETTERS]):
                sheet.write_row(place, 0, row)
    else:
        header = ("留言编号", "留言主题", "留言详情") if kind == "chinese names" else ASKED
        encoding = {"gb18030": "gb18030", "bom": "utf-8-sig"}.get(kind, "utf-8")
        write_csv(path, LETTERS, header, encoding=encoding)
    if kind == "csv.gz":
        packed = tmp_path / "in.csv.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed

    done = run(tmp_path, "classify", path, "--model", model, "--out", tmp_path / "out.csv")

    assert done.returncode == 0, done.stderr
    rows = table(tmp_path / "out.csv")
    assert [(row["message_id"], row["label"]) for row in rows] == [
        ("7", "市政"),
        ("8", "卫生"),
        ("9", "教育"),
    ]
    assert "路灯" in rows[0]["because"].split("；")


def test_every_row_comes_out_also_without_number_without_text_and_twice(tmp_path: Path, model: Path) -> None:
    rows = classified(
        tmp_path, model, [("", "路灯不亮", ""), ("8", "", ""), ("8", "医生", "门诊"), ("8", "医生", "门诊")]
    )

    assert [row["message_id"] for row in rows] == ["", "8", "8", "8"]
    assert [row["label"] for row in rows[2:]] == ["卫生", "卫生"]
    assert rows[1]["because"] == ""


def test_a_letter_of_a_megabyte_is_read(tmp_path: Path, model: Path) -> None:
    rows = classified(tmp_path, model, [("1", "路灯", "路灯坏了，" * 200_000), ("2", "医生", "门诊")])

    assert [row["label"] for row in rows] == ["市政", "卫生"]


def test_no_cell_of_the_result_starts_a_formula(tmp_path: Path, model: Path) -> None:
    rows = classified(tmp_path, model, [("=1+1", "路灯", "=cmd|' /C calc'!A0"), ("@x", "医生", "门诊")])

    assert [row["message_id"] for row in rows] == ["'=1+1", "'@x"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_columns_that_are_missing_are_named(tmp_path: Path, model: Path) -> None:
    sheet = write_csv(tmp_path / "in.csv", [("1", "路灯", "x")], ("message_id", "title", "sent_at"))

    asked = run(tmp_path, "classify", sheet, "--model", model, "--out", tmp_path / "o.csv")
    learned = run(tmp_path, "train", sheet, "--out", tmp_path / "m")

    assert sentence(asked) == "in.csv 里没有 body 这一列；表头是：message_id、title、sent_at。"
    assert "没有 body、label_l1 这一列" in sentence(learned)
    assert not (tmp_path / "o.csv").exists()


def test_files_that_are_no_tables_are_refused_with_a_sentence(tmp_path: Path, model: Path) -> None:
    files = {
        "empty": (b"", "文件是空的"),
        "nul": (b"message_id,title,body\n1,\0,x\n", "这不是表格"),
        "odd": (
            "message_id,title,body\n1,路灯坏了很久没有人来修理请尽快处理谢谢领导,".encode()
            + b"\xff\xfe\xff\n",
            "文字编码",
        ),
        "open": ('message_id,title,body\n1,"路灯,坏了\n'.encode(), "引号没有成对"),
    }
    for name, (content, words) in files.items():
        (tmp_path / name).write_bytes(content)

        done = run(tmp_path, "classify", tmp_path / name, "--model", model, "--out", tmp_path / "o.csv")

        assert words in sentence(done), name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*files])


def test_a_wrong_model_is_refused_with_a_sentence(tmp_path: Path) -> None:
    sheet = write_csv(tmp_path / "in.csv", LETTERS, ASKED)

    wrong = run(tmp_path, "classify", sheet, "--model", __file__, "--out", tmp_path / "o.csv", "--json")
    absent = run(tmp_path, "classify", sheet, "--model", tmp_path / "none", "--out", tmp_path / "o.csv")

    assert "这不是分类模型文件" in sentence(wrong)
    assert "这不是分类模型文件" in json.loads(wrong.stdout)["error"]
    assert "没有" in sentence(absent)


def test_the_result_may_not_overwrite_what_is_read(tmp_path: Path, model: Path) -> None:
    sheet = write_csv(tmp_path / "in.csv", LETTERS, ASKED)

    for out in (sheet, model):
        assert "同名" in sentence(run(tmp_path, "classify", sheet, "--model", model, "--out", out))
    nowhere = run(tmp_path, "classify", sheet, "--model", model, "--out", tmp_path / "none" / "o.csv")
    assert "写不了" in sentence(nowhere)


def test_rows_without_class_are_left_out_and_none_at_all_is_refused(tmp_path: Path) -> None:
    some = write_csv(tmp_path / "in.csv", [*ROWS, ("x", "路灯", "坏了", "")], LABELLED)
    none = write_csv(tmp_path / "none.csv", [("x", "路灯", "坏了", "")], LABELLED)

    found: dict[str, Any] = json.loads(run(tmp_path, "train", some, "--out", tmp_path / "m", "--json").stdout)
    refused = run(tmp_path, "train", none, "--out", tmp_path / "m2")

    assert (found["examples"], found["without_label"]) == (90, 1)
    assert sentence(refused) == "没有一行同时有分类和文字，无从学习。"
    assert not (tmp_path / "m2").exists()


def test_several_processes_write_the_same_file_in_the_same_order(tmp_path: Path, model: Path) -> None:
    rows = [(str(n), f"{row[1]}{n}", row[2]) for n in range(8) for row in ROWS]
    sheet = write_csv(tmp_path / "in.csv", rows, ASKED)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"

    alone = run(tmp_path, "classify", sheet, "--model", model, "--out", one, "--processes", "1")
    shared = run(tmp_path, "classify", sheet, "--model", model, "--out", two, "--processes", "2")

    assert (alone.returncode, shared.returncode) == (0, 0)
    assert len(table(one)) == len(rows) > 512
    assert one.read_bytes() == two.read_bytes()
