"""kill -9 in the middle of an act, of an anchor, of an import: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import Scratch, scratch
from working import CITY, LOOK, PREPARE

pytestmark = [pytest.mark.fault, pytest.mark.database, pytest.mark.slow]

WRITER = (
    PREPARE
    + """
number = 0
while True:
    got = receive(f'{sys.argv[1:]}{os.getpid()}/{number}')
    got = dispatch(Duty.objects.get(stream=got.stream))
    number += 1
    print(f'{got.stream}/{got.sseq}', flush=True)
    print(f'{got.stream}/1', flush=True)
"""
)
ANCHORER = (
    PREPARE
    + """
for number in range(10_000):
    receive(f'{os.getpid()}/{number}')
    checkpoints.make(NOW)
    print(number, flush=True)
"""
)
KILLED_BEFORE_RENAME = (
    PREPARE
    + """
from pathlib import Path
receive('first'); checkpoints.make(NOW); receive('second')
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
print('now', flush=True)
checkpoints.make(NOW)
"""
)

WATCHER = (
    PREPARE
    + """
print('looking', flush=True)
until = time.monotonic() + 120
while not Entry.objects.exists() and time.monotonic() < until:
    time.sleep(0.01)
print('begun', flush=True)
"""
)


def look(place: Scratch) -> dict[str, object]:
    found: dict[str, object] = json.loads(place.run(LOOK))
    return found


def killed_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill the process when it has said so many lines; every whole line it said."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _line in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    rest, _err = process.communicate()
    said += rest.splitlines(keepends=True)
    return [line.strip() for line in said if line.endswith("\n")]


def test_no_acknowledged_act_is_lost_and_none_is_half_there() -> None:
    with scratch() as place:
        place.run(CITY)
        acknowledged: list[str] = []
        for lines in (11, 24, 37):
            acknowledged += killed_after(place.start(WRITER), lines)

        after = look(place)

        assert len(acknowledged) >= 72
        assert isinstance(after["entries"], dict)
        assert set(acknowledged) <= after["entries"].keys()
        assert (after["faults"], after["gapless"], after["projection"]) == ([], True, True)


def test_an_anchor_is_the_old_one_or_the_new_one_and_is_made_up_later() -> None:
    with scratch() as place:
        anchors = Path(place.env["QIANSHAO_ANCHORS"])
        place.run(CITY)
        for lines in (3, 8):
            killed_after(place.start(ANCHORER), lines)
            assert look(place)["faults"] == []

        process = place.start(KILLED_BEFORE_RENAME)
        process.communicate()

        assert process.returncode == -signal.SIGKILL
        lagging = (anchors / "latest.txt").read_text()
        assert look(place)["faults"] == []
        place.run(PREPARE + "checkpoints.make_if_due(NOW + timedelta(minutes=5))")
        assert (anchors / "latest.txt").read_text() != lagging
        assert look(place)["faults"] == []


def test_an_import_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    rows = 4000
    sheet = tmp_path / "letters.csv"
    sheet.write_text(
        "message_id,user_id,title,sent_at,body,reply,replied_at\n"
        + "".join(
            f"{n},U{n},路灯{n},2025-09-25 10:00:00,坏了{n},已修{n},2025-09-28 10:00:00\n" for n in range(rows)
        )
    )
    with scratch() as place:
        command = [
            sys.executable,
            "-m",
            "qianshao.site.commands",
            "hotline",
            "import",
            str(sheet),
            "--yes",
            "--json",
        ]
        count = PREPARE + "print(Entry.objects.count())"
        watcher = place.start(WATCHER)
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "looking\n"
        process = subprocess.Popen(command, env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert watcher.stdout.readline() == "begun\n"
        process.kill()
        process.communicate()
        watcher.communicate()
        assert process.returncode == -signal.SIGKILL
        there = int(place.run(count))
        assert 0 < there < 2 * rows

        done = subprocess.run(command, env=place.env, capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stderr
        after = look(place)
        assert isinstance(after["entries"], dict)
        assert len(after["entries"]) == 2 * rows
        assert (after["faults"], after["gapless"]) == ([], True)
