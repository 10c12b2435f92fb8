"""Document numbers (发文字号): agency, year in brackets, serial (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import re

_OPEN, _SHUT = "〔［\\[（(【﹝〖", "〕］\\]）)】﹞〗"
_NUMBER = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{1,14}}(?:[（(][\u4e00-\u9fff]{{1,4}}[)）])?[\u4e00-\u9fff]{{0,8}})\s?"
    rf"[{_OPEN}]\s?(?P<year>(?:19|20)\d\d)\s?[{_SHUT}]\s?(?P<serial>(?:第|字第)?\s?\d{{1,6}}(?:-\d{{1,4}})?)\s?号"
)
_ORDER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2,24}?令)\s?[（(]?\s?第?\s?(?P<serial>\d{1,5}|[〇零一二三四五六七八九十百]{1,7})\s?号\s?[)）]?"
)
_ANNOUNCEMENT = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{0,24}(?:公告|通告))\s?(?P<year>(?:19|20)\d\d)\s?年\s?第\s?(?P<serial>\d{1,5})\s?号"
)
# What stands before an agency's short name in a running sentence.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|关于|印发|转发|以|的|和|及|与|为|见|（|《|通知|意见|字号|文号|编号|决定书|号|附件|公开表|责令|第)(?=[\u4e00-\u9fff]{1,14}$)"
)


def normal(text: str) -> str | None:
    """The number a text consists of or begins with, brackets made 〔〕; None when it is none."""
    found = find(text)
    return found[0] if found and found[1] <= 2 else None


def find(text: str) -> tuple[str, int] | None:
    """The first document number of a text and where it starts."""
    best: tuple[str, int] | None = None
    match = _NUMBER.search(text)
    if match:
        agency = _LEAD.sub("", match["agency"])
        if agency:
            serial = re.sub(r"\s", "", match["serial"])
            best = f"{agency}〔{match['year']}〕{serial}号", match.end("agency") - len(agency)
    for pattern in (_ANNOUNCEMENT, _ORDER):
        match = pattern.search(text)
        if match and (best is None or match.start() < best[1]):
            best = re.sub(r"[\s（）()]", "", match.group()), match.start()
    return best


def only(text: str) -> str | None:
    """The number when the text is nothing else, as in the line under a title."""
    text = text.strip().strip("（）()[]【】")
    match = _NUMBER.fullmatch(text)
    if match:
        return f"{match['agency']}〔{match['year']}〕{re.sub(chr(92) + 's', '', match['serial'])}号"
    for pattern in (_ORDER, _ANNOUNCEMENT):
        if pattern.fullmatch(text):
            return re.sub(r"\s", "", text)
    return None
