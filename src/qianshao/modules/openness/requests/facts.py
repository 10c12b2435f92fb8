"""What can happen to a request for information (依申请公开), after chapter four of the Regulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from qianshao.kernel.declare import Fact, choice, day, flag, long, number, text, unit

from .outcomes import APPLICANTS, REPLIES, RESULTS

CHANNELS: Mapping[str, str] = {
    "in_person": "当面提交",
    "oral": "口头申请",
    "post": "邮寄（签收）",
    "letter": "平常信函",
    "web": "网络",
    "email": "电子邮箱",
    "fax": "传真",
}
CHANNELS_ALSO: Mapping[str, str] = {
    "counter": "in_person",
    "window": "in_person",
    "mail": "post",
    "registered_mail": "post",
    "registered_post": "post",
    "signed_post": "post",
    "express": "post",
    "ems": "post",
    "ordinary_post": "letter",
    "ordinary_mail": "letter",
    "ordinary_letter": "letter",
    "plain_letter": "letter",
    "online": "web",
    "internet": "web",
    "website": "web",
    "portal": "web",
    "e_mail": "email",
}
WHOM: Mapping[str, str] = {
    "third_party": "第三方",
    "co_maker": "共同制作机关",
    "other_body": "其他机关",
}
WHOM_ALSO: Mapping[str, str] = {
    "co_making_body": "co_maker",
    "joint_maker": "co_maker",
    "other": "other_body",
}
GIVEN_UP: Mapping[str, str] = {"not_corrected": "逾期不补正", "fee_unpaid": "逾期未缴费"}


@dataclass(frozen=True, kw_only=True)
class Received(Fact):
    """Somebody asked for information. The day of receipt is the channel's (第三十一条).

    In person it is the day of handing in, by signed-for post the day of signature. An ordinary letter, the
    internet and fax count from the day both sides confirmed, ``confirmed_on``; without it this day is it.
    """

    channel: str = choice("申请渠道", CHANNELS, also=CHANNELS_ALSO)
    confirmed_on: date | None = day(
        "双方确认日", required=False, hint="平常信函、网络、传真以确认之日为收到之日"
    )
    applicant_kind: str = choice("申请人类别", APPLICANTS, required=False)
    applicant: str = text("申请人", required=False, sealed=True, mask="name", maximum=60)
    contact: str = text("联系方式", required=False, sealed=True, mask="phone", maximum=100)
    wanted: str = text("所需信息", sealed=True, maximum=1000)
    form: str = text("获取方式", required=False, maximum=100)
    unit: str = unit("承办单位", required=False)
    number: str = text("申请编号", required=False, maximum=60)
    sent_on: date | None = day("对方发出日", required=False, hint="信封邮戳或者系统提交之日，只作记载")


@dataclass(frozen=True, kw_only=True)
class Assigned(Fact):
    """The office named the unit that answers; handing over inside stops no clock (指导案例26号)."""

    unit: str = unit("承办单位")
    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(Fact):
    """The applicant was told, once and for all, what to correct and by when (第三十条)."""

    until: date = day("请于何日前补正")
    items: str = long("需要补正的事项", maximum=2000, sealed=True)
    delivered_on: date | None = day("送达日", required=False)


@dataclass(frozen=True, kw_only=True)
class Corrected(Fact):
    """The corrected request arrived; the reply period begins afresh (第三十条)."""

    good_reason: str = text("逾期补正的正当理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Consulted(Fact):
    """A letter asking for an opinion went out; the reply period stands (第三十二至三十四条)."""

    whom: str = choice("征求谁的意见", WHOM, also=WHOM_ALSO)
    delivered_on: date | None = day("对方收到征求意见书之日", required=False)
    name: str = text("对方名称", required=False, sealed=True, maximum=100)


@dataclass(frozen=True, kw_only=True)
class ConsultationAnswered(Fact):
    """The opinion came back."""

    whom: str = choice("谁的意见", WHOM, required=False, also=WHOM_ALSO)
    agrees: bool = flag("同意公开")
    reason: str = text("理由", required=False, sealed=True, maximum=1000)


@dataclass(frozen=True, kw_only=True)
class ConsultationLapsed(Fact):
    """No opinion came in time: the office decides by itself, a co-maker is taken to agree (第三十二、三十四条)."""

    whom: str = choice("谁没有答复", WHOM, required=False)


@dataclass(frozen=True, kw_only=True)
class Extended(Fact):
    """The head of the disclosure unit agreed to a later reply and the applicant was told (第三十三条第二款)."""

    days: int = number("延长工作日数", maximum=999)
    agreed_by: str = text("同意延长的负责人职务", maximum=60)
    told_on: date | None = day("告知申请人之日", required=False)
    reason: str = text("延长理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class ReasonsAsked(Fact):
    """Number or frequency are clearly beyond reason: the applicant was asked why (第三十五条)."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class ReasonsGiven(Fact):
    """The applicant gave reasons, and the office found them reasonable or not."""

    reasonable: bool = flag("理由合理")
    reason: str = text("申请人说明的理由", required=False, sealed=True, maximum=1000)


@dataclass(frozen=True, kw_only=True)
class Postponed(Fact):
    """Reasonable, but not possible in time: a later day was set and told (第三十五条)."""

    until: date = day("延迟至何日前答复")
    reason: str = text("理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class FeeNotified(Fact):
    """The applicant was told what the information fee is (第四十二条; 国办函〔2020〕109号)."""

    fen: int = number("金额（分）", required=False)
    delivered_on: date | None = day("送达日", required=False)


@dataclass(frozen=True, kw_only=True)
class FeePaid(Fact):
    """The fee was paid in full; the reply period begins afresh."""

    receipt: str = text("票据号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Answered(Fact):
    """The reply, with its three dates: signed, sent, arrived; this day is the one it counts by."""

    outcome: str = choice("答复结果", REPLIES)
    reason: str = long("理由", required=False, maximum=2000, sealed=True)
    review_told: bool = flag("已告知先行复议", hint="不予公开的答复须告知（行政复议法 第二十三条第二款）")
    dated_on: date | None = day("落款日", required=False)
    posted_on: date | None = day("寄出日", required=False)
    delivered_on: date | None = day("送达日", required=False)


@dataclass(frozen=True, kw_only=True)
class Delivered(Fact):
    """The proof that the reply arrived on this day, the receipt or the post's record added as evidence."""

    version: ClassVar[int] = 2  # 2 added ``posted_on``: a reply is often posted after it was recorded
    posted_on: date | None = day("寄出日", required=False, hint="答复时未登记的在此补登")
    how: str = text("送达方式", required=False, maximum=100)


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact):
    """The applicant took the request back."""

    reason: str = text("撤回原因", required=False, sealed=True, maximum=500)


@dataclass(frozen=True, kw_only=True)
class GivenUp(Fact):
    """Not corrected, or not paid, in time: taken as given up and no longer processed (第三十条)."""

    because: str = choice("原因", GIVEN_UP)


@dataclass(frozen=True, kw_only=True)
class ReviewSought(Fact):
    """The copy of an application for review arrived (行政复议法 第四十八条)."""

    number: str = text("复议案号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Fact):
    """The office's written answer and evidence went to the review body."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Fact):
    """The review was decided."""

    result: str = choice("复议结果", RESULTS)


@dataclass(frozen=True, kw_only=True)
class Sued(Fact):
    """The copy of a complaint arrived (行政诉讼法 第六十七条)."""

    number: str = text("案号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Defended(Fact):
    """The defence and the evidence went to the court."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Judged(Fact):
    """The court decided."""

    result: str = choice("诉讼结果", RESULTS)


AnyFact = (
    Received
    | Assigned
    | CorrectionAsked
    | Corrected
    | Consulted
    | ConsultationAnswered
    | ConsultationLapsed
    | Extended
    | ReasonsAsked
    | ReasonsGiven
    | Postponed
    | FeeNotified
    | FeePaid
    | Answered
    | Delivered
    | Withdrawn
    | GivenUp
    | ReviewSought
    | ReviewAnswered
    | ReviewDecided
    | Sued
    | Defended
    | Judged
)
