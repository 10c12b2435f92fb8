"""Personal data: no word of it in a body, sealed under its subject's key, gone with the key, and no root changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import erasing
from qianshao.core.duties.door import Receipt, perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger import checking, checkpoints, vault
from qianshao.core.ledger.models import Entry, Sealed
from qianshao.kernel.declare import Kind
from qianshao.kernel.ledger.entry import commit
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WORDS = ("路灯", "王小明", "13800000000", "门口")


def test_no_plain_word_is_in_any_body_and_commitments_bind_the_sealed_values(ledger: list[Receipt]) -> None:
    for entry in Entry.objects.all():
        text = bytes(entry.body).decode()
        assert not any(word in text for word in WORDS)
        pii = json.loads(text)["pii"]
        for box in Sealed.objects.filter(stream=entry.stream, sseq=entry.sseq):
            assert list(vault.broken([(box, pii)])) == []
            assert list(vault.broken([(box, {**pii, "title": commit(bytes(32), "别的")})])) == [
                (f"{box.stream}/{box.sseq}", ["title"])
            ]
    opened = vault.unseal(Sealed.objects.filter(subject="citizen-3"))
    assert [values["caller"] for values in opened.values()] == ["王小明"]


def test_erasing_destroys_the_key_and_changes_no_root(
    ledger: list[Receipt], robot: Actor, now: datetime, home: Path
) -> None:
    made = checkpoints.make(now)
    other = vault.unseal(Sealed.objects.filter(subject="citizen-1"))
    box = Sealed.objects.get(subject="citizen-2")
    key = vault.keys_for(["citizen-2"])["citizen-2"]

    assert erasing.erase(subject="citizen-2", basis="第四十七条", actor=robot, now=now, src="test") == 1

    files = [
        path.read_bytes() for path in (home / "secrets").iterdir() if path.name.startswith("subject-keys")
    ]
    assert not any(key in raw for raw in files)
    assert vault.unseal([box]) == {}
    assert vault.unseal(Sealed.objects.filter(subject="citizen-1")) == other
    assert Entry.objects.filter(stream=box.stream).count() == 3
    result = checking.verify(sealed=True, since=made.note)
    assert (result.faults, result.findings) == ([], [])


def test_erasing_again_after_a_crash_in_the_middle_finishes_it(
    ledger: list[Receipt], robot: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(vault.Sealed.objects, "filter", _crash)
        with pytest.raises(KeyboardInterrupt):
            vault.destroy("citizen-2")
    assert checking.verify(sealed=True).faults == []

    erasing.erase(subject="citizen-2", basis="第四十七条", actor=robot, now=now, src="test")

    assert not Sealed.objects.filter(subject="citizen-2").exists()


def _crash(**_where: str) -> None:
    raise KeyboardInterrupt


def test_a_lost_key_is_not_an_erased_one(
    ledger: list[Receipt], order_kind: Kind, robot: Actor, now: datetime, home: Path
) -> None:
    """A new key in the old one's place would make the loss final, and nobody would hear of it."""
    import sqlite3

    with sqlite3.connect(home / "secrets" / "subject-keys.sqlite3") as keys:
        keys.execute("DELETE FROM key WHERE subject = 'citizen-1'")
    keys.close()
    box = Sealed.objects.get(subject="citizen-1")
    duty = Duty.objects.get(stream=box.stream)

    with pytest.raises(vault.VaultLocked, match="缺少 1 个当事人的钥匙"):
        perform(
            kind=order_kind,
            duty=duty,
            fact=f.Replied(at=now, reply="已修复"),
            actor=robot,
            now=now,
            src="test",
        )

    assert Entry.objects.count() == 12
    assert any(f"{box.stream}/{box.sseq}" in fault for fault in checking.verify(sealed=True).faults)


def test_a_missing_key_file_is_refused_with_a_sentence_and_never_made_again(
    ledger: list[Receipt], receive: Callable[[int], Receipt], home: Path
) -> None:
    for path in (home / "secrets").glob("subject-keys*"):
        path.unlink()

    for attempt in (vault.check_at_start, lambda: receive(9), lambda: vault.unseal(Sealed.objects.all())):
        with pytest.raises(vault.VaultLocked, match="从钥匙备份中恢复"):
            attempt()

    assert not list((home / "secrets").glob("subject-keys*"))
    assert Entry.objects.count() == 12


def test_a_box_that_was_changed_swapped_or_thrown_away_is_named(ledger: list[Receipt]) -> None:
    first, second, third = Sealed.objects.order_by("id")[:3]
    raw = bytearray(first.box)
    raw[20] ^= 1
    Sealed.objects.filter(pk=first.pk).update(box=bytes(raw))
    Sealed.objects.filter(pk=second.pk).update(box=third.box)
    Sealed.objects.filter(pk=third.pk).delete()

    faults = "；".join(checking.verify(sealed=True).faults)

    for box in (first, second, third):
        assert f"{box.stream}/{box.sseq}" in faults
    assert "不见了" in faults


def test_a_box_of_no_entry_is_named(ledger: list[Receipt]) -> None:
    Sealed.objects.create(stream="nobody", sseq=1, subject="x", box=b"x" * 40)

    assert checking.verify(sealed=True).faults == ["封存的数据 nobody/1 没有对应的记录"]
