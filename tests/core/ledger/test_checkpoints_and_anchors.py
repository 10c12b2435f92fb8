"""Checkpoints leave the office, the day's heads with them, and what lies outside is the ledger's witness."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import Receipt
from qianshao.core.ledger import anchoring, checking, checkpoints, gate, keys, loss, proofs, store
from qianshao.core.ledger.models import Checkpoint, DayHeads, Entry, Leaf
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger import note
from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.heads import root as heads_root
from qianshao.kernel.ledger.note import Checkpoint as Stated

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def signed(size: int, root: bytes) -> str:
    """What the office would sign about another log of that size."""
    return note.sign(Stated(loss.origin(), size, root), [keys.office_key(signed_before=True)])


def test_a_checkpoint_is_made_a_minute_after_growth_and_at_least_daily(
    ledger: list[Receipt], receive: Callable[[int], Receipt], now: datetime
) -> None:
    made = [checkpoints.make_if_due(now), checkpoints.make_if_due(now + MINUTE * 2)]
    receive(50)
    made += [checkpoints.make_if_due(now + MINUTE / 2), checkpoints.make_if_due(now + MINUTE * 2)]
    made += [checkpoints.make_if_due(now + DAY / 2), checkpoints.make_if_due(now + DAY + MINUTE * 2)]

    assert made == [True, False, False, True, False, True]
    assert list(Checkpoint.objects.order_by("id").values_list("size", flat=True)) == [12, 13, 13]


def test_an_empty_ledger_has_no_checkpoint(now: datetime) -> None:
    assert not checkpoints.make_if_due(now)


def test_it_states_both_roots_and_is_anchored_whole(
    ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    made = checkpoints.make(now)

    size, sha256, sm3 = store.frontiers()
    assert anchoring.read_note(made.note) == Stated("qianshao/qianshao", size, sha256.root())
    assert anchoring.read_note(made.sm3_note) == Stated("qianshao/qianshao/sm3", size, sm3.root())
    day = now.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    assert {path.name for path in anchors.iterdir()} == {
        "latest.txt", "latest.sm3.txt", "latest.heads.txt", f"{day}.txt", f"{day}.heads.txt",
    }  # fmt: skip
    assert (anchors / "latest.txt").read_text() == made.note
    assert checking.verify().sound


def test_the_heads_of_a_day_are_signed_once_a_day(
    ledger: list[Receipt], receive: Callable[[int], Receipt], now: datetime
) -> None:
    checkpoints.make(now)
    receive(60)
    checkpoints.make(now + MINUTE)
    checkpoints.make(now + DAY)

    first, second = DayHeads.objects.order_by("id")
    assert (first.size, second.size) == (12, 13)
    stated = anchoring.read_note(second.note)
    assert (stated.size, stated.root) == (7, heads_root(SHA256, proofs.heads_at(13)))
    assert [checkpoints.heads_size(stated), checkpoints.heads_size(anchoring.read_note(first.note))] == [
        13,
        12,
    ]
    assert checking.verify().sound


def test_heads_that_lie_about_a_stream_are_found(ledger: list[Receipt], now: datetime) -> None:
    checkpoints.make(now)
    from qianshao.kernel.ledger import heads

    shorter = [h if n else heads.Head(h.stream, 1, h.leaf) for n, h in enumerate(proofs.heads_at(12))]
    DayHeads.objects.create(
        size=12, made_at=now, note=checkpoints.sign_heads(heads.leaves(SHA256, shorter), 12, now)
    )

    assert any("各记录链的末尾" in fault for fault in checking.verify().faults)


def test_after_a_crash_between_database_and_anchors_the_anchor_is_made_up(
    ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    (anchors / "latest.txt").unlink()

    assert not checkpoints.make_if_due(now + 2 * MINUTE)

    assert anchoring.read_note((anchors / "latest.txt").read_text()).size == 12


def test_what_a_torn_rename_leaves_behind_disturbs_nobody(
    ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    made = checkpoints.make(now)
    (anchors / ".latest.txt.4711").write_bytes(made.note.encode()[:30])

    assert [item.checkpoint.size for item in anchoring.outside()] == [12, 12]
    assert checking.verify().sound


@pytest.mark.parametrize("raw", [b"", b"qianshao/qianshao\n12\n", b"\xff\xfe"])
def test_an_anchor_that_is_none_is_named(
    raw: bytes, ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    (anchors / "2026-01-01.txt").write_bytes(raw)

    assert any("2026-01-01.txt" in fault for fault in checking.verify().faults)


def test_a_log_shorter_than_its_anchor_closes_and_the_anchor_is_not_overwritten(
    ledger: list[Receipt], receive: Callable[[int], Receipt], now: datetime, anchors: Path, home: Path
) -> None:
    checkpoints.make(now)
    longer = signed(99, bytes(32))
    (anchors / "latest.txt").write_text(longer)

    with pytest.raises(gate.ReadOnly, match="declare-loss"):
        checkpoints.make(now + MINUTE)

    assert (anchors / "latest.txt").read_text() == longer
    with pytest.raises(gate.ReadOnly):
        receive(70)
    assert Entry.objects.count() == 12
    result = checking.verify()
    assert (result.older_than, result.sound) == (99, False)


def test_a_log_that_grew_on_from_an_older_state_is_noticed_as_another_past(
    ledger: list[Receipt], now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    (anchors / "2026-01-01.txt").write_text(signed(5, proofs.root_at(5)))
    for name in ("latest.txt", "2026-03-02.txt"):
        (anchors / name).write_text(signed(9, bytes(32)))

    loss.notice()

    assert gate.flag().read_text() == "5 9\n"


def test_the_loss_is_declared_by_an_entry_and_the_lost_heads_are_kept(
    ledger: list[Receipt], receive: Callable[[int], Receipt], robot: Actor, now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    longer = signed(15, bytes(32))
    (anchors / "latest.txt").write_text(longer)
    loss.notice()

    declared = loss.declare(reason="磁盘损坏", actor=robot, now=now)

    assert (declared.kept, declared.seen) == (12, 15)
    assert Leaf.objects.count() == 13
    body = json.loads(bytes(Entry.objects.get(eid=Leaf.objects.get(seq=12).eid).body))
    assert (body["fact"], body["data"]["reason"]) == ("LossDeclared", "磁盘损坏")
    for number in range(70, 75):
        receive(number)
    checkpoints.make(now + MINUTE)
    assert (anchors / "lost-15.txt").exists() is False
    result = checking.verify()
    assert result.sound
    assert any("曾声明缺失：第 12 至 14 条" in remark for remark in result.remarks)
    assert not checking.verify(since=longer).sound


def test_a_smaller_head_after_a_declared_loss_sets_the_larger_one_aside(
    ledger: list[Receipt], robot: Actor, now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    longer = signed(99, bytes(32))
    (anchors / "latest.txt").write_text(longer)
    loss.notice()
    loss.declare(reason="磁盘损坏", actor=robot, now=now)

    checkpoints.make(now + MINUTE)

    assert (anchors / "lost-99.txt").read_text() == longer
    assert checking.verify().sound


def test_declaring_again_after_a_crash_writes_no_second_entry(
    ledger: list[Receipt], robot: Actor, now: datetime, anchors: Path
) -> None:
    checkpoints.make(now)
    (anchors / "latest.txt").write_text(signed(99, bytes(32)))
    loss.notice()
    said = gate.flag().read_text()
    loss.declare(reason="磁盘损坏", actor=robot, now=now)
    gate.flag().write_text(said)

    loss.declare(reason="磁盘损坏", actor=robot, now=now)

    assert Entry.objects.count() == 13
    assert not gate.flag().exists()
    with pytest.raises(LookupError):
        loss.declare(reason="再来", actor=robot, now=now)


def test_the_missing_signing_key_is_never_replaced(ledger: list[Receipt], now: datetime, home: Path) -> None:
    checkpoints.make(now)
    (home / "secrets" / "checkpoint-ed25519").unlink()

    with pytest.raises(keys.KeyMissing, match="不要另造新密钥"):
        checkpoints.make(now + MINUTE)

    assert not (home / "secrets" / "checkpoint-ed25519").exists()
    assert any("密钥" in fault for fault in checking.verify().faults)


def test_without_anything_outside_the_verification_says_what_it_cannot_see(ledger: list[Receipt]) -> None:
    result = checking.verify()

    assert result.sound
    assert any("QIANSHAO_ANCHORS" in remark for remark in result.remarks)


def test_the_clock_of_this_machine_far_ahead_of_the_databases_closes_the_ledger(
    ledger: list[Receipt], receive: Callable[[int], Receipt]
) -> None:
    ahead = datetime.now(SHANGHAI) + timedelta(minutes=30)

    found = gate.watch_clock(ahead)

    assert found == (connection.vendor == "postgresql")
    if found:
        with pytest.raises(gate.ReadOnly, match="时钟"):
            receive(80)
    assert not gate.watch_clock(datetime.now(SHANGHAI))
    receive(81)
