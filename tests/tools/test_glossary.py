"""The glossary: what the product declares is in it, each term once, with the English that the pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from qianshao.core.duties import registry
from qianshao.kit.help import glossary
from qianshao.kit.telling import sentence

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def rows() -> list[tuple[str, str]]:
    """Chinese and English of every line of the tables."""
    found: list[tuple[str, str]] = []
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and "中文" not in line and "---" not in line:
            _code, chinese, english, _meaning = (cell.strip() for cell in line.strip("|").split("|"))
            found.append((chinese, english))
    return found


def declared() -> Iterator[str]:
    """Titles of all kinds, acts, phases with their second clocks, indicators and roles."""
    for kind in registry.kinds().values():
        yield kind.title
        yield from (str(title) for phase in kind.phases for title in (phase.title, phase.second) if title)
        yield from (act.title for act in kind.acts)
        yield from (indicator.title for indicator in kind.indicators)
    yield from (role.title for role in registry.roles().values())


@pytest.mark.parametrize("title", sorted(set(declared())))
def test_a_declared_title_is_in_the_glossary_with_the_english_of_the_pages(title: str) -> None:
    with translation.override("en"):
        shown = sentence(title)

    assert dict(rows()).get(title) == shown, f"docs/glossary.md: add or mend | … | {title} | {shown} | … |"


def test_every_term_stands_in_the_glossary_once() -> None:
    whole = set(declared())  # a title may itself hold the comma that parts the terms of a row
    terms = Counter(
        term
        for chinese, _english in rows()
        for term in ([chinese] if chinese in whole else chinese.split("、"))
    )

    assert [term for term, times in terms.items() if times > 1] == []


def test_every_term_has_both_languages() -> None:
    found = rows()

    assert len(found) > 50
    assert [row for row in found if not all(row)] == []


def test_every_word_a_page_explains_is_a_term_of_the_glossary() -> None:
    terms = {term for chinese, _english in rows() for term in (chinese, *chinese.split("、"))}

    assert [word for word, _meaning in glossary.TERMS.values() if word not in terms] == []
