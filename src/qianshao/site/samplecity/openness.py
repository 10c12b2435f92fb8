"""The disclosure work of 刺桐市: requests for information, documents put out, policies explained, yearly reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import periods
from qianshao.kernel.declare import Kind
from qianshao.kernel.hours import DAY, midnight
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.interpretations import facts as i
from qianshao.modules.openness.module import DOCUMENT, INTERPRETATION, REQUEST, YEARLY_REPORT
from qianshao.modules.openness.requests import facts as r
from qianshao.modules.openness.requests.outcomes import OUTCOMES, ROWS
from qianshao.modules.openness.yearly import facts as y

from . import texts
from .city import City, serving
from .days import desk
from .life import Life, Step

_CHANNELS = {"web": 55, "post": 18, "in_person": 12, "email": 8, "letter": 4, "fax": 2, "oral": 1}
_APPLICANTS = {"person": 80, "company": 12, "legal": 4, "body": 2, "research": 1, "welfare": 1}
_WANTED = (
    "{year}年度道路养护资金使用情况",
    "{year}年公租房分配结果和轮候名单",
    "望帆片区征地批复文件",
    "{year}年度采购项目中标公告和合同",
    "城区停车收费标准的定价依据",
    "{year}年行政处罚决定的统计数据",
    "听潮新村加装电梯审批材料",
    "河道整治工程的环评批复",
    "{year}年公开招聘的笔试成绩和体检标准",
    "集中供水水质检测报告",
)
_OUTCOMES = {
    "provided": 46,
    "public": 17,
    "partly": 8,
    "not_held": 14,
    "internal": 3,
    "process": 4,
    "third_party": 2,
    "special_access": 2,
    "not_made": 2,
    "petition": 3,
    "repeated": 2,
}
_ASKED = {
    "third_party": ("刺桐帆影工程有限公司", "听潮物业服务有限公司", "桐港检测技术有限公司"),
    "co_maker": ("市财政局", "市自然资源局"),
    "other_body": ("市司法局", "市国家保密局"),
}
_OVERVIEW = (
    "本单位按照《中华人民共和国政府信息公开条例》的要求，做好主动公开、依申请公开、信息管理、平台建设和监督保障各项工作，"
    "公开内容经保密审查后发布，公开指南和目录随机构职能变化及时更新。"
)
_PROBLEMS = (
    "部分申请的答复说理不够充分，政策解读的形式还比较单一。下一步将规范答复文书，增加图解和问答等解读形式。"
)
_SUBJECTS = (
    "物业服务收费",
    "老旧小区改造",
    "人才住房补贴",
    "海上养殖整治",
    "校外托管机构",
    "农村自建房",
    "渣土运输",
    "公共停车泊位",
    "普惠托育",
    "城市绿化养护",
)
_KINDS = (
    ("关于废止{subject}暂行办法的决定", "20.1"),
    ("关于做好{subject}工作的通知", "21"),
    ("{subject}专项规划", "20.3"),
    ("{subject}事项办理结果公示", "20.5"),
    ("{subject}资金使用情况公告", "20.11"),
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One duty of the story; ``source`` is the key its stream is found by."""

    kind: Kind
    source: str
    steps: tuple[Step, ...]


def disclosures(
    duties: int, seed: int, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    """All disclosure work from a year before the present on, about an eighth of ``duties`` in a year.

    So the present has a year to be compared with, and a yearly report something to be made of. A later ``until`` only adds days, so that the story can be taken up again.
    """
    yield from _reports(seed, present, until, city, calendar)
    owed, number, on = 0.0, 0, date(present.year - 1, 1, 1)
    while on <= until.date():
        if calendar.is_workday(on):
            random = Random(f"{seed}/openness/{duties}/{on}")
            owed += duties / 2000 * random.uniform(0.7, 1.3)
            for _one in range(int(owed)):
                number += 1
                yield from _disclosure(
                    Random(f"{seed}/openness/{number}"), f"openness/{seed}/{number}", on, city, calendar
                )
            owed -= int(owed)
        on += DAY


def _disclosure(
    random: Random, source: str, on: date, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    unit = serving(random.choice(city.bureaus), on)
    at = desk(random, on)
    (kind,) = random.choices((REQUEST, DOCUMENT, INTERPRETATION), (40, 48, 12))
    life = Life(random, calendar, unit=unit)
    if kind is REQUEST:
        _request(life, at, city)
    elif kind is DOCUMENT:
        _document(life, at, city)
    else:
        _interpretation(life, at, city)
    yield Disclosure(kind, source, tuple(life.steps))
    if kind is INTERPRETATION:
        yield Disclosure(DOCUMENT, f"{source}/document", _interpreted(life))


def _interpreted(note: Life) -> tuple[Step, ...]:
    """The document an interpretation is of: made when it went to be signed, published the day both were due out."""
    submitted = next(step for step in note.steps if isinstance(step.fact, i.Submitted))
    out = next(step for step in note.steps if isinstance(step.fact, i.DocumentPublished))
    assert isinstance(out.fact, i.DocumentPublished)
    formed = d.Formed(
        at=submitted.fact.at,
        title=out.fact.title,
        document_number=out.fact.document_number,
        unit=out.fact.unit,
        category="20.1",
        openness="active",
        scope="normative",
    )
    return (Step(submitted.rec, formed), Step(out.rec, d.Published(at=out.fact.at, where="site")))


def _late(life: Life, term: int, city: City) -> int:
    """How many working days something takes that may take ``term``."""
    random = life.random
    if random.random() < max(city.punctual[life.unit], 0.85):
        return term if random.random() < 0.1 else random.randint(1, term - 1)
    stuck = random.randint(15, 60) if random.random() < 0.3 else 0
    return term + random.randint(1, 6) + stuck


def _request(life: Life, at: datetime, city: City) -> None:
    random = life.random
    who = texts.caller(random)
    (channel,) = random.choices(list(_CHANNELS), list(_CHANNELS.values()))
    (applicant,) = random.choices(list(_APPLICANTS), list(_APPLICANTS.values()))
    wanted = random.choice(_WANTED).format(year=at.year - 1)
    life.add(
        r.Received(
            at=at,
            channel=channel,
            applicant_kind=applicant,
            applicant=who.name,
            contact=who.phone,
            wanted=wanted,
            form="电子邮件" if channel in ("web", "email") else "纸质",
            unit=life.unit,
        )
    )
    since = at
    if random.random() < 0.14:
        asked = life.workday(since, random.randint(1, 6))
        until = asked.date() + timedelta(days=15)
        life.add(r.CorrectionAsked(at=asked, until=until, items="请写明所需信息的名称、文号或者其他特征。"))
        if random.random() < 0.2:
            gone = midnight(until) + DAY
            life.add(r.GivenUp(at=gone, because="not_corrected"), gone + timedelta(minutes=3))
            return
        since = life.later(
            desk(random, life.calendar.next_workday(asked.date() + timedelta(days=random.randint(2, 9))))
        )
        life.add(r.Corrected(at=since))
    if random.random() < 0.05:
        life.add(r.Withdrawn(at=life.workday(since, random.randint(1, 8)), reason="已经通过其他途径取得。"))
        return
    extra = _consult(life, since)
    term = 20
    if random.random() < 0.08:
        agreed = life.workday(since, random.randint(12, 18) + extra)
        life.add(
            r.Extended(at=agreed, days=10, agreed_by="政务公开工作机构负责人", reason="需要检索历史档案")
        )
        term = 30
    _reply(life, life.workday(since, _late(life, term, city) + extra), wanted)


def _consult(life: Life, since: datetime) -> int:
    """Ask somebody else now and then; returns the working days the reply's own clock stood."""
    random = life.random
    if random.random() >= 0.12:
        return 0
    sent = life.workday(since, random.randint(2, 5))
    whom = random.choice(("third_party", "third_party", "co_maker", "other_body"))
    life.add(r.Consulted(at=sent, whom=whom, delivered_on=sent.date(), name=random.choice(_ASKED[whom])))
    came = life.workday(sent, random.randint(3, 11))
    life.add(r.ConsultationAnswered(at=came, whom=whom, agrees=random.random() < 0.6))
    return life.calendar.workdays_between(sent.date(), came.date())


def _reply(life: Life, at: datetime, wanted: str) -> None:
    (outcome,) = life.random.choices(list(_OUTCOMES), list(_OUTCOMES.values()))
    refuses = OUTCOMES[outcome].refuses
    life.add(
        r.Answered(
            at=at,
            outcome=outcome,
            reason=f"“{wanted}”：{ROWS[OUTCOMES[outcome].row]}。" if refuses else "",
            review_told=refuses,
            dated_on=at.date(),
            posted_on=at.date(),
        )
    )
    came = life.workday(at, life.random.randint(1, 3))
    life.add(r.Delivered(at=came, how="邮寄签收"))
    if life.random.random() < (0.2 if refuses else 0.02):
        _dispute(life, came)


def _dispute(life: Life, since: datetime) -> None:
    """A review, most often upheld, and now and then a suit after it."""
    random = life.random
    (result,) = random.choices(("upheld", "corrected", "other"), (70, 18, 12))
    sought = life.workday(since, random.randint(5, 35))
    life.add(r.ReviewSought(at=sought))
    life.add(r.ReviewAnswered(at=life.workday(sought, random.randint(3, 9))))
    decided = life.workday(sought, random.randint(25, 40))
    life.add(r.ReviewDecided(at=decided, result=result))
    if result == "upheld" and random.random() < 0.4:
        sued = life.workday(decided, random.randint(4, 10))
        life.add(r.Sued(at=sued))
        life.add(r.Defended(at=life.workday(sued, random.randint(4, 9))))
        life.add(r.Judged(at=life.workday(sued, random.randint(50, 110)), result="upheld"))


def _title(random: Random) -> tuple[str, str]:
    shape, category = random.choice(_KINDS)
    return shape.format(subject=random.choice(_SUBJECTS)), category


def _document(life: Life, at: datetime, city: City) -> None:
    random = life.random
    title, category = _title(random)
    (openness,) = random.choices(("active", "on_request", "withheld"), (86, 8, 6))
    closed = openness != "active"
    plain = category == "20.1" and not closed  # those to be interpreted come with their interpretation
    life.add(
        d.Formed(
            at=at,
            title=title,
            document_number=f"刺{city.shorts[life.unit]}〔{at.year}〕{random.randint(1, 240)}号",
            unit=life.unit,
            category=category,
            openness=openness,
            reason="属于讨论记录、过程稿等过程性信息。" if closed else "",
            article="政府信息公开条例 第十六条第二款" if closed else "",
            scope="none" if plain else "",
            uninterpreted="只宣布文件不再施行，没有需要解读的政策措施。" if plain else "",
        )
    )
    if closed:
        return
    out = life.workday(at, _late(life, 20, city))
    life.add(d.Published(at=out, where="site"))
    if random.random() < 0.06:
        changed = life.workday(out, random.randint(10, 60))
        life.add(d.Changed(at=changed, what="更正附件"))
        life.add(d.Published(at=life.workday(changed, random.randint(1, 6)), where="site"))


def _interpretation(life: Life, at: datetime, city: City) -> None:
    random = life.random
    subject = random.choice(_SUBJECTS)
    title = f"关于印发{subject}管理办法的通知"
    life.add(i.Proposed(at=at, title=title, unit=life.unit, scope="normative"))
    plan = i.Planned(
        at=life.workday(at, 1), form=random.choice(("text", "chart", "questions")), unit=life.unit, by="head"
    )
    life.add(plan)
    life.add(i.Submitted(at=life.workday(life.last, random.randint(1, 4))))
    life.add(i.Drafted(at=life.workday(life.last, random.randint(1, 3))))
    out = life.workday(life.last, random.randint(3, 12))
    number = f"刺{city.shorts[life.unit]}规〔{out.year}〕{random.randint(1, 20)}号"
    life.add(
        i.DocumentPublished(at=out, title=title, document_number=number, unit=life.unit, scope="normative")
    )
    links = "both" if random.random() < 0.85 else "to_document"
    explained = life.workday(out, _late(life, 3, city) if random.random() < 0.5 else 0)
    life.add(i.Interpreted(at=explained, form=random.choice(tuple(i.FORMS)), links=links))


def _reports(
    seed: int, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    """Everybody's report of the years that ended in the present, under the key the tick would use."""
    recurs = YEARLY_REPORT.recurs
    assert recurs is not None
    for period in periods(recurs.every, midnight(present), until + DAY):
        if not midnight(present) <= period.start <= until:
            continue
        for code, of in city.holders(period.start.date(), recurs.holders):
            random = Random(f"{seed}/report/{code}/{period.start}")
            opened = period.start + timedelta(minutes=3, seconds=random.randrange(300))
            owed = recurs.opens(code, of, period)
            assert isinstance(owed, y.YearEnded)
            last = 31 if owed.body == "department" else 90
            days = (
                random.randint(last - 18, last - 1) if random.random() < 0.94 else last + random.randint(1, 9)
            )
            out = desk(random, calendar.previous_workday(period.start.date() + timedelta(days=days - 1)))
            steps = [Step(opened, owed)]
            filled = out - timedelta(days=random.randint(3, 6))
            if filled > opened:
                steps.append(Step(filled + timedelta(minutes=5), _compiled(random, filled, owed.body)))
            if owed.body == "department":
                handed = out - timedelta(hours=random.randint(1, 40))
                steps.append(Step(handed + timedelta(minutes=5), y.HandedIn(at=handed)))
            steps.append(Step(out + timedelta(minutes=random.randint(6, 90)), y.Published(at=out)))
            yield Disclosure(YEARLY_REPORT, f"{code}/{period.start:%Y-%m-%d}", tuple(steps))


def _compiled(random: Random, at: datetime, body: str) -> y.Compiled:
    """What a unit gives for its report: figures of table two, and its own words."""
    made, repealed = random.randint(0, 9), random.randint(0, 4)
    return y.Compiled(
        at=at,
        regulations_in_force=random.randint(3, 14) if body == "government" else 0,
        normative_made=made,
        normative_repealed=repealed,
        normative_in_force=made + random.randint(8, 60),
        permits=random.randint(0, 4_000),
        penalties=random.randint(0, 600),
        coercions=random.randint(0, 40),
        fees=random.choice((0, 0, 0, random.randint(20_000, 3_000_000))),
        overview=_OVERVIEW,
        problems=_PROBLEMS,
    )
