"""The deadline of an item: from the place meant for it, else from its prose; of several the last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qianshao.kernel.words import Words, say

from . import deadlines
from .assigning import Assignment
from .deadlines import Frame
from .due import in_prose
from .folding import clean
from .model import Item, Place, Stage
from .source import Source

_LONGEST = 20_000


def time_item(
    source: Source, item: Item, assignment: Assignment | None, stretches: Sequence[Place], frame: Frame
) -> None:
    """Set the deadline of an item, its stages and what is doubtful about them."""
    stages: list[Stage] = []
    doubts: list[Words] = []
    for place in assignment.when if assignment else []:
        found, doubtful = deadlines.stages_in(source.folded, source.text, place.start, place.end, frame)
        if not found:
            phrase = clean(source.text[place.start : place.end])
            if not phrase or re.fullmatch(r"[/\-—无、]+", phrase):
                continue
            found = [Stage(phrase, None, place)]
            doubtful = [say("时限“{phrase}”推算不出日期。", phrase=phrase[:40])]
        stages += found
        doubts += doubtful
    if not stages:
        for place in stretches:
            for start, end in in_prose(source.folded, place.start, min(place.end, place.start + _LONGEST)):
                found, doubtful = deadlines.stages_in(source.folded, source.text, start, end, frame)
                stages += found
                doubts += doubtful
    if not stages:
        return
    dated = [stage for stage in stages if stage.day is not None]
    chosen = max(dated, key=lambda stage: stage.day or date.min) if dated else stages[-1]
    item.deadline, item.day = clean(chosen.phrase), chosen.day
    if chosen.place is not None:
        item.places["deadline"] = [chosen.place]
    for words in doubts:
        item.doubt(words)
    if len({stage.phrase for stage in stages}) > 1:
        item.stages = [Stage(clean(stage.phrase), stage.day, stage.place) for stage in stages]
        item.doubt(say("有 {n} 个时间要求，按最后一个读。", n=len(stages)))
