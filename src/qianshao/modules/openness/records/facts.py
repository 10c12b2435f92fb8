"""What can happen when somebody asks to correct a record the government holds about them (第四十一条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, flag, long, text, unit

from ..requests.facts import CHANNELS, CHANNELS_ALSO

OUTCOMES: Mapping[str, str] = {
    "corrected": "审核属实，予以更正",
    "accurate": "审核不属实，不予更正",
    "transferred": "转送有权更正的行政机关",
    "redirected": "告知向有权更正的行政机关提出",
}


@dataclass(frozen=True, kw_only=True)
class Disputed(Fact):
    """Somebody has evidence that a record about themselves is wrong and asks for its correction."""

    channel: str = choice("提交方式", CHANNELS, also=CHANNELS_ALSO)
    applicant: str = text("申请人", required=False, sealed=True, mask="name", maximum=60)
    contact: str = text("联系方式", required=False, sealed=True, mask="phone", maximum=100)
    record: str = text("要求更正的记录", sealed=True, maximum=1000)
    wanted: str = long("认为应当更正为", required=False, sealed=True, maximum=2000)
    proof: bool = flag("附有证据", hint="第四十一条：有证据证明记录不准确")
    unit: str = unit("承办单位", required=False)
    number: str = text("编号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Handed(Fact):
    """The office named the unit that checks the record."""

    unit: str = unit("承办单位")
    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Settled(Fact):
    """The record was checked and corrected, or not, or the matter went to the body that may correct it."""

    outcome: str = choice("处理结果", OUTCOMES)
    reads: str = long("更正后的记录", required=False, sealed=True, maximum=2000)
    to: str = text("有权更正的行政机关", required=False, maximum=100)
    reason: str = long("核查情况和理由", required=False, sealed=True, maximum=2000)


@dataclass(frozen=True, kw_only=True)
class ApplicantTold(Fact):
    """The applicant was told what came of it; whatever the outcome, the law asks for this."""

    how: str = text("告知方式", required=False, maximum=100)


@dataclass(frozen=True, kw_only=True)
class TakenBack(Fact):
    """The applicant took it back."""

    reason: str = text("撤回原因", required=False, sealed=True, maximum=500)


AnyFact = Disputed | Handed | Settled | ApplicantTold | TakenBack
