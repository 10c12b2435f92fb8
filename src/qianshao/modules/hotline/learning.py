"""A model of classes learned from the city's own orders: what clerks made of them, corrections included.

Titles and stories are opened in memory. Before anything is learned from them, the caller's name, numbers of persons and
cars and every long row of digits are taken out, and only runs of letters and words that occur in several orders are
kept: the file of the model holds those and their weights, and no order.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import unsealed
from qianshao.kit.duties.masking import scrub

from .models import Learned, Member
from .sorting import BadModel, load, store, training
from .sorting.training import Example, Trained

ORDER, SAMENESS = "hotline.order", "hotline.sameness"
MOST = 20_000
"""Orders learned from, the newest: enough for the classes of a city, and few enough for five minutes."""
LEAST_OF_CLASS = 10
"""Orders a class must have; of rarer ones nothing can be judged on orders left out."""
MOST_CLASSES = 60
LEAST_RUN = 3
"""Orders a run of letters or words must occur in: what stands in one or two may be somebody's name."""
NEW_MATTERS = "new_matters"
"""Where a model tells how it does on matters it has learned nothing of."""
MOST_JUDGED = 4_000
"""Newest examples that is measured on: a second training, which may not cost what the first does."""
WORSE = 0.02
"""By how much macro-F1 may fall before a model learned in the night is not taken into use."""
_AT_ONCE = 2000
_DIGITS = re.compile(r"[0-9０-９*＊]{4,}")


@dataclass(frozen=True)
class Corrections:
    """What clerks put right so far: orders classified anew, orders moved to another unit, decisions on same matters."""

    reclassified: int
    moved: int
    sameness: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.reclassified + self.moved + self.sameness


@dataclass(frozen=True)
class Gathered:
    """Examples out of the register, and how many orders were left out: of rare classes, and without words."""

    examples: list[Example]
    rare: int
    empty: int


def corrections() -> Corrections:
    """How many corrections stand in the register now."""
    orders = Duty.objects.filter(kind=ORDER)
    return Corrections(
        orders.filter(marks__contains="|reclassified|").count(),
        orders.filter(marks__contains="|moved|").count(),
        Duty.objects.filter(kind=SAMENESS).exclude(phase="undone").count(),
    )


def gather(most: int = MOST) -> Gathered:
    """The newest classified orders as examples, oldest first, each under the class that stands now.

    Near-copies, as last grouped, stand on one side of every test.
    """
    orders = Duty.objects.filter(kind=ORDER).exclude(topic="").exclude(phase__in=("merged", "withdrawn"))
    newest = list(orders.order_by("-id").values_list("stream", "topic")[:most])[::-1]
    held = Counter(topic for _stream, topic in newest)
    kept = {topic for topic, n in held.most_common(MOST_CLASSES) if n >= LEAST_OF_CLASS}
    rows = [(stream, topic) for stream, topic in newest if topic in kept]
    examples = [one for one in _examples(rows) if one.title or one.body]
    return Gathered(examples, len(newest) - len(rows), len(rows) - len(examples))


def _examples(rows: list[tuple[str, str]]) -> Iterator[Example]:
    for start in range(0, len(rows), _AT_ONCE):
        piece = rows[start : start + _AT_ONCE]
        streams = [stream for stream, _topic in piece]
        opened = unsealed(streams)
        members = Member.objects.filter(stream__in=streams).values_list("stream", "group", "text")
        text_of = {stream: f"{group}/{text}" for stream, group, text in members}
        for stream, topic in piece:
            said = opened.get((stream, 1), {})
            names = [said[key] for key in ("caller", "email", "address") if said.get(key)]
            title, body = (without_people(said.get(key, ""), names) for key in ("title", "body"))
            yield Example(title, body, topic, text_of.get(stream, ""))


def without_people(text: str, names: list[str]) -> str:
    """The text without these names, without numbers of persons and cars, and without any row of four digits or more."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, " ")
    return _DIGITS.sub(" ", scrub(text))


def latest() -> Learned | None:
    """The last model learned from the register that was taken into use; None before the first."""
    return Learned.objects.filter(used=True).order_by("-id").first()


def trained(examples: Sequence[Example], tell: Callable[[int, int], None], least: int) -> Trained:
    """Learn, and where the examples were grouped by matter, also judge how it does on matters it learned nothing of.

    People tell one matter in much the same words. Held apart are near-copies when a model is fitted, so that repeats, which do come,
    are known again; but a share of right ones measured so says nothing of a matter nobody has told before. Raises ``TooLittle``.
    """
    found = training.train(examples, tell, least)
    newest = [one._replace(copies=one.copies.rpartition("/")[0]) for one in examples[-MOST_JUDGED:]]
    if not any(one.copies for one in newest):
        return found
    report = training.train(newest, lambda _done, _of: None, least).report
    return replace(
        found, model=replace(found.model, about=found.model.about | {NEW_MATTERS: report.document()})
    )


def judged(about: dict[str, Any]) -> dict[str, Any]:
    """The figures a model may be believed by: of new matters where it tells them; empty for a model that tells none."""
    found: dict[str, Any] = about.get(NEW_MATTERS) or about.get("cross_validation", {})
    return found


def _worse(about: dict[str, Any], path: Path) -> bool:
    """Whether it is clearly worse than the model in use; only what was judged alike is compared."""
    try:
        before = load(path).about
    except (OSError, BadModel):
        return False
    alike = (NEW_MATTERS in before) == (NEW_MATTERS in about) and judged(before)
    return bool(alike) and judged(about)["macro_f1"] < judged(before)["macro_f1"] - WORSE


def learn(path: Path, now: datetime, tell: Callable[[int, int], None], *, unless_worse: bool) -> Learned:
    """Learn anew and put the model where the desk reads it, whole or not at all; raises ``training.TooLittle``.

    With ``unless_worse`` a model clearly worse than the last one learned here is noted and thrown away.
    """
    began = time.monotonic()
    known = corrections()
    gathered = gather()
    found = trained(gathered.examples, tell, LEAST_RUN)
    score = judged(found.model.about)["macro_f1"]
    used = not (unless_worse and _worse(found.model.about, path))
    digest = store.write(found.model, path) if used else ""
    return Learned.objects.create(
        at=now,
        sha256=digest,
        used=used,
        examples=found.report.examples,
        classes=len(found.model.classes),
        reclassified=known.reclassified,
        moved=known.moved,
        sameness=known.sameness,
        macro_f1=round(10_000 * score),
        seconds=round(time.monotonic() - began),
    )
