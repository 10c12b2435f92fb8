"""A watch over the sample site, written down: one duty a defect, however often it is seen."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime, timedelta

import pytest
from cast import clerk

from qianshao.core.duties import door, registry
from qianshao.core.duties.models import Duty
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Module
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.openness.findings import facts as f
from qianshao.modules.openness.findings import keeping
from qianshao.modules.openness.findings.kind import FINDING
from qianshao.modules.openness.models import Capture, SiteFinding
from qianshao.modules.openness.watch import running
from qianshao.modules.openness.watch.items import Numbers
from qianshao.site.samplesite.pages import site_of
from qianshao.site.samplesite.serving import served

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CHINA = Calendar.china()


@pytest.fixture(autouse=True)
def _declared():
    """The kind is known as if its module declared it, also where it does not yet."""
    before, roles = registry.modules(), tuple(registry.roles().values())
    if FINDING.key not in registry.kinds():
        registry.register((*before, Module(key="openness", title="政务公开", kinds=(FINDING,))), roles)
    yield
    registry.register(before, roles)


@pytest.fixture
def watch(tmp_path):
    """Watch the sample site as it stands today; the address is the same every time."""
    now = datetime.now(SHANGHAI)
    site = site_of(now.date(), CHINA)
    with served(site) as address:

        def once():
            plan = running.plan_of(address, allow_private=True, delay=0.0)
            return running.watch(
                plan,
                home=tmp_path,
                today=now.date(),
                calendar=CHINA,
                numbers=Numbers(),
                tell=lambda tally: None,
            )

        once.site = site
        yield once


def later(minutes):
    return datetime.now(SHANGHAI) + timedelta(minutes=minutes)


def act(stream, fact):
    duty = Duty.objects.get(stream=stream)
    actor = clerk("openness.review", "openness.handle")
    return door.perform(kind=FINDING, duty=duty, fact=fact, actor=actor, now=fact.at, src="test")


def test_every_finding_opens_one_duty_for_the_unit_with_its_capture(city, watch):
    kept = keeping.keep(watch(), unit="water", now=later(0))

    assert kept == keeping.Kept(len(watch.site.flaws), 0)
    assert Duty.objects.filter(kind="openness.finding", phase="waiting").count() == len(watch.site.flaws)
    assert set(SiteFinding.objects.values_list("unit", flat=True)) == {"water"}
    for capture in Capture.objects.all():
        assert hashlib.sha256(zlib.decompress(bytes(capture.packed))).hexdigest() == capture.sha256


def test_the_same_defect_seen_again_opens_nothing(city, watch):
    keeping.keep(watch(), unit="water", now=later(0))

    again = keeping.keep(watch(), unit="water", now=later(1))

    assert again == keeping.Kept(0, len(watch.site.flaws))
    assert Duty.objects.filter(kind="openness.finding").count() == len(watch.site.flaws)


def test_what_a_person_dismissed_stays_dismissed_and_what_came_back_after_mending_opens_anew(city, watch):
    found = watch()
    keeping.keep(found, unit="water", now=later(0))
    one, other = SiteFinding.objects.order_by("id")[:2]
    act(one.stream, f.Dismissed(at=later(1), reason="栏目已归并"))
    for fact in (f.Confirmed(at=later(1)), f.Rectified(at=later(2), done="已更新"), f.Accepted(at=later(3))):
        act(other.stream, fact)

    again = keeping.keep(watch(), unit="water", now=later(4))

    assert again.opened == 1
    assert SiteFinding.objects.get(site=other.site, key=other.key, round=2).stream != other.stream
    assert keeping.human(one.site, one.key)["state"] == "dismissed"
    assert keeping.human(one.site, one.key)["why"] == "栏目已归并"
    assert keeping.human(other.site, other.key) is None


def test_the_document_carries_the_persons_word_beside_the_machines(city, watch):
    found = watch()
    keeping.keep(found, unit="water", now=later(0))
    row = SiteFinding.objects.order_by("id").first()
    act(row.stream, f.Confirmed(at=later(1), note="属实"))

    told = {one["id"]: one for one in found.document(lambda key: keeping.human(found.site, key))["findings"]}

    assert told[row.key]["automatic"] == row.automatic
    assert told[row.key]["human"]["state"] == "confirmed"
    assert told[row.key]["human"]["by"]


def test_an_unknown_unit_is_refused_before_anything_is_written(city, watch):
    with pytest.raises(keeping.NoUnit):
        keeping.keep(watch(), unit="nowhere", now=later(0))

    assert not SiteFinding.objects.exists()


def test_who_mended_does_not_accept_it(city, watch):
    keeping.keep(watch(), unit="water", now=later(0))
    row = SiteFinding.objects.order_by("id").first()
    for fact in (f.Confirmed(at=later(1)), f.Rectified(at=later(2), done="已更新")):
        act(row.stream, fact)
    duty = Duty.objects.get(stream=row.stream)
    own = clerk("openness.review", "openness.handle", unit="water")

    for fact in (
        f.Accepted(at=later(3)),
        f.Returned(at=later(3), reason="没有改"),
        f.Dismissed(at=later(3), reason="误报"),
    ):
        with pytest.raises(door.Refused):
            door.perform(kind=FINDING, duty=duty, fact=fact, actor=own, now=fact.at, src="test")
    assert act(row.stream, f.Accepted(at=later(4))).sseq == 4
