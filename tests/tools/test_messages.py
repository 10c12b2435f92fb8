"""The English catalogue: complete, true to the blanks of the Chinese, and filled from translators' files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import Catalog

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402


def test_every_sentence_of_the_product_has_its_english() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stderr == ""
    assert checked.returncode == 0


@pytest.mark.parametrize(
    ("chinese", "english", "fault"),
    [
        ("已导出 {n} 条", ("Exported: {n}",), None),
        ("已导出 {n} 条", ("",), "no English"),
        ("{n} 日", ("{n} day", ""), "no English"),
        ("已导出 {n} 条", ("Exported: {count}",), "blanks differ"),
        ("%(n)s 件", ("{n} duties",), "blanks differ"),
        ("%(day)s撤销。", ("Abolished.",), "blanks differ"),
        ("用时 {s:.0f} 秒", ("{s:.1f} seconds",), None),
        ("界面语言", ("Language: 中文 or English",), None),
        ("界面语言", ("Language （zh）",), "Chinese left in the English"),
        ("界面语言", ("Language, 默认 zh",), "Chinese left in the English"),
    ],
)
def test_a_translation_is_judged(chinese: str, english: tuple[str, ...], fault: str | None) -> None:
    assert messages.fault(chinese, english) == fault


def test_a_translators_file_fills_what_is_missing_and_only_that() -> None:
    catalog = Catalog(locale="en")
    catalog.add("单位", "Unit")
    catalog.add("状态")
    catalog.add(("{n} 日", "{n} 日"))

    unknown = messages.fill(
        catalog,
        {"单位": "Department", "状态": "State", "{n} 日": ["{n} day", "{n} days"], "从未说过": "Never"},
    )

    assert catalog["单位"].string == "Unit"
    assert catalog["状态"].string == "State"
    assert catalog["{n} 日"].string == ("{n} day", "{n} days")
    assert unknown == ["从未说过"]


def test_counted_sentences_of_the_rules_have_a_plural_and_looked_up_keys_are_no_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'say("{n} 个工作日", n=3)\nsay("已逾期")\n_(rule["title"])\nngettext("一件", "多件", n)\n'
    monkeypatch.setattr(messages, "ROOT", tmp_path)

    found = [message for message, _where in messages._calls(source.encode(), tmp_path / "rules.py")]

    assert found == [("{n} 个工作日", "{n} 个工作日"), "已逾期", ("一件", "多件")]
