"""Run a round: list what was due, seal, draw, tell inspectors each morning, show the seed, rate, place, publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, Receipt, Refused, perform, perform_many
from qianshao.core.duties.models import Duty, Span
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.merits import services as merits
from qianshao.core.notices.owners import Owners
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.core.org.models import Holding, Unit
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kernel.meter import standing
from qianshao.kernel.sampling import BadDraw, commitment
from qianshao.kernel.words import say

from . import scoring
from .claims import facts as c
from .estimate import Estimate, Stratum, of_city
from .merits import BY_LEVEL
from .ratings import facts as g
from .ratings.rules import Rating, fold
from .rounds import drawing, planning
from .rounds import facts as f
from .rounds.rules import Round

ROUND, CLAIM, RATING = "appraisal.round", "appraisal.claim", "appraisal.rating"
ITEM, SLIP = "supervision.item", "supervision.slip"
INSPECTOR = "appraisal.inspector"
SRC = "appraisal"
_RISKY = ("extended", "sent_back", "reopened", "weight_important", "weight_special")
_MORNING = timedelta(hours=7)
_YEARS = 3  # a former unit is a conflict for so long


def list_due(*, stream: str, eid: int, now: datetime) -> None:
    """A round was opened: every item due in its span is listed for its unit, in the stratum its life has earned."""
    duty = Duty.objects.get(stream=stream)
    opened = planning.round_of(duty).opened
    # A clock that stands while the closing is reviewed has no limit; the one it had stands in the duty's past.
    had = Span.objects.filter(duty=OuterRef("pk"), due_at__isnull=False).order_by("-since")
    due = (
        Duty.objects.filter(kind=ITEM, unit__isnull=False)
        .exclude(phase__in=("cancelled", "declined"))
        .annotate(limit=Coalesce("due_at", Subquery(had.values("due_at")[:1])))
        .filter(limit__gt=midnight(opened.since), limit__lte=midnight(opened.until) + DAY)
    )
    deliveries = [_due(item, opened, now) for item in due.select_related("unit").order_by("id")]
    perform_many(deliveries, actor=machine(SRC), now=now, src="reaction")


def _due(item: Duty, opened: f.Opened, now: datetime) -> Delivery:
    assert item.unit is not None
    risky = item.missed_at is not None or any(f"|{mark}|" in item.marks for mark in _RISKY)
    fact = c.Due(
        at=opened.at,
        round=opened.name,
        title=item.title[:200],
        item=item.number,
        stream=item.stream,
        stratum="risk" if risky else "ordinary",
        unit=item.unit.code,
    )
    return Delivery(kind=registry.kind(CLAIM), fact=fact, source=f"{opened.name}/{item.stream}")


def seal(duty: Duty, *, seed: bytes, actor: Actor, now: datetime) -> Receipt:
    """Fix list, roster, conflicts and seed; raises ``Refused`` before the time to declare is over."""
    found = planning.round_of(duty)
    claims = planning.listed(found.opened.name)
    if not claims:
        raise Refused(say("没有单位申报完成，不用抽查"))
    roster = inspectors(now.astimezone(SHANGHAI).date())
    if not roster:
        raise Refused(say("没有效能督查员，请先授予角色"))
    conflicts = _conflicts(roster, sorted({claim.unit for claim in claims}), now)
    fact = f.Sealed(
        at=now,
        claims=len(claims),
        listed=drawing.digest_of(claims),
        commitment=commitment(seed),
        inspectors=",".join(str(number) for number in sorted(roster)),
        conflicts=",".join(f"{unit}:{number}" for unit, number in conflicts),
        seed=seed.hex(),
    )
    return perform(kind=registry.kind(ROUND), duty=duty, fact=fact, actor=actor, now=now, src=SRC)


def inspectors(on: date) -> dict[int, Account]:
    """The accounts that hold the inspector's role on a day, by number."""
    grants = Grant.objects.filter(role=INSPECTOR, valid_from__lte=on).exclude(valid_to__lte=on)
    return {grant.account_id: grant.account for grant in grants.select_related("account")}


def _conflicts(roster: Mapping[int, Account], units: Sequence[str], now: datetime) -> list[tuple[str, int]]:
    """(unit, inspector): own unit, one above or below it, and any in which a post was held in the last years."""
    since = (now - timedelta(days=365 * _YEARS)).date()
    paths: dict[int, set[str]] = defaultdict(set)
    for grant in Grant.objects.filter(account__in=roster).select_related("unit").order_by("id"):
        paths[grant.account_id].add(grant.unit.path)
    of_person = {account.person_id: number for number, account in roster.items()}
    held = Holding.objects.filter(person_id__in=of_person).exclude(valid_to__lt=since)
    for holding in held.select_related("post__unit").order_by("id"):
        paths[of_person[holding.person_id]].add(holding.post.unit.path)
    targets = dict(Unit.objects.filter(code__in=units).values_list("code", "path"))
    return sorted(
        (code, number)
        for code, path in targets.items()
        for number, own in paths.items()
        if any(_related(path, other) for other in own)
    )


def _related(path: str, other: str) -> bool:
    """One is the other or lies below it; the city itself is related to nobody."""
    return "/" not in (path, other) and (path.startswith(other) or other.startswith(path))


def draw(duty: Duty, *, actor: Actor, now: datetime) -> Receipt:
    """Draw and match from the sealed seed; raises ``Refused`` when a visited unit has no inspection left."""
    found = planning.round_of(duty)
    if found.sealed is None or not found.sealed.seed:
        raise Refused(say("名单和种子还没有封存"))
    try:
        plan = planning.proposed(found, now.astimezone(SHANGHAI).date())
    except BadDraw as error:
        raise Refused(
            say("有被抽中的单位找不到没有利益冲突的督查员，请充实督查员名册后重新开始一轮")
        ) from error
    fact = f.Drawn(
        at=now,
        visits=len(plan),
        units=len({visit.unit for visit in plan.values()}),
        plan=drawing.plan_digest(plan),
    )
    return perform(kind=registry.kind(ROUND), duty=duty, fact=fact, actor=actor, now=now, src=SRC)


def watch(duties: Sequence[Duty], now: datetime) -> dict[str, datetime]:
    """On each morning of a spot check, tell its inspectors where to go; nobody knows before."""
    again: dict[str, datetime] = {}
    today = now.astimezone(SHANGHAI).date()
    for duty in duties:
        if duty.phase != "drawn":
            continue
        morning = midnight(today) + _MORNING
        again[duty.stream] = morning if now < morning else morning + DAY
        if now < morning:
            continue
        plan = planning.plan(duty)
        titles = dict(
            Duty.objects.filter(stream__in=[key for key, one in plan.items() if one.on == today]).values_list(
                "stream", "title"
            )
        )
        tell_many(
            [
                Telling(
                    key=f"{key}/visit",
                    to=[int(plan[key].inspector)],
                    words=say("今日抽查：{title}，请直奔现场，不打招呼", title=title),
                    stream=key,
                )
                for key, title in sorted(titles.items())
            ],
            now=now,
        )
    return again


def reveal(duty: Duty, *, actor: Actor, now: datetime) -> Receipt:
    """Show the seed once every drawn declaration was checked, or the last day is over."""
    found = planning.round_of(duty)
    if found.sealed is None or found.drawn is None:
        raise Refused(say("还没有抽取"))
    if not found.sealed.seed:
        raise Refused(say("种子已不能读取"))
    left = Duty.objects.filter(stream__in=planning.plan(duty)).exclude(marks__contains="|checked|").count()
    if left and now < midnight(found.opened.visit_by) + DAY:
        raise Refused(say("还有 {n} 件没有核查，抽查截止日之后才能公布种子", n=left))
    fact = f.Revealed(at=now, seed=found.sealed.seed)
    return perform(kind=registry.kind(ROUND), duty=duty, fact=fact, actor=actor, now=now, src=SRC)


def strata_of(number: str) -> dict[str, list[Stratum]]:
    """The strata of every unit that declared something, with what the checks found."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    places = {"confirmed": 1, "partly": 2, "refuted": 3}
    rows = Duty.objects.filter(kind=CLAIM, topic=number, marks__contains="|declared|").order_by("id")
    for unit, marks in rows.values_list("unit__code", "marks"):
        stratum = "risk" if "|stratum_risk|" in marks else "ordinary"
        counted = counts[unit, stratum]
        counted[0] += 1
        for result, place in places.items():
            counted[place] += f"|result_{result}|" in marks
    found: dict[str, list[Stratum]] = defaultdict(list)
    for (unit, _stratum), (size, confirmed, partly, refuted) in sorted(counts.items()):
        found[unit].append(Stratum(size, confirmed, partly, refuted))
    return dict(found)


@transaction.atomic
def rate(duty: Duty, *, actor: Actor, now: datetime) -> int:
    """Work out every unit's score, again where an appeal has changed it; how many scores are new or changed.

    Each unit whose score is new or changed is told, for it may contest it now. Raises ``Refused`` while an appeal
    against a check waits, and ``BadSample`` when something drawn was never checked: a stratum nobody looked at has no
    estimate.
    """
    found = planning.round_of(duty)
    if found.revealed is None:
        raise Refused(say("种子公布以后才能评分"))
    if found.published is not None:
        raise Refused(say("已于{on}公布", on=found.published.on))
    _nothing_waits(found)
    slips = _slips(found)
    _give_points(slips, actor, now)
    scores = _scores(found, slips)
    known = _ratings(found)
    fresh = [
        code for code, score in scores.items() if _rated(found, code, score, known.get(code), actor, now)
    ]
    if found.rated is None:
        fact = f.Rated(at=now, units=len(scores))
        perform(kind=registry.kind(ROUND), duty=duty, fact=fact, actor=actor, now=now, src=SRC)
    _tell_rated(found, fresh, now)
    return len(fresh)


def _nothing_waits(found: Round) -> None:
    waiting = Duty.objects.filter(kind=CLAIM, topic=found.opened.name, phase="appealed").count()
    if waiting:
        raise Refused(say("还有 {n} 件申诉没有处理", n=waiting))


def _scores(found: Round, slips: Sequence[tuple[Duty, str]]) -> dict[str, scoring.Score]:
    """Every unit's score as it follows from what stands now; raises ``BadSample``."""
    due: dict[str, int] = defaultdict(int)
    for unit in Duty.objects.filter(kind=CLAIM, topic=found.opened.name).values_list("unit__code", flat=True):
        due[unit] += 1
    strata, cost = strata_of(found.opened.name), _cost(slips)
    return {
        unit: scoring.score(n, strata.get(unit, []), cost.get(unit, 0)) for unit, n in sorted(due.items())
    }


def _ratings(found: Round) -> dict[str, Duty]:
    """The ratings of a round that stand, by unit."""
    rows = Duty.objects.filter(kind=RATING, topic=found.opened.name).select_related("unit")
    return {row.unit.code: row for row in rows if row.unit}


def _rated(
    found: Round, code: str, score: scoring.Score, rating: Duty | None, actor: Actor, now: datetime
) -> bool:
    """Record a unit's score unless it stands already."""
    source = f"{found.opened.name}/{code}"
    fact = g.Rated(
        at=now,
        round=found.opened.name,
        unit=code,
        due=score.due,
        declared=score.declared,
        checked=score.checked,
        declared_bp=score.declared_bp,
        completion_bp=score.completion_bp,
        low_bp=score.low_bp,
        high_bp=score.high_bp,
        excess_bp=score.excess_bp,
        slips=-score.slips,
        hundredths=score.hundredths,
    )
    kind = registry.kind(RATING)
    if rating is None:
        perform(kind=kind, fact=fact, actor=actor, now=now, src=SRC, source=source)
        return True
    if _same(rating_of(rating).rated, score):
        return False
    perform(kind=kind, duty=rating, fact=fact, actor=actor, now=now, src=SRC)
    return True


def _same(last: g.Rated, score: scoring.Score) -> bool:
    return (last.hundredths, last.completion_bp, last.slips) == (
        score.hundredths,
        score.completion_bp,
        -score.slips,
    )


def rating_of(duty: Duty) -> Rating:
    """A rating read back."""
    (read,) = load([duty.stream], lock=False)
    return fold(counted(read.facts))  # type: ignore[arg-type]


def _tell_rated(found: Round, units: Sequence[str], now: datetime) -> None:
    """A score is first of all the unit's own affair: it hears it, and until when it may contest it."""
    rows = [row for code, row in _ratings(found).items() if code in set(units)]
    owners = Owners(rows, now)
    tellings = []
    for row in rows:
        until = row.wake_at
        if until is None:
            continue
        tellings.append(
            Telling(
                key=f"{row.stream}/rated/{row.version}",
                to=owners.of(row),
                words=say(
                    "{title}的得分已经算出，有异议的请于{limit}前申诉，期满公布",
                    title=found.opened.title,
                    limit=last_day(until.astimezone(SHANGHAI)),
                ),
                stream=row.stream,
            )
        )
    tell_many(tellings, now=now)


def _slips(found: Round) -> list[tuple[Duty, str]]:
    """The slips of a round's span that cost points, with their level."""
    opened = found.opened
    rows = Duty.objects.filter(
        kind=SLIP, opened_at__gte=midnight(opened.since), opened_at__lt=midnight(opened.until) + DAY
    )
    levels = (
        (slip, next((level for level in BY_LEVEL if f"|level_{level}|" in slip.marks), ""))
        for slip in rows.select_related("unit").order_by("id")
    )
    return [(slip, level) for slip, level in levels if level and slip.unit is not None]


def _cost(slips: Sequence[tuple[Duty, str]]) -> dict[str, int]:
    """What they cost each unit, in hundredths, held to the rules' floors; one that was withdrawn costs nothing."""
    cost: dict[tuple[str, str], int] = defaultdict(int)
    for slip, level in slips:
        if slip.phase != "withdrawn" and slip.unit is not None:
            cost[slip.unit.code, level] += BY_LEVEL[level].hundredths
    whole: dict[str, int] = defaultdict(int)
    for (unit, level), hundredths in cost.items():
        whole[unit] += max(hundredths, BY_LEVEL[level].floor or hundredths)
    return dict(whole)


def _give_points(slips: Sequence[tuple[Duty, str]], actor: Actor, now: datetime) -> None:
    """One point for each slip, traced to its entry; for one that was withdrawn since, the point is taken back."""
    for number, (slip, level) in enumerate(slips):
        assert slip.unit is not None
        rule, at = (
            BY_LEVEL[level],
            now + timedelta(microseconds=number),
        )  # one after another, as in a register
        reason = f"督办单 {slip.number}"
        if slip.phase != "withdrawn":
            with suppress(merits.NotGiven):  # given when this round was rated before
                merits.give(
                    rule.key, slip.unit, stream=slip.stream, sseq=1, reason=reason, actor=actor, now=at
                )
            continue
        given = standing(merits.points_of([slip.unit]))
        for point in given:
            if (point.rule, point.entry) == (rule.key, f"{slip.stream}/1"):
                merits.take_back(
                    slip.unit, point.number, reason=f"{reason} 已撤回", actor=machine(SRC), now=at
                )


@transaction.atomic
def publish(duty: Duty, *, place: str, actor: Actor, now: datetime) -> Receipt:
    """Give every unit its place and level, and the round its publication; 优秀 is free of inspections next year.

    Raises ``Refused`` while a unit may still contest its score or an appeal waits, and when something that counts has
    changed since the scores were worked out.
    """
    found = planning.round_of(duty)
    _nothing_waits(found)
    ratings = _ratings(found)
    waiting = sum(rating.phase == "appealed" for rating in ratings.values())
    if waiting:
        raise Refused(say("还有 {n} 件得分申诉没有处理", n=waiting))
    scores = _scores(found, _slips(found))
    known = {code: rating_of(rating) for code, rating in ratings.items()}
    if any(code not in known or not _same(known[code].rated, score) for code, score in scores.items()):
        raise Refused(say("算出得分以后核查结果或者督办单有变化，请重新计算评分"))
    totals = {code: rating.hundredths for code, rating in known.items()}
    year = found.opened.until.year + 1
    for code, (place_of, level) in scoring.levels(totals).items():
        fact = g.Placed(
            at=now,
            place=place_of.place,
            tied=place_of.tied,
            level=level,
            exempt=year if level == "excellent" else 0,
        )
        perform(kind=registry.kind(RATING), duty=ratings[code], fact=fact, actor=actor, now=now, src=SRC)
    done = f.Published(at=now, place=place)
    return perform(kind=registry.kind(ROUND), duty=duty, fact=done, actor=actor, now=now, src=SRC)


def of_all(number: str) -> Estimate:
    """The true share of all declarations of a round, with its interval; raises ``BadSample``."""
    return of_city([stratum for strata in strata_of(number).values() for stratum in strata])
