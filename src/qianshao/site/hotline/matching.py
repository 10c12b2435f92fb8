"""Orders about the same matter while an agent types: an index of the newest orders in the memory of the web process.

The index takes the groups of the last run as they are, and what came since is placed into it one by one, in
milliseconds each. It is made in a thread beside the requests when the first agent types, and anew after each run; until it
is there, and where no run was made yet, the search index answers and the page says so. Words are opened in memory
alone, and an order is only told to those who may see it, its words to those who may read them.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import unsealed
from qianshao.kit.duties import titles
from qianshao.kit.duties.masking import scrub
from qianshao.kit.queries import figures
from qianshao.modules.hotline.models import Grouped, Member
from qianshao.modules.hotline.module import ORDER

from . import neighbours
from .suggesting import Draft, Similar

if TYPE_CHECKING:
    from qianshao.modules.hotline.matters.index import Alike, Index

_log = logging.getLogger(__name__)
_LOOKED_AT = 12  # orders looked at, of which those the agent may see are shown
_AT_ONCE = 50  # new orders placed while somebody waits
_SAID = 3  # places and words told of each


@dataclass
class _Kept:
    """The index, the run its groups are of, and the last order in it."""

    index: Index
    run: int
    last: int


_lock = threading.Lock()  # an index is for one thread at a time
_kept: _Kept | None = None
_maker: threading.Thread | None = None


def similar(draft: Draft, actor: Actor, now: datetime) -> Sequence[Similar]:
    """The orders most like a draft, likeliest first, with the places and words they share."""
    kept = _current()
    if kept is None:
        return neighbours.similar(draft, actor, now)
    from qianshao.modules.hotline.matters.like import like

    with _lock:
        _catch_up(kept)
        found = like(kept.index, draft.title, f"{draft.body}\n{draft.place}", now, _LOOKED_AT)
        sizes = {one.key: kept.index.size_of(one.group) for one in found}
    return _told(found, sizes, draft, actor)


def similar_by(draft: Draft, actor: Actor, now: datetime) -> str:
    """Nothing where the index answers; else why the search index does."""
    if _current() is not None:
        return ""
    if _run() is None:
        return _("还没有归并过同一诉求，以下只按共同的文字片段查找；每晚归并之后按地点和词语查找。")
    return _("同一诉求的索引正在准备，稍后按地点和词语查找；以下只按共同的文字片段查找。")


def _run() -> int | None:
    return Grouped.objects.order_by("-id").values_list("id", flat=True).first()


def _current() -> _Kept | None:
    """The index at hand; one of an earlier run serves until the new one is ready."""
    run = _run()
    if run is None:
        return None
    kept = _kept
    if kept is None or kept.run != run:
        _make_soon()
    return kept


def _make_soon() -> None:
    """Start the thread that makes the index, unless it is at work."""
    global _maker
    with _lock:
        if _maker is None or not _maker.is_alive():
            _maker = threading.Thread(target=_work, name="hotline-matching", daemon=True)
            _maker.start()


def _work() -> None:
    try:
        prepare()
    except Exception:
        _log.exception("the index of like orders cannot be made")
    finally:
        connection.close()


def prepare() -> None:
    """Make the index over the newest orders, in the groups of the last run; does nothing before the first run."""
    global _kept
    from qianshao.modules.hotline import gathering
    from qianshao.modules.hotline.matters.index import Index

    run = _run()
    if run is None:
        return
    orders = Duty.objects.filter(kind=ORDER.key).exclude(phase="merged").order_by("-id")
    newest = list(orders.values_list("id", "stream", "opened_at")[: settings.HOTLINE_DESK_ORDERS])[::-1]
    since = min((at for _pk, _stream, at in newest), default=None)
    group_of = dict(Member.objects.filter(at__gte=since).values_list("stream", "group")) if since else {}
    grouped = [(stream, at) for _pk, stream, at in newest if stream in group_of]
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for position, (stream, _at) in enumerate(grouped):
        groups[group_of[stream]].append(position)
    index = Index(list(gathering.read(grouped)), groups=list(groups.values()))
    for message in gathering.read([(stream, at) for _pk, stream, at in newest if stream not in group_of]):
        index.place(message)
    with _lock:
        _kept = _Kept(index, run, newest[-1][0] if newest else 0)


def forget() -> None:
    """Let the index go (another database)."""
    global _kept
    _kept = None


def _catch_up(kept: _Kept) -> None:
    """Place what came since."""
    from qianshao.modules.hotline import gathering

    fresh = Duty.objects.filter(kind=ORDER.key, pk__gt=kept.last).order_by("id")
    rows = list(fresh.values_list("id", "stream", "opened_at")[:_AT_ONCE])
    for message in gathering.read([(stream, at) for _pk, stream, at in rows]):
        kept.index.place(message)
    if rows:
        kept.last = rows[-1][0]


def _told(found: Sequence[Alike], sizes: dict[str, int], draft: Draft, actor: Actor) -> list[Similar]:
    seen = Duty.objects.filter(
        figures.visible(ORDER, actor), kind=ORDER.key, stream__in=[one.key for one in found]
    )
    duties = {duty.stream: duty for duty in seen.exclude(phase="merged").select_related("unit")}
    shown = [one for one in found if one.key in duties][: neighbours.SHOWN]
    readable = [one.key for one in shown if titles.may_read(duties[one.key], ORDER, actor)]
    opened = {stream: values for (stream, sseq), values in unsealed(readable).items() if sseq == 1}
    named = titles.titles([duties[one.key] for one in shown], actor)
    return [
        Similar(
            duties[one.key],
            named[one.key].text,
            one.likeness,
            tuple(_because(one, sizes[one.key], opened.get(one.key), draft)),
        )
        for one in shown
    ]


def _because(one: Alike, size: int, opened: dict[str, str] | None, draft: Draft) -> list[str]:
    """The reasons in sentences; words of an order that was erased or is not to be read are not told."""
    reasons = []
    if opened:
        if draft.phone and opened.get("phone") == draft.phone:
            reasons.append(_("来电号码相同"))
        for said, sentence in (
            (one.reasons.places, _("地点都有{words}")),
            (one.reasons.words, _("都提到{words}")),
        ):
            if said:
                words = _("、").join(f"“{scrub(word)}”" for word in said[:_SAID])
                reasons.append(sentence.format(words=words))
    reasons.append(_("相似程度 {share}%").format(share=round(100 * one.likeness)))
    if size > 1:
        reasons.append(ngettext("同一诉求已有 {n} 件", "同一诉求已有 {n} 件", size).format(n=size))
    return reasons
