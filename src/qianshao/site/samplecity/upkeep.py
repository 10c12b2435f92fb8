"""The rest of disclosure in 刺桐市: guides and catalogues kept up, records corrected, the public answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Kind
from qianshao.modules.openness.module import UPKEEP
from qianshao.modules.openness.records import facts as c
from qianshao.modules.openness.records.kind import RECORD
from qianshao.modules.openness.responses import facts as p
from qianshao.modules.openness.responses.kind import RESPONSE
from qianshao.modules.openness.upkeep import facts as u

from . import texts
from .city import City, serving
from .days import desk
from .life import Life
from .openness import Disclosure

_OUTDATED = {
    "guide": ("公开工作机构的联系电话已变更", "办公地址搬迁", "受理信箱已更换", "办公时间调整"),
    "catalogue": ("新增规范性文件没有编入目录", "机构职能调整，类目需要合并", "三件已废止的文件仍在目录中"),
}
_RECORDS = ("不动产登记的建筑面积", "社会保险缴费年限", "行政处罚公示中的单位名称", "婚姻登记日期")
_MATTERS = (
    ("内涝路段积水视频", False),
    ("自来水浑浊的传言", False),
    ("公交线路调整引起议论", False),
    ("化工仓库起火", True),
    ("校车安全传闻", False),
)


def upkeep(
    duties: int, seed: int, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    """What the present holds of it; a later ``until`` only adds, so that the story can be taken up again."""
    for code in city.bureaus:
        for part in u.PARTS:
            random = Random(f"{seed}/upkeep/{code}/{part}")
            yield from _kept(random, f"upkeep/{seed}/{code}/{part}", part, code, present, until, calendar)
    for number in range(max(6, duties // 400)):
        random = Random(f"{seed}/record/{number}")
        yield from _record(random, f"record/{seed}/{number}", present, until, city, calendar)
    for number in range(max(5, duties // 800)):
        random = Random(f"{seed}/response/{number}")
        yield from _response(random, f"response/{seed}/{number}", number, present, until, city, calendar)


def _begun(random: Random, present: date, calendar: Calendar) -> datetime:
    return desk(random, calendar.next_workday(present + timedelta(days=random.randrange(330))))


def _told(kind: Kind, source: str, life: Life) -> Disclosure:
    return Disclosure(kind, source, tuple(life.steps))


def _kept(
    random: Random, source: str, part: str, code: str, present: date, until: datetime, calendar: Calendar
) -> Iterator[Disclosure]:
    at = _begun(random, present, calendar)
    if at > until:
        return
    life = Life(random, calendar, unit=serving(code, at.date()))
    life.add(u.Outdated(at=at, part=part, what=random.choice(_OUTDATED[part]), unit=life.unit))
    life.add(u.Updated(at=life.workday(at, random.choice((2, 5, 9, 14, 18, 24)))))
    yield _told(UPKEEP, source, life)


def _record(
    random: Random, source: str, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    at = _begun(random, present, calendar)
    if at > until:
        return
    who = texts.caller(random)
    life = Life(random, calendar, unit=serving(random.choice(city.bureaus), at.date()))
    life.add(
        c.Disputed(
            at=at,
            channel=random.choice(("in_person", "web", "post")),
            applicant=who.name,
            contact=who.phone,
            record=random.choice(_RECORDS),
            wanted="请按所附证件更正。",
            proof=True,
            unit=life.unit,
        )
    )
    (outcome,) = random.choices(("corrected", "accurate", "transferred", "redirected"), (60, 20, 12, 8))
    life.add(
        c.Settled(
            at=life.workday(at, random.randint(3, 20)),
            outcome=outcome,
            reads="已按证件记载更正。" if outcome == "corrected" else "",
            to="市不动产登记中心" if outcome in ("transferred", "redirected") else "",
            reason="经核对原始档案，记载一致。" if outcome == "accurate" else "",
        )
    )
    life.add(c.ApplicantTold(at=life.workday(life.last, random.randint(0, 2)), how="邮寄"))
    yield _told(RECORD, source, life)


def _response(
    random: Random,
    source: str,
    number: int,
    present: date,
    until: datetime,
    city: City,
    calendar: Calendar,
) -> Iterator[Disclosure]:
    at = _begun(random, present, calendar)
    if at > until:
        return
    title, grave = _MATTERS[number % len(_MATTERS)]
    life = Life(random, calendar, unit=serving(random.choice(city.bureaus), at.date()))
    life.add(p.Arose(at=at, title=title, grave=grave, unit=life.unit, where="网络平台"), at)
    said = at + timedelta(hours=random.choice((2, 3, 4, 6) if grave else (9, 20, 30, 52)))
    life.add(p.Spoke(at=said, gist="说明情况和处置进展。"))
    if grave:
        life.add(p.PressMet(at=life.later(at + timedelta(hours=random.choice((12, 18, 26))))))
    yield _told(RESPONSE, source, life)
