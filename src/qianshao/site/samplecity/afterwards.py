"""What becomes of an answer in the story: reviewed, called back, judged by the caller, filed or done again."""

from __future__ import annotations

from datetime import datetime
from random import Random

from qianshao.modules.hotline import facts as f

from .life import Life

_BACK = (
    "没有说明何时完成整改",
    "答复未回应诉求人提出的问题",
    "没有写明由谁办理",
    "与此前答复内容雷同，请核实后重新答复",
)
_AGAIN = ("诉求人反映问题没有解决，要求重新办理", "现场复查整改不到位", "诉求人反映问题反弹")
_WORDS = {
    "very": ("处理得很快，谢谢。", "已经修好了，满意。", "工作人员上门看过，态度很好。"),
    "basically": ("办是办了，就是慢了点。", "基本解决了。", "可以接受。"),
    "not": ("还是老样子，没有人来。", "答复说解决了，其实没有。", "只是打了个电话，问题还在。"),
}
_MORE = ("诉求人来电催办。", "诉求人再次来电，补充说明影响范围扩大。", "诉求人询问办理进度。")
_STALE = ("逾期未答复，诉求人多次来电", "久拖不决，群众反映强烈", "涉及面广，需提级协调")


def follow(order: Life, quality: float, answer: str) -> None:
    """Review, follow-up call, filing; ``quality`` is the part of the unit's answers that solve something."""
    random = order.random
    _review(order, answer)
    outcome = _call(order, quality)
    if outcome and not outcome.solved and outcome.satisfied == "not" and random.random() < 0.3:
        order.add(
            f.Reopened(at=order.workday(order.last, random.randint(0, 1)), reason=random.choice(_AGAIN))
        )
        _answered_again(order, answer)
        _review(order, answer)
        _call(order, min(0.95, quality + 0.3))
    order.add(f.Closed(at=order.workday(order.last, random.randint(0, 1))))


def _review(order: Life, answer: str) -> None:
    """The hotline reads the answer, mostly within two days; some go back once."""
    random = order.random
    late = random.random() < 0.04
    order.add(
        f.Reviewed(at=order.workday(order.last, 4 if late else random.randint(0, 2)), **_verdict(random))
    )
    last = order.steps[-1].fact
    if isinstance(last, f.Reviewed) and last.result == "back":
        _answered_again(order, answer)
        order.add(f.Reviewed(at=order.workday(order.last, random.randint(0, 2)), result="pass"))


def _verdict(random: Random) -> dict[str, str]:
    if random.random() < 0.07:
        return {"result": "back", "reason": random.choice(_BACK)}
    return {"result": "pass"}


def _answered_again(order: Life, answer: str) -> None:
    again = order.reformed(order.workday(order.last, order.random.choice((1, 1, 2, 2, 3, 5))))
    order.add(f.Replied(at=again, reply=f"（再次答复）{answer}"))


def _call(order: Life, quality: float) -> f.CalledBack | None:
    """Ring the caller until somebody answers or three days are over; the one that was reached, or None."""
    random = order.random
    at = order.workday(order.last, random.choice((0, 1, 1, 2, 3, 3, 5)))
    (outcome,) = random.choices(("reached", "unreached", "refused", "unreasonable"), (83, 10, 5, 2))
    way = random.choices(("phone", "text", "web"), (8, 2, 1))[0]
    if outcome != "reached":
        order.add(f.CalledBack(at=at, way=way, outcome=outcome))
        return None
    solved = random.random() < quality
    (satisfied,) = random.choices(("very", "basically", "not"), (70, 25, 5) if solved else (12, 28, 60))
    called = f.CalledBack(
        at=at,
        way=way,
        outcome=outcome,
        responded=random.random() < (0.98 if solved else 0.85),
        solved=solved,
        satisfied=satisfied,
        words=random.choice(_WORDS[satisfied]) if random.random() < 0.6 else "",
    )
    order.add(called)
    return called


def pressed(order: Life, at: datetime, *, late: bool) -> None:
    """The caller rings again while it is handled; what drags on is raised a level, or two."""
    random = order.random
    for _time in range(random.choice((1, 1, 2, 3)) if random.random() < (0.3 if late else 0.05) else 0):
        again = order.workday(order.last, random.randint(0, 2))
        if again < at:
            order.add(
                f.Repeated(
                    at=again, channel=random.choice(("phone", "phone", "wechat")), note=random.choice(_MORE)
                )
            )
    if late and random.random() < 0.25:
        for level in ("hotline", "office", "mayor")[: random.choice((1, 1, 1, 2, 2, 3))]:
            raised = order.workday(order.last, random.randint(0, 2))
            if raised < at:
                order.add(f.Escalated(at=raised, level=level, reason=random.choice(_STALE)))
