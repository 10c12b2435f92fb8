"""The declaration of a finding, for the module's own list of kinds."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from . import facts as f
from . import rules

REVIEW = "openness.review"

FINDING = Kind(
    key="openness.finding",
    title="网站监测发现",
    law="国办秘函〔2019〕19号；整改时限由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("waiting", "待核实"),
        Phase("rectifying", "待整改"),
        Phase("rectified", "待复核"),
        Phase("accepted", "已整改", open=False),
        Phase("dismissed", "不成立", open=False),
    ),
    acts=(
        Act(f.Found, "监测发现", who="openness.watch", opens=True),
        Act(f.Confirmed, "确认属实", who=REVIEW, allow=rules.may_confirm),
        Act(f.Dismissed, "认定不成立", who=REVIEW, allow=rules.may_dismiss, apart=True),
        Act(f.Rectified, "报整改", who="openness.handle", allow=rules.may_rectify),
        Act(f.Returned, "复核退回", who=REVIEW, allow=rules.may_check, apart=True),
        Act(f.Accepted, "复核通过", who=REVIEW, allow=rules.may_check, apart=True),
    ),
    rules=(rules.REVIEW, rules.RECTIFY),
    reads="openness.read",
    prefix="JC",
    searched=("title", "url", "rule"),
)
