"""Classes suggested by a trained model, where the office has put one; else by similar orders."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.modules.hotline import sorting
from qianshao.modules.hotline.models import Tolerated

from . import neighbours
from .suggesting import Draft, Likely

_log = logging.getLogger(__name__)
RATE = 20  # thousandths wrong that are put up with until somebody chose otherwise


def in_use() -> sorting.Model | None:
    """The model the desk asks; None where there is none or it cannot be read, which the log is told."""
    path = settings.HOTLINE_MODEL
    if not path.is_file():
        return None
    try:
        return sorting.load(path)
    except (sorting.BadModel, OSError) as error:
        _log.warning("the model of classes cannot be read: %s", error)
        return None


def digest_in_use() -> str:
    """The SHA-256 of the model's file; empty where there is none."""
    path = settings.HOTLINE_MODEL
    try:
        told = path.stat()
        return _digest(path, told.st_mtime_ns, told.st_size, told.st_ino)
    except OSError:
        return ""


@lru_cache(maxsize=2)
def _digest(path: Path, _changed: int, _size: int, _number: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tolerated() -> int:
    """The share of wrong suggestions the office puts up with, in thousandths."""
    chosen = Tolerated.objects.order_by("-id").values_list("per_mille", flat=True).first()
    return RATE if chosen is None else chosen


def threshold(model: sorting.Model) -> float:
    """The confidence below which a person decides, at the tolerated rate; above 1 where a person decides all."""
    from qianshao.modules.hotline import learning

    lines = learning.judged(model.about).get("handing", [])
    at = {round(1000 * line["rate"]): float(line["threshold"]) for line in lines}
    return at.get(tolerated(), 1.01)


def topics(draft: Draft, actor: Actor, now: datetime) -> Sequence[Likely]:
    """The model's class and second choice with the words that decided; an unreadable model is told to the log and passed over."""
    model = in_use()
    if model is None:
        return neighbours.topics(draft, actor, now)
    found = sorting.suggest(model, draft.title, draft.body)
    share = round(100 * found.confidence)
    because = _("分类模型判断，把握 {share}%").format(share=share)
    if found.because:
        because = _("{sentence}；依据：{words}").format(sentence=because, words=_("、").join(found.because))
    if found.confidence < threshold(model):
        because = _("{sentence}；把握不足，请人工判断").format(sentence=because)
    likely = [Likely(found.label, found.label, found.confidence, because)]
    if found.second:
        likely.append(Likely(found.second, found.second, 1 - found.confidence, _("分类模型的第二选择")))
    return likely
