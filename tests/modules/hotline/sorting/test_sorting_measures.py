"""Near-copies, folds, and the figures a training tells."""

from __future__ import annotations

import numpy as np
import pytest

from qianshao.modules.hotline.sorting import copies, grams, measures
from qianshao.modules.hotline.sorting.table import Table

LETTER = "枫桥路口的路灯坏了三天没有人来修，晚上走路看不清，老人和孩子都不敢出门，请有关部门尽快派人处理。"


def test_a_letter_sent_again_with_a_few_words_changed_is_a_near_copy() -> None:
    again = LETTER.replace("三天", "五天")
    other = "南山医院挂号要排很久的队，门诊医生太少，希望增加人手，并开通网上预约。"

    group = copies.groups([LETTER, other, again, LETTER, "", "好"])

    assert group[0] == group[2] == group[3]
    assert len({group[0], group[1], group[4], group[5]}) == 4


def test_near_copies_stay_in_one_fold_and_every_class_in_every_fold() -> None:
    labels = np.array([0, 1] * 50)
    group = [str(place // 4) for place in range(100)]

    fold = copies.folds(group, labels, 5)

    assert all(
        len({int(fold[place]) for place in range(first, first + 4)}) == 1 for first in range(0, 100, 4)
    )
    assert [sorted(set(labels[fold == part].tolist())) for part in range(5)] == [[0, 1]] * 5
    assert np.bincount(fold).tolist() == [20] * 5


def test_the_threshold_is_the_least_that_keeps_the_rate() -> None:
    sure = np.array([0.99, 0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, True, False, True])

    assert measures.threshold(sure, right, 0.0) == 0.8
    assert measures.threshold(sure, right, 0.2) == 0.6
    assert measures.threshold(sure, np.zeros(5, bool), 0.05) > 1


def test_calibration_error_is_the_gap_between_said_and_found() -> None:
    assert measures.calibration_error(np.full(10, 0.8), np.array([True] * 8 + [False] * 2)) == pytest.approx(
        0
    )
    assert measures.calibration_error(np.full(10, 0.8), np.zeros(10, bool)) == pytest.approx(0.8)


def test_a_report_reckons_f1_by_class() -> None:
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])

    told = measures.report(chances, np.array([0, 1, 1, 1]), np.array([0, 1, 0, 1]), ("甲", "乙"))

    assert [(score.precision, score.recall) for score in told.classes] == [(0.5, 1.0), (1.0, 0.6667)]
    assert told.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)
    assert told.accuracy == 0.75


def test_runs_are_those_of_several_texts_and_are_found_where_they_stand() -> None:
    runs = grams.chosen("character", ["路灯坏", "路灯亮", "灯"], 2, 100)
    numbers, starts = runs.numbered(["坏路灯", "灯路"])

    assert runs.symbols == ("灯", "路")
    assert runs.texts.tolist() == [3, 2, 2]
    assert starts.tolist() == [0, 4, 7]
    assert [(n, at.tolist(), place.tolist()) for n, at, place in runs.found(numbers)] == [
        (1, [1, 2, 4, 5], [1, 0, 0, 1]),
        (2, [1], [2]),
        *[(n, [], []) for n in range(3, len(runs.bounds)) if runs.bounds[n - 1] != runs.bounds[n]],
    ]


def test_more_runs_than_wanted_leave_out_the_rare_ones() -> None:
    texts = ["路灯坏了"] * 3 + ["路灯亮着"] * 2

    assert len(grams.chosen("character", texts, 2, 5).keys) <= 5


def test_a_table_finds_every_key_and_no_other() -> None:
    keys = np.unique(np.random.default_rng(1).integers(1, 2**63, 5000, dtype=np.uint64))
    table = Table(keys)

    assert (table.of(keys) == np.arange(len(keys))).all()
    assert (table.of(keys + np.uint64(1)) == np.where(np.isin(keys + np.uint64(1), keys), 0, -1)).all()
    assert Table(keys[:0]).of(keys[:3]).tolist() == [-1, -1, -1]
