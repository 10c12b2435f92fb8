"""督查督办: what this module promises, said once."""

from __future__ import annotations

from qianshao.kernel.declare import Module, Reaction, Role, Watch

from .conclusions.kind import CONCLUSION
from .items.kind import APPROVE, HANDLE, ITEM, READ, SUPERVISE
from .slips.kind import SLIP

_SOURCES = "qianshao.modules.supervision.items.sources"
_UNIT = frozenset({READ, HANDLE, "supervision.text"})
_CLERK = frozenset({READ, SUPERVISE, "supervision.text", "supervision.export"})

MODULE = Module(
    key="supervision",
    title="督查督办",
    kinds=(ITEM, SLIP, CONCLUSION),
    roles=(
        Role("supervision.unit", "单位督查联络员", _UNIT),
        Role("supervision.clerk", "督查员", _CLERK, city=True),
        Role(
            "supervision.head",
            "督查室主任",
            _CLERK | {APPROVE, "supervision.correct", "supervision.reveal"},
            city=True,
        ),
    ),
    reactions=(
        Reaction("supervision.split", "supervision.item:Split", f"{_SOURCES}.open_part"),
        Reaction("supervision.part-closed", "supervision.item:CloseReviewed", f"{_SOURCES}.tell_parent"),
        Reaction("supervision.part-cancelled", "supervision.item:Cancelled", f"{_SOURCES}.tell_parent"),
        Reaction("supervision.hotline", "hotline.order:Escalated", f"{_SOURCES}.from_hotline"),
        Reaction("supervision.problem", "hotline.problem:Reviewed", f"{_SOURCES}.from_problem"),
        Reaction("supervision.problem-back", "hotline.problem:Reopened", f"{_SOURCES}.from_problem"),
        Reaction("supervision.problem-again", "hotline.problem:Concluded", f"{_SOURCES}.from_problem"),
        Reaction("supervision.finding", "openness.finding:Returned", f"{_SOURCES}.from_finding"),
    ),
    watches=(Watch((ITEM.key,), "qianshao.modules.supervision.slips.issuing.watch"),),
)
