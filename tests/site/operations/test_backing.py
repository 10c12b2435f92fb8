"""The daily backup: made once when its hour has come, examined, the old ones removed, and failures told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from cast import SignIn, moment
from django.conf import LazySettings
from scratch import Scratch, scratch
from working import CITY, PREPARE

from qianshao.core.jobs.models import Job
from qianshao.core.ledger import backups
from qianshao.core.notices.models import Notice
from qianshao.site.operations import backing

DAY = moment("2026-03-02")


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    folder = tmp_path / "backups"
    settings.BACKUP_FOLDER = str(folder)
    settings.BACKUP_AT, settings.BACKUP_KEEP = time(2, 30), 3
    yield folder


@pytest.mark.django_db
def test_the_days_backup_is_made_once_when_its_hour_has_come(folder: Path) -> None:
    for hours in (2, 2.4):
        backing.plan(DAY + timedelta(hours=hours))
    assert not Job.objects.exists()
    for hours in (2.5, 3, 23):
        backing.plan(DAY + timedelta(hours=hours))

    assert Job.objects.get().key == "backup/2026-03-02"


@pytest.mark.django_db
def test_without_a_folder_nothing_is_planned(settings: LazySettings) -> None:
    settings.BACKUP_FOLDER = ""
    backing.plan(DAY + timedelta(hours=5))

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_failed_backup_is_told_to_the_keeper_once(folder: Path, sign_in: SignIn) -> None:
    sign_in("sysadmin")
    at = DAY + timedelta(hours=3)
    backing.plan(at)
    Job.objects.update(state="failed")
    for _round in range(3):
        backing.plan(at)

    assert [str(notice) for notice in Notice.objects.all()] == [
        "2026年3月2日 的自动备份失败，请查看系统日志并尽快手工备份"
    ]
    assert Notice.objects.get().urgent


def test_old_backups_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"qianshao-2026030{day}-023000").mkdir()
    (tmp_path / "qianshao-2025-important").mkdir()
    (tmp_path / ".qianshao-20260301-023000.part").mkdir()

    gone = backups.prune(tmp_path, "qianshao", 2)

    assert len(gone) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".qianshao-20260301-023000.part",
        "qianshao-2025-important",
        "qianshao-20260304-023000",
        "qianshao-20260305-023000",
    ]


RUN = (
    PREPARE
    + """
from django.utils import timezone
from qianshao.core.jobs import runner
from qianshao.core.jobs.models import Job
from qianshao.site.operations import backing
backing.plan(timezone.now())
runner.work_once(timezone.now)
job = Job.objects.get()
print(json.dumps([job.state, job.result, job.message]))
"""
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Scratch]:
    with scratch() as made:
        more = {
            "QIANSHAO_BACKUP_FOLDER": str(tmp_path / "data"),
            "QIANSHAO_BACKUP_KEYS": str(tmp_path / "keys"),
        }
        yield Scratch({**made.env, **more, "QIANSHAO_BACKUP_AT": "00:00"})


@pytest.mark.fault
@pytest.mark.database
@pytest.mark.slow
def test_the_tick_makes_a_backup_that_restores_with_what_waits_to_be_sent(
    place: Scratch, tmp_path: Path
) -> None:
    place.run(
        CITY
        + """
from qianshao.core.accounts.models import Account
from qianshao.core.notices import addresses
from qianshao.core.notices.models import Delivery, Notice
from qianshao.core.org.models import Person
receive('one')
account = Account.objects.create(login='o', person=Person.objects.create(name='林一'))
addresses.keep(account.pk, 'mail', 'o@example.org')
notice = Notice.objects.create(key='k', account=account, text='x', blanks={}, stream='', made_at=NOW)
Delivery.objects.create(notice=notice, channel='mail', again_at=NOW)
"""
    )
    state, result, message = json.loads(place.run(RUN))
    assert (state, result["size"], message) == ("done", 1, "")
    (made,) = (tmp_path / "data").iterdir()
    (keys,) = (tmp_path / "keys").iterdir()
    assert (keys / "notices").exists()

    with scratch() as other:
        there = Scratch({**other.env, "QIANSHAO_ANCHORS": str(tmp_path / "no-anchors")})
        told = there.run(
            PREPARE
            + f"""
from pathlib import Path
from qianshao.core.ledger import backups
from qianshao.core.notices import addresses
from qianshao.core.notices.models import Address, Delivery
result = backups.restore(backups.check(Path({str(made)!r})), Path({str(keys)!r}))
from django.conf import settings
settings.NOTICE_KEY = (Path(settings.HOME) / 'secrets' / 'notices').read_bytes()
print(json.dumps([result.sound, Delivery.objects.get().state, addresses.read(Address.objects.get())]))
"""
        )
    assert json.loads(told) == [True, "waiting", "o@example.org"]


@pytest.mark.fault
@pytest.mark.database
@pytest.mark.slow
def test_a_backup_that_cannot_be_made_fails_aloud_and_leaves_nothing_half(
    place: Scratch, tmp_path: Path
) -> None:
    place.run(CITY + "receive('one')")
    (tmp_path / "data").write_text("a file stands where the folder should be", encoding="utf-8")

    state, _result, message = json.loads(place.run(RUN).splitlines()[-1])

    assert (state, "FileExistsError" in message or "NotADirectoryError" in message) == ("failed", True)


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("QIANSHAO_DATABASE")), reason="looks into the copied file of SQLite")
def test_the_examination_sees_a_changed_leaf(place: Scratch, tmp_path: Path) -> None:
    place.run(CITY + "receive('one'); receive('two')")
    place.run(RUN)
    (made,) = (tmp_path / "data").iterdir()

    told = place.run(
        PREPARE
        + f"""
import hashlib, sqlite3
from pathlib import Path
from qianshao.core.ledger import backups
folder = Path({str(made)!r})
backups.examine(backups.check(folder))
db = sqlite3.connect(folder / 'database.sqlite3')
for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    db.execute(f'DROP TRIGGER "{{name}}"')
db.execute("UPDATE ledger_leaf SET sha256 = zeroblob(32) WHERE seq = 1")
db.commit()
db.close()
listed = json.loads((folder / 'manifest.json').read_text())
listed['files']['database.sqlite3'] = hashlib.sha256((folder / 'database.sqlite3').read_bytes()).hexdigest()
(folder / 'manifest.json').write_text(json.dumps(listed))
try:
    backups.examine(backups.check(folder))
except backups.BadBackup:
    print('seen')
"""
    )
    assert told == "seen"
