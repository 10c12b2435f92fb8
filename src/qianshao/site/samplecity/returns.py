"""How an order finds its unit in the story: dispatched, kicked back, judged, signed for, the caller rung up."""

from __future__ import annotations

from datetime import datetime, timedelta

from qianshao.kernel.declare import Voided
from qianshao.modules.hotline import facts as f

from .city import City, serving
from .life import Life

_NOT_OURS = (
    "依据“三定”规定，该事项不属于本单位职责",
    "该路段由属地管养，建议改派",
    "该小区由所在区县主管部门管理",
    "已与相关单位核对，应由其主办",
)
_UPHELD = ("核对职责清单，同意改派", "属地管理事项，同意退单", "情况属实，改派主管单位")
_REFUSED = ("派单目录载明由该单位主办", "职责清单有明确规定，应由该单位办理", "首接负责，会同相关单位办理")
_SPOKEN = ("已说明办理安排", "已约定现场查看时间", "诉求人补充了现场情况", "已告知办理时限")


def reach(order: Life, at: datetime, city: City, first: str, town: str) -> None:
    """Dispatch, sometimes to the wrong unit first, which returns it; a county sends on to its town."""
    random = order.random
    if order.unit:
        return
    wrong = random.random() < 0.16
    target = random.choice(city.bureaus) if wrong else first
    slow = timedelta(hours=random.randint(25, 60)) if random.random() < 0.02 else timedelta()
    order.dispatch(order.later(at + slow + timedelta(minutes=random.randint(5, 120))), target)
    if wrong and random.random() < 0.1:
        void = order.later(order.last + timedelta(minutes=20))
        order.add(Voided(at=void, entry=len(order.steps), reason="派单时选错了单位"))
        order.unit = ""
    if order.unit and order.unit != serving(first, order.last.date()):
        _returned(order, rather=serving(first, order.last.date()), upheld=True)
        if random.random() < 0.08 and order.unit == "":
            # The next unit does not want it either: the hotline decides and names it, and then it stays.
            order.dispatch(order.workday(order.last, 0), first)
            _returned(order, rather="", upheld=True)
            order.dispatch(order.workday(order.last, 0), first, "争议由热线裁定，指定承办", firm=True)
    if order.unit != serving(first, order.last.date()):
        order.dispatch(order.workday(order.last, random.randint(0, 1)), first, "按退单审核结果改派")
    if town:
        order.dispatch(order.workday(order.last, random.randint(0, 1)), town, "请属地核实办理")
    elif not wrong and random.random() < 0.05:
        _returned(order, rather="", upheld=False)


def _returned(order: Life, *, rather: str, upheld: bool) -> None:
    """The unit asks to be rid of it, some of them too late; the hotline judges."""
    random = order.random
    late = random.random() < 0.15
    asked = order.workday(order.last, random.randint(2, 4) if late else random.randint(0, 1))
    order.add(
        f.Returned(
            at=asked,
            reason=random.choices(("not_ours", "wrong_place", "several", "unclear"), (6, 2, 1, 1))[0],
            note=random.choice(_NOT_OURS),
            rather=rather,
        )
    )
    judged = order.workday(order.last, random.choice((0, 0, 1, 1, 3)))
    result, notes = ("upheld", _UPHELD) if upheld else ("refused", _REFUSED)
    order.add(f.ReturnJudged(at=judged, result=result, note=random.choice(notes)))
    if upheld:
        order.unit = ""


def take(order: Life) -> None:
    """Sign for it and ring the caller up; both now and then late, the call sometimes not at all."""
    random = order.random
    if not any(isinstance(step.fact, f.Dispatched) for step in order.steps):
        return
    signed = order.workday(
        order.last, random.randint(2, 4) if random.random() < 0.06 else random.randint(0, 1)
    )
    order.add(f.Signed(at=order.reformed(signed)))
    if random.random() < 0.88:
        spoken = order.workday(
            order.last, random.randint(2, 4) if random.random() < 0.08 else random.randint(0, 1)
        )
        order.add(
            f.Contacted(
                at=order.reformed(spoken),
                way="phone",
                reached=random.random() < 0.93,
                note=random.choice(_SPOKEN),
            )
        )
