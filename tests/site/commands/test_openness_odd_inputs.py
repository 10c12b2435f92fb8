"""What a stranger hands to the commands of openness: a clear sentence and an exit code, never a wrong answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qianshao.core.outward.addresses import Forbidden, target
from qianshao.site.commands.openness import COMMANDS
from qianshao.site.commands.openness.group import keep
from qianshao.site.commands.saying import CommandError

PDF, WORD, ZIP = b"%PDF-1.7\n1 0 obj", b"\xd0\xcf\x11\xe0" + b"\x00" * 40, b"PK\x03\x04" + b"\x01" * 40


def run(*arguments: object) -> Result:
    return CliRunner().invoke(COMMANDS[0], [*map(str, arguments)])


def refused(result: Result) -> str:
    assert isinstance(result.exception, CommandError), result.output
    assert result.exception.code
    sentence = str(result.exception)
    assert "\n" not in sentence and "Error" not in sentence
    return sentence


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf \r\n", b"\x00\x00"])
def test_an_empty_file_is_not_a_page_on_which_nothing_was_found(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(content)

    assert "空的" in refused(run("read-page", file, "--json"))


@pytest.mark.parametrize("content", [PDF, WORD, ZIP, b"\x89PNG\r\n", b"GIF89a", bytes(range(256)) * 9])
def test_another_kind_of_document_is_not_read_as_a_page(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(content)

    assert "不是网页" in refused(run("read-page", file, "--json"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "big5"])
def test_a_page_in_any_encoding_is_still_a_page(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(
        "<html><head><title>公告</title></head><body><h1>關於公布的公告</h1></body></html>".encode(encoding)
    )

    result = run("read-page", file, "--json")

    assert result.exit_code == 0
    assert set(json.loads(result.stdout)) >= {"title", "kind", "links"}


def test_a_folder_and_a_name_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    assert "文件夹" in refused(run("read-page", tmp_path, "--json"))
    assert "没有文件" in refused(run("read-page", tmp_path / "none.html", "--json"))


@pytest.mark.parametrize(
    "made",
    [
        {"table3": 5},
        {"table3": "十件"},
        {"table3": [1, 2, 3]},
        {"table3": {"甲": [1, 2, 3, 4, 5, 6, 7]}},
        {"table3": {}, "table4": {"乙": 1}},
        {"table4": 7},
        {"table2": [], "table3": None},
        {"year": 20245, "table3": {"（七）总计": [0] * 7}},
        {"year": "去年", "table3": {"（七）总计": [0] * 7}},
        {"form": "新格式", "table3": {"（七）总计": [0] * 7}},
        [],
        [[]],
        {},
        "table3",
        None,
        3,
    ],
)
def test_a_report_nobody_could_read_is_never_said_to_balance(tmp_path: Path, made: object) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")

    assert "a.json" in refused(run("check-report", file, "--json"))


@pytest.mark.parametrize("address", ["http://not a url/", "http://a<b/", "http://a%20b/", "http://a|b/"])
def test_a_host_nobody_can_have_is_no_address(address: str) -> None:
    with pytest.raises(Forbidden, match="写错"):
        target(address, allow_private=True)


def test_a_file_that_cannot_be_written_is_said_and_what_stood_there_stays(tmp_path: Path) -> None:
    (tmp_path / "there.docx").write_bytes(b"before")

    with pytest.raises(CommandError, match="写不了"):
        keep(tmp_path / "none" / "a.docx", b"made")
    keep(tmp_path / "there.docx", b"made")

    assert [path.name for path in tmp_path.iterdir()] == ["there.docx"]
    assert (tmp_path / "there.docx").read_bytes() == b"made"
