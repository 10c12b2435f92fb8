"""Signs that fonts of .pdf files give for ordinary characters: ⼈⺠政府 is 人民政府. One for one, so places stay."""

from __future__ import annotations

import re
import unicodedata

# The supplement (U+2E80–U+2EF3) has no mappings in Unicode but two; these are the ones that are whole characters.
_SUPPLEMENT = dict(
    zip(
        "⺀⺟⺠⺩⺫⺼⻁⻃⻄⻅⻆⻇⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺒⺓⺝⺜⺧⺨⺪⺬⺮⺶⺹⻂⻊",
        "々母民王目肉虎西西见角角贝车長长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄齐齿龙龟巳幺月日牛犬疋示竹羊老衣足",
        strict=True,
    )
)
_STRANGE = re.compile("[\u2e80-\u2fd5\uf900-\ufad9]")


def plain(text: str) -> str:
    """The text with radicals and compatibility forms as the characters they stand for."""
    return _STRANGE.sub(_one, text) if _STRANGE.search(text) else text


def _one(match: re.Match[str]) -> str:
    found = _SUPPLEMENT.get(match[0]) or unicodedata.normalize("NFKC", match[0])
    return found if len(found) == 1 else match[0]
