"""The ten real decisions, read by hand before the reader existed; where the texts are is told by QIANSHAO_DECISIONS."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.kit.papers.opening import open_paper
from qianshao.modules.supervision.reading import Decision, read

HERE = Path(__file__).parent
GOLD = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((HERE.parent / "gold").glob("*.json"))
}
TEXTS = Path(os.environ.get("QIANSHAO_DECISIONS", HERE.parents[4] / "shared" / "fixtures" / "decisions"))
FIELDS = ("label", "lead", "co", "open_list", "deadline", "deadline_date")
there = pytest.mark.skipif(not TEXTS.is_dir(), reason="the real decisions are not part of the repository")


def decision(name: str) -> Decision:
    return read(open_paper(TEXTS / GOLD[name]["text"]["file"]), calendar=Calendar.china())


def test_the_gold_holds_ten_texts_and_values_only():
    values = [
        value for gold in GOLD.values() for item in gold["items"] for value in (*item["lead"], *item["co"])
    ]

    assert len(GOLD) == 10
    assert sum(len(gold["items"]) for gold in GOLD.values()) == 98
    assert max(map(len, values)) < 20


@there
@pytest.mark.parametrize("name", GOLD)
def test_a_real_decision_is_the_text_the_gold_was_made_from(name):
    words = (TEXTS / GOLD[name]["text"]["file"]).read_text(encoding="utf-8")

    assert (
        hashlib.sha256("".join(words.split()).encode()).hexdigest()
        == GOLD[name]["text"]["sha256_without_spaces"]
    )


@there
@pytest.mark.parametrize("name", GOLD)
def test_a_real_decision_is_read_as_a_person_read_it(name):
    told = decision(name).document()

    assert (told["number"], told["lead_rule"]["rule"]) == (GOLD[name]["number"], GOLD[name]["lead_rule"])
    assert [{field: item[field] for field in FIELDS} for item in told["items"]] == GOLD[name]["items"]


@there
@pytest.mark.parametrize("name", GOLD)
def test_every_value_stands_where_its_place_says(name):
    told = decision(name).document()
    cut = lambda place: "".join(told["text"][place["start"] : place["end"]].split())  # noqa: E731

    for item in told["items"]:
        for role in ("lead", "co", "guide"):
            assert [cut(place) for place in item["places"].get(role, [])] == item[role]
        assert item["deadline"] is None or cut(item["places"]["deadline"][0]) == item["deadline"]
        assert item["text"][:4] in cut(item["source"])
