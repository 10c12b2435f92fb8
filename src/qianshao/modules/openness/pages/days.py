"""When a document was formed and when it was published; two different days, and neither is today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qianshao.kernel.words import marked

from . import dates
from .blocks import even
from .dates import Printed
from .page import Confidence, Found
from .seen import NEAR, Answer, Seen
from .sure import surer, unfilled

_PUBLISHED_LABELS = (
    "PubDate",
    "publishdate",
    "published",
    "article:published_time",
    "publish_time",
    "pubtime",
    "firstpublishedtime",
    "publish-date",
    "datepublished",
    "dc.date",
)
_MADE_LABELS = (
    "others",
    "htmlgeneratetime",
    "maketime",
    "createdate",
    "generatetime",
    "cacheclearDate",
    "lastmodified",
    "buildtime",
)
_FORMED_LABELS = ("formedon", "writedate", "docdate", "成文日期", "发文日期")
_TODAY = re.compile(r"今天|今日|星期|周[一二三四五六日](?![\u4e00-\u9fff])|农历|现在是|当前时间|欢迎")
_IN_URL = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d"),
    re.compile(r"/((?:19|20)\d\d)[-/](\d{1,2})[-/](\d{1,2})(?=[/_.])"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.])"),
)
_ORGANISATION = re.compile(
    r"^[\u4e00-\u9fff（）()、 ]{2,60}(?:政府|办公室|办公厅|委员会|局|厅|部|院|署|行|会|中心|处|委|办|公司|集团|大队|支队|分局|指挥部|领导小组|小组|所|站|馆|学校|大学|税务|海关|法院|检察院|组织部|党组)$"
)
_SIGNATORY = re.compile(
    r"^(?:代)?(?:省长|市长|县长|区长|州长|旗长|主席|主任|局长|部长|厅长|总理|行长|署长)[:\s]*[\u4e00-\u9fff· ]{2,8}$"
)
_SIGNED = re.compile(
    rf"^(?P<who>.{{2,60}}?)[ ,，]+(?P<day>(?:(?:19|20)\d\d|{dates.CHINESE}{{4}}) ?年.{{3,12}}日)$"
)
_PRINTED_ON = re.compile(rf"(?P<day>(?:(?:19|20)\d\d|{dates.CHINESE}{{4}}) ?年.{{3,12}}日) ?印发")
# 活动时间：, 报名截止：: a day with a label of its own is the day of that, and labels of publication were looked for before.
_OF_SOMETHING = re.compile(r"[\u4e00-\u9fff]{2,}[ )）]?: ?$")
_LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")


@dataclass(frozen=True)
class _Candidate:
    printed: Printed
    found: Found


def published(seen: Seen) -> Answer:
    """The day the page says it was published on (REG 26 counts to it)."""
    made = _generation(seen)
    label, unread = _from_labels(seen)
    print_ = next(_printed(seen, "published_on", "high"), None)
    print_ = print_ or _line(seen) or next(_printed(seen, "some_day", "medium", NEAR), None)
    print_ = print_ or next(_printed(seen, "updated_on", "low", 4 * NEAR), None)
    url = _in_url(seen.url)
    candidates = [one for one in (label, print_) if one is not None]
    if label and print_ and label.printed.day != print_.printed.day:
        chosen, rest = _between(seen, label, print_, url, made)
        return Answer(
            surer(chosen.found, _sure(chosen, rest, url, made), marked("页面上的标签与印出的日期不一致")),
            others=[rest.found],
        )
    real = [one for one in candidates if not one.printed.placeholder or one.printed.day.isoformat() == url]
    if not real:
        if candidates:
            return Answer(None, marked("只有模板日期，不是发布日期"))
        return Answer(None, marked("发布日期处是未填写的模板") if unread else marked("页面没有写明发布日期"))
    best = real[0]
    if len(candidates) == 2 and best is label and print_ is not None:
        return Answer(surer(best.found, "high", marked("标签与印出的日期一致")))
    if best is label and made and best.printed.clock and (best.printed.day, best.printed.clock) in made:
        sure: Confidence = "medium" if url == best.printed.day.isoformat() else "low"
        return Answer(surer(best.found, sure, marked("与页面生成时间相同，可能不是发布时间")))
    return Answer(best.found)


def _between(
    seen: Seen, label: _Candidate, print_: _Candidate, url: str | None, made: set[object]
) -> tuple[_Candidate, _Candidate]:
    """Which of two different days to believe.

    A default loses; then what the address of the page agrees with; then a label that only repeats when the page was generated
    loses; else what is printed for the public stands, for labels are rewritten when a site moves.
    """
    if label.printed.placeholder != print_.printed.placeholder:
        return (print_, label) if label.printed.placeholder else (label, print_)
    days = {label.printed.day.isoformat(): (label, print_), print_.printed.day.isoformat(): (print_, label)}
    if url in days:
        return days[url]
    if (label.printed.day, label.printed.clock) in made:
        return print_, label
    if print_.found.confidence == "low":
        return label, print_
    return print_, label


def _sure(chosen: _Candidate, rest: _Candidate, url: str | None, made: set[object]) -> Confidence:
    """Medium when something third speaks for the chosen day or against the other."""
    against = rest.printed.placeholder or (rest.printed.day, rest.printed.clock) in made
    return "medium" if against or url == chosen.printed.day.isoformat() else "low"


def _from_labels(seen: Seen) -> tuple[_Candidate | None, bool]:
    unread = False
    for name in _PUBLISHED_LABELS:
        value = seen.labels.get(name.lower())
        if not value:
            continue
        printed = None if unfilled(value) else dates.first(even(value), compact=True)
        if printed is None:
            unread = True
            continue
        official = name == "PubDate"
        found = Found(
            printed.day.isoformat(), f"meta[name={name}]", "label", "high" if official else "medium", value
        )
        return _Candidate(printed, found), unread
    for value, where in seen.declared:
        printed = None if unfilled(value) else dates.first(even(value), compact=True)
        if printed is not None:
            return _Candidate(
                printed, Found(printed.day.isoformat(), where, "declared", "medium", value)
            ), unread
    return None, unread


def _printed(seen: Seen, field: str, sure: Confidence, near: int = 10**9) -> Iterator[_Candidate]:
    for one in seen.printed_as(field):
        if seen.title_block is not None and seen.distance(one.block) > near:
            continue
        printed = dates.first(one.value[:60], compact=True)
        if printed is None or printed.start > 12:
            continue
        how = "catalogue_table" if one.table else "printed_label"
        # Far from the title it may belong to another thing on the page.
        far = not one.table and seen.title_block is not None and seen.distance(one.block) > 6 * NEAR
        note = marked("印在离标题较远处") if far else ""
        yield _Candidate(
            printed,
            Found(
                printed.day.isoformat(), seen.place(one), how, "medium" if far else sure, printed.raw, note
            ),
        )


def _line(seen: Seen) -> _Candidate | None:
    """A day without a label in the line under the title, next to the source or alone in its block."""
    if seen.title_block is None:
        return None
    start = seen.title_block
    for index in range(start, min(len(seen.blocks), start + NEAR)):
        block = seen.blocks[index]
        if block.hidden or block.zone == "foot" or len(block.text) > 160 or _TODAY.search(block.text):
            continue
        printed = dates.first(block.text)
        if printed is None:
            continue
        if _OF_SOMETHING.search(block.text[: printed.start]):
            continue
        rest = block.text[: printed.start] + block.text[printed.end :]
        alone = len(_LETTERS.findall(rest)) <= 4 and printed.raw.find("年") < 0
        if alone or "来源" in rest or (printed.clock and len(rest) <= 60):
            return _Candidate(
                printed, Found(printed.day.isoformat(), block.where, "info_line", "medium", printed.raw)
            )
    return None


def _generation(seen: Seen) -> set[object]:
    """Moments at which the page says it was generated."""
    found: set[object] = set()
    for name in _MADE_LABELS:
        printed = dates.first(even(seen.labels.get(name.lower(), "")))
        if printed is not None and printed.clock:
            found.add((printed.day, printed.clock))
    return found


def _in_url(url: str) -> str | None:
    for pattern in _IN_URL:
        match = pattern.search(url)
        if match:
            printed = dates.first("-".join(match.groups()))
            if printed is not None:
                return printed.day.isoformat()
    return None


def formed(seen: Seen) -> Answer:
    """The day the document itself was made (成文日期): catalogue table, printed label, or signature."""
    signed = _signature(seen)
    for candidate in _printed(seen, "formed_on", "high"):
        found = candidate.found
        if candidate.printed.placeholder:
            if signed is not None and signed.printed.day == candidate.printed.day:
                return Answer(signed.found)
            continue
        if signed is not None and signed.printed.day != candidate.printed.day:
            return Answer(surer(found, "medium", marked("落款日期不同")), others=[signed.found])
        return Answer(found)
    if signed is not None:
        return Answer(signed.found)
    return Answer(None, marked("页面没有写明成文日期，也没有落款日期"))


def _signature(seen: Seen) -> _Candidate | None:
    """The day under the text with the signing body above it (GB/T 9704-2012, 7.3.5); the first one, annexes have others."""
    begin = (seen.title_block or 0) + 1
    last_line = ""
    printed_on: _Candidate | None = None
    for index in range(begin, len(seen.blocks)):
        block = seen.blocks[index]
        text = block.text
        if block.zone == "foot":
            continue
        if len(text) <= 100 and "年" in text and "日" in text:
            together = _SIGNED.match(text)
            if together and _ORGANISATION.match(together["who"].strip()):
                return _signed(together["day"], block.where, "high")
            printed = dates.first(text)
            if printed and printed.end - printed.start >= len(text) - 2 and "年" in printed.raw:
                if _ORGANISATION.match(last_line) or _SIGNATORY.match(last_line):
                    return _signed(text, block.where, "high")
            elif printed_on is None:
                issue = _PRINTED_ON.search(text)
                if issue:
                    printed_on = _signed(issue["day"], block.where, "low", "印发日期")
        last_line = text
    return printed_on


def _signed(text: str, where: str, sure: Confidence, note: str = "") -> _Candidate | None:
    printed = dates.first(text)
    if printed is None:
        return None
    return _Candidate(printed, Found(printed.day.isoformat(), where, "signature", sure, printed.raw, note))
