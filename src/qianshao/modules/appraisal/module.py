"""综合评比: self-declaration, spot check and combined rating, said once."""

from __future__ import annotations

from qianshao.kernel.declare import Module, Reaction, Role, Watch

from .claims.kind import CLAIM, DECIDE, DECLARE, INSPECT, READ, RUN
from .merits import MERITS
from .ratings.kind import RATING
from .rounds.kind import ROUND

MODULE = Module(
    key="appraisal",
    title="综合评比",
    kinds=(ROUND, CLAIM, RATING),
    merits=MERITS,
    roles=(
        Role("appraisal.unit", "单位申报员", frozenset({READ, DECLARE, "appraisal.text"})),
        Role("appraisal.inspector", "效能督查员", frozenset({READ, INSPECT, "appraisal.text"}), city=True),
        Role(
            "appraisal.keeper",
            "评比组织员",
            frozenset({READ, RUN, "appraisal.text", "appraisal.export", "merits.give"}),
            city=True,
        ),
        Role(
            "appraisal.head",
            "评比负责人",
            frozenset({READ, DECIDE, "appraisal.text", "appraisal.correct", "merits.correct"}),
            city=True,
        ),
    ),
    reactions=(
        Reaction("appraisal.open", "appraisal.round:Opened", "qianshao.modules.appraisal.running.list_due"),
    ),
    watches=(Watch((ROUND.key,), "qianshao.modules.appraisal.running.watch"),),
)
