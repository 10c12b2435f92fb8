"""I9: section five says something, and not last year's words again. A note to the reader, never a finding.

It is no identity: a report may balance and repeat itself, and no national text forbids that. 50 per cent is what one city's indicators
score (宿迁市 2026, E); the measure is that of interpretations that only repeat their document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qianshao.kernel.words import Words, say

from ..interpretations_excerpt import Limits, compare
from . import across, names
from .model import Report

REPEATED = Limits(sentence=70, share=50, fewest=100)
_FIVE = 4


@dataclass(frozen=True)
class Note:
    """What somebody should look at. ``share`` is how much of the section is last year's, in per cent."""

    id: str
    says: Words
    share: int | None
    report: Report = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """As ``check-report --json`` prints it."""
        named = {"id": self.id, "share": self.share, "says": str(self.says)}
        return named | {"file": self.report.file, "body": self.report.body, "year": self.report.year}


def notes(reports: Sequence[Report]) -> list[Note]:
    """The notes on these reports; one without any prose was given as tables alone and is not spoken of."""
    years = across.by_year(reports)
    found = []
    for report in reports:
        own = _section_five(report)
        if not own:
            if any(text.strip() for text in report.text.values()):
                found.append(
                    Note("I9", say("第五部分“存在的主要问题及改进情况”没有读到内容。"), None, report)
                )
            continue
        earlier = across.before(report, years)
        if len(earlier) != 1:
            continue
        measured = compare(_section_five(earlier[0]), own, REPEATED)
        if measured.is_excerpt:
            told = say(
                "第五部分有 {share}% 的文字与上一年相同或基本相同（超过 {limit}% 的，有的地方考核扣分）。",
                share=measured.share or 0,
                limit=REPEATED.share,
            )
            found.append(Note("I9", told, measured.share, report))
    return found


def _section_five(report: Report) -> str:
    return "\n".join(
        text for key, text in report.text.items() if names.section_of_key(key) == _FIVE and text.strip()
    )
