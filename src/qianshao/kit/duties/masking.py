"""What of a text is shown before somebody asks for it with a reason: no numbers that name a person.

Mobile and fixed telephones, identity and bank cards, number plates (GB/T 35273—2020 附录 A) are hidden by
their shape, names only where the fact itself says whose they are. It is a courtesy to the citizen in daily
work, not anonymity: a story can still tell who lived it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_CARD = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15,19})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)([1１][3-9３-９]\d)[-－ ]?\d{4}[-－ ]?(\d{4})(?!\d)")
_FIXED = re.compile(r"(?<!\d)([0０]\d{2,3})[-－ ）)]?\d{4,5}(\d{3})(?!\d)")
_PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Za-hj-z])[·•. ]?"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
)


def scrub(text: str, names: Collection[str] = (), *, whole: bool = False) -> str:
    """The text with numbers of persons and cars hidden, and these names shortened to the family name.

    With ``whole`` nothing of a name is left.
    """
    text = _CARD.sub("******", text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _FIXED.sub(r"\1****\2", text)
    text = _PLATE.sub(r"\1*****", text)
    for name in names:
        if len(name) > 1:
            text = text.replace(name, "*" * len(name) if whole else masked_name(name))
    return text


def masked_name(name: str) -> str:
    """林** for 林小满."""
    return name[:1] + "*" * (len(name) - 1)


def masked_phone(number: str) -> str:
    """138****5678; of a short or strange number only the last two characters."""
    hidden = scrub(number)
    if hidden != number:
        return hidden
    return "*" * max(0, len(number) - 2) + number[-2:]
