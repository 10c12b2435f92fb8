"""A stretch that assigns: the inside of a bracket, a labelled line, a cell. Its grammar, in words:

stretch  = [list] {label ：list}           牵头单位：甲；配合单位：乙、丙
list     = {name separator} [verb] …        甲牵头，乙、丙配合，6月底前完成
name     = unit [（role）] [等…]            separators are 、，；/ line breaks, and 和 及 与 between two names
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from qianshao.kernel.words import Words, say

from . import deadlines, names
from .brackets import depth_zero, outermost
from .folding import CLOSING, OPENING, clean, fold
from .model import Place, Role
from .names import Name
from .roles import peel, role_of
from .wrapping import unbroken

# 责任单位为市林业局 says what 责任单位：市林业局 says; 排第一位的责任单位为牵头单位 is a rule.
_COLON = re.compile(
    r"：|(?<=[单部][位门])[为是](?=[市县区省州各国])|(?<=[时期][限间])[为是](?=\d|[一二三四五六七八九十年上下长])"
)
_MOST_LABELS = 60  # of one stretch
_BOXED = re.compile(r"(?:^|(?<=[\n。；，、 ）〕]))〔([\u4e00-\u9fff 、]{2,10})〕：?")  # 【牵头单位】市教育局
LONGEST = 3000  # characters; what is longer is prose
How = Literal["label", "verb", "bare"]
_SEPARATOR = re.compile(
    r"[、，；。/\n|]|(?<=[局委办部厅署府心司处科室会区县市镇街道位门院团联社所站队校])[ ]+(?=[\u4e00-\u9fff]{2})"
)
_MARK = re.compile(r"[*★▲●☆△#※]+")
_TAG = re.compile(
    r"[（〔](牵头单位|责任单位|配合单位|参与单位|牵头|主办|负责|配合|协办|参与|指导|主责)[）〕]$"
)
_INNER = re.compile(r"[（〔]([^（〔）〕]*：[^（〔）〕]*)[）〕]$")  # 市教育局（责任人：张某）
_WITH = re.compile(
    r"会同|协同|联合(?![社会体国党办发校]|大学|学院|公司|集团|银行)|商(?=[市县区省州国各中财自发教公民司人住交水农商文卫审])|配合(?=[市县区省州国各中])"
)
_FRONT = re.compile(r"^(?:由|请|责成|以|及|和|并由|并|其中|同时|以及|原则上)+(?=[\u4e00-\u9fff]{2})")
_NOTE = re.compile(
    r"下同$|^下同|(?:为|是|即为?)(?:总?牵头|主办|主责|责任)(?:单位|部门)?$|(?:第一位|首位|第一个|排名第一)|^以下|^上述|^以上|^均$"
)
_BELOW = re.compile(r"下同|以下(?:各项|任务|均|同)|均由")
_PREFACE = re.compile(
    r"^(?:以下|上述|以上|下列|本(?:方案|部分|章|节|项|条))?(?:各项|所列|全部)?(?:任务|工作|措施|事项|内容|项目|条款)*(?:均|都|统一)?由"
)
_VALUE_END = re.compile(r"^[\s：。；，]*$")
UNCLOSED = say("括号没有闭合，单位读到行末为止。")


@dataclass(slots=True)
class Assignment:
    """Who is to do something, as one stretch says it. ``below``: it says that it holds for what follows too."""

    start: int
    end: int
    how: How
    units: list[tuple[Role, Name]] = field(default_factory=list)
    people: list[Name] = field(default_factory=list)
    when: list[Place] = field(default_factory=list)
    open_list: bool = False
    below: bool = False
    comma: int | None = None  # where the first list of responsible units has its first comma
    doubts: list[Words] = field(default_factory=list)

    def merge(self, other: Assignment) -> None:
        """Take in one that belongs to the same item: （牵头单位：甲）（配合单位：乙）."""
        self.end = max(self.end, other.end)
        self.units += other.units
        self.people += other.people
        self.when += other.when
        self.open_list |= other.open_list
        self.below |= other.below
        self.comma = other.comma if self.comma is None else self.comma
        self.doubts += other.doubts
        if other.how == "label":
            self.how = "label"


@dataclass(slots=True)
class _Group:
    """Names waiting for their verb."""

    names: list[tuple[Role | None, Name]] = field(default_factory=list)
    chunk: int = 0  # how many stand before the last comma


def parse(folded: str, original: str, start: int, end: int, role: Role | None = None) -> Assignment | None:
    """What the stretch assigns; None when it does not. ``role`` is given by the column of a cell."""
    if end - start > LONGEST or end <= start:
        return None
    if "\n" not in folded[start:end]:
        return _parse(folded, original, start, end, role)
    kept = [start + at for at in unbroken(folded[start:end], role is not None)]
    evened, written = ("".join(text[at] for at in kept) for text in (folded, original))
    found = _parse(evened, written, 0, len(kept), role)
    if found is not None:
        _put_back(found, [*kept, end])
        found.start, found.end = start, end
    return found


def _put_back(found: Assignment, places: list[int]) -> None:
    """From places in the stretch without its breaks to places in the text."""

    def back(start: int, end: int) -> tuple[int, int]:
        return places[start], places[end - 1] + 1 if end > start else places[start]

    found.units = [(role, Name(name.text, *back(name.start, name.end))) for role, name in found.units]
    found.people = [Name(name.text, *back(name.start, name.end)) for name in found.people]
    found.when = [Place(*back(place.start, place.end)) for place in found.when]
    found.comma = None if found.comma is None else places[found.comma]


def _parse(folded: str, original: str, start: int, end: int, role: Role | None) -> Assignment | None:
    flat = depth_zero(folded, start, end)
    cuts = labels(folded, flat, start)
    found = Assignment(start, end, "label" if cuts or role else "bare")
    reader = _Lists(folded, original, found)
    first = cuts[0][0] if cuts else end
    reader.read(flat, start, start, first, role)
    for number, (_begin, value, labelled) in enumerate(cuts):
        stop = cuts[number + 1][0] if number + 1 < len(cuts) else end
        reader.read(flat, start, value, stop, labelled)
    if not (found.units or found.people or found.when):
        return None
    if cuts or role:
        return found
    return found if _credible(found) else None


def _credible(found: Assignment) -> bool:
    """Without a label the names must be units: （由企业自主决定） assigns nothing."""
    if not found.units:
        return bool(found.when) and found.how == "bare"
    if any(role_of(name.text) for _role, name in found.units if not name.text.startswith("各")):
        return False  # 〔牵头单位〕 is a label, 各责任单位 are units
    evened = [fold(name.text) for _role, name in found.units]
    like, sure = sum(map(names.like_a_unit, evened)), sum(map(names.surely_a_unit, evened))
    if found.how == "verb":
        return like * 3 >= len(found.units) * 2
    return sure == len(found.units) or (like == len(found.units) >= 3 and sure * 3 >= 2 * like)


def labels(folded: str, flat: str, start: int) -> list[tuple[int, int, Role]]:
    """(where the label begins, where its value begins, the role) for every colon that has one before it."""
    found: list[tuple[int, int, Role]] = [
        (start + match.start(), start + match.end(), role)
        for match in islice(_BOXED.finditer(folded[start : start + len(flat)]), _MOST_LABELS)
        if (role := role_of(match[1])) is not None
    ]
    for match in islice(_COLON.finditer(flat), _MOST_LABELS):
        at = match.start()
        low = max(0, at - 26)
        left = max(flat.rfind(sign, low, at) for sign in "，。；\n：")
        begin = max(left + 1, low)
        label = folded[start + begin : start + at]
        found_one = _label_in(label)
        if found_one is not None:
            piece, role = found_one
            found.append((start + begin + len(label) - len(piece), start + at + 1, role))
    return sorted(found)


def _label_in(label: str) -> tuple[str, Role] | None:
    """The label at the end of a stretch before a colon: whole, or what follows the names before it (各区 责任单位)."""
    whole_one = label.lstrip(" *_#>●■▲◆·-")
    role = role_of(whole_one)
    first = names.pieces(whole_one)[:1]
    tight = " " not in whole_one or len(re.sub(r"\s", "", whole_one)) <= 10
    named = bool(first) and len(first[0]) > 1 and names.like_a_unit(first[0]) and role_of(first[0]) is None
    if role is not None and tight and not named:
        return whole_one, role
    best: tuple[str, Role] | None = None
    for at in range(len(label) - 1, -1, -1):
        if label[at] not in "、 ）〕":
            continue
        tail = label[at + 1 :].lstrip()
        role = role_of(tail)
        if role is not None:
            best = (tail, role)
        if best is not None and not re.search(r"(?:^|[ 、）])[\u4e00-\u9fff]$", label[:at]):
            break
    return best


class _Lists:
    """Reads lists of names into an assignment."""

    def __init__(self, folded: str, original: str, found: Assignment) -> None:
        self.folded, self.original, self.found = folded, original, found

    def read(self, flat: str, base: int, start: int, end: int, role: Role | None) -> None:
        """Take in one list; ``flat`` is the text from ``base`` on without what stands in brackets."""
        if _VALUE_END.match(self.folded[start:end]):
            return
        if role == "deadline":
            self.found.when.append(_stripped(self.folded, start, end))
            return
        inner = _unwrapped(self.folded, start, end)
        if inner is not None:
            self.read(depth_zero(self.folded, *inner), inner[0], *inner, role)
            return
        group = _Group()
        led = False
        for begin, finish in _tokens(flat, base, start, end):
            if role == "person":
                self._person(begin, finish)
                continue
            if flat[begin - base - 1 : begin - base] in ("，", "；"):
                group.chunk = len(group.names)
                if self.found.comma is None and group.names and role in (None, "shared"):
                    self.found.comma = begin
            closed = self._token(begin, finish, group)
            if closed is not None:
                if closed in ("co", "guide") and not led and group.chunk:
                    self._close_first(group, role or "shared")
                self._close(group, closed if role is None or closed != "shared" or led else role)
                led = led or closed == "lead"
                if self.found.how == "bare":
                    self.found.how = "verb"
        self._close(group, "co" if led and role in (None, "shared") else (role or "shared"))

    def _close_first(self, group: _Group, role: Role) -> None:
        """Names before the last comma are not meant by 配合 or 指导 after it: 市国资委，市审计局指导."""
        self.found.units += [(own or role, name) for own, name in group.names[: group.chunk]]
        del group.names[: group.chunk]

    def _close(self, group: _Group, role: Role) -> None:
        self.found.units += [(own or role, name) for own, name in group.names]
        group.names.clear()
        group.chunk = 0

    def _person(self, begin: int, finish: int) -> None:
        place = _stripped(self.folded, begin, finish)
        if place.end > place.start:
            self.found.people.append(
                Name(clean(self.original[place.start : place.end]), place.start, place.end)
            )

    def _token(self, begin: int, finish: int, group: _Group) -> Role | None:
        """Take in one token; the role of its verb closes the group."""
        folded = self.folded
        place = _stripped(folded, begin, finish)
        begin, finish = place.start, place.end
        token = folded[begin:finish]
        if not token:
            return None
        if _BELOW.search(token):
            self.found.below = True
        if deadlines.whole(token):
            self.found.when.append(place)
            return None
        if match := _PREFACE.match(token):
            begin += match.end()
        elif _NOTE.search(token):
            return None
        if (dated := _dated(folded[begin:finish])) is not None:
            self.found.when.append(Place(begin + dated[0], begin + dated[1]))
            begin += dated[2]
            if not names.like_a_unit(peel(folded[begin:finish])[0]):
                return None  # 3月底前出台方案: what is due then, not who
        begin += _skipped(folded[begin:finish])
        rest, role = peel(folded[begin:finish])
        finish = begin + len(rest)
        for own, first, last in self._split(begin, finish, group):
            self._name(first, last, own, group)
        return role

    def _split(self, begin: int, finish: int, group: _Group) -> list[tuple[Role | None, int, int]]:
        """At 会同, 和 and 及 between names."""
        token = self.folded[begin:finish]
        found: list[tuple[Role | None, int, int]] = []
        at = 0
        own: Role | None = None
        match = _WITH.search(token)
        if match and (match.start() == 0 or names.like_a_unit(token[: match.start()].strip())):
            if match.start():
                group.names = [(own or "lead", name) for own, name in group.names]
                found += [("lead", a, b) for a, b in self._joined(begin, begin + match.start())]
            at, own = match.end(), "co"
        return found + [(own, a, b) for a, b in self._joined(begin + at, finish)]

    def _joined(self, begin: int, finish: int) -> list[tuple[int, int]]:
        found = []
        last = begin
        for left, right in names.joints(self.folded[begin:finish]):
            found.append((last, begin + left))
            last = begin + right
        return [*found, (last, finish)]

    def _name(self, begin: int, finish: int, own: Role | None, group: _Group) -> None:
        folded = self.folded
        place = _stripped(folded, begin, finish)
        begin, finish = place.start, place.end
        token = folded[begin:finish]
        if inner := _INNER.search(token):
            at = begin + inner.start(1)
            more = _parse(folded, self.original, at, begin + inner.end(1), None)
            if more is not None and more.people:
                self.found.people += more.people
                self.found.when += more.when
                finish = begin + inner.start()
                token = folded[begin:finish]
        if tag := _TAG.search(token):
            _rest, tagged = peel("某局" + tag[1])
            own = "lead" if tag[1].startswith(("主责", "牵头", "主办")) else (tagged or own)
            finish = begin + tag.start()
            token = folded[begin:finish]
        opened = names.open_at(token)
        if opened is not None:
            tail = token[opened:]
            self.found.open_list = True
            finish = begin + opened
            token = token[:opened]
            if not names.is_open_tail(tail):
                _more, verb = peel(tail)
                if verb is None and len(tail) > 1:
                    self.found.doubts.append(say("“{name}”没有读作单位，请核对。", name=clean(tail)[:20]))
        elif names.is_bare(token) and (self.found.open_list or group.names):
            return
        place = _stripped(folded, begin, finish)
        name = clean(self.original[place.start : place.end])
        if own is None and group.names and group.names[-1][0] == "co":
            own = "co"
        if not unmarked(name):
            return
        if not names.like_a_unit(folded[place.start : place.end]):
            self.found.doubts.append(say("“{name}”不像单位名称，请核对。", name=name[:20]))
        group.names.append((own, Name(name, place.start, place.end)))


def _tokens(flat: str, base: int, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    last = start
    for match in _SEPARATOR.finditer(flat, start - base, end - base):
        found.append((last, base + match.start()))
        last = base + match.end()
    whole: list[tuple[int, int]] = []
    for begin, finish in [*found, (last, end)]:
        joined = bool(whole) and flat[begin - base - 1] == "、"
        if joined and names.one_body(
            flat[whole[-1][0] - base : whole[-1][1] - base], flat[begin - base : finish - base]
        ):
            begin = whole.pop()[0]
        whole.append((begin, finish))
    return whole


def _unwrapped(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The inside of a list that stands in brackets of its own: 牵头单位：〔甲、乙〕."""
    place = _stripped(folded, start, end)
    if place.end - place.start < 3 or folded[place.start] not in OPENING:
        return None
    flat = depth_zero(folded, place.start, place.end)
    whole_one = len(outermost(folded, place.start, place.end)) == 1 and not flat.strip("\x01")
    return (place.start + 1, place.end - 1) if whole_one and folded[place.end - 1] in CLOSING else None


def _stripped(folded: str, start: int, end: int) -> Place:
    while start < end and folded[start] in " \n，。；、：-—":
        start += 1
    while end > start and folded[end - 1] in " \n，。；、：-—":
        end -= 1
    return Place(start, end)


def _skipped(token: str) -> int:
    match = _FRONT.match(token)
    return match.end() if match else 0


_DATED = re.compile(rf"^(?:于|在|力争)?({deadlines.PHRASE.pattern})(?:完成|，|前|由)*")


def _dated(token: str) -> tuple[int, int, int] | None:
    """A deadline written before the names: 6月底前由市教育局负责. (begin, end, where the names begin)."""
    match = _DATED.match(token)
    if match is None or match.end() >= len(token) or not re.search("前|底|内|季度|年$|月$", match[1]):
        return None
    return match.start(1), match.end(1), match.end()


def marked(name: str) -> bool:
    """Whether a sign stands beside the name: ★市教育局."""
    return bool(_MARK.search(name))


def unmarked(name: str) -> str:
    """The name without such a sign."""
    return _MARK.sub("", name).strip()
