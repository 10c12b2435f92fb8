"""The watch over the flawed sample site: it finds what was put in, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import date
from urllib.parse import urlsplit

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.modules.openness.watch import running
from qianshao.modules.openness.watch.items import ITEMS, Numbers
from qianshao.site.samplesite.pages import site_of
from qianshao.site.samplesite.serving import served

CHINA = Calendar.china()


def watched(tmp_path, site, today, **how):
    with served(site) as address:
        plan = running.plan_of(address, allow_private=True, delay=0.0, **how)
        return running.watch(
            plan, home=tmp_path, today=today, calendar=CHINA, numbers=Numbers(), tell=lambda tally: None
        )


@pytest.mark.parametrize(
    "today", [date(2025, 4, 17), date(2025, 10, 20), date(2026, 3, 2), date(2026, 11, 25)]
)
def test_the_watch_finds_exactly_the_flaws_of_the_sample_site(tmp_path, today):
    site = site_of(today, CHINA)

    found = watched(tmp_path, site, today)

    assert found.whole
    assert sorted((one.rule, urlsplit(one.url).path) for one in found.verdict.findings) == sorted(
        (flaw.rule, flaw.path) for flaw in site.flaws
    )


def test_every_watched_item_but_reachability_has_a_flaw_in_the_sample_site():
    flawed = {flaw.rule for flaw in site_of(date(2026, 3, 2), CHINA).flaws}

    assert flawed == {item.rule for item in ITEMS if item.watched} - {"W2", "AR-GOV"}


def test_evidence_is_the_bytes_that_were_served(tmp_path):
    site = site_of(date(2026, 3, 2), CHINA)

    found = watched(tmp_path, site, date(2026, 3, 2))

    kept = [one.evidence for one in found.verdict.findings if one.evidence.capture]
    assert len(kept) == len(found.verdict.findings)
    for evidence in kept:
        data = (found.folder / evidence.capture).read_bytes()
        assert hashlib.sha256(data).hexdigest() == evidence.sha256
        assert data in site.pages.values()


def test_a_round_cut_short_calls_nothing_missing_and_the_next_one_goes_on(tmp_path):
    today = date(2026, 3, 2)
    site = site_of(today, CHINA)
    with served(site) as address:

        def once(pages):
            plan = running.plan_of(address, allow_private=True, delay=0.0, most_pages=pages, workers=1)
            return running.watch(
                plan, home=tmp_path, today=today, calendar=CHINA, numbers=Numbers(), tell=lambda tally: None
            )

        first, second = once(5), once(10_000)

    assert not first.whole
    assert not {"COL", "AR-DEPT", "INT-1"} & {one.rule for one in first.verdict.findings}
    assert second.whole
    assert len(second.verdict.findings) == len(site.flaws)


def test_a_site_that_does_not_answer_is_told_as_unreachable(tmp_path):
    with served(site_of(date(2026, 3, 2), CHINA)) as address:
        pass
    plan = running.plan_of(address, allow_private=True, delay=0.0)
    found = running.watch(
        plan,
        home=tmp_path,
        today=date(2026, 3, 2),
        calendar=CHINA,
        numbers=Numbers(),
        tell=lambda tally: None,
    )

    assert [(one.rule, one.automatic) for one in found.verdict.findings] == [("W2", "suspected")]


def test_the_document_names_rule_evidence_and_both_states(tmp_path):
    site = site_of(date(2026, 3, 2), CHINA)

    told = watched(tmp_path, site, date(2026, 3, 2)).document()

    for finding in told["findings"]:
        assert finding["automatic"] in ("found", "suspected")
        assert finding["human"] is None
        assert set(finding["evidence"]) == {"url", "capture", "sha256", "at", "status"}
    assert {"W1", "W5", "W6", "N1", "N2"} <= {one["rule"] for one in told["not_assessable"]}
