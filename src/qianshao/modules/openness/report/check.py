"""Check reports against I1 to I8, each by itself and all years of a body together."""

from __future__ import annotations

from collections.abc import Sequence

from . import across, identities, prose
from .finding import Finding
from .model import Report


def check(reports: Sequence[Report]) -> list[Finding]:
    """Every broken identity, report by report in the order given, errors before warnings."""
    between: dict[int, list[Finding]] = {}
    for finding in across.across(reports):
        between.setdefault(id(finding.report), []).append(finding)
    findings: list[Finding] = []
    for report in reports:
        own = [*identities.inside(report), *between.get(id(report), []), *prose.against_tables(report)]
        findings.extend(sorted(own, key=lambda finding: (finding.severity != "error", finding.id)))
    return findings
