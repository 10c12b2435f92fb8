"""The one door: every entry about a duty comes in here, and its projection is written with it.

One act and a batch of ten thousand take the same path. A delivery that was recorded before is answered
with the entry it made; one that the kind's rules forbid is refused with a sentence; nothing is half-written.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from qianshao.core import measures
from qianshao.core.accounts.actor import EVERYWHERE, Actor, NotAllowed
from qianshao.core.ledger import gate, store, vault
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.rows import chunks
from qianshao.core.org import units
from qianshao.kernel import sweeping
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import (
    SHARED_FACTS,
    Act,
    Fact,
    Kind,
    Rescheduled,
    Voided,
    fields_of,
    to_payload,
)
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.ledger.hashes import SHA256
from qianshao.kernel.ledger.merkle import leaf_hash
from qianshao.kernel.words import Words, say

from . import in_force, naming, outbox, projection, rulebook
from .models import Duty
from .standing import Numbered
from .stream import Stream, load

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32
_LOOKS = 3  # times a batch that clashed with another is tried again before its error counts
_DEADLOCK = "40P01"  # SQLSTATE: two batches waited for each other and PostgreSQL undid this one


class Refused(ValueError):
    """The rules of the kind forbid the act; ``words`` say why, with the article where there is one."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


class Stale(ValueError):
    """Somebody else acted on the duty meanwhile; ``since`` are the entries the caller has not seen."""

    def __init__(self, duty: Duty, since: list[Body]) -> None:
        super().__init__(_("这件事项刚刚被别人办理过，请先看新的记录再操作。"))
        self.duty = duty
        self.since = since


@dataclass(frozen=True, slots=True)
class FileRef:
    """Evidence by digest, already kept by ``core.files``."""

    name: str
    sha256: str
    sm3: str
    size: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact to be recorded.

    ``source`` is the sender's own key for it: the same source twice is recorded once, and an opening
    fact with a source always opens the same stream. ``expected`` is the last entry number the sender saw.
    ``subject`` is whose personal data the sealed fields are.
    """

    kind: Kind
    fact: Fact
    stream: str = ""
    source: str = ""
    subject: str = ""
    expected: int | None = None
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: the entry's place and hash. ``repeated`` when it had been recorded before."""

    stream: str
    sseq: int
    leaf: str
    recorded_at: datetime
    repeated: bool = False
    changed: bool = False


Outcome = Receipt | Refused | Stale


def stream_of(kind: Kind, source: str) -> str:
    """The stream a source key opens: the same for the same key, so that imports find their own work."""
    return _base32(hashlib.sha256(f"{kind.key}\n{source}".encode()).digest())


def _base32(raw: bytes) -> str:
    number = int.from_bytes(raw[:17], "big") >> 6
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def _idem(kind: Kind, stream: str, delivery: Delivery) -> bytes | None:
    if not delivery.source:
        return None
    name = f"{kind.key}\n{stream}\n{type(delivery.fact).__name__}\n{delivery.source}"
    return hashlib.sha256(name.encode()).digest()[:16]


def perform(
    *,
    kind: Kind,
    fact: Fact,
    actor: Actor,
    now: datetime,
    src: str,
    duty: Duty | None = None,
    source: str = "",
    subject: str = "",
    expected: int | None = None,
    files: tuple[FileRef, ...] = (),
) -> Receipt:
    """Record one fact durably; raises ``Refused``, ``Stale`` or ``NotAllowed``, and then nothing is written."""
    delivery = Delivery(
        kind=kind,
        fact=fact,
        stream=duty.stream if duty else "",
        source=source,
        subject=subject,
        expected=expected,
        files=files,
    )
    (outcome,) = perform_many([delivery], actor=actor, now=now, src=src)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def perform_many(
    deliveries: Sequence[Delivery],
    *,
    actor: Actor,
    now: datetime,
    src: str,
    then: Callable[[list[Outcome]], None] = lambda outcomes: None,
) -> list[Outcome]:
    """Record a batch in one transaction; refused ones are reported in their place and leave no trace.

    ``then`` writes what belongs to the batch (counts, marks) in the same transaction. Wrapping the call in a
    transaction of one's own makes ours a savepoint, which costs SQLite more with every page the batch
    touches: three times the whole at 100,000 entries.
    """
    # Everything a batch makes stays until it is written, and goes when its transaction has ended.
    with gate.told_when_full(), sweeping.put_off():
        outcomes = _run(deliveries, actor, now, src, then)
    measures.count_acts(
        (delivery.kind.key, _said(outcome)) for delivery, outcome in zip(deliveries, outcomes, strict=True)
    )
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        store.seal_in_passing()
    return outcomes


def _said(outcome: Outcome) -> str:
    if isinstance(outcome, Receipt):
        return "repeated" if outcome.repeated else "recorded"
    return "stale" if isinstance(outcome, Stale) else "refused"


def _run(
    deliveries: Sequence[Delivery],
    actor: Actor,
    now: datetime,
    src: str,
    then: Callable[[list[Outcome]], None],
) -> list[Outcome]:
    for _look in range(_LOOKS):
        try:
            return _Batch(deliveries, actor, now, src).run(then)
        except IntegrityError:
            # Another process recorded the same delivery or acted on the same duty between our look and our
            # write; the next look finds what it did.
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _DEADLOCK:
                raise
    return _Batch(deliveries, actor, now, src).run(then)


class _Batch:
    def __init__(self, deliveries: Sequence[Delivery], actor: Actor, now: datetime, src: str) -> None:
        self.deliveries = deliveries
        self.actor = actor
        self.now = now.astimezone(SHANGHAI)
        self.src = src
        self.log = store.log_name()
        self.streams: dict[str, Stream] = {}
        self.seen: dict[bytes, tuple[str, int]] = {}
        self.rows: list[store.Row] = []
        self.boxes: list[tuple[str, int, str, bytes]] = []
        self.keys: dict[str, bytes] = {}
        self.recorded: list[tuple[Stream, Body]] = []

    def run(self, then: Callable[[list[Outcome]], None]) -> list[Outcome]:
        named = [
            delivery.stream
            or (
                stream_of(delivery.kind, delivery.source)
                if delivery.source
                else _base32(secrets.token_bytes(17))
            )
            for delivery in self.deliveries
        ]
        with transaction.atomic():
            self.book: rulebook.Book
            self.calendar: Calendar
            self.book, self.calendar = in_force.now()
            self._load(set(named))
            self._find_repeats(named)
            self.keys = vault.keys_for(self._subjects(named))
            outcomes: list[Outcome] = [
                self._one(delivery, stream) for delivery, stream in zip(self.deliveries, named, strict=True)
            ]
            if self.rows:
                self._write()
            then(outcomes)
        return outcomes

    def _subjects(self, named: Sequence[str]) -> set[str]:
        return {
            delivery.subject or stream
            for delivery, stream in zip(self.deliveries, named, strict=True)
            if any(
                item.sealed and getattr(delivery.fact, item.name) for item in fields_of(type(delivery.fact))
            )
        }

    def _load(self, named: set[str]) -> None:
        """Lock and read the duties the batch touches, with their facts, in a handful of queries."""
        for stream in load(named, lock=True):
            self.streams[stream.key] = stream

    def _find_repeats(self, named: Sequence[str]) -> None:
        wanted = [
            idem
            for delivery, stream in zip(self.deliveries, named, strict=True)
            if stream in self.streams and (idem := _idem(delivery.kind, stream, delivery))
        ]
        for piece in chunks(wanted):
            found = Entry.objects.filter(idem__in=piece).values_list("idem", "stream", "sseq")
            for known, stream, sseq in found:
                self.seen[bytes(known or b"")] = (stream, sseq)

    def _one(self, delivery: Delivery, key: str) -> Outcome:
        # An entry tells whole seconds, and what stands is what the entry says.
        if delivery.fact.at.microsecond:
            whole = replace(delivery.fact, at=delivery.fact.at.replace(microsecond=0))
            delivery = replace(delivery, fact=whole)
        kind, fact = delivery.kind, delivery.fact
        idem = _idem(kind, key, delivery)
        if idem is not None and idem in self.seen:
            return self._repeated(delivery, *self.seen[idem])
        stream = self.streams.get(key) or Stream(kind=kind, key=key)
        act = None if isinstance(fact, SHARED_FACTS) else kind.act(type(fact).__name__)
        refusal = self._refusal(delivery, stream, act) or self._not_taken(delivery, key, stream, act)
        if refusal is not None:
            return refusal
        if not stream.version:
            stream.rule = self.book.names(kind.rules, fact.on)
            self.streams[key] = stream
        receipt = self._append(delivery, stream, idem)
        if idem is not None:
            self.seen[idem] = (key, receipt.sseq)
        return receipt

    def _refusal(self, delivery: Delivery, stream: Stream, act: Act | None) -> Refused | Stale | None:
        kind, fact = delivery.kind, delivery.fact
        if delivery.expected is not None and delivery.expected != stream.version:
            duty = Duty.objects.get(stream=stream.key)
            return Stale(duty, stream.bodies[delivery.expected :])
        if fact.at > self.now + timedelta(minutes=5):
            return Refused(say("发生时间 {at} 晚于现在，请检查日期", at=fact.at))
        if not stream.version:
            if act is None or not act.opens:
                return Refused(say("这件事项还没有登记，不能先记录“{act}”", act=act.title if act else "冲正"))
            if not self.actor.may(act.who):
                raise NotAllowed(_("没有“{act}”的权限").format(act=act.title))
            return self._unnamed(delivery, stream)
        if act is not None and not act.follows:
            return Refused(say("这件事项已经登记过"))
        # A duty of no unit belongs to the city as a whole.
        if not self.actor.may(
            act.who if act else f"{kind.key.split('.')[0]}.correct", stream.unit_path or EVERYWHERE
        ):
            raise NotAllowed(_("没有“{act}”的权限").format(act=act.title if act else _("冲正")))
        if isinstance(fact, Voided):
            return self._may_void(fact, stream)
        if fact.at < stream.facts[0].fact.at:
            return Refused(
                say("发生时间 {at} 早于登记时间 {opened}", at=fact.at, opened=stream.facts[0].fact.at)
            )
        if act is not None and act.apart and self._of_its_unit(stream):
            return Refused(say("“{act}”须由被评判单位以外的人作出", act=act.title))
        if act is not None and act.allow is not None:
            now = projection.standings_of(stream, self.calendar, self.book)[-1]
            words = act.allow(now.state, fact, now.deadline)
            if words is not None:
                return Refused(words)
        return self._unnamed(delivery, stream)

    def _unnamed(self, delivery: Delivery, stream: Stream) -> Refused | None:
        words = naming.unknown(delivery.kind, delivery.fact, stream.key)
        return Refused(words) if words else None

    def _not_taken(self, delivery: Delivery, key: str, stream: Stream, act: Act | None) -> Refused | None:
        """Take what the act needs from elsewhere, or say why it cannot be had and leave everything as it was."""
        if act is None or not act.takes:
            return None
        state = projection.standings_of(stream, self.calendar, self.book)[-1].state
        take = import_string(act.takes)
        try:
            with transaction.atomic():
                words = take(stream=key, state=state, fact=delivery.fact, actor=self.actor, now=self.now)
                if words is not None:
                    raise Refused(words)
        except Refused as refused:
            return refused
        return None

    def _of_its_unit(self, stream: Stream) -> bool:
        """Whether the actor sits in the unit the duty lies with, or below it; the city is not below itself."""
        own = units.known(self.actor.unit).path if self.actor.unit else ""
        below = stream.unit_path not in ("", EVERYWHERE) and own.startswith(stream.unit_path)
        return below or own == stream.unit_path != ""

    def _may_void(self, fact: Voided, stream: Stream) -> Refused | None:
        if not 1 < fact.entry <= stream.version:
            return Refused(say("没有可以冲正的第 {n} 条记录；登记本身不能冲正", n=fact.entry))
        if any(isinstance(item.fact, Voided) and item.fact.entry == fact.entry for item in stream.facts):
            return Refused(say("第 {n} 条记录已经冲正过", n=fact.entry))
        voided = type(stream.facts[fact.entry - 1].fact).__name__
        act = next((act for act in stream.kind.acts if act.fact.__name__ == voided), None)
        if act is not None and act.takes:
            return Refused(say("“{act}”不能冲正，请用撤销、取消类的操作退还所占用的额度", act=act.title))
        return None

    def _repeated(self, delivery: Delivery, key: str, sseq: int) -> Receipt:
        stream = self.streams[key]
        item = stream.facts[sseq - 1]
        body = stream.bodies[sseq - 1]
        return Receipt(
            stream=key,
            sseq=sseq,
            leaf=leaf_hash(SHA256, body.body()).hex(),
            recorded_at=datetime.fromisoformat(body.rec),
            repeated=True,
            changed=item.fact != delivery.fact,
        )

    def _append(self, delivery: Delivery, stream: Stream, idem: bytes | None) -> Receipt:
        data, sealed = to_payload(delivery.fact)
        sseq = stream.version + 1
        recorded = (
            self.now
            if stream.rec is None or stream.rec < self.now
            else stream.rec + timedelta(microseconds=1)
        )
        commitments: dict[str, str] = {}
        if sealed:
            subject = delivery.subject or stream.subject or stream.key
            stream.subject = stream.subject or subject
            key = self.keys.get(subject) or vault.keys_for([subject])[subject]
            commitments, box = vault.seal(sealed, key, stream.key, sseq)
            self.boxes.append((stream.key, sseq, subject, box))
        if recorded > self.now:
            data = {**data, "skew": True}
        body = Body(
            v=1,
            log=self.log,
            stream=stream.key,
            sseq=sseq,
            prev=stream.head,
            kind=stream.kind.key,
            fact=type(delivery.fact).__name__,
            fv=type(delivery.fact).version,
            rule=stream.rule,
            actor=self.actor.key,
            post=self.actor.post,
            unit=self.actor.unit,
            at=delivery.fact.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            rec=recorded.isoformat(timespec="microseconds"),
            src=self.src,
            idem=idem.hex() if idem else "",
            pii=commitments,
            files=[{"n": f.name, "sha256": f.sha256, "sm3": f.sm3, "bytes": f.size} for f in delivery.files],
            data=data,
        )
        raw = body.body()
        leaf = leaf_hash(SHA256, raw)
        stream.head = leaf.hex()
        stream.version = sseq
        stream.rec = recorded
        stream.touched = True
        stream.reworded |= any(getattr(delivery.fact, name, "") for name in stream.kind.searched)
        stream.bodies.append(body)
        stream.facts.append(Numbered(sseq, delivery.fact))
        if isinstance(delivery.fact, Rescheduled) and delivery.fact.rule:
            stream.rule = delivery.fact.rule
        self.rows.append(store.Row(stream.key, sseq, idem, raw, leaf))
        self.recorded.append((stream, body))
        return Receipt(stream=stream.key, sseq=sseq, leaf=stream.head, recorded_at=recorded)

    def _write(self) -> None:
        eids = store.write(self.rows)
        if self.boxes:
            store.put_boxes(self.boxes)
        touched = [stream for stream in self.streams.values() if stream.touched]
        projection.write(touched, self.calendar, self.book)
        outbox.put(
            [
                (eid, f"{body.kind}:{body.fact}", stream.key)
                for eid, (stream, body) in zip(eids, self.recorded, strict=True)
            ]
        )


def void(
    *, duty: Duty, kind: Kind, entry: int, reason: str, actor: Actor, now: datetime, src: str
) -> Receipt:
    """Reverse an entry by another one (冲正); the first stays readable."""
    return perform(
        kind=kind, duty=duty, fact=Voided(at=now, entry=entry, reason=reason), actor=actor, now=now, src=src
    )
