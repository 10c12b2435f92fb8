"""Classes suggested by a trained model, where the office has put one; else by similar orders."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.modules.hotline import sorting

from . import neighbours
from .suggesting import Draft, Likely

_log = logging.getLogger(__name__)


def topics(draft: Draft, actor: Actor, now: datetime) -> Sequence[Likely]:
    """The model's class and second choice with the words that decided; an unreadable model is told to the log and passed over."""
    path = settings.HOTLINE_MODEL
    if not path.is_file():
        return neighbours.topics(draft, actor, now)
    try:
        model = sorting.load(path)
    except (sorting.BadModel, OSError) as error:
        _log.warning("the model of classes cannot be read: %s", error)
        return neighbours.topics(draft, actor, now)
    found = sorting.suggest(model, draft.title, draft.body)
    share = round(100 * found.confidence)
    because = _("分类模型判断，把握 {share}%").format(share=share)
    if found.because:
        because = _("{sentence}；依据：{words}").format(sentence=because, words=_("、").join(found.because))
    likely = [Likely(found.label, found.label, found.confidence, because)]
    if found.second:
        likely.append(Likely(found.second, found.second, 1 - found.confidence, _("分类模型的第二选择")))
    return likely
