"""The warning cards of 刺桐市: given when a limit came near or passed, explained, contested, upheld or taken back.

They are found as the tick finds them, by the same rules and under the same keys, so that it gives none of them twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from qianshao.core.duties.door import stream_of
from qianshao.core.duties.rulebook import Book
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, last_day, run
from qianshao.kernel.declare import Look
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.openness.cards import facts as c
from qianshao.modules.openness.cards import rules
from qianshao.modules.openness.module import CARD

from .life import Life, Step
from .openness import Disclosure

_WHY = {"yellow": "临近期限仍未办结", "red": "期限届满仍未办结"}
_CAUSES = (
    "承办人外出培训，未及时移交，已补办。",
    "涉及多个科室会商，意见未能按时汇总。",
    "档案检索耗时较长，已安排专人加快。",
    "系统提醒设置有误，已改正并开展自查。",
)
_REMEDIES = ("建立到期前三日提醒制度。", "明确一名替岗联络员。", "每周一通报在办件期限。")
_GROUNDS = (
    "对方补充材料于期限前一日才送达，建议不计入本单位责任。",
    "该件已于发牌当日办结，请核对办结记录。",
    "期限内已形成答复稿并送审，系审签环节延误。",
)
_TICK = timedelta(minutes=4)
_SHORTEST = {"openness.interpretation": timedelta(days=1)}  # what was over sooner came near no limit
_USUAL = timedelta(days=18)


@dataclass(frozen=True, slots=True)
class _Earned:
    """A card the moment it is given."""

    level: str
    at: datetime
    limit: datetime
    look: Look
    of: Disclosure


def cards(work: Iterable[Disclosure], seed: int, calendar: Calendar, book: Book) -> Iterator[Disclosure]:
    """Every card the disclosure work earned; every third one of a level is contested."""
    earned = sorted(
        (card for one in work if one.kind.key in rules.YELLOW for card in _earned(one, calendar, book)),
        key=lambda card: (card.at, card.of.source, card.level),
    )
    counts = dict.fromkeys(c.LEVELS, 0)
    for card in earned:
        counts[card.level] += 1
        stream = stream_of(card.of.kind, card.of.source)
        source = f"{stream}/{card.limit.isoformat()}/{card.level}"
        random = Random(f"{seed}/card/{source}")
        life = Life(random, calendar, unit=card.look.unit)
        opened = card.look.opened_at.astimezone(SHANGHAI)
        number = card.look.number or f"{card.of.kind.prefix}{opened:%Y%m%d}-{stream[:6].upper()}"
        life.add(
            c.Issued(
                at=card.at,
                level=card.level,
                unit=card.look.unit,
                about=card.of.kind.key,
                stream=stream,
                number=number,
                limit=last_day(card.limit),
                reason=_WHY[card.level],
            ),
            card.at,
        )
        _answered(life, counts[card.level], book)
        yield Disclosure(CARD, source, tuple(life.steps))


def _earned(one: Disclosure, calendar: Calendar, book: Book) -> Iterator[_Earned]:
    steps, kind = one.steps, one.kind
    if steps[-1].rec - steps[0].rec < _SHORTEST.get(kind.key, _USUAL):
        return
    born = steps[0].fact.on
    numbers = {key: book.in_force(key, born).rule for key in kind.rules}
    given: set[tuple[datetime, str]] = set()
    for place, step in enumerate(steps):
        state = kind.fold([each.fact for each in steps[: place + 1]])
        look, deadline = kind.look(state), kind.clock(state, calendar, numbers)
        if not kind.phase(look.phase).open or deadline.until is None or deadline.provisional:
            continue
        after = steps[place + 1].rec if place + 1 < len(steps) else datetime.max.replace(tzinfo=SHANGHAI)
        yellow, red = _moments(deadline, kind.key, calendar, book)
        for level, at in (("yellow", yellow), ("red", red)):
            if level == "yellow" and red <= max(yellow, step.rec):
                continue  # what is found overdue gets no yellow card as well
            moment = max(at, step.rec) + _TICK
            if moment < after and (deadline.until, level) not in given:
                given.add((deadline.until, level))
                yield _Earned(level, moment, deadline.until.astimezone(SHANGHAI), look, one)


def _moments(deadline: Deadline, kind: str, calendar: Calendar, book: Book) -> tuple[datetime, datetime]:
    assert deadline.until is not None
    limit = last_day(deadline.until.astimezone(SHANGHAI))
    yellow, red = (book.in_force(keys[kind], limit).rule for keys in (rules.YELLOW, rules.RED))
    return rules.earns(calendar, yellow, red, amber_at=deadline.amber_at, due_at=deadline.until)


def _answered(life: Life, number: int, book: Book) -> None:
    """Signed for, explained, decided; or contested, before the decision or after it."""
    random = life.random
    life.add(c.SignedFor(at=life.workday(life.last, random.randint(0, 1))))
    contested, at_once = number % 3 == 0, number % 2 == 0
    if contested and at_once:
        life.add(c.Appealed(at=life.workday(life.last, 1), grounds=random.choice(_GROUNDS)))
    else:
        life.add(
            c.Explained(
                at=life.workday(life.last, random.randint(0, 2)),
                explanation=random.choice(_CAUSES),
                remedy=random.choice(_REMEDIES),
            )
        )
        if not contested and random.random() < 0.15:
            _decided(life, "withdrawn", "情况属实，非本单位原因。")
            return
        _decided(life, "upheld", "理由不足以免责，予以维持。")
        if not contested:
            _closed(life, book)
            return
        life.add(
            c.Appealed(at=life.workday(life.last, random.randint(1, 4)), grounds=random.choice(_GROUNDS))
        )
    if random.random() < 0.5:
        _decided(life, "withdrawn", "申诉理由成立，予以撤销。")
    else:
        _decided(life, "upheld", "申诉理由不成立，予以维持。")


def _decided(life: Life, outcome: str, reason: str) -> None:
    at = life.workday(life.last, life.random.randint(3, 5))
    life.add(c.Decided(at=at, outcome=outcome, reason=reason))


def _closed(life: Life, book: Book) -> None:
    """Nobody contested it in its time: closed as the tick closes it."""
    decided = life.steps[-1].fact
    until = run(book.in_force(rules.APPEAL, decided.on).rule, life.calendar, decided.at).until
    assert until is not None
    life.steps.append(Step(until + _TICK, c.Closed(at=until)))
