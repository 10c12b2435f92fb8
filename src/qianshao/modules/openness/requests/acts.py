"""What the law forbids at a request: each a reason with its article, or nothing.

Late is not forbidden: a notice after its seven days, an extension after the period ran out, a late reply are
recorded and remarked (``rules``). Forbidden is what has no ground at all: a second notice, a second extension.
"""

from __future__ import annotations

from qianshao.kernel.clock import Deadline
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from . import facts as f
from .outcomes import OUTCOMES
from .state import Request, answering

_ARTICLES = {
    "2007": {"correction": "第二十一条", "opinion": "第二十三条", "reply": "第二十四条"},
    "2019": {"correction": "第三十条", "opinion": "第三十二条", "reply": "第三十三条第二款"},
}


def _article(deadline: Deadline, what: str) -> str:
    """The article of the edition the request is under."""
    edition = deadline.rule.edition if deadline.rule else ""
    if edition == "2007":
        return f"政府信息公开条例（2007年） {_ARTICLES['2007'][what]}"
    return f"政府信息公开条例 {_ARTICLES['2019'][what]}"


def while_open(request: Request, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more is done to a request that ended."""
    if request.answered:
        return say("已于{on}答复，不能再办理", on=request.answered.on)
    if request.withdrawn:
        return say("申请人已于{on}撤回申请", on=request.withdrawn.on)
    if request.given_up:
        article = _article(deadline, "correction") if request.given_up.because == "not_corrected" else ""
        if article:
            return say("逾期不补正，视为放弃申请，不再处理（{article}）", article=article)
        return say("逾期未缴费，视为放弃申请，不再处理（{article}）", article="国办函〔2020〕109号")
    return None


def may_ask_correction(request: Request, fact: f.CorrectionAsked, deadline: Deadline) -> Words | None:
    """Once and for all, with a period that lies ahead."""
    article = _article(deadline, "correction")
    if ended := while_open(request, fact, deadline):
        return ended
    if request.asked:
        return say("已于{on}告知过补正，只能一次性告知（{article}）", on=request.asked.on, article=article)
    if fact.until is not None and fact.until < fact.on:
        return say(
            "补正期限{until}早于告知之日，须给合理期限（{article}）", until=fact.until, article=article
        )
    return None


def may_be_corrected(request: Request, fact: f.Corrected, deadline: Deadline) -> Words | None:
    """What was asked for, in time; later only with a good reason."""
    article = _article(deadline, "correction")
    if request.asked is None:
        return say("没有告知过申请人补正（{article}）", article=article)
    if request.corrected:
        return say("已于{on}收到补正", on=request.corrected.on)
    if fact.on < request.asked.on:
        return say("补正日早于告知补正之日{on}", on=request.asked.on)
    gave_up = request.given_up is not None and request.given_up.because == "not_corrected"
    if not gave_up and (ended := while_open(request, fact, deadline)):
        return ended
    late = request.asked.until is not None and fact.on > request.asked.until
    if late and not fact.good_reason:
        return say(
            "补正期限已于{until}届满，无正当理由逾期不补正的视为放弃申请，不再处理（{article}）",
            until=request.asked.until,
            article=article,
        )
    return None


def may_consult(request: Request, fact: f.Consulted, deadline: Deadline) -> Words | None:
    """Anybody, while the request is open; a letter does not arrive before it went out."""
    if fact.delivered_on is not None and fact.delivered_on < fact.on:
        return say("收到征求意见书之日{on}早于发出之日", on=fact.delivered_on)
    return while_open(request, fact, deadline)


def may_take_opinion(request: Request, fact: f.ConsultationAnswered, deadline: Deadline) -> Words | None:
    """Somebody was asked and has not answered."""
    number = answering(request, fact.whom)
    if number is None:
        return say("没有征求过其意见，或者意见已经收到（{article}）", article=_article(deadline, "opinion"))
    if fact.on < request.consultations[number].asked.on:
        return say("意见日期早于征求意见之日{on}", on=request.consultations[number].asked.on)
    return while_open(request, fact, deadline)


def may_lapse(request: Request, fact: f.ConsultationLapsed, deadline: Deadline) -> Words | None:
    """Only when the period the law gives is over, and the law gives one."""
    if not any(one.asked.whom in ("third_party", "co_maker") for one in request.pending):
        return say("没有等待第三方或者共同制作机关的意见")
    limit = deadline.waiting.until if deadline.waiting else None
    if limit is not None and fact.at < limit:
        return say("对方提出意见的期限尚未届满")
    return while_open(request, fact, deadline)


def may_extend(request: Request, fact: f.Extended, deadline: Deadline) -> Words | None:
    """Once, at most as long as the law gives, with the consent of the head of the disclosure unit."""
    article = _article(deadline, "reply")
    if ended := while_open(request, fact, deadline):
        return ended
    rule = deadline.rule
    most = rule.extension.n if rule and rule.extension else 0
    if request.extensions:
        return say("已于{on}延长过，只能延长一次（{article}）", on=request.extensions[-1].on, article=article)
    if not 1 <= fact.days <= most:
        return say("延长最少 1 个、最多 {most} 个工作日（{article}）", most=most, article=article)
    if not fact.agreed_by.strip():
        return say("延长答复须经政府信息公开工作机构负责人同意（{article}）", article=article)
    if request.correcting or request.paying:
        return say("答复期限正在等待申请人，尚未起算，不能延长（{article}）", article=article)
    return None


_MASS = "政府信息公开条例 第三十五条"


def may_ask_reasons(request: Request, fact: f.ReasonsAsked, deadline: Deadline) -> Words | None:
    """Once."""
    if request.reasons_asked:
        return say("已经要求申请人说明理由（{article}）", article=_MASS)
    return while_open(request, fact, deadline)


def may_give_reasons(request: Request, fact: f.ReasonsGiven, deadline: Deadline) -> Words | None:
    """Only when asked."""
    if not request.reasons_asked:
        return say("没有要求申请人说明理由（{article}）", article=_MASS)
    return while_open(request, fact, deadline)


def may_postpone(request: Request, fact: f.Postponed, deadline: Deadline) -> Words | None:
    """Only a mass request whose reasons were found reasonable, and only to a later day."""
    if not (request.reasons and request.reasons.reasonable):
        return say("只有数量、频次明显超过合理范围而理由合理的申请才能延迟答复（{article}）", article=_MASS)
    if request.postponed:
        return say("已经确定延迟至{on}答复（{article}）", on=request.postponed.until, article=_MASS)
    if deadline.until is None:
        return say("答复期限正在暂停，恢复后才能确定延迟期限（{article}）", article=_MASS)
    if midnight(fact.until) + DAY <= deadline.until:
        return say("延迟期限{until}不晚于现有答复期限（{article}）", until=fact.until, article=_MASS)
    return while_open(request, fact, deadline)


_FEE = "政府信息公开条例 第四十二条"


def may_charge(request: Request, fact: f.FeeNotified, deadline: Deadline) -> Words | None:
    """One fee for one request."""
    if request.fee:
        return say("已于{on}发出收费通知（{article}）", on=request.fee.on, article=_FEE)
    return while_open(request, fact, deadline)


def may_pay(request: Request, fact: f.FeePaid, deadline: Deadline) -> Words | None:
    """What was asked for, in time."""
    if request.fee is None:
        return say("没有发出过收费通知（{article}）", article=_FEE)
    if request.paid:
        return say("已于{on}缴清", on=request.paid.on)
    if fact.on < request.fee.on:
        return say("缴费日早于收费通知之日{on}", on=request.fee.on)
    gave_up = request.given_up is not None and request.given_up.because == "fee_unpaid"
    if gave_up and request.given_up is not None and fact.at < request.given_up.at:
        return None
    return while_open(request, fact, deadline)


def may_answer(request: Request, fact: f.Answered, deadline: Deadline) -> Words | None:
    """A refusal says why; what rests on a correction or a mass request needs one."""
    if ended := while_open(request, fact, deadline):
        return ended
    outcome = OUTCOMES.get(fact.outcome)
    if outcome and outcome.refuses and not fact.reason.strip():
        article = "政府信息公开条例 第三十六条第三项、第三十七条"
        return say("不予公开或者部分公开须说明理由（{article}）", article=article)
    if fact.outcome == "unclear" and not request.corrected:
        return say("补正之后仍不明确才能如此答复（{article}）", article=_article(deadline, "correction"))
    if fact.outcome == "mass" and not request.reasons_asked:
        return say("须先要求申请人说明理由（{article}）", article=_MASS)
    return None


def may_deliver(request: Request, fact: f.Delivered, deadline: Deadline) -> Words | None:
    """A reply arrives after it was given."""
    if request.answered is None:
        return say("还没有答复，不能登记送达")
    if fact.on < (request.answered.dated_on or request.answered.on):
        return say("送达日早于答复日{on}", on=request.answered.on)
    if fact.posted_on is not None and fact.posted_on > fact.on:
        return say("寄出日{on}晚于送达日", on=fact.posted_on)
    return None


def may_give_up(request: Request, fact: f.GivenUp, deadline: Deadline) -> Words | None:
    """Only when what was asked for did not come in time."""
    if ended := while_open(request, fact, deadline):
        return ended
    if fact.because == "fee_unpaid":
        limit = deadline.waiting.until if deadline.waiting else None
        if request.paying is None or (limit is not None and fact.at < limit):
            return say("没有逾期未缴的信息处理费")
        return None
    asked = request.correcting
    if asked is None or asked.until is None or fact.on <= asked.until:
        return say("没有逾期未补正的事项（{article}）", article=_article(deadline, "correction"))
    return None


def may_seek_review(request: Request, fact: f.ReviewSought, deadline: Deadline) -> Words | None:
    """A reply, or the lack of one, can be reviewed."""
    if request.review:
        return say("已登记行政复议")
    if request.closed_at is None and (deadline.until is None or fact.at < deadline.until):
        return say("尚未答复也没有逾期（{article}）", article="政府信息公开条例 第五十一条")
    return None


def may_answer_review(request: Request, fact: f.ReviewAnswered, deadline: Deadline) -> Words | None:
    """After the copy of the application."""
    if request.review is None:
        return say("没有登记行政复议")
    return say("已向复议机构答复") if request.review_answered else None


def may_decide_review(request: Request, fact: f.ReviewDecided, deadline: Deadline) -> Words | None:
    """One decision for one review."""
    if request.review is None:
        return say("没有登记行政复议")
    return say("复议决定已经登记") if request.review_decided else None


def may_sue(request: Request, fact: f.Sued, deadline: Deadline) -> Words | None:
    """Recorded as the court takes it: where review had to come first, without it the court would not."""
    if request.sued:
        return say("已登记行政诉讼")
    first = request.outcome is not None and request.outcome.refuses
    if first and request.review is None and request.since.year >= 2024:
        return say("不予公开须先申请行政复议（{article}）", article="行政复议法 第二十三条第一款第四项")
    if request.closed_at is None and (deadline.until is None or fact.at < deadline.until):
        return say("尚未答复也没有逾期（{article}）", article="政府信息公开条例 第五十一条")
    return None


def may_defend(request: Request, fact: f.Defended, deadline: Deadline) -> Words | None:
    """After the copy of the complaint."""
    if request.sued is None:
        return say("没有登记行政诉讼")
    return say("已提交答辩状") if request.defended else None


def may_judge(request: Request, fact: f.Judged, deadline: Deadline) -> Words | None:
    """One judgment for one suit."""
    if request.sued is None:
        return say("没有登记行政诉讼")
    return say("诉讼结果已经登记") if request.judged else None
