"""I9: what is worth a look and breaks no identity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import registers
from click.testing import CliRunner

from qianshao.site.commands.openness import COMMANDS

SAME = "一是部分单位对公开工作认识不足，公开内容更新不及时；二是政策解读形式单一，图解和视频较少；三是基层公开标准化规范化水平有待提高。下一步将加强培训，完善制度，定期通报，丰富解读形式，推动基层公开提质增效，确保各项要求落到实处。"
OTHER = "去年指出的更新滞后已逐项整改，新建台账逐月核对。今年的主要问题是依申请公开答复的说理还不充分，两件被复议纠正。明年将逐件会商，由法制机构审核答复书，并请律师参与复杂申请的研判，每季度讲评一次典型案例，把纠正的原因讲清楚。"


def checked(folder: Path, *texts: dict[str, str] | None) -> tuple[int, dict[str, Any]]:
    """Check the reports of 2024, 2025 … with these texts; the tables carry nothing over."""
    files = []
    for year, text in enumerate(texts, 2024):
        file = folder / f"{year}.json"
        made = {"body": registers.BODY, "year": year, "form": "2021", "table3": {"（七）总计": [0] * 7}}
        file.write_text(
            json.dumps(made | ({"text": text} if text else {}), ensure_ascii=False), encoding="utf-8"
        )
        files.append(str(file))
    done = CliRunner().invoke(COMMANDS[0], ["check-report", *files, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_section_five_that_is_last_years_is_noted_and_no_finding(tmp_path: Path) -> None:
    code, answer = checked(tmp_path, {"五": SAME}, {"五": f"2025年，{SAME}"})

    assert (code, answer["balanced"], answer["findings"]) == (0, True, [])
    (note,) = answer["notes"]
    assert (note["id"], note["year"], note["share"] > 50) == ("I9", 2025, True)


def test_new_words_and_a_report_of_tables_alone_are_not_noted(tmp_path: Path) -> None:
    assert checked(tmp_path, {"五": SAME}, {"五": OTHER})[1]["notes"] == []
    assert checked(tmp_path, None, None)[1]["notes"] == []


def test_an_empty_section_five_is_noted(tmp_path: Path) -> None:
    _code, answer = checked(tmp_path, {"一": "本机关认真贯彻条例。", "五": "  "})

    assert [(one["id"], one["share"]) for one in answer["notes"]] == [("I9", None)]
