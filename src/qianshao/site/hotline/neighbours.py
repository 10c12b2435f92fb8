"""Suggestions out of the search index alone: orders that share rare pieces of text, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import search
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load, unsealed
from qianshao.core.org.models import Unit
from qianshao.kit.duties import titles
from qianshao.kit.queries import figures
from qianshao.modules.hotline.knowledge.kind import KNOWLEDGE, Item
from qianshao.modules.hotline.module import ORDER

from .suggesting import Draft, Likely, Ready, Similar

SHOWN = 5
_VOTES = 24
_LIKE = 0.18  # below this part of the text's weight an order is not worth an agent's look
_ANSWER_LIKE = 0.1
_SHARED = 3  # characters a shared run has to have to be told as a reason


def _near(draft: Draft, actor: Actor, top: int) -> list[tuple[Duty, float]]:
    scores = dict(search.nearest(draft.text, ORDER.key, top))
    found = Duty.objects.filter(figures.visible(ORDER, actor), kind=ORDER.key, pk__in=scores)
    near = [(duty, scores[duty.pk]) for duty in found.select_related("unit")]
    return sorted(near, key=lambda pair: (-pair[1], -pair[0].pk))


def topics(draft: Draft, actor: Actor, now: datetime) -> Sequence[Likely]:
    """The classes similar orders were given, by how alike they are."""
    votes: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for duty, score in _near(draft, actor, _VOTES):
        if duty.topic:
            votes[duty.topic] += score  # type: ignore[assignment]
            seen[duty.topic] += 1
    return _likely(votes, seen, {topic: topic for topic in votes})


def units(draft: Draft, actor: Actor, now: datetime) -> Sequence[Likely]:
    """The units similar orders lie with, by how alike they are."""
    votes: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for duty, score in _near(draft, actor, _VOTES):
        if duty.unit is not None:
            votes[duty.unit.code] += score  # type: ignore[assignment]
            seen[duty.unit.code] += 1
    named = dict(Unit.objects.filter(code__in=list(votes)).values_list("code", "name"))
    return _likely(votes, seen, named)


def _likely(votes: Counter[str], seen: Counter[str], named: Mapping[str, str]) -> list[Likely]:
    total, orders = sum(votes.values()), sum(seen.values())
    return [
        Likely(
            key,
            named.get(key, key),
            weight / total,
            _("相似的 {n} 件工单中有 {m} 件").format(n=orders, m=seen[key]),
        )
        for key, weight in votes.most_common(3)
    ]


def similar(draft: Draft, actor: Actor, now: datetime) -> Sequence[Similar]:
    """Orders that look like the same matter: shared words, the same place, the same telephone."""
    near = [pair for pair in _near(draft, actor, _VOTES) if pair[1] >= _LIKE]
    if not near:
        return []
    opened: dict[str, dict[str, str]] = {}
    readable = [duty for duty, _score in near if titles.may_read(duty, ORDER, actor)]
    for (stream, _sseq), values in sorted(unsealed([duty.stream for duty in readable]).items()):
        opened.setdefault(stream, values)
    shown = titles.titles([duty for duty, _score in near], actor)
    found = []
    for duty, score in near:
        values = opened.get(duty.stream, {})
        reasons = []
        if draft.phone and values.get("phone") == draft.phone:
            reasons.append(_("来电号码相同"))
            score += 0.3
        if duty.place and duty.place in draft.text:
            reasons.append(_("地点同为“{place}”").format(place=duty.place))
            score += 0.1
        words = shared(draft.text, f"{values.get('title', '')}\n{values.get('body', '')}")
        if words:
            reasons.append(_("都提到{words}").format(words=_("、").join(f"“{word}”" for word in words)))
        found.append(Similar(duty, shown[duty.stream].text, min(1.0, score), tuple(reasons)))
    return sorted(found, key=lambda item: (-item.score, -item.duty.pk))[:SHOWN]


def shared(one: str, other: str, most: int = 3) -> list[str]:
    """The longest runs of characters both texts have, none inside another, longest first.

    Only letters and digits count, and at most the first 400 characters of each are looked at.
    """
    left, right = one[:400], other[:400]
    found: list[str] = []
    lengths = [0] * (len(right) + 1)
    best: dict[str, int] = {}
    for a in left:
        row = [0] * (len(right) + 1)
        for place, b in enumerate(right, 1):
            if a == b and a.isalnum():
                row[place] = lengths[place - 1] + 1
                if row[place] >= _SHARED:
                    run = right[place - row[place] : place]
                    best[run] = len(run)
        lengths = row
    for run in sorted(best, key=lambda text: (-best[text], text)):
        if not any(run in other or other in run for other in found):
            found.append(run)
        if len(found) == most:
            break
    return found


def answers(draft: Draft, actor: Actor, now: datetime) -> Sequence[Ready]:
    """Kept answers whose question or words fit; those that are overdue to be read again are marked so."""
    scores = {
        pk: score for pk, score in search.nearest(draft.text, KNOWLEDGE.key, 12) if score >= _ANSWER_LIKE
    }
    found = Duty.objects.filter(
        figures.visible(KNOWLEDGE, actor), kind=KNOWLEDGE.key, open=True, pk__in=scores
    )
    duties = sorted(found, key=lambda duty: -scores[duty.pk])[:3]
    streams = {stream.key: stream for stream in load([duty.stream for duty in duties], lock=False)}
    ready = []
    for duty in duties:
        item: Item = KNOWLEDGE.fold(counted(streams[duty.stream].facts))
        stale = duty.due_at is not None and duty.due_at <= now
        ready.append(Ready(duty, item.written.question, item.answer, stale))
    return ready
