"""Suggestions of a model trained on invented letters."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sorting_letters import examples

from qianshao.modules.hotline import sorting
from qianshao.modules.hotline.sorting import store, training
from qianshao.modules.hotline.sorting.training import Example, TooLittle, Trained


def learned(given: list[Example]) -> Trained:
    return training.train(given, lambda _done, _of: None)


@pytest.fixture(scope="module")
def trained() -> Trained:
    return learned(examples(80))


def test_a_letter_gets_its_class_the_second_choice_and_the_words_that_decided(trained: Trained) -> None:
    told = sorting.suggest(trained.model, "枫桥路灯不亮", "枫桥路口的路灯坏了三天，人行道上也有积水。")

    assert told.label == "市政"
    assert told.second in {"卫生", "教育"}
    assert told.confidence > 0.8
    assert "路灯" in told.because
    assert len(told.because) <= 5
    assert all(word in "枫桥路灯不亮枫桥路口的路灯坏了三天人行道上也有积水" for word in told.because)


def test_letters_it_has_not_seen_are_told_apart_and_the_cross_validation_says_so(trained: Trained) -> None:
    unseen = examples(30, seed=99)

    told = trained.model.suggest([(letter.title, letter.body) for letter in unseen])

    assert [one.label for one in told] == [letter.label for letter in unseen]
    assert trained.report.macro_f1 > 0.95
    assert [score.examples for score in trained.report.classes] == [80, 80, 80]


def test_a_letter_alone_is_told_the_same_as_among_others(trained: Trained) -> None:
    letters = [(letter.title, letter.body) for letter in examples(120, seed=7)]

    together = trained.model.suggest(letters)

    assert [sorting.suggest(trained.model, *letter) for letter in letters] == together


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("路灯坏了", ""),
        ("", "路灯坏了"),
        ("  路 灯\n坏 了", "\ufeff路灯\0\0"),
        ("路灯" * 500_000, "路灯" * 500_000),
        ("路灯\ud800", "路灯\U0001f6a6𠮷"),
        ("ＡＢＣ路灯", "①路灯"),
    ],
)
def test_strange_texts_are_read_as_far_as_they_can_be(trained: Trained, title: str, body: str) -> None:
    assert sorting.suggest(trained.model, title, body).label == "市政"


def test_a_letter_without_anything_known_gets_the_share_of_the_classes_and_no_words(trained: Trained) -> None:
    for title, body in (("", ""), ("\0", "\n \t"), ("Ωμέγα", "xyz")):
        told = sorting.suggest(trained.model, title, body)

        assert told.confidence == pytest.approx(1 / 3, abs=0.001)
        assert told.because == ()


def test_words_cut_apart_read_as_the_sentence_they_were(trained: Trained) -> None:
    whole = sorting.suggest(trained.model, "枫桥路灯", "枫桥路口路灯坏了")
    cut = sorting.suggest(trained.model, "枫桥 路灯", "枫桥 路口 路灯 坏了")

    assert whole == cut


def test_one_suggestion_takes_a_few_milliseconds(trained: Trained) -> None:
    taken = []
    for _time in range(30):
        began = time.perf_counter()
        sorting.suggest(trained.model, "枫桥路灯不亮", "枫桥路口的路灯坏了三天，人行道上也有积水。" * 10)
        taken.append(time.perf_counter() - began)

    assert min(taken) < 0.005


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        store.write(learned(examples(20)).model, tmp_path / name)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_one_class_alone_is_always_suggested_without_a_second() -> None:
    model = learned([letter for letter in examples(12) if letter.label == "市政"]).model

    told = sorting.suggest(model, "枫桥路灯", "坏了")

    assert (told.label, told.confidence, told.second) == ("市政", 1.0, "")


def test_a_class_with_a_single_example_is_kept_and_does_not_spoil_the_others() -> None:
    odd = Example("海堤渔船缆绳断裂", "海堤边渔船的缆绳断裂，渔港无人看管。", "渔业")

    trained = learned([*examples(30), odd])

    assert "渔业" in trained.model.classes
    assert sorting.suggest(trained.model, "枫桥路灯", "路灯坏了").label == "市政"
    assert [score.f1 > 0.9 for score in trained.report.classes if score.label != "渔业"] == [True] * 3


def test_a_handful_of_letters_is_enough_to_begin_with() -> None:
    model = learned(examples(2)).model

    told = model.suggest([(letter.title, letter.body) for letter in examples(2)])

    assert [one.label for one in told] == [letter.label for letter in examples(2)]


def test_the_same_letter_many_times_does_not_turn_the_answer_round() -> None:
    letters = [Example("路灯坏了", "门口路灯坏了", "市政"), Example("医生少", "门诊医生太少", "卫生")] * 30

    model = learned(letters).model

    assert sorting.suggest(model, "路灯坏了", "门口路灯坏了").label == "市政"
    assert sorting.suggest(model, "医生少", "门诊医生太少").label == "卫生"


@pytest.mark.parametrize("given", [[], [Example("", " \n", "市政")]])
def test_nothing_to_learn_from_is_refused(given: list[Example]) -> None:
    with pytest.raises(TooLittle, match="无从学习"):
        learned(given)


def test_the_digest_of_what_was_learned_tells_any_change() -> None:
    first = Example("甲", "乙", "丙")

    assert training.digest([first]) != training.digest([first, first])
    assert training.digest([first]) != training.digest([Example("甲乙", "", "丙")])
