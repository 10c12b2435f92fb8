"""What an auditor takes away and the standalone verifier agree: everything, a period, one duty, against heads held outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import checkpoints, exporting, loss
from qianshao.core.ledger.keys import office_key
from qianshao.core.ledger.models import DayHeads
from qianshao.kernel.ledger.note import BadNote

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify_ledger.py"
DAY = timedelta(days=1)


@pytest.fixture
def verifier(tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """The tool as an auditor runs it: a bundle, the keys on paper, and what they hold, as name=text."""

    def run(write: Callable[[Any], int], *options: str, **held: str) -> tuple[int, dict[str, Any]]:
        with (tmp_path / "bundle").open("wb") as file:
            write(file)
        policy = {"keys": [office_key(signed_before=True).stated().plain()]}
        (tmp_path / "policy").write_text(json.dumps(policy))
        command = [sys.executable, "-I", "-S", str(TOOL), str(tmp_path / "bundle"), "--json"]
        command += ["--policy", str(tmp_path / "policy"), *options]
        for name, text in held.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            command += [f"--{name}", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)

    return run


Verifier = Callable[..., tuple[int, dict[str, Any]]]


def test_everything(ledger: list[Receipt], now: datetime, verifier: Verifier) -> None:
    code, told = verifier(lambda sink: exporting.whole(sink, now=now))

    assert (code, told["entries"], told["size"], told["findings"]) == (0, 12, 12, [])


def test_a_period_is_what_lies_between_the_checkpoints_around_it(
    ledger: list[Receipt], receive: Callable[[int], Receipt], now: datetime, verifier: Verifier
) -> None:
    first = checkpoints.make(now)
    receive(101)
    receive(102)
    second = checkpoints.make(now + 2 * DAY)
    receive(103)
    checkpoints.make(now + 3 * DAY)

    code, told = verifier(
        lambda sink: exporting.period(sink, since=now + DAY / 2, until=now + DAY, now=now + 4 * DAY),
        since=first.note,
    )

    assert (code, told["entries"], told["size"]) == (0, 2, 14)
    assert (
        verifier(
            lambda sink: exporting.period(sink, since=now + DAY, until=now + DAY, now=now), since=second.note
        )[0]
        == 0
    )


def test_one_duty_against_a_head_held_from_before_and_the_heads_of_a_day(
    ledger: list[Receipt], receive: Callable[[int], Receipt], now: datetime, verifier: Verifier
) -> None:
    held = checkpoints.make(now)
    heads = DayHeads.objects.get().note
    receive(104)
    stream = ledger[1].stream

    code, told = verifier(
        lambda sink: exporting.duty(sink, stream, now=now + DAY, since=held.note, held_heads=heads),
        since=held.note,
        heads=heads,
    )

    assert (code, told["entries"], told["size"], told["findings"]) == (0, 2, 13, [])
    fresh = lambda sink: exporting.duty(sink, stream, now=now + DAY)  # noqa: E731
    assert verifier(fresh)[0] == 0
    assert verifier(fresh, heads=heads)[0] == 1
    assert verifier(fresh, since=held.note)[0] == 1


def test_heads_or_checkpoints_that_are_not_ours_are_refused(
    ledger: list[Receipt], now: datetime, tmp_path: Path
) -> None:
    made = checkpoints.make(now)
    with (tmp_path / "bundle").open("wb") as sink:
        for wrong in ("no note", made.note.replace("qianshao/", "other/"), made.sm3_note):
            with pytest.raises(BadNote):
                exporting.duty(sink, ledger[0].stream, now=now, since=wrong)
        with pytest.raises(BadNote, match="每日链头"):
            exporting.duty(sink, ledger[0].stream, now=now, held_heads=made.note)
        with pytest.raises(exporting.NothingToExport):
            exporting.duty(sink, "nobody", now=now)
        with pytest.raises(exporting.NothingToExport):
            exporting.whole(sink, now=now, start=12)


def test_a_witness_follows_by_increments_and_refuses_a_shorter_log(
    ledger: list[Receipt],
    receive: Callable[[int], Receipt],
    now: datetime,
    verifier: Verifier,
    tmp_path: Path,
) -> None:
    hold = tmp_path / "held.txt"
    option = f"--hold={hold}"
    assert verifier(lambda sink: exporting.whole(sink, now=now), option)[0] == 0
    old = (tmp_path / "bundle").read_bytes()
    receive(105)
    assert verifier(lambda sink: exporting.whole(sink, now=now + DAY, start=12), option)[1]["entries"] == 1
    held = hold.read_text()
    assert held.splitlines()[:2] == [loss.origin(), "13"]

    code, _told = verifier(lambda sink: sink.write(old), option)

    assert code == 3
    assert hold.read_text() == held


def test_an_entry_waiting_for_its_number_does_not_keep_a_duty_from_being_exported(
    ledger: list[Receipt], now: datetime, verifier: Verifier
) -> None:
    from qianshao.core.ledger import store
    from qianshao.core.ledger.models import Entry

    checkpoints.make(now)
    stream = ledger[0].stream
    last = Entry.objects.filter(stream=stream).order_by("-sseq").first()
    assert last is not None
    store.write([store.Row(stream, last.sseq + 1, None, b"{}")])

    code, told = verifier(lambda sink: exporting.duty(sink, ledger[3].stream, now=now))

    assert (code, told["entries"]) == (0, 2)
