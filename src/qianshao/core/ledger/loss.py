"""After a loss: read-only until an officer declares what is missing.

A restored backup that is older than a checkpoint seen outside must not simply go on, or the gap would vanish under new entries.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.kernel.ledger.entry import Entry as Body

from . import gate
from .models import Entry
from .register import Signer, append_register, stream_name

_REGISTER = "ledger"


def declare(*, reason: str, actor: Signer, now: datetime) -> tuple[int, int]:
    """Write the loss into the ledger and go on; returns (kept, seen). Raises ``LookupError`` when nothing is to declare."""
    if not gate.flag().exists():
        raise LookupError(_("没有需要声明的缺失。"))
    kept, seen = map(int, gate.flag().read_text(encoding="ascii").split())
    waiting = gate.flag().with_name("read-only.declared")
    gate.flag().replace(waiting)
    try:
        append_register(
            name=_REGISTER,
            kind="ledger",
            fact="LossDeclared",
            data={"kept": kept, "seen": seen, "reason": reason},
            actor=actor,
            now=now,
        )
    except BaseException:
        waiting.replace(gate.flag())
        raise
    waiting.unlink()
    return kept, seen


def declared() -> list[tuple[int, int]]:
    """The losses that were declared, as (kept, seen): checkpoints in between speak of entries that are gone."""
    found = []
    for raw in (
        Entry.objects.filter(stream=stream_name(_REGISTER)).order_by("sseq").values_list("body", flat=True)
    ):
        body = Body.from_body(bytes(raw))
        if body.fact == "LossDeclared":
            found.append((body.data["kept"], body.data["seen"]))
    return found
