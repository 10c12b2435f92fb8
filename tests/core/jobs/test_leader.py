"""Of several processes one leads; when it dies another follows; two ticks at once double nothing."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import datetime, timedelta

import pytest
from scratch import Scratch, scratch
from working import CITY, LOOK, PREPARE

from qianshao.core.jobs.leader import TERM, Leader
from qianshao.core.jobs.models import Lease


@pytest.mark.django_db
@pytest.mark.database
def test_one_leads_until_it_dies_or_lets_go(now: datetime) -> None:
    first, second = Leader("tick"), Leader("tick")

    assert [first.holds(now), second.holds(now), first.holds(now)] == [True, False, True]
    later = now + TERM
    assert first.holds(later - timedelta(seconds=1))  # renewed, so it goes on
    assert not second.holds(later + timedelta(seconds=1))
    after = later + TERM + timedelta(seconds=1)
    assert second.holds(after)
    assert not first.holds(after)
    second.release(after)
    assert first.holds(after)
    assert Lease.objects.get().holder == first.holder


@pytest.mark.django_db
@pytest.mark.database
def test_different_leases_have_different_leaders(now: datetime) -> None:
    assert Leader("one").holds(now) and Leader("other").holds(now)


WORK = (
    CITY
    + """
from django.utils import timezone
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person
unit = Unit.objects.get()
account = Account.objects.create(login='o', person=Person.objects.create(name='林一'))
Grant.objects.create(account=account, role='hotline.chief', unit=unit, valid_from=date(2000, 1, 1))
for number in range(60):
    receive(f'n/{number}')
"""
)
TICK = "from qianshao.site import tick\nfrom django.utils import timezone\ntick.forever(timezone.now)\n"
TOLD = (
    PREPARE
    + """
from qianshao.core.notices.models import Notice
from qianshao.core.jobs.models import Lease
keys = list(Notice.objects.filter(sort='due').values_list('key', 'account'))
print(json.dumps([len(keys), len(set(keys)), Lease.objects.values_list('holder', flat=True).first()]))
"""
)


def told(place: Scratch) -> list[object]:
    found: list[object] = json.loads(place.run(TOLD))
    return found


def _until(place: Scratch, n: int) -> list[object]:
    for _look in range(60):
        found = told(place)
        if found[0] == n:
            return found
        time.sleep(0.5)
    return told(place)


@pytest.mark.fault
@pytest.mark.database
def test_two_ticks_at_once_double_nothing_and_one_follows_the_other_when_it_is_killed() -> None:
    with scratch() as place:
        place.run(WORK)
        ticks = [place.start(TICK) for _tick in range(2)]
        try:
            n, distinct, holder = _until(place, 60)
            assert (n, distinct) == (60, 60)
            (leads,) = [tick for tick in ticks if f":{tick.pid}:" in str(holder)]
            os.kill(leads.pid, signal.SIGKILL)
            leads.communicate()
            # The lease of the dead one is made to end now; else the test would wait half a minute.
            place.run(
                PREPARE
                + "from qianshao.core.jobs.models import Lease\n"
                + "Lease.objects.update(until=datetime(2000, 1, 1, tzinfo=SHANGHAI))\n"
                + "from django.utils import timezone\n"
                + "[receive(f'm/{number}') for number in range(20)]"
            )
            n, distinct, heir = _until(place, 80)
            assert (n, distinct) == (80, 80)
            assert heir != holder
        finally:
            for tick in ticks:
                if tick.poll() is None:
                    tick.terminate()
                    _out, err = tick.communicate(timeout=30)
                    assert (tick.returncode, err) == (0, "")
        after = json.loads(place.run(LOOK))
        assert (after["faults"], after["gapless"], after["projection"]) == ([], True, True)
