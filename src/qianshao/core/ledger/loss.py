"""After a loss: read-only until an officer declares what is missing.

A restored backup that is older than a checkpoint seen outside must not simply go on, or the gap would vanish under new entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.kernel.ledger.entry import BadEntry
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.ledger.merkle import consistency_proof
from qianshao.kernel.ledger.note import Checkpoint as Stated
from qianshao.kernel.ledger.witness import Unwitnessed, Witness

from . import anchoring, gate, proofs, reading, store
from .models import Entry
from .register import Signer, append_register, stream_name

_REGISTER = "ledger"


@dataclass(frozen=True, slots=True)
class Loss:
    """Entries ``kept`` to ``seen`` (not included) are gone, says an entry."""

    kept: int
    seen: int
    reason: str

    def covers(self, size: int) -> bool:
        """Whether a head of this size speaks of entries that are gone."""
        return self.kept < size <= self.seen


def origin() -> str:
    """The log's name in its checkpoints."""
    return f"qianshao/{store.log_name()}"


def notice() -> None:
    """Be the anchors' witness: close the ledger when what they hold is longer than this log, or another past.

    Called before each checkpoint and when the service starts. Raises ``BadNote`` and ``KeyMissing``.
    """
    held = [item.checkpoint for item in anchoring.latest()]
    if not held or gate.flag().exists():
        return
    size, sha256, _sm3 = store.frontiers()
    nodes, lost = proofs.Nodes(), declared()
    for there in held:
        if any(loss.covers(there.size) for loss in lost):
            continue
        proof = consistency_proof(nodes.subtree, there.size, size) if there.size <= size else []
        try:
            Witness(there).accept(Stated(origin(), size, sha256.root()), proof)
        except Unwitnessed as error:
            gate.stop(size if error.fault == "shorter" else common_size(), there.size)
            return


def common_size() -> int:
    """The largest checkpoint outside that this log still continues; 0 when there is none."""
    size = store.frontiers()[0]
    for item in reversed(anchoring.outside()):
        there = item.checkpoint
        if there.size <= size and proofs.root_at(there.size) == there.root:
            return there.size
    return 0


def declare(*, reason: str, actor: Signer, now: datetime) -> Loss:
    """Write the loss into the ledger and go on. Raises ``LookupError`` when nothing is to declare.

    A crash after the entry and before the gate opens leaves the gate closed; declaring again then only opens it.
    """
    if not gate.flag().exists():
        raise LookupError(_("没有需要声明的缺失。"))
    kept, noted = map(int, gate.flag().read_text(encoding="ascii").split())
    with gate.open_for_declaration():
        store.seal_all()
        seen = max([noted, *(item.checkpoint.size for item in anchoring.latest())])
        known = next((loss for loss in declared() if loss.seen >= seen), None)
        if known is None:
            known = Loss(kept, seen, reason)
            append_register(
                name=_REGISTER,
                kind="ledger",
                fact="LossDeclared",
                data={"kept": known.kept, "seen": known.seen, "reason": known.reason},
                actor=actor,
                now=now,
            )
            store.seal_all()
    gate.flag().unlink()
    return known


def declared() -> list[Loss]:
    """The losses that were declared: checkpoints in between speak of entries that are gone.

    A declaration is never silent: ``verify`` tells each of them every time, and a head held by an auditor is not excused by it.
    """
    found = []
    rows = Entry.objects.filter(stream=stream_name(_REGISTER)).order_by("sseq").values_list("body", flat=True)
    for raw in rows:
        try:
            body = Body.from_body(reading.raw(raw))
        except BadEntry:  # ``verify`` names it
            continue
        if body.fact != "LossDeclared":
            continue
        found.append(Loss(body.data["kept"], body.data["seen"], body.data["reason"]))
    return found
