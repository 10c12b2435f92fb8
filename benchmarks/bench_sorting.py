"""Class suggestions, measured beside the plain way: words in TF-IDF and a logistic regression of scikit-learn.

``python -m benchmarks.bench_sorting --data labelled.csv.gz`` (columns ``title``, ``body``, ``label_l1``, ``dup_group``)
trains both afresh on four fifths and judges the fifth left out, five times, groups of near-copies whole. Without data
it draws invented letters and tells speed alone. Times are of the processor, one process each; ``--folds 1`` judges one
fifth only.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from qianshao.modules.hotline.sorting import copies, measures, training
from qianshao.modules.hotline.sorting.training import Example

_WORDS = (
    "路灯井盖人行道积水护栏天桥红绿灯路面下水道绿化带",
    "医院挂号医生护士药房疫苗门诊病历急诊化验",
    "学校老师食堂校服作业招生操场课本学籍幼儿园",
)
_REST = "请有关部门尽快处理希望得到答复反映多次没有解决影响生活谢谢领导小区居民附近晚上早上孩子老人非常不便"
_PIECE = 256

Judge = Callable[[Sequence[Example]], Any]


def letters(count: int, seed: int = 12345) -> list[Example]:
    """Invented letters about as long as real ones (some 200 characters)."""
    dice = random.Random(seed)

    def text(kind: int, low: int, high: int) -> str:
        return "".join(
            dice.choice(_WORDS[kind]) if dice.random() < 0.2 else dice.choice(_REST)
            for _letter in range(dice.randint(low, high))
        )

    return [
        Example(text(kind, 8, 28), text(kind, 100, 400), f"class {kind}", str(number))
        for number, kind in enumerate(dice.choices(range(3), k=count))
    ]


def labelled(path: Path) -> list[Example]:
    """The rows of a labelled sheet."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return [
            Example(row["title"], row["body"], row["label_l1"], row.get("dup_group", ""))
            for row in csv.DictReader(file)
        ]


def ours(examples: Sequence[Example]) -> Judge:
    """The product: classes, confidence and the words that decided."""
    model = training.train(examples, lambda _done, _of: None).model
    place = {name: number for number, name in enumerate(model.classes)}

    def judge(asked: Sequence[Example]) -> Any:
        chances = np.zeros((len(asked), len(place)))
        for first in range(0, len(asked), _PIECE):
            piece = [(one.title, one.body) for one in asked[first : first + _PIECE]]
            for row, told in enumerate(model.suggest(piece), start=first):
                chances[row] = (1 - told.confidence) / max(len(place) - 1, 1)
                chances[row, place[told.label]] = told.confidence
        return chances

    judge([Example("热", "线", "")])  # builds its tables, as loading a model does
    return judge


def plain(examples: Sequence[Example]) -> Judge:
    """The alternative: words of title and body together in TF-IDF, one logistic regression; explains nothing."""
    model = Pipeline(
        [
            ("tfidf", TfidfVectorizer(analyzer=rjieba.cut, sublinear_tf=True, min_df=2)),
            ("classes", LogisticRegression(C=10, max_iter=1000)),
        ]
    ).fit([f"{one.title} {one.body}" for one in examples], [one.label for one in examples])
    return lambda asked: model.predict_proba([f"{one.title} {one.body}" for one in asked])


def run(examples: Sequence[Example], parts: int) -> dict[str, Any]:
    """Both ways on the same splits; F1 and calibration over all texts judged, thresholds from other folds."""
    classes = sorted({one.label for one in examples})
    labels = np.array([classes.index(one.label) for one in examples])
    group = [one.copies for one in examples]
    if not any(group):
        group = copies.groups([one.title + one.body for one in examples])
    fold = copies.folds(group, labels, 5)
    found = {}
    for name, train in (("plain", plain), ("ours", ours)):
        chances = np.zeros((len(examples), len(classes)))
        learning = judging = 0.0
        for left in range(parts):
            began = time.process_time()
            judge = train([one for one, part in zip(examples, fold, strict=True) if part != left])
            learned = time.process_time()
            chances[fold == left] = judge(
                [one for one, part in zip(examples, fold, strict=True) if part == left]
            )
            learning += learned - began
            judging += time.process_time() - learned
            right = (chances[fold == left].argmax(axis=1) == labels[fold == left]).mean()
            print(f"{name}, part {left + 1}: {right:.4f} right", file=sys.stderr, flush=True)
        judged = fold < parts
        told = measures.report(chances[judged], labels[judged], fold[judged], classes).document()
        found[name] = {
            "seconds_to_train": round(learning / parts, 1),
            "messages_per_second": round(int(judged.sum()) / judging),
            **{
                key: told[key] for key in ("examples", "macro_f1", "accuracy", "calibration_error", "handing")
            },
        }
    return {
        **found,
        "errors_of_plain": round(
            (1 - found["ours"]["accuracy"]) / max(1 - found["plain"]["accuracy"], 1e-9), 2
        ),
        "speed_of_plain": round(
            found["ours"]["messages_per_second"] / found["plain"]["messages_per_second"], 2
        ),
    }


def main() -> None:
    """Measure and print one JSON document."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.bench_sorting", description=__doc__)
    reader.add_argument("--data", type=Path, help="a labelled sheet, .csv or .csv.gz")
    reader.add_argument("--folds", type=int, default=5, choices=range(1, 6))
    asked = reader.parse_args()
    if asked.data:
        print(json.dumps(run(labelled(asked.data), asked.folds), ensure_ascii=False, indent=2))
        return
    found = run(letters(2000), 1)
    for name in ("plain", "ours"):  # of invented letters only the times mean anything
        found[name] = {key: found[name][key] for key in ("seconds_to_train", "messages_per_second")}
    del found["errors_of_plain"]
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
