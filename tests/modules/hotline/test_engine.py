"""What the engine spreads over workers, without the engine: months, groups of a month, suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianshao.modules.hotline import engine
from qianshao.modules.hotline.sorting import store, training

SMOKE = (
    ("榕荫花园楼下烧烤摊油烟扰民", "榕荫花园二栋楼下的烧烤摊每晚营业到两点，油烟直往家里灌。"),
    ("榕荫花园烧烤摊深夜油烟太大", "我住榕荫花园，楼下烧烤摊的油烟熏得窗户不能开，请管一管。"),
    ("清源新村自来水发黄", "清源新村三天来自来水发黄有铁锈味，打水厂电话没人接。"),
)


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2026-03-01 00:00:00", "2026-03"),
        ("2026年2月28日", "2026-02"),
        ("1/6/2019", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_month_of_a_message_is_read_as_everywhere_else(written: str | None, month: str) -> None:
    assert engine.month_of(written) == month


def test_the_messages_of_a_month_are_grouped_whatever_is_missing() -> None:
    titles, bodies = ([letter[part] for letter in SMOKE] for part in (0, 1))

    found = engine.grouped(["a", "b", "c"], titles, bodies, ["2026-03-01", "2026-03-02", ""])

    assert found == ["a", "a", "c"]


def test_suggestions_come_as_text_one_for_each_message(tmp_path: Path) -> None:
    examples = [
        training.Example(f"{title}{n}", body, title)
        for n in range(6)
        for title, body in (("路灯", "小区门口的路灯坏了"), ("医院", "门诊医生太少"))
    ]
    store.write(training.train(examples, lambda _done, _of: None).model, tmp_path / "m")

    rows = engine.labelled(tmp_path / "m", ["路灯不亮"] * 300, ["路灯坏了"] * 300)

    assert len(rows) == 300
    assert (rows[0]["label"], rows[0]["second"]) == ("路灯", "医院")
    assert set(rows[0]) == set(engine.LABELS)
