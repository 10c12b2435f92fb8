"""The sample city keeps to its own data folder, is taken up again, and goes without a trace."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from samplevillage import UNTIL, make

from qianshao.core.accounts.actor import machine
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.site.samplecity import folder


@pytest.fixture
def home(db: None, tmp_path: Path):
    with override_settings(HOME=tmp_path):
        yield tmp_path


def test_it_is_not_made_beside_other_data(home: Path, city: dict[str, Unit]):
    with pytest.raises(folder.NotTheSampleCity, match="已有数据"):
        make()

    assert not (home / "sample-city.json").exists()


def test_another_city_is_not_made_over_it(home: Path):
    make()

    with pytest.raises(folder.NotTheSampleCity, match="种子 1"):
        make(seed=2)


def test_its_story_goes_on_and_gives_way_to_what_people_did(home: Path, order_kind: Kind):
    make()
    duty = Duty.objects.filter(kind="hotline.order", phase="handling").order_by("opened_at").last()
    assert duty is not None
    reply = f.Replied(at=UNTIL, reply="已现场答复。")
    perform(kind=order_kind, duty=duty, fact=reply, actor=machine("test"), now=UNTIL, src="web")

    counted = make(UNTIL + timedelta(days=60))

    assert counted.gave_way > 0
    assert Duty.objects.get(pk=duty.pk).version == duty.version + 1
    assert Duty.objects.filter(opened_at__gt=UNTIL).exists()


def test_it_is_not_removed_where_real_work_stands_beside_it(home: Path, order_kind: Kind):
    make()
    received = f.Received(at=UNTIL, title="路灯不亮", body="请修。", channel="phone")
    perform(kind=order_kind, fact=received, actor=machine("import"), now=UNTIL, src="import")

    assert folder.foreign() == 1


@pytest.mark.slow
def test_removed_it_leaves_an_empty_folder(tmp_path: Path):
    def run(*words: str) -> None:
        command = [sys.executable, "-m", "qianshao.site.commands", "sample", *words]
        env = {
            **os.environ,
            "QIANSHAO_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "qianshao.site.settings",
        }
        env.pop("QIANSHAO_DATABASE", None)
        subprocess.run(command, env=env, check=True, capture_output=True)

    run("make", "--scale", "village", "--until", "2026-03-02")
    assert (tmp_path / "qianshao.sqlite3").exists()

    run("remove", "--yes")

    assert list(tmp_path.iterdir()) == []
