"""The audit trail: every sign-in, grant, reveal, export, refusal and change of a rule leaves one line.

Lines are written in the transaction of what they tell, or before what they tell leaves the server: what cannot be
recorded does not happen (GB/T 22239—2019 8.1.4.3 d).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from qianshao.core.ledger.gate import Unavailable
from qianshao.core.ledger.models import Reveal
from qianshao.core.ledger.register import Signer, registered

from .models import Trail

SIGNED_IN, SIGNED_OUT, REFUSED, DENIED, EXPORTED, READ, REVEALED = (
    "SignedIn",
    "SignedOut",
    "SignInRefused",
    "Denied",
    "Exported",
    "TrailRead",
    "Revealed",
)
_log = logging.getLogger("qianshao.trail")
_address: ContextVar[str] = ContextVar("address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Lines written inside tell the address the request came from."""
    before = _address.set(address)
    try:
        yield
    finally:
        _address.reset(before)


def _line(text: str, length: int) -> str:
    """Text as one line of the trail: no character can begin another one or turn the direction of reading."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:length]


def write(
    act: str,
    *,
    actor: str,
    now: datetime,
    about: str = "",
    allowed: bool = True,
    reason: str = "",
    unit: str = "",
    post: str = "",
) -> None:
    """Add a line; raises ``Unavailable`` when it cannot be kept, and then what it tells must not happen either."""
    try:
        line = Trail.objects.create(
            at=now,
            actor=actor,
            unit=unit,
            post=_line(post, 120),
            act=act,
            about=_line(about, 300),
            allowed=allowed,
            reason=_line(reason, 500),
            address=_line(_address.get(), 45),
        )
    except DatabaseError as error:
        raise Unavailable(
            _("审计记录暂时无法写入，这次操作没有完成。请稍后重试；如仍不行，请联系系统管理员。")
        ) from error
    # For a collector elsewhere (8.1.5.4): once it is sure to stand, and without the reason, which somebody typed.
    told = {"actor": actor, "unit": unit, "about": line.about, "allowed": allowed, "address": line.address}
    transaction.on_commit(lambda: _log.info(act, extra=told))


def tell(act: str, actor: Signer, now: datetime, about: str = "", *, allowed: bool = True) -> None:
    """Add a line about what an actor did."""
    write(act, actor=actor.key, unit=actor.unit, post=actor.post, now=now, about=about, allowed=allowed)


def listen() -> None:
    """Registers and reveals tell the trail by themselves, in their own transactions."""
    registered.connect(_registered, dispatch_uid="trail")
    post_save.connect(_revealed, sender=Reveal, dispatch_uid="trail")


def _registered(
    sender: str, fact: str, data: dict[str, Any], actor: Signer, now: datetime, **_more: Any
) -> None:
    about = " ".join(f"{key}={value}" for key, value in data.items() if key != "reason")
    write(
        fact,
        actor=actor.key,
        unit=actor.unit,
        post=actor.post,
        now=now,
        about=f"{sender}: {about}",
        reason=str(data.get("reason", "")),
    )


def _revealed(instance: Reveal, created: bool, **_more: Any) -> None:
    if not created or not instance.stream:  # a list taken out is told once, by the answer that carries it
        return
    # The reason somebody typed may name a person: it stays where it can be erased, and the reader of the trail looks there.
    about = f"{instance.stream}/{instance.sseq} {instance.fields} #{instance.pk}"
    write(REVEALED, actor=instance.actor, now=instance.at, about=about)


def reasons(rows: Collection[Trail]) -> dict[int, str]:
    """Why things were revealed, by the number of the line."""
    kept = {row.pk: int(row.about.rpartition("#")[2]) for row in rows if row.act == REVEALED}
    told = dict(Reveal.objects.filter(pk__in=kept.values()).values_list("pk", "reason"))
    return {line: told.get(reveal, "") for line, reveal in kept.items()}
