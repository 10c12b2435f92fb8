"""qianshao openness check-report: one document, findings by file, three exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import registers
from click.testing import CliRunner, Result

from qianshao.modules.openness.report import exports
from qianshao.site.commands.openness import COMMANDS
from qianshao.site.commands.saying import CommandError


def run(*arguments: object) -> Result:
    return CliRunner().invoke(COMMANDS[0], ["check-report", *map(str, arguments)])


def kept(folder: Path, name: str, made: dict[str, Any]) -> Path:
    file = folder / name
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return file


def broken(year: int = 2024) -> dict[str, Any]:
    made = registers.as_json(year)
    made["table3"]["2.重复申请"][6] += 5
    return made


def test_a_report_that_balances_ends_with_0(tmp_path: Path) -> None:
    result = run(kept(tmp_path, "a.json", registers.as_json()), "--json")

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["findings"], answer["balanced"]) == (0, [], True)
    assert [(each["body"], each["year"], each["form"]) for each in answer["files"]] == [
        (registers.BODY, 2024, "2021")
    ]


def test_a_broken_cell_ends_with_1_and_says_which_what_and_what_should(tmp_path: Path) -> None:
    made = broken()
    total = made["table3"]["2.重复申请"][6]

    result = run(kept(tmp_path, "a.json", made), "--json")

    row = next(each for each in json.loads(result.stdout)["findings"] if each["id"] == "I3")
    assert result.exit_code == 1
    assert row["where"] == {"table": "table3", "row": "2.重复申请", "column": "总计"}
    assert (row["severity"], row["stands"], row["should"]) == ("error", total, total - 5)


def test_a_folder_of_years_and_formats_is_checked_together(tmp_path: Path) -> None:
    kept(tmp_path, "2024.json", broken(2024))
    (tmp_path / "2025.docx").write_bytes(exports.as_docx(registers.a_report(2025, "刺桐市财政局")))
    (tmp_path / "notes.txt").write_text("not a report")

    result = run(tmp_path, "--json")

    answer = json.loads(result.stdout)
    assert [Path(each["file"]).name for each in answer["files"]] == ["2024.json", "2025.docx"]
    assert [bool(each["findings"]) for each in answer["files"]] == [True, False]
    assert len(answer["findings"]) == sum(len(each["findings"]) for each in answer["files"])


def test_people_read_the_findings_in_their_own_words(tmp_path: Path) -> None:
    made = {**broken(), "text": {"一": "全年共收到政府信息公开申请一百件。"}}

    result = run(kept(tmp_path, "a.json", made))

    assert "勾稽" not in result.stdout
    assert "共收到政府信息公开申请一百件" in result.stdout
    assert "多半是“2.重复申请”“总计”" in result.stdout


def test_one_unreadable_file_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(b"PK\x03\x04word/document.xml")

    result = run(file)

    assert isinstance(result.exception, CommandError)
    assert result.exception.code == 2
    assert "a.docx" in str(result.exception)


def test_an_unreadable_file_among_others_does_not_hide_them(tmp_path: Path) -> None:
    good = kept(tmp_path, "good.json", broken())

    result = run(good, tmp_path / "missing.docx", "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert answer["findings"]
    assert "missing.docx" in answer["files"][1]["error"]


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, extra: list[str]) -> None:
    result = run(tmp_path, *extra)

    assert isinstance(result.exception, CommandError)
    assert result.exception.code == 2
