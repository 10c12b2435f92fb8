"""A worker killed in the middle of a job: another brings it to its end, nothing lost and nothing twice."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from scratch import Scratch, scratch

pytestmark = [pytest.mark.fault, pytest.mark.database]

_HERE = Path(__file__).parent
PREPARE = f"""
import sys; sys.path.insert(0, {str(_HERE)!r})
import counting
from datetime import timedelta
from django.utils import timezone
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.jobs import runner, services
from qianshao.core.jobs.models import Job
from qianshao.core.notices.models import Notice
from qianshao.core.org.models import Person
"""
BEGIN = (
    PREPARE
    + """
Account.objects.create(pk=1, login='one', person=Person.objects.create(name='林一'))
payload = {'total': 1000, 'pause': 0.02}
services.start(kind='test.count', key='k', payload=payload, actor=machine('test'), now=timezone.now())
"""
)
LOOK = (
    PREPARE
    + """
import json
job = Job.objects.get()
keys = list(Notice.objects.values_list('key', flat=True))
print(json.dumps([job.state, job.tries, len(keys), len(set(keys))]))
"""
)


def look(place: Scratch) -> list[object]:
    found: list[object] = json.loads(place.run(LOOK))
    return found


def test_a_killed_job_is_finished_by_the_next_worker_with_nothing_twice() -> None:
    with scratch() as place:
        place.run(BEGIN)
        for kill in range(2):
            late = f"late = lambda: timezone.now() + timedelta(seconds={100 * kill})\n"
            worker = place.start(PREPARE + late + "print('up', flush=True)\nrunner.work_once(late)\n")
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(0.5)
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
        state, tries, rows, _distinct = look(place)
        assert (state, tries) == ("running", 2)
        assert isinstance(rows, int) and 0 < rows < 1000

        still = place.run(PREPARE + "print(runner.work_once(timezone.now))")
        place.run(PREPARE + "late = lambda: timezone.now() + timedelta(seconds=300)\nrunner.work_once(late)")

        assert still == "0"
        assert look(place) == ["done", 3, 1000, 1000]


def test_a_worker_told_to_end_gives_its_job_back_at_once() -> None:
    with scratch() as place:
        place.run(BEGIN)
        worker = place.start(PREPARE + "print('up', flush=True)\nrunner.run_forever(timezone.now)\n")
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(0.5)
        worker.terminate()
        _out, err = worker.communicate(timeout=30)

        assert (worker.returncode, err) == (0, "")
        assert look(place)[:2] == ["waiting", 1]


def test_two_workers_never_run_the_same_job() -> None:
    with scratch() as place:
        place.run(BEGIN.replace("0.02", "0.001"))
        work = PREPARE + "print(runner.work_once(timezone.now))"
        workers = [place.start(work) for _worker in range(3)]
        did = sorted(worker.communicate(timeout=60)[0].strip() for worker in workers)

        assert did == ["0", "0", "1"]
        assert look(place) == ["done", 1, 1000, 1000]
