"""Check reports against I1 to I8, each by itself and all years of a body together."""

from __future__ import annotations

from collections.abc import Sequence

from . import across, identities, prose
from .finding import Finding
from .model import Report


def check(reports: Sequence[Report]) -> list[Finding]:
    """Every broken identity, report by report in the order given, errors before warnings."""
    years = across.by_year(reports)
    findings: list[Finding] = []
    for report in reports:
        earlier = across.before(report, years)
        own = [
            *identities.inside(report),
            *across.carried_over(report, earlier),
            *prose.against_tables(report, earlier[0] if len(earlier) == 1 else None),
        ]
        findings.extend(sorted(own, key=lambda finding: (finding.severity != "error", finding.id)))
    return findings
