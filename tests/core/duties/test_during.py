"""Spans are found by a moment, whatever their length and wherever they lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from qianshao.core.duties import during
from qianshao.kernel.hours import SHANGHAI

START = datetime(2018, 1, 1, tzinfo=SHANGHAI)
moments = st.integers(0, 9_600_000 * 3600).map(
    lambda seconds: START - timedelta(days=40_000) + timedelta(seconds=seconds)
)


@given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(days=9000)), st.floats(0, 1))
def test_whatever_holds_at_a_moment_is_kept_where_the_moment_looks(since, length, part):
    at = min(since + length * part, since + length - timedelta(microseconds=1))

    assert during.node(since, since + length) in during.nodes(at)


def test_what_has_not_ended_is_found_at_every_moment():
    assert during.node(START, None) in during.nodes(START + timedelta(days=4000))


def test_a_moment_looks_at_few_places_and_passes_by_nearly_all_short_spans():
    kept = [during.node(START + timedelta(days=n), START + timedelta(days=n + 9)) for n in range(3000)]

    looked_at = set(during.nodes(START + timedelta(days=1500, hours=5)))

    assert len(looked_at) < 30
    assert sum(node in looked_at for node in kept) < 150


def test_a_moment_is_the_same_in_whatever_zone_it_is_written():
    zones = (SHANGHAI, UTC, timezone(timedelta(hours=8)))
    ends = START + timedelta(minutes=57), START + timedelta(days=3, minutes=3)

    assert len({during.node(*(at.astimezone(zone) for at in ends)) for zone in zones}) == 1
    assert len({tuple(during.nodes(ends[0].astimezone(zone))) for zone in zones}) == 1
