"""What is counted against a ceiling: inspections, documents, meetings, and what the grass roots are asked for.

The regulations give no number (SUP-16): every ceiling is set by the city for each holder and year. "Only falls"
is BUR-10: above last year's number nothing is drawn until a written explanation is on file.
"""

from __future__ import annotations

from qianshao.kernel.meter import Bound, Meter, Span

FORMALISM = "整治形式主义为基层减负若干规定（2024年）"
SUPERVISION = "政府督查工作条例 第十五条"

RECEIVED = Meter(
    "burden.inspections-received",
    "接受检查次数",
    Span.YEAR,
    Bound.CEILING,
    f"{SUPERVISION}；{FORMALISM}：督查检查考核实行计划和备案管理",
    only_falls=True,
)
MADE = Meter(
    "burden.inspections-made",
    "开展检查次数",
    Span.YEAR,
    Bound.CEILING,
    f"{SUPERVISION}；{FORMALISM}：督查检查考核实行计划和备案管理",
    only_falls=True,
)
DOCUMENTS = Meter(
    "burden.documents",
    "发文数量",
    Span.YEAR,
    Bound.CEILING,
    f"{FORMALISM}：发文实行计划管理和总量控制，只减不增",
    only_falls=True,
)
MEETINGS = Meter(
    "burden.meetings",
    "会议数量",
    Span.YEAR,
    Bound.CEILING,
    f"{FORMALISM}：精简会议",
    only_falls=True,
)
REQUESTS = Meter(
    "burden.report-requests",
    "向基层索要材料次数",
    Span.YEAR,
    Bound.CEILING,
    f"{FORMALISM}：同一材料原则上只报一次",
    only_falls=True,
)
METERS = (RECEIVED, MADE, DOCUMENTS, MEETINGS, REQUESTS)
