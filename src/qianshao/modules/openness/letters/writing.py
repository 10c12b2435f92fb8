"""A letter's key and its values in, a Word document out. What is missing is a blank to be seen and filled by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from qianshao.kernel.words import Words, chinese, say
from qianshao.kit.paper import BLANK, Paper

from .kinds import DAYS, LABELS, LETTERS, REMEDY_TEXTS, Letter, Value
from .of_records import RECORD_LETTERS

EVERY = LETTERS | RECORD_LETTERS
MOST = 5_000  # characters of one value

_NAMED = re.compile(r"\{(\w+)\}")
_ENDS = re.compile(r"[。；;，,、.\s]+$")


class BadValue(ValueError):
    """A value that cannot stand in the letter; ``words`` name the field."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def write(key: str, values: Mapping[str, Value]) -> bytes:
    """The letter as .docx; the same values give the same bytes.

    Raises ``KeyError`` for an unknown letter, ``BadValue`` for a field it does not have or a text too long.
    """
    letter = EVERY[key]
    texts = _texts(letter, values)
    paper = Paper(letter.title)
    paper.centred(texts["body"], title=True)
    paper.centred(letter.title, title=True)
    paper.empty()
    paper.centred(texts["number"])
    paper.empty()
    paper.line(f"{texts[letter.addressee]}：", indent=False, align="left")
    for paragraph in letter.text:
        paper.line(_filled(paragraph, texts))
    if letter.remedy:
        paper.line(_filled(REMEDY_TEXTS[letter.remedy], texts))
    paper.line(letter.closing)
    paper.line(f"联系人：{texts['contact']}　　联系电话：{texts['phone']}")
    paper.empty()
    paper.line(f"{texts['body']}（印章）", indent=False, align="right")
    paper.line(texts["dated_on"], indent=False, align="right")
    if letter.slip:
        paper.page_break()
        paper.centred("意见回执", title=True)
        paper.empty()
        for paragraph in letter.slip:
            paper.line(_filled(paragraph, texts), indent=not paragraph.endswith("："))
    return paper.as_docx()


def _texts(letter: Letter, values: Mapping[str, Value]) -> dict[str, str]:
    strange = sorted(set(values) - set(letter.asks))
    if strange:
        raise BadValue(say("“{letter}”没有“{field}”这一项。", letter=letter.title, field=strange[0]))
    return {name: _text(name, values.get(name)) for name in letter.asks}


def _text(name: str, value: Value) -> str:
    if value is None or value == "":
        return "＿＿＿＿年＿＿月＿＿日" if name in DAYS else BLANK
    if name in DAYS and not isinstance(value, date):
        raise BadValue(say("“{field}”应是日期。", field=LABELS[name]))
    text = " ".join(chinese(value).split())
    if len(text) > MOST:
        raise BadValue(say("“{field}”超过 {n} 字，请写到附件里。", field=LABELS[name], n=MOST))
    return _ENDS.sub("", text) or BLANK


def _filled(paragraph: str, texts: Mapping[str, str]) -> str:
    """Each name once, in one pass: braces inside a value stay braces."""
    return _NAMED.sub(lambda match: texts[match.group(1)], paragraph)
