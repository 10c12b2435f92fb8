"""Units named in running text: 由市教育局牵头，市财政局配合 …, 市住建局负责 …, 责成市水务局 …"""

from __future__ import annotations

import re

from . import names
from .assigning import Assignment, parse
from .folding import clean
from .names import Name
from .source import Source

_BY = re.compile(r"由(?=[^，。；由\n]{2,120}?(?:牵头|负责|主办|承办|会同|组织实施))")
_CLAUSE = re.compile(r"[，。；\n]")
_SUBJECT = re.compile(
    r"(?:^|(?<=[。；：\n]))[ ]*(?:会议(?:决定|要求|明确|议定)，?)?(?:请|责成|要求|原则同意由|同意由)?(?P<names>[^，。；：\n]{2,80}?)(?P<verb>牵头|会同|负责|要|应当?|须)(?=[^。；\n])"
)
_VERBAL = re.compile(r"牵头|负责|主办|承办|配合|参与|参加|协助|协办|会同|指导|支持|组织实施")
_SENTENCE_END = re.compile(r"[。\n]")
_HELP = re.compile(
    r"[，；](?P<names>[^，。；：\n]{2,60}?)(?:要|应当?|须)?(?:予以|给予|积极|密切|主动|做好|全力|共同|按职责)*"
    r"(?:配合|协助|协同|协办|参与|支持)(?=[，。；\n]|相关|有关|工作|做好|$)"
)
_NOBODY = re.compile(r"^(?:有关|相关|地方|全市|各(?:地|级|有关|相关|部门|单位|方|责任|成员|牵头))")
_HEADING = 20  # characters before the first stop: 强化资金保障。市财政局要……
_OUGHT = frozenset(("要", "应", "应当", "须"))  # of anybody, 各地要…… names nobody in particular
_ANYBODY = re.compile(
    r"^(?:各|有关|相关|地方)|(?:行政|有关|相关|主管|[\u4e00-\u9fff]{2,8})(?<!市)(?<!县)部门$"
)
_GOES_ON = re.compile(
    "每[年季月周半]|分别|抓紧|尽快|立即|加快|牵头|会同|负责|要|认真|积极|按|根据|进一步|切实|制定|研究|做好|加强|落实|组织|于|在|对|就|结合|及时|配合|参与|督促|统筹|指导|开展|提出|完善|建立|推进|完成|抓好|抓实|办理|承担|拿出|编制|起草|修订|出台|下达|安排|解决|处理|推动|跟踪|共同|联合|修改|按程序|尽早|提前"
)
_HEADED = re.compile(r"[ ]*(?P<names>[^：。，；\n]{2,80})(?:：|。(?=负责|牵头))")
_BY_ANY = re.compile("由(?=[市县区省州各国])")
_ASKED = re.compile(r"(?:责成|请(?![示求假教进你])|明确由|同意由)(?=[\u4e00-\u9fff])")
_TOGETHER = re.compile("(?:积极|主动|及时|尽快)?(?:会同|联合|商)")
_LEADERS = re.compile(r"负责人|负责同志|领导|专人|主任|市长|县长|区长|局长|书记")


def prose_assignment(source: Source, start: int, end: int) -> Assignment | None:
    """Who a running text makes responsible; None when it names nobody beyond doubt."""
    found = _responsible(source, start, end)
    if found is not None:
        _helpers(source, found, min(end, start + 4000))
    return found


def _helpers(source: Source, found: Assignment, end: int) -> None:
    """Who is to help, in a later clause of the same sentence: ……，市城管局予以配合。"""
    stop = _SENTENCE_END.search(source.folded, found.end, end)
    limit = stop.start() if stop else end
    for match in _HELP.finditer(source.folded, found.end, limit):
        begin, finish = match.span("names")
        if all(map(names.surely_a_unit, names.pieces(match["names"]))):
            more = parse(source.folded, source.text, begin, finish, "co")
            if more is not None:
                found.merge(more)


def _responsible(source: Source, start: int, end: int) -> Assignment | None:
    folded = source.folded
    end = min(end, start + 4000)
    headed = _HEADED.match(folded, start, end)
    if headed and all(map(names.surely_a_unit, names.pieces(headed["names"]))):
        return parse(folded, source.text, headed.start("names"), headed.end("names"), "shared")
    for match in _BY.finditer(folded, start, end):
        found = _sentence(source, match.end(), end)
        if found is not None:
            return found
    for match in _ASKED.finditer(folded, start, end):
        stop = _CLAUSE.search(folded, match.end(), end)
        clause = folded[match.end() : stop.start() if stop else end]
        if length := _with_others(clause, _names_end(clause, 0)):
            return parse(folded, source.text, match.end(), match.end() + length, "shared")
    for match in _BY_ANY.finditer(folded, start, end):
        stop = _CLAUSE.search(folded, match.end(), end)
        clause = folded[match.end() : stop.start() if stop else end]
        length = _with_others(clause, _names_end(clause, 0))
        if length and _GOES_ON.match(clause, length) and not _LEADERS.match(clause, length):
            return parse(folded, source.text, match.end(), match.end() + length, "shared")
    for match in _SUBJECT.finditer(folded[start:end]):
        found = _subject(source, start, match)
        if found is not None:
            return found
    return _doer(source, start, end)


def _doer(source: Source, start: int, end: int) -> Assignment | None:
    """The subject of the first sentence, or of the one after a short heading: 加强演练。各县政府每年组织演练."""
    heading = _SENTENCE_END.search(source.folded, start, min(end, start + _HEADING + 1))
    for begin in (start, *((heading.end(),) if heading else ())):
        stop = _CLAUSE.search(source.folded, begin, end)
        clause = source.folded[begin : stop.start() if stop else end]
        length = _names_end(clause, 0)
        goes_on = length and _GOES_ON.match(clause, length)
        if goes_on and not _NOBODY.search(clause[:length]) and not _LEADERS.match(clause, length):
            return parse(source.folded, source.text, begin, begin + length, "shared")
    return None


def _sentence(source: Source, start: int, end: int) -> Assignment | None:
    """Clauses from 由 on, as long as each names units and says what they do."""
    folded = source.folded
    at = start
    reach = start
    while at < end:
        stop = _CLAUSE.search(folded, at, end)
        finish = stop.start() if stop else end
        clause = folded[at:finish]
        verb = _VERBAL.search(clause)
        if verb and reach == start and _LEADERS.search(clause) and folded[finish : finish + 1] == "，":
            at = start = reach = (
                finish + 1
            )  # 由某某副市长牵头，市发改委负责: the unit is the one that owes it
            continue
        if verb is None or _LEADERS.search(clause):
            break
        subject = clause[: verb.start()] if verb.start() else re.sub(r"^(?:会同|配合)", "", clause)
        pieces = names.pieces(subject.split("按")[0])
        if not pieces or not all(names.like_a_unit(piece) for piece in pieces):
            break
        reach = at + (verb.end() if verb.start() else len(clause))
        if verb.end() < len(clause) and not _VERBAL.match(clause, verb.end()):
            if verb[0] == "会同":
                reach = at + _names_end(clause, verb.end())
            if stop is None or folded[finish] != "，":
                break
        if stop is None or folded[finish] in "。；\n":
            break
        at = finish + 1
    if reach == start:
        return None
    return _parsed(source, start, reach)


def _names_end(clause: str, start: int) -> int:
    """Where the names end and what they are to do begins: 会同市财政局制定办法."""
    ends = [
        at
        for at in range(start + 2, min(len(clause), start + 60) + 1)
        if (listed := names.pieces(clause[start:at])) and all(map(names.surely_a_unit, listed))
    ]
    for at in ends:
        if at == len(clause) or _GOES_ON.match(clause, at):
            return at
    return ends[0] if ends else start


def _with_others(clause: str, length: int) -> int:
    """Where the names end when 会同 brings in more of them: 市交通局会同刺东县政府于6月底前……."""
    if not length or not clause.startswith(("会同", "联合", "商"), length):
        return length
    return max(length, _names_end(clause, length + (1 if clause[length] == "商" else 2)))


def _subject(source: Source, base: int, match: re.Match[str]) -> Assignment | None:
    begin, finish = base + match.start("names"), base + match.end("names")
    listed = source.folded[begin:finish]
    if not all(names.surely_a_unit(piece.split("等")[0]) for piece in names.pieces(listed)):
        return None
    asked = match[0].strip().startswith(("会议", "请", "责成", "要求", "同意", "原则同意"))
    if match["verb"] in _OUGHT and not asked:
        before = source.folded[base : base + match.start()]
        heading = len(before) <= _HEADING and before.count("。") <= 1
        if not heading or _ANYBODY.search(listed):
            return None
    if match["verb"] == "会同":
        clause_end = _CLAUSE.search(source.folded, base + match.end())
        stop = clause_end.start() if clause_end else base + match.end()
        clause = source.folded[finish:stop]
        return _parsed(source, begin, finish + _names_end(clause, 2))
    if match["verb"] in ("牵头", "负责"):
        return _sentence(source, begin, len(source.folded))
    found = parse(source.folded, source.text, begin, finish, "shared")
    return found and _beside(source, found, base + match.end())


def _beside(source: Source, found: Assignment, at: int) -> Assignment:
    """Who does it with them: 市公安局要会同市交通运输局做好……."""
    stop = _CLAUSE.search(source.folded, at)
    clause = source.folded[at : stop.start() if stop else len(source.folded)]
    together = _TOGETHER.match(clause)
    if together and (end := _names_end(clause, together.end())) > together.end():
        more = parse(source.folded, source.text, at + together.end(), at + end, "co")
        if more is not None:
            found.merge(more)
    return found


def _parsed(source: Source, start: int, end: int) -> Assignment | None:
    found = parse(source.folded, source.text, start, end)
    if found is None and names.surely_a_unit(source.folded[start:end]):
        found = Assignment(start, end, "verb")
        found.units.append(("shared", Name(clean(source.text[start:end]), start, end)))
    return found
