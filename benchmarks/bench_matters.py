"""Same matter: quality beside the plain ways in the same run, the time to place a message, and time and memory of a large file.

    python -m benchmarks.bench_matters [--data stream_messages_dev.csv.gz] [--large 20000]

Quality is B-cubed F1 (Bagga & Baldwin 1998) against ``matters_reference.csv``, which names the messages of the public
stream (8th Teddy Cup, problem C, annex 3) that are about the same matter; messages it does not name stand alone. How it
was made is told in ``docs/hotline-matters.md``. Every way chooses its threshold on the messages before June 2019 and is
measured on those from June on. Without ``--data`` only speed is measured, on generated messages.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline.matters import copies, grouping, words
from qianshao.modules.hotline.matters.index import Index
from qianshao.modules.hotline.matters.message import Message, plain

from . import machine

REFERENCE = Path(__file__).parent / "matters_reference.csv"
SPLIT = datetime(2019, 6, 1, tzinfo=SHANGHAI)
WANTED_F1, WANTED_MS = 0.90, 10.0
Labels = Sequence[int]
Way = Callable[[list[Message], float], Labels]


def bcubed(found: Labels, wanted: Labels) -> tuple[float, float, float]:
    """Precision, recall and F1, each message counting once."""
    ours, theirs = Counter(found), Counter(wanted)
    both = Counter(zip(found, wanted, strict=True))
    precision = sum(n * n / ours[a] for (a, _b), n in both.items()) / len(found)
    recall = sum(n * n / theirs[b] for (_a, b), n in both.items()) / len(found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ours(messages: list[Message], threshold: float) -> Labels:
    """The product, at another threshold."""
    kept, grouping.THRESHOLD = grouping.THRESHOLD, threshold
    try:
        groups = grouping.group(messages).groups
    finally:
        grouping.THRESHOLD = kept
    labels = [0] * len(messages)
    for number, positions in enumerate(groups):
        for at in positions:
            labels[at] = number
    return labels


def tfidf(messages: list[Message]) -> np.ndarray:
    """Rows of word TF-IDF, as scikit-learn makes them, over title and body."""

    def cut(message: Message) -> list[str]:
        return [word for word in words.cut(plain(f"{message.title}。{message.body}")) if len(word) > 1]

    return TfidfVectorizer(analyzer=cut).fit_transform(messages)


def plain_linkage(messages: list[Message], threshold: float) -> Labels:
    """Word TF-IDF and SciPy's average linkage."""
    rows = tfidf(messages)
    apart = np.clip(1 - (rows @ rows.T).toarray(), 0, 1)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform((apart + apart.T) / 2, checks=False), "average")
    return [int(label) for label in fcluster(tree, 1 - threshold, "distance")]


def topics(messages: list[Message], dimensions: float) -> Labels:
    """As BERTopic does it, with latent semantic vectors in place of a language model's: reduce, then HDBSCAN."""
    rows = TruncatedSVD(int(dimensions), random_state=0).fit_transform(tfidf(messages))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-12
    labels = HDBSCAN(min_cluster_size=2, cluster_selection_method="leaf", copy=True).fit_predict(rows)
    return [int(label) if label >= 0 else -1 - at for at, label in enumerate(labels)]


def near_copies(messages: list[Message], _threshold: float) -> Labels:
    """MinHash alone: near-copies are one matter."""
    return copies.first_copies([f"{message.title}\n{message.body}" for message in messages])


WAYS: dict[str, tuple[Way, tuple[float, ...]]] = {
    "qianshao": (ours, (0.15, 0.2, 0.25, 0.3)),
    "word TF-IDF + average linkage": (plain_linkage, (0.25, 0.3, 0.35, 0.4, 0.45)),
    "LSA + HDBSCAN": (topics, (50, 100, 200, 400)),
    "MinHash near-copies": (near_copies, (0.8,)),
}


def stream(path: Path) -> list[Message]:
    """The messages of the public stream."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            Message(
                row["message_id"],
                row["title"],
                row["body"],
                datetime.fromisoformat(row["sent_at"]).replace(tzinfo=SHANGHAI),
            )
            for row in csv.DictReader(file)
        ]


def quality(messages: list[Message]) -> bool:
    """Every way on the same parts; whether ours is good enough and the best."""
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        named = {row["message_id"]: row["group_id"] for row in csv.DictReader(file)}
    parts = [
        [message for message in messages if message.sent_at and (message.sent_at < SPLIT) == early]
        for early in (True, False)
    ]
    wanted = [_numbered([named.get(message.key, message.key) for message in part]) for part in parts]
    print(f"{len(parts[0])} messages to choose by, {len(parts[1])} to measure on")
    reached = {}
    for name, (way, thresholds) in WAYS.items():
        best = max(thresholds, key=lambda threshold: bcubed(way(parts[0], threshold), wanted[0])[2])
        began = time.perf_counter()
        precision, recall, reached[name] = bcubed(way(parts[1], best), wanted[1])
        print(
            f"{name:<30} threshold {best:.2f}  precision {precision:.3f}  recall {recall:.3f}  "
            f"F1 {reached[name]:.3f}  {time.perf_counter() - began:.1f} s",
            flush=True,
        )
    shipped = bcubed(ours(parts[1], grouping.THRESHOLD), wanted[1])
    print(f"as shipped (threshold {grouping.THRESHOLD}): {', '.join(f'{value:.3f}' for value in shipped)}")
    left = {name: (1 - score) / (1 - reached["qianshao"]) for name, score in reached.items()}
    print("errors beside ours: " + ", ".join(f"{name} {ratio:.2f}×" for name, ratio in left.items()))
    return reached["qianshao"] >= max(WANTED_F1, *reached.values())


def _numbered(names: list[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(name, len(numbers)) for name in names]


def placing(messages: list[Message]) -> bool:
    """One message after another put into an index of the rest."""
    ordered = sorted(messages, key=lambda message: (message.sent_at or SPLIT, message.key))
    late = min(500, len(ordered) // 4)
    began = time.perf_counter()
    index = Index(ordered[:-late])
    built = time.perf_counter() - began
    taken = []
    for message in ordered[-late:]:
        began = time.perf_counter()
        index.place(message)
        taken.append((time.perf_counter() - began) * 1000)
    middle, worst = statistics.median(taken), sorted(taken)[int(len(taken) * 0.99)]
    print(
        f"index of {len(ordered) - late} built in {built:.1f} s; a message placed in {middle:.1f} ms "
        f"(median, 99 %: {worst:.1f} ms)"
    )
    return middle <= WANTED_MS


def generated(count: int) -> list[Message]:
    """Messages of a made-up city: many matters, some hot, a thousand copies of one text."""
    dice = random.Random(20)
    streets = [f"{a}{b}路" for a in "长东西南北中新安宁平" for b in "虹城门湖山桥泉阳海江丰华"]
    estates = [f"{a}{b}花园" for a in "榕桂松竹梅兰荷枫柳樟" for b in "荫香园庭苑轩湖溪岭坡"]
    troubles = [
        ("路灯不亮", "晚上看不见路老人摔倒"), ("烧烤摊油烟扰民", "油烟呛人窗户不能开营业到两点"),
        ("工地夜间施工", "凌晨还在打桩孩子睡不着"), ("自来水发黄", "有铁锈味打水厂电话没人接"),
        ("电梯故障频发", "困人三次物业不维修"), ("公交车难等", "早高峰等四十分钟上班迟到"),
        ("污水外溢", "下水道堵了半个月臭气很大"), ("停车收费不合理", "没有公示收费标准"),
    ]  # fmt: skip
    fillers = [*"我你他们住在附近已经多次打电话没有结果希望尽快来人看居民意见很大天如此请给一个说法和时间"]
    found = []
    for number in range(count):
        place = dice.choice(streets if dice.random() < 0.5 else estates)
        title, body = dice.choice(troubles)
        said = "".join(dice.sample(fillers, 20))
        found.append(
            Message(
                str(number),
                f"B{dice.randint(1, 9)}区{place}{title}",
                f"{place}{body}，{said}，{dice.choice(estates)}的住户也反映过。",
                datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=dice.randint(0, 400_000)),
            )
        )
    return found + [
        Message(
            f"c{number}",
            "长虹路的路灯不亮",
            "长虹路的路灯不亮，请维修。",
            datetime(2026, 2, 1, tzinfo=SHANGHAI),
        )
        for number in range(1000)
    ]


def large(count: int) -> None:
    """Time and memory of a large file in which everything resembles everything."""
    messages = generated(count)
    began = time.perf_counter()
    groups = grouping.group(messages).groups
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(messages)} generated messages grouped in {seconds:.0f} s ({len(messages) / seconds:.0f}/s), "
        f"{len(groups)} groups, peak {peak:.0f} MB"
    )


def main() -> int:
    """1 when the quality or the speed wanted is missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--data", type=Path, help="stream_messages_dev.csv.gz of the public messages")
    reader.add_argument("--large", type=int, default=20_000)
    asked = reader.parse_args()
    print(machine.describe(), flush=True)
    messages = stream(asked.data) if asked.data else generated(3_000)
    good = quality(messages) if asked.data else True
    quick = placing(messages)
    large(asked.large)
    return 0 if good and quick else 1


if __name__ == "__main__":
    sys.exit(main())
