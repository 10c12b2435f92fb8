"""Checkpoints: made when the log has grown and at least daily, signed, and anchored outside; once a day the stream heads too."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger import heads, note
from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.merkle import root_of
from qianshao.kernel.ledger.note import Checkpoint as Stated

from . import anchoring, gate, loss, proofs, store
from .keys import office_key
from .models import Checkpoint, DayHeads, Head

_EVERY = timedelta(seconds=60)
_AT_LEAST = timedelta(days=1)


def make_if_due(now: datetime) -> bool:
    """Make a checkpoint when the log grew and the last is a minute old, or a day old; a small query when nothing is to do."""
    last = Checkpoint.objects.order_by("-id").first()
    if last is not None and timedelta() <= now - last.made_at < _EVERY:
        return False
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    if not size:
        return False
    if last is not None and size == last.size and timedelta() <= now - last.made_at < _AT_LEAST:
        if not anchoring.placed(last):  # a crash came between the database and the anchors
            loss.notice()
            gate.refuse_if_stopped()
            anchoring.place(last)
        return False
    make(now)
    return True


def roots() -> tuple[int, bytes, bytes]:
    """How many entries are numbered, and the roots of both trees over them; waits for nobody."""
    size, sha256, sm3 = store.frontiers()
    return size, sha256.root(), sm3.root()


def make(now: datetime) -> Checkpoint:
    """Sign the log as it stands, keep the note, and anchor it.

    Raises ``ReadOnly`` when what lies outside says more than this log, or something else: a smaller head would bury it.
    """
    loss.notice()
    gate.refuse_if_stopped()
    with gate.told_when_full():
        with transaction.atomic():
            size, sha256, sm3 = store.frontiers()
            key = office_key(signed_before=Checkpoint.objects.exists())
            made = Checkpoint.objects.create(
                size=size,
                made_at=now,
                note=note.sign(Stated(loss.origin(), size, sha256.root()), [key]),
                sm3_note=note.sign(Stated(f"{loss.origin()}/sm3", size, sm3.root()), [key]),
            )
        anchoring.place(made)
        _make_heads_if_due(size, now)
    return made


def _make_heads_if_due(size: int, now: datetime) -> None:
    """The first checkpoint of a day also signs where every stream ends."""
    today = now.astimezone(SHANGHAI).date()
    last = DayHeads.objects.order_by("-id").first()
    if size and (last is None or last.made_at.astimezone(SHANGHAI).date() != today):
        anchoring.place_heads(make_heads(size, now))


def make_heads(size: int, now: datetime) -> DayHeads:
    """Sign where every stream ended at ``size`` entries, and keep the note."""
    leaves = heads.leaves(SHA256, proofs.heads_at(size))
    return DayHeads.objects.create(size=size, made_at=now, note=sign_heads(leaves, size, now))


def sign_heads(leaves: list[bytes], size: int, now: datetime) -> str:
    """The note over the heads: its origin names the day and the log's size, its size is the number of streams."""
    day = now.astimezone(SHANGHAI).date().isoformat()
    stated = Stated(f"{loss.origin()}/heads/{day}/{size}", len(leaves), root_of(SHA256, leaves))
    return note.sign(stated, [office_key(signed_before=True)])


def heads_size(stated: Stated) -> int | None:
    """The log's size that a note over stream heads names in its origin, ``…/heads/2026-03-02/1234``; None when it is no such note."""
    before, _slash, size = stated.origin.rpartition("/")
    known = before.startswith(f"{loss.origin()}/heads/") and size.isascii() and size.isdigit()
    return int(size) if known else None
