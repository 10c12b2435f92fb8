"""Writes expected.json from the reader's answers, to be held against the pages by hand before it is committed."""

import hashlib
import json
import sys
from pathlib import Path

from qianshao.modules.openness.pages import read
from qianshao.modules.openness.pages.page import FIELDS

HERE = Path(__file__).parent


def short(text: str) -> str:
    """A digest instead of words that are somebody's text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def values(data: bytes) -> dict[str, object]:
    """A page's values, titles and long texts by digest."""
    page = read(data)
    told: dict[str, object] = {}
    for name in FIELDS:
        value = page.get(name)
        told[name] = short(value) if value and (name == "title" or len(value) > 24) else value
    told["links"] = [[link.role, short(link.href)] for link in page.links]
    return told


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    pages = {path.name: values(path.read_bytes()) for path in sorted(folder.glob("*.html"))}
    (HERE / "expected.json").write_text(json.dumps(pages, ensure_ascii=False, indent=1) + "\n")
