"""为基层减负: what this module counts, said once."""

from __future__ import annotations

from qianshao.kernel.declare import Module, Role

from .inspections.kind import FILE, INSPECTION, PLAN, READ
from .meters import METERS
from .papers.kind import DOCUMENT, MEETING
from .requests.kind import ANSWER, REQUEST

_KEEPER = frozenset(
    {
        READ,
        PLAN,
        FILE,
        "burden.text",
        "burden.export",
        "burden.correct",
        "meters.set",
        "meters.explain",
        "meters.correct",
    }
)

MODULE = Module(
    key="burden",
    title="为基层减负",
    kinds=(INSPECTION, DOCUMENT, MEETING, REQUEST),
    meters=METERS,
    roles=(
        Role("burden.keeper", "减负台账管理员", _KEEPER, city=True),
        Role(
            "burden.unit", "单位减负联络员", frozenset({READ, PLAN, ANSWER, "burden.text", "meters.explain"})
        ),
    ),
)
