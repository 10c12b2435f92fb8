"""What watchdogs are told: alive, ready or why not, and measures that count; never a secret, never for strangers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import SignIn
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import Refused, perform
from qianshao.core.jobs.leader import Leader
from qianshao.core.jobs.models import Job, Lease
from qianshao.core.ledger import checkpoints, gate, store
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.site.operations import state

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    settings.HOME = tmp_path
    monkeypatch.setenv("QIANSHAO_ANCHORS", str(tmp_path / "anchors"))
    yield tmp_path


def ready(query: str = "") -> tuple[int, dict[str, str]]:
    answer = Client().get(f"/readyz{query}")
    return answer.status_code, answer.json()["checks"]


def receive(kind: Kind, robot: Actor, source: str = "a:1") -> None:
    now = timezone.now()
    fact = f.Received(at=now, title="路灯不亮", body="坏了", channel="web")
    perform(kind=kind, fact=fact, actor=robot, now=now, src="test", source=source)


def test_alive_asks_nothing_of_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert Client().get("/healthz").json() == {"ok": True}


def test_ready_names_what_is_late_and_fails_only_when_strict() -> None:
    assert ready() == (
        200,
        {
            "database": "ok",
            "migrations": "ok",
            "keys": "ok",
            "space": "ok",
            "writable": "ok",
            "tick": "late",
            "anchor": "ok",
            "backup": "ok",
        },
    )
    assert ready("?strict=1")[0] == 503

    Leader(state.TICK).holds(timezone.now())
    assert ready("?strict=1")[0] == 200

    Lease.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert ready()[1]["tick"] == "late"


def test_a_lost_key_a_full_disk_and_an_old_anchor_are_seen(
    home: Path, order_kind: Kind, robot: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(order_kind, robot)
    store.seal_all()
    checkpoints.make(timezone.now())
    assert ready()[1]["keys"] == "ok"

    (home / "secrets" / "subject-keys.sqlite3").rename(home / "elsewhere")
    status, checks = ready()
    assert (status, checks["keys"]) == (503, "failing")

    latest = home / "anchors" / "latest.txt"
    then = timezone.now().timestamp() - 27 * 3600
    os.utime(latest, (then, then))
    assert ready()[1]["anchor"] == "late"

    gate.flag().touch()
    assert ready()[1]["writable"] == "late"

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: type("Disk", (), {"free": 10})())
    assert ready()[1]["space"] == "failing"


def test_a_missed_backup_is_late_once_one_is_promised(settings: LazySettings) -> None:
    settings.BACKUP_FOLDER = "/somewhere"
    now = timezone.now()
    Job.objects.create(
        key="backup/x", kind="system.backup", payload={}, actor="machine:tick", state="done", made_at=now,
        finished_at=now - timedelta(hours=25),
    )  # fmt: skip
    assert ready()[1]["backup"] == "ok"
    Job.objects.update(finished_at=now - timedelta(hours=27))
    assert ready()[1]["backup"] == "late"


def _measures() -> dict[str, float]:
    text = Client().get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    rows = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in rows}


def test_measures_count_requests_acts_and_refusals_and_tell_how_the_ledger_stands(
    order_kind: Kind, robot: Actor, sign_in: SignIn
) -> None:
    before = _measures()
    client = sign_in("hotline.unit", "housing")
    client.get("/duties/")
    receive(order_kind, robot)
    receive(order_kind, robot)
    with pytest.raises(Refused):
        now = timezone.now() + timedelta(days=1)
        fact = f.Received(at=now, title="x", body="y", channel="web")
        perform(kind=order_kind, fact=fact, actor=robot, now=timezone.now(), src="test", source="b")
    store.seal_all()

    after = _measures()

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert grown('qianshao_request_seconds_count{method="GET",route="duties/",status="200"}') == 1
    assert [
        grown(f'qianshao_acts_total{{kind="hotline.order",outcome="{outcome}"}}')
        for outcome in ("recorded", "repeated", "refused")
    ] == [1, 1, 1]
    assert after["qianshao_ledger_entries"] == 1
    assert after["qianshao_ledger_unnumbered"] == 0
    assert after['qianshao_jobs{state="waiting"}'] == 0
    assert after["qianshao_reactions_waiting"] >= 0


def test_measures_are_for_this_machine_or_for_the_token(settings: LazySettings) -> None:
    def asked(**more: str) -> int:
        return Client().get("/metrics", **more).status_code

    assert asked(REMOTE_ADDR="127.0.0.1") == 200
    assert asked(REMOTE_ADDR="10.0.0.7") == 404
    assert asked(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.7") == 404
    settings.METRICS_TOKEN = "secret-token"
    assert asked(REMOTE_ADDR="127.0.0.1") == 404
    assert asked(REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer secret-token") == 200
    assert asked(REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer wrong") == 404


def test_several_processes_count_into_one_sum(tmp_path: Path) -> None:
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    code = "from qianshao.core import measures; measures.count_acts([('k', 'recorded')] * 3)"
    for _process in range(2):
        subprocess.run([sys.executable, "-c", code], env=env, check=True)
    look = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "r = CollectorRegistry(); MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    told = subprocess.run([sys.executable, "-c", look], env=env, check=True, capture_output=True, text=True)

    assert 'qianshao_acts_total{kind="k",outcome="recorded"} 6.0' in told.stdout
