"""``qianshao hotline import`` as an administrator and as a script meet it: real processes, real files."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from scratch import Scratch, scratch
from tables import HEADER, LETTERS, write_csv, write_xlsx

pytestmark = pytest.mark.database
COMMAND = [sys.executable, "-m", "qianshao.site.commands", "--lang", "zh", "hotline", "import"]


@pytest.fixture(scope="module")
def place() -> Any:
    """A data folder all tests of this file share; each takes letters of its own source."""
    with scratch() as made:
        yield made


def run(place: Scratch, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        env=place.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on standard output; anything else there fails here."""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def many(path: Path, count: int) -> Path:
    return write_csv(path, [(str(n), *LETTERS[n % 4][1:]) for n in range(count)])


def test_the_preview_writes_nothing(place: Scratch, tmp_path: Path) -> None:
    done = run(place, write_csv(tmp_path / "a.csv"), "--dry-run", "--source", "preview")
    again = document(run(place, tmp_path / "a.csv", "--dry-run", "--json", "--source", "preview"))

    assert done.returncode == 0
    assert "预览，没有写入：共 4 行，新增 4，补充答复 0，已有 0，有变动 0，有错误 0。" in done.stdout
    assert "第 3 行：2025年9月25日 10:00受理，最迟2025年10月9日答复，实际2025年10月9日 09:00" in done.stdout
    assert (again["dry_run"], again["new"]) == (True, 4)


def test_the_import_tells_how_letters_were_answered_and_a_second_one_adds_nothing(
    place: Scratch, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv")

    first = run(place, path, "--yes", "--source", "twice")
    second = run(place, path, "--json", "--source", "twice")

    assert first.returncode == 0
    assert "导入完成：共 4 行，新增 4，补充答复 0，已有 0，有变动 0，有错误 0。" in first.stdout
    assert "  按时答复 2 件（50.00%）" in first.stdout
    assert "  逾期的工作日数：中位 4，九成不超过 4，最长 4" in first.stdout
    found = document(second)
    assert (found["new"], found["known"], found["answered_late"], found["median_late_workdays"]) == (
        0,
        4,
        1,
        4,
    )


def test_a_workbook_and_its_error_sheet(place: Scratch, tmp_path: Path) -> None:
    faulty = ("9", "标题", "2025-02-30", "内容", "", "")
    path = write_xlsx(tmp_path / "a.xlsx", [("办理情况表",), HEADER, *LETTERS, faulty])
    errors = tmp_path / "errors.xlsx"

    done = run(place, path, "--yes", "--json", "--errors", errors, "--source", "workbook")

    found = document(done)
    assert (found["new"], found["faulty"], found["errors_file"]) == (4, 1, str(errors))
    assert found["faults"] == [
        {
            "row": 7,
            "columns": ["C"],
            "problem": "“受理时间”没有这一天或这一时刻",
            "mend": "核对年月日和时间，例如二月没有30日",
        }
    ]
    assert openpyxl.load_workbook(errors).active.cell(2, 4).value == "9"


WRONG: list[tuple[list[str], str, int]] = [
    (["nothing.csv"], "没有“nothing.csv”这个文件，请核对路径。", 1),
    (["."], "“.”是文件夹，请指明里面的文件。", 1),
    (["LETTERS"], "没有人可以确认列的对应：加 --yes 接受上面的建议，或用 --map 列名=项目 指明。", 1),
    (["LETTERS", "--map", "没有=title"], "表格里没有“没有”列。", 1),
    (["LETTERS", "--map", "留言编号=x"], "没有“x”这一项；可用：", 1),
    (["LETTERS", "--map", "留言编号"], "--map 要写成 名称=值，不是“留言编号”。", 1),
    (["LETTERS", "--set", "x=1"], "--set 没有“x”这一项；可用：channel、appeal。", 1),
    (["LETTERS", "--map", "留言时间="], "没有指明哪一列是：受理时间。", 1),
    (["LETTERS", "--errors", "a.csv"], "--errors 的文件名须以 .xlsx 结尾。", 1),
    (["LETTERS", "--errors", "nowhere/a.xlsx"], "写不了 nowhere/a.xlsx", 1),
    (["LETTERS", "--source", "a b"], "来源名称须为 1 至 40 个字，不含空格、冒号和斜杠。", 1),
    (["LETTERS", "--sheet", "x"], "文本表格没有工作表，请去掉工作表名称。", 1),
    (["EMPTY"], "文件是空的，没有可以导入的内容。", 1),
    ([], "缺“FILE”。用 --help 看用法。", 2),
    (["LETTERS", "--nothing"], "没有 --nothing 这个选项。", 2),
]


@pytest.mark.parametrize(
    ("words", "sentence", "code"), WRONG, ids=[" ".join(words) or "-" for words, _s, _c in WRONG]
)
def test_what_goes_wrong_is_one_sentence_and_with_json_one_document(
    place: Scratch, tmp_path: Path, words: list[str], sentence: str, code: int
) -> None:
    header = (*HEADER, "unasked")
    files = {
        "LETTERS": write_csv(tmp_path / "a.csv", LETTERS, header),
        "EMPTY": write_csv(tmp_path / "b.csv"),
    }
    files["EMPTY"].write_text("")

    done = run(place, *(files.get(word, word) for word in words), "--json")

    assert done.returncode == code
    assert list(document(done)) == ["error"]
    assert sentence in document(done)["error"]
    assert "Traceback" not in done.stderr


def talk(place: Scratch, words: Sequence[object], answers: Sequence[str]) -> tuple[int, str]:
    """Run the command on a terminal of its own and type the answers as the questions come."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)], env=place.env, stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    heard, waiting = "", list(answers)
    while True:
        try:
            heard += os.read(master, 65536).decode()
        except OSError:
            break
        if waiting and heard.endswith(": "):
            os.write(master, (waiting.pop(0) + "\n").encode())
            heard += "\n"
    os.close(master)
    return process.wait(timeout=60), heard


def test_columns_are_asked_about_once_and_remembered(place: Scratch, tmp_path: Path) -> None:
    header = ("号", "标题", "何时", "内容", "怎么答的", "何时答的")
    path = write_csv(tmp_path / "a.csv", LETTERS, header)

    code, heard = talk(
        place,
        [path, "--source", "asked"],
        ["number", "", "received_at", "", "reply", "replied_at"],
    )
    again = document(run(place, path, "--json", "--source", "asked"))

    assert code == 0
    assert "没有指明哪一列是：受理时间。" in heard and "新增 4" in heard
    assert (again["known"], again["answered_late"]) == (4, 1)


def counted(place: Scratch) -> list[int]:
    """Duties, entries, distinct (stream, number) and lines of the last run, from another process."""
    told = place.run(
        "from qianshao.core.duties.models import Duty\n"
        "from qianshao.core.ledger.models import Entry, Leaf\n"
        "from qianshao.core.imports.models import ImportRun, ImportLine\n"
        "run = ImportRun.objects.order_by('-id')[0]\n"
        "entries = list(Entry.objects.values_list('stream', 'sseq'))\n"
        "print(Duty.objects.count(), len(entries), len(set(entries)), ImportLine.objects.filter(run=run).count())"
    )
    return [int(part) for part in told.split()]


@pytest.mark.fault
@pytest.mark.slow
def test_an_import_killed_again_and_again_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    dice = random.Random(7)
    path = many(tmp_path / "many.csv", 6000)
    answered = sum(1 for n in range(6000) if n % 4 != 3)
    with scratch() as place:
        killed = 0
        for _try in range(12):
            process = subprocess.Popen(
                [*COMMAND, str(path), "--yes", "--json"],
                env=place.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert process.stderr is not None
            process.stderr.readline()  # the file was opened; the rest is a matter of chance
            time.sleep(dice.random() * 2)
            process.kill()
            killed += process.wait() == -signal.SIGKILL
            process.stderr.close()

        last = run(place, path, "--yes", "--json")

        found = document(last)
        assert killed >= 3
        assert (found["rows"], found["faulty"], found["changed"], found["total"]) == (6000, 0, 0, 6000)
        assert counted(place) == [6000, 6000 + answered, 6000 + answered, 6000]
        verified = subprocess.run(
            [sys.executable, "-m", "qianshao.site.commands", "ledger", "verify", "--json"],
            env=place.env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert verified.returncode == 0, verified.stdout


@pytest.mark.fault
def test_ctrl_c_finishes_the_batch_says_where_it_stands_and_goes_on_from_there(tmp_path: Path) -> None:
    path = many(tmp_path / "many.csv", 8000)
    with scratch() as place:
        process = subprocess.Popen(
            [*COMMAND, str(path), "--yes", "--json"],
            env=place.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        look = "from qianshao.core.imports.models import ImportRun\nimport time\n"
        look += "while not ImportRun.objects.filter(row__gt=0).exists(): time.sleep(.05)"
        place.run(look)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

        assert process.returncode == 130
        assert "此前各行均已写入。如要继续，请再次运行同一命令。" in json.loads(out)["error"]
        assert "Traceback" not in err
        done = run(place, path, "--yes", "--json")
        assert "继续上次的导入，从第" in done.stderr
        assert (document(done)["new"], counted(place)[0]) == (8000, 8000)
