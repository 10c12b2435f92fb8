"""From passages to items: what is cut at its units, what inherits them from above, what has none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qianshao.kernel.words import Words, say

from . import finding
from .assigning import Assignment
from .deadlines import Frame
from .folding import clean, paragraphs
from .model import Item, LeadRule, Place
from .numbering import FOURTH
from .outline import Passage, outline, title_of
from .prose import prose_assignment
from .rule import NO_UNIT, settle
from .source import Source
from .timing import time_item

_PREFACE = re.compile(
    r"指导思想|总体要求|总体思路|基本原则|总体目标|工作目标|主要目标|发展目标|^目标|编制依据|适用范围|工作背景|重要意义|基本情况|形势|^回顾|工作回顾|充分认识|名词解释"
)
_REQUIREMENTS = re.compile(
    r"保障措施|组织保障|工作要求|有关要求|组织领导|强化保障|组织实施|保障机制|工作保障"
)
_ALL = re.compile(
    r"(?:以上|上述|以下|下列|本(?:方案|意见|计划|通知|清单|决定))(?:各项|所列|全部|的)*(?:任务|工作|措施|事项|内容|项目|条款)*(?:，)?(?:均|都|统一)?(?=由)"
)
_TASK_LABEL = re.compile(r"^(?:工作|主要|重点|目标|具体)?(?:任务|事项|工作内容|任务内容)[：:]\s*")
_OWN_FORCE = re.compile(
    r"自(?:印发|发布|公布|\d|[^，。；]{0,12}月)[^，。；]{0,16}起(?:施行|实施|执行|生效)|有效期(?:至|为|[一二三四五六七八九十\d])|负责解释|同时废止"
)  # of the document, not of anybody's work
_PUBLISHERS = re.compile("主办|承办|主管")  # of a web page, above the text
_STOP = re.compile(r"[。；\n]")
INHERITED = say("本项没有单写责任单位，按上级标题所写读。")
FOR_ALL = say("本项没有单写责任单位，按文中统一写明的读。")
AT_THE_END = say("单位写在本组最后，按适用于本组各项读，请核对。")
FROM_PROSE = say("责任单位取自正文，请核对。")


@dataclass(slots=True)
class Draft:
    """An item before the lead rule is known, or a passage left out (``taken`` is False)."""

    label: str
    source: Place
    body: Place
    section: str
    assignment: Assignment | None
    note: Words | None = None
    taken: bool = True
    rest: Place | None = None  # what its sentence goes on with behind the units


def drafts_of(source: Source, *, tabled: bool) -> list[Draft]:
    """What the prose of a document gives; with ``tabled`` items of its own kind only, for the table holds the others."""
    passages = outline(source, lambda start, end: finding.assigns(source, start, end))
    held = {id(passage): finding.assignments(source, passage) for passage in passages}
    held[id(passages[0])] = [
        each
        for each in held[id(passages[0])]
        if not _PUBLISHERS.match(source.folded, each.start) and not _under_the_title(passages[0], each)
    ]
    _collapse(passages, held)
    passages = [passage for passage in passages if id(passage) in held]
    assigned = any(each.units for found in held.values() for each in found)
    general = _for_all(source)
    first = _first_of(held[id(passages[0])])
    spread = _spread(passages, held)
    roots = [passage for passage in passages if passage.parent is None]
    drafts: list[Draft] = []
    for passage in passages:
        own = held[id(passage)]
        if passage.mark is None:
            if passage is passages[0] and len(passages) == 1:
                drafts += _cut(source, passage, own) or _by_paragraph(source, passage)
            continue
        if passage.children and _heading_only(source, passage, own):
            continue
        if own:
            drafts += _cut(source, passage, own)
            continue
        if passage.children:
            continue
        draft = _whole(source, passage)
        above, note = _above(passage, held, spread)
        if above is not None:
            draft.assignment, draft.note = above, note
        elif (for_all := _holding(general, passage) or first) is not None and not _named(
            source, passage, _PREFACE, _REQUIREMENTS
        ):
            draft.assignment, draft.note = for_all, FOR_ALL
        else:
            _without(source, passage, draft, held, roots, assigned=assigned, tabled=tabled)
        drafts.append(draft)
    return drafts


def _under_the_title(passage: Passage, found: Assignment) -> bool:
    """（2025年8月） on a line of its own before the first number is when the paper was written."""
    alone = any(line.start <= found.start and found.end >= line.end for line in passage.lines)
    return found.how == "bare" and not found.units and not found.people and alone


def _collapse(passages: list[Passage], held: dict[int, list[Assignment]]) -> None:
    """Bullets and （1） below an item belong to it when only the last of them, or none, carries units."""
    for passage in reversed(passages):
        below = passage.children
        if not below or any(child.children for child in below if id(child) in held):
            continue
        if any(child.mark is None or child.mark.rank < FOURTH for child in below):
            continue
        units = [child for child in below if any(each.units for each in held.get(id(child), []))]
        if (units == [below[-1]] and _apart(below[-1], held)) or (
            not units and any(each.units for each in held[id(passage)])
        ):
            passage.lines += [
                line for child in below for line in [Place(child.start, child.head_end), *child.lines[1:]]
            ]
            passage.end = below[-1].end
            held[id(passage)] += [each for child in below for each in held.pop(id(child), [])]
            for child in below:
                held.pop(id(child), None)
            passage.children = []


def _apart(passage: Passage, held: dict[int, list[Assignment]]) -> bool:
    """The units stand in a paragraph of their own."""
    found = [each for each in held[id(passage)] if each.units]
    return len(found) == 1 and found[0].start > passage.head_end


def _spread(passages: list[Passage], held: dict[int, list[Assignment]]) -> dict[int, Assignment]:
    """Groups whose units stand once, in a paragraph of their own after the last: they hold for all of the group."""
    spread: dict[int, Assignment] = {}
    for passage in passages:
        group = [child for child in passage.children if id(child) in held]
        if len(group) < 2 or any(child.children for child in group):
            continue
        with_units = [child for child in group if any(each.units for each in held[id(child)])]
        if with_units == [group[-1]] and _apart(group[-1], held):
            one = next(each for each in held[id(group[-1])] if each.units)
            spread |= {id(child): one for child in group[:-1]}
    return spread


def _first_of(found: list[Assignment]) -> Assignment | None:
    """The first that names units."""
    return next((each for each in found if each.units), None)


def _for_all(source: Source) -> list[tuple[bool, Assignment]]:
    """以上任务均由……负责, each with whether it speaks of what stands above it."""
    said: list[tuple[bool, Assignment]] = []
    for match in _ALL.finditer(source.folded):
        stop = _STOP.search(source.folded, match.end())
        found = prose_assignment(source, match.end(), stop.start() if stop else len(source.folded))
        if found is not None and found.units:
            said.append((match[0].startswith(("以上", "上述")), found))
    return said


def _holding(said: list[tuple[bool, Assignment]], passage: Passage) -> Assignment | None:
    """The sentence that holds for a passage: the next one below that speaks of above, else the last one above, else any."""
    below = [found for above, found in said if above and found.start >= passage.start]
    before = [found for above, found in said if not above and found.start < passage.start]
    return below[0] if below else before[-1] if before else said[0][1] if said else None


def _by_paragraph(source: Source, passage: Passage) -> list[Draft]:
    """Minutes without numbers: each paragraph that says who is to do something is an item."""
    found = []
    for line in passage.lines:
        assignment = prose_assignment(source, line.start, line.end)
        if assignment is not None and assignment.units:
            found.append(Draft("", line, line, "", assignment, FROM_PROSE))
    return found


def _heading_only(source: Source, passage: Passage, own: list[Assignment]) -> bool:
    """A heading with things under it: no sentence of its own beside its units."""
    text = source.folded[passage.body : min(passage.end, passage.body + 400)]
    for each in own:
        if each.start < passage.body + 400:
            text = text.replace(source.folded[each.start : each.end], "")
    words = re.sub(r"[\s。；：]", "", text)
    return not own or (len(words) <= 40 and "。" not in text.strip().rstrip("。"))


def _above(
    passage: Passage, held: dict[int, list[Assignment]], spread: dict[int, Assignment]
) -> tuple[Assignment | None, Words | None]:
    if id(passage) in spread:
        return spread[id(passage)], AT_THE_END
    for parent in passage.up():
        found = _first_of(held.get(id(parent), []))
        if found is not None:
            return found, INHERITED
    siblings = passage.parent.children if passage.parent else []
    for sibling in reversed(siblings[: siblings.index(passage)] if passage in siblings else []):
        for each in held.get(id(sibling), []):
            if each.below and each.units:
                return each, FOR_ALL
    return None, None


def _named(source: Source, passage: Passage, *patterns: re.Pattern[str]) -> bool:
    titles = [title_of(source, each) for each in (passage, *passage.up())]
    return any(pattern.search(title) for pattern in patterns for title in titles)


def _without(
    source: Source,
    passage: Passage,
    draft: Draft,
    held: dict[int, list[Assignment]],
    roots: list[Passage],
    *,
    assigned: bool,
    tabled: bool,
) -> None:
    """A passage nobody is named for: an item when the document names nobody at all, or when its neighbours are items."""
    if _named(source, passage, _PREFACE) or _OWN_FORCE.search(source.folded, passage.body, passage.head_end):
        draft.taken = False
        return
    found = prose_assignment(source, passage.body, passage.end)
    if found is not None:
        draft.assignment, draft.note = found, FROM_PROSE
    if not assigned and not tabled:
        return
    assert passage.mark is not None
    siblings = passage.parent.children if passage.parent else _run(roots, passage)
    among = any(
        held.get(id(each))
        for each in siblings
        if each.mark is not None and each.mark.rank == passage.mark.rank
    )
    if tabled or not among or _named(source, passage, _REQUIREMENTS):
        draft.taken = not tabled and found is not None and not _named(source, passage, _REQUIREMENTS)


def _run(roots: list[Passage], passage: Passage) -> list[Passage]:
    """Passages of the top level counted through with this one: an annex begins anew, and is not the letter above it."""
    run: list[Passage] = []
    for root in roots:
        if root.mark is None or passage.mark is None or root.mark.rank != passage.mark.rank:
            continue
        if run and run[-1].mark and (root.mark.number or 0) <= (run[-1].mark.number or 0):
            if passage in run:
                break
            run = []
        run.append(root)
    return run


def _whole(source: Source, passage: Passage) -> Draft:
    return Draft(
        passage.label,
        Place(passage.start, passage.end),
        Place(passage.body, passage.end),
        _section(source, passage),
        None,
    )


def _section(source: Source, passage: Passage) -> str:
    parent = passage.parent
    return (
        ""
        if parent is None
        else clean(source.text[parent.start : parent.body]).strip("*_# ") + title_of(source, parent)
    )


def _cut(source: Source, passage: Passage, found: list[Assignment]) -> list[Draft]:
    """One draft for each assignment of units; what only says when belongs to the piece it stands in or follows."""
    drafts: list[Draft] = []
    begin = passage.body
    waiting: list[Assignment] = []
    section = _section(source, passage)
    after = bool(found) and bool(found[0].units) and not found[-1].units  # deadlines stand behind their items
    for each in found:
        text = clean(source.folded[begin : each.start]).strip("，。；、：*_- ●■▲◆·•>")
        if not each.units:
            if drafts and (after or not text):
                _join(drafts[-1], each)
                begin = each.end
            else:
                waiting.append(each)
            continue
        if not text and drafts:
            _join(drafts[-1], each)
        else:
            for when in waiting:
                each.when += when.when
                each.people += when.people
            waiting = []
            start = passage.start if not drafts else begin
            drafts.append(
                Draft(passage.label, Place(start, each.end), Place(begin, each.start), section, each)
            )
        begin = each.end
    if waiting and drafts:
        for when in waiting:
            _join(drafts[-1], when)
    elif waiting:
        first = waiting[0]
        for when in waiting[1:]:
            first.merge(when)
        return [
            Draft(
                passage.label,
                Place(passage.start, passage.end),
                Place(passage.body, first.start),
                section,
                first,
            )
        ]
    if drafts:
        drafts[-1].rest = _rest(source, begin, passage.end)
    return drafts


def _rest(source: Source, begin: int, end: int) -> Place | None:
    """……（市公安局牵头），实现全覆盖，6月底前完成。"""
    stop = source.folded.find("\n", begin, end)
    rest = Place(begin, end if stop < 0 else stop)
    return rest if source.folded[begin : begin + 1] == "，" and rest.end - rest.start > 1 else None


def _join(draft: Draft, more: Assignment) -> None:
    assert draft.assignment is not None
    draft.assignment.merge(more)
    draft.source = Place(draft.source.start, max(draft.source.end, more.end))


def item_of(source: Source, draft: Draft, rule: LeadRule, frame: Frame) -> Item:
    """The draft under the lead rule."""
    text = (
        paragraphs(source.text[draft.body.start : draft.body.end])
        .strip("*_ \n-●■▲◆·•>")
        .lstrip("；，。、;, ")
    )
    text = _TASK_LABEL.sub("", text)
    if draft.rest is not None:
        text += paragraphs(source.text[draft.rest.start : draft.rest.end])
    item = Item(draft.label, text, draft.source, draft.section)
    own = draft.assignment
    if own is None:
        item.doubt(NO_UNIT)
    else:
        settle(item, replace(own) if draft.note else own, rule)
    if draft.note:
        item.doubt(draft.note)
    if draft.note:
        time_item(source, item, None, [draft.body], frame)  # its own deadline before that of all
    if item.deadline is None:
        stretches = [draft.body] if draft.rest is None else [draft.body, draft.rest]
        time_item(source, item, own, stretches, frame)
    return item
