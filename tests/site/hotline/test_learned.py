"""Classes from a trained model on the desk; without one, or with a damaged one, from similar orders."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import NOW, clerk
from pytest_django import Settings

from qianshao.modules.hotline.sorting import store, training
from qianshao.site.hotline import neighbours
from qianshao.site.hotline.learned import topics
from qianshao.site.hotline.suggesting import Draft, Likely

pytestmark = pytest.mark.django_db
AGENT = clerk("hotline.read", "hotline.receive")
LETTERS = [
    training.Example(f"{title}{n}", f"{body}，第{n}次反映", label)
    for n in range(6)
    for label, title, body in (
        ("城乡建设", "路灯不亮", "小区门口的路灯坏了，晚上看不清路面"),
        ("卫生健康", "门诊排队", "医院门诊挂号的医生太少，排队很久"),
    )
]


@pytest.fixture
def model(tmp_path: Path, settings: Settings) -> Path:
    settings.HOTLINE_MODEL = tmp_path / "classes.model"
    store.write(training.train(LETTERS, lambda _done, _of: None).model, settings.HOTLINE_MODEL)
    return Path(settings.HOTLINE_MODEL)


@pytest.fixture
def by_neighbours(monkeypatch: pytest.MonkeyPatch) -> Likely:
    found = Likely("道路维护", "道路维护", 1.0, "相似的工单")
    monkeypatch.setattr(neighbours, "topics", lambda *_asked: [found])
    return found


def test_the_model_names_the_class_a_second_choice_and_the_words_that_decided(model: Path):
    first, second = topics(Draft("路灯不亮", "门口的路灯坏了"), AGENT, NOW)

    assert (first.value, second.value) == ("城乡建设", "卫生健康")
    assert "路灯" in first.because
    assert first.share > 0.5 > second.share


def test_without_a_model_similar_orders_tell_the_class(
    tmp_path: Path, settings: Settings, by_neighbours: Likely
):
    settings.HOTLINE_MODEL = tmp_path / "none"

    assert topics(Draft("路灯不亮"), AGENT, NOW) == [by_neighbours]


def test_a_damaged_model_does_not_stop_the_desk(model: Path, by_neighbours: Likely):
    model.write_bytes(model.read_bytes()[:-100])

    assert topics(Draft("路灯不亮"), AGENT, NOW) == [by_neighbours]
