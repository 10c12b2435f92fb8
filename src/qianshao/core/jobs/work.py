"""One run of a job, as its handler sees it, and the ways it can end early."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from qianshao.core.accounts.actor import Actor, actor_of, machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.kernel.hours import SHANGHAI

from .models import Job

Clock = Callable[[], datetime]
_THROTTLE = timedelta(seconds=1)
_BEAT = 10.0  # seconds


class WorkRefused(ValueError):
    """The work cannot be done for a reason the person who asked can mend; they are shown the sentence."""


class Stopped(Exception):
    """Somebody asked the job to stop; handlers let it pass."""


class Lost(Exception):
    """The job was given to another worker meanwhile; handlers let it pass."""


class Work:
    """One run of a job, as its handler sees it."""

    def __init__(self, job: Job, clock: Clock) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.now = clock
        self._claim = job.tries
        self._beaten: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who asked for the work, with the rights they hold today; raises ``NotAllowed`` when locked out."""
        sort, _colon, name = self.job.actor.partition(":")
        if sort == "machine":
            return machine(name)
        account = Account.objects.select_related("person").get(pk=int(name))
        return actor_of(account, registry.roles(), self.now().astimezone(SHANGHAI).date())

    def beat(self, done: int, total: int = 0, message: str = "") -> None:
        """Say that the work goes on and how far it is; written at most once a second.

        Call between transactions: inside one, nobody sees it before commit. Raises ``Stopped`` or ``Lost``.
        """
        now = self.now()
        if self._beaten is not None and timedelta() <= now - self._beaten < _THROTTLE:
            return
        self._beaten = now
        self._set(beat_at=now, done=done, total=total, message=message[:500])
        if Job.objects.filter(pk=self.job.pk, asked_to_stop=True).exists():
            raise Stopped

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Say that the work goes on while one long call runs that cannot say so itself (a copy, a dump).

        The beat comes from a thread of this process: it stops when the process does.
        """
        done = threading.Event()

        def beat() -> None:
            try:
                while not done.wait(_BEAT):
                    Job.objects.filter(pk=self.job.pk, state="running", tries=self._claim).update(
                        beat_at=self.now()
                    )
            finally:
                connection.close()

        thread = threading.Thread(target=beat, name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _set(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, state="running", tries=self._claim)
        if not mine.update(**values):
            raise Lost(self.job.key)
