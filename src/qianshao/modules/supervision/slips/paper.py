"""A slip as an official .docx, with the receipt that comes back signed."""

from __future__ import annotations

from qianshao.kernel.words import chinese
from qianshao.kit.paper import BLANK, Box, Paper

from .facts import LEVELS, WAYS
from .rules import Slip

_DAY = "＿＿＿＿年＿＿月＿＿日"


def write(slip: Slip, *, body: str, unit: str) -> bytes:
    """The file; ``body`` is who gives the slip and ``unit`` to whom, by name. The same slip gives the same bytes."""
    issued = slip.issued
    title = issued.title or f"督办单（{LEVELS[issued.level]}色）"
    paper = Paper(title)
    paper.centred(body, title=True)
    paper.centred(title, title=True)
    paper.empty()
    paper.centred(issued.number or BLANK)
    paper.empty()
    paper.line(f"{unit}：", indent=False, align="left")
    paper.line(f"你单位承办的督查事项（编号：{issued.item or BLANK}）：{issued.matter}")
    if issued.limit:
        paper.line(f"办理期限为{chinese(issued.limit)}。")
    paper.line(issued.requirement or BLANK)
    paper.empty()
    paper.line(f"{body}（印章）", indent=False, align="right")
    paper.line(chinese(issued.at.date()), indent=False, align="right")
    paper.page_break()
    paper.centred("督办单签收回执", title=True)
    paper.empty()
    received = slip.received
    rows = (
        ("督办单编号", issued.number or BLANK),
        ("等级", f"{LEVELS[issued.level]}色"),
        ("接收单位", unit),
        ("签收方式", WAYS[received.way] if received else BLANK),
        ("签收人职务", received.post if received and received.post else BLANK),
        ("签收时间", chinese(received.at) if received else _DAY),
        ("签名或者盖章", ""),
    )
    boxes = [
        Box(row, column, text, align="left" if column else "center", head=not column)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
    ]
    paper.table(boxes, (3, 7))
    return paper.as_docx()
