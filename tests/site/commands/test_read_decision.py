"""``qianshao supervision read-decision``: a document read into items, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from qianshao.site.commands.saying import CommandError
from qianshao.site.commands.supervision import supervision

WORDS = """刺桐市人民政府关于修路的决定
刺政发〔2025〕8号
一、修建疏港公路，年底前完成。（市交通运输局牵头，市财政局等配合，市政府办公室督导）
刺桐市人民政府
2025年3月10日"""


def run(path: Path, *options: str) -> Result:
    with translation.override("zh-hans"):
        return CliRunner().invoke(supervision, ["read-decision", str(path), *options])


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "决定.txt"
    path.write_text(WORDS, encoding="utf-8")
    return path


def test_the_document_holds_what_the_issue_promises(paper):
    result = run(paper, "--json")
    told = json.loads(result.stdout)
    (item,) = told["items"]

    assert result.exit_code == 0
    assert (told["title"], told["number"], told["lead_rule"]["rule"]) == (
        "刺桐市人民政府关于修路的决定",
        "刺政发〔2025〕8号",
        "explicit",
    )
    assert {key: item[key] for key in ("n", "label", "text", "lead", "co", "guide", "open_list")} == {
        "n": 1,
        "label": "一",
        "text": "修建疏港公路，年底前完成。",
        "lead": ["市交通运输局"],
        "co": ["市财政局"],
        "guide": ["市政府办公室"],
        "open_list": True,
    }
    assert (item["deadline"], item["deadline_date"], item["unsure"]) == ("年底前", "2025-12-31", [])
    assert WORDS[item["source"]["start"] : item["source"]["end"]].startswith("一、修建")


def test_without_json_a_person_can_read_it(paper):
    out = run(paper).stdout

    assert "牵头　市交通运输局" in out
    assert "配合　市财政局等" in out
    assert "时限　年底前（2025年12月31日）" in out


def test_the_day_of_issue_may_be_given(paper):
    told = json.loads(run(paper, "--json", "--issued", "2026-02-01").stdout)

    assert told["issued"] == "2026-02-01"


def test_an_unreadable_file_ends_with_one_sentence(tmp_path):
    result = run(tmp_path / "没有.txt", "--json")

    assert isinstance(result.exception, CommandError)
    assert result.exception.code == 2
    assert "无法打开文件 没有.txt" in str(result.exception)
