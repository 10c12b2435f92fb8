"""Jobs: progress, stopping, failing with a sentence, and workers taken for dead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cast import clerk

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.jobs import handlers, runner, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Ticking:
    """A clock that moves a second with every look."""

    def __init__(self, at: datetime, step: float = 1) -> None:
        self.at = at
        self.step = timedelta(seconds=step)

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    before = dict(handlers._handlers)
    yield
    handlers._handlers.clear()
    handlers._handlers.update(before)


def start(handler: handlers.Handler, robot: Actor, now: datetime) -> Job:
    handlers.register("test", handler)
    return services.start(kind="test", key="k", payload={"n": 3}, actor=robot, now=now)


def test_a_job_runs_to_its_end_with_a_result(robot: Actor, now: datetime) -> None:
    def work(work: Work) -> dict[str, int]:
        assert work.actor.key == "machine:test"
        work.beat(2, work.payload["n"], "导入中")
        return {"made": 3}

    job = start(work, robot, now)
    assert runner.work_once(Ticking(now)) == 1
    assert runner.work_once(Ticking(now)) == 0

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == ("done", 2, 3, {"made": 3})
    assert job.finished_at is not None


def test_the_same_key_is_one_job_and_a_failed_one_waits_again(robot: Actor, now: datetime) -> None:
    def work(work: Work) -> None:
        raise runner.WorkRefused("第 3 行的日期不对，请改正后重新导入。")

    job = start(work, robot, now)
    assert start(work, robot, now) == job
    runner.work_once(Ticking(now))
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "第 3 行的日期不对，请改正后重新导入。")

    again = start(lambda work: None, robot, now)
    assert (again.pk, again.state) == (job.pk, "waiting")


def test_an_unforeseen_error_is_named_but_not_quoted(robot: Actor, now: datetime) -> None:
    def work(work: Work) -> None:
        raise KeyError("林一 13800000000")

    job = start(work, robot, now)
    runner.work_once(Ticking(now))

    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "程序出错（KeyError），详情见系统日志。")


def test_progress_is_written_at_most_once_a_second(
    robot: Actor, now: datetime, django_assert_num_queries: object
) -> None:
    def work(work: Work) -> None:
        work.beat(0, 1000)
        with django_assert_num_queries(2):  # type: ignore[operator]
            for done in range(1, 101):
                work.beat(done, 1000)

    job = start(work, robot, now)
    runner.work_once(Ticking(now, 0.015))

    job.refresh_from_db()
    assert job.state == "done", job.message


def test_a_running_job_stops_at_its_next_beat_and_a_waiting_one_at_once(robot: Actor, now: datetime) -> None:
    def work(work: Work) -> None:
        services.stop(job=Job.objects.get(), actor=robot, now=now)
        work.beat(1)
        raise AssertionError("went on")

    job = start(work, robot, now)
    runner.work_once(Ticking(now))
    job.refresh_from_db()
    assert job.state == "stopped"

    start(work, robot, now)
    services.stop(job=job, actor=robot, now=now)
    assert job.state == "stopped"
    assert runner.work_once(Ticking(now)) == 0


def test_others_need_the_right_to_stop_a_job(robot: Actor, now: datetime) -> None:
    job = start(lambda work: None, robot, now)

    with pytest.raises(NotAllowed):
        services.stop(job=job, actor=clerk(), now=now)
    services.stop(job=job, actor=clerk("jobs.stop"), now=now)
    assert job.state == "stopped"


def test_a_silent_worker_loses_its_job_and_cannot_overwrite_the_heir(robot: Actor, now: datetime) -> None:
    def heir(work: Work) -> str:
        return "heir"

    def sleeper(work: Work) -> str:
        work.beat(1)
        handlers.register("test", heir)
        assert runner.work_once(Ticking(now + timedelta(seconds=120))) == 1
        return "sleeper"

    job = start(sleeper, robot, now)
    runner.work_once(Ticking(now))

    job.refresh_from_db()
    assert (job.state, job.result, job.tries) == ("done", "heir", 2)


def test_a_sleeper_that_beats_again_learns_that_it_lost(robot: Actor, now: datetime) -> None:
    def sleeper(work: Work) -> None:
        Job.objects.update(state="waiting")
        work.beat(1)
        raise AssertionError("went on")

    job = start(sleeper, robot, now)
    runner.work_once(Ticking(now))

    job.refresh_from_db()
    assert job.state == "waiting"


def test_only_silence_of_a_minute_counts_and_five_deaths_are_enough(robot: Actor, now: datetime) -> None:
    job = start(lambda work: None, robot, now)
    Job.objects.update(state="running", tries=4, beat_at=now)

    assert services.resume_stale(now + timedelta(seconds=60)) == 0
    assert services.resume_stale(now + timedelta(seconds=61)) == 1
    Job.objects.update(state="running", tries=5, beat_at=now)
    assert services.resume_stale(now + timedelta(seconds=61)) == 0

    job.refresh_from_db()
    assert (job.state, job.message[:10]) == ("failed", "任务多次中断，已放弃")


def test_a_job_of_an_unknown_kind_is_not_taken(robot: Actor, now: datetime) -> None:
    with pytest.raises(handlers.UnknownWork):
        services.start(kind="os.system", key="k", payload={}, actor=robot, now=now)
    assert not Job.objects.exists()
