"""A record of every kind with a secret in every field, and who may see which of them, told from the declarations alone."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cast import NOW
from golden_payloads import example

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.kernel.declare import Fact, Field, Kind, fields_of

ROBOT = machine("plant")
_number = itertools.count(1)


@dataclass(frozen=True)
class Secret:
    """A word that stands in one field of one record and nowhere else."""

    word: str
    field: str
    sealed: bool
    masked: bool  # never shown in full without an act with a reason, whoever asks


@dataclass
class Planted:
    """A duty of a unit with its secrets."""

    kind: Kind
    duty: Duty
    secrets: list[Secret] = field(default_factory=list)

    def hidden_from(self, actor: Actor | None) -> Iterator[Secret]:
        """What may not reach this reader on any page; nobody signed in is None."""
        path = self.duty.unit.path if self.duty.unit else "/"
        module = self.kind.key.partition(".")[0]
        sees = actor is not None and actor.may(self.kind.reads, path)
        reads = sees and actor is not None and actor.may(f"{module}.text", path)
        for secret in self.secrets:
            public = actor is None and not secret.sealed  # open data of a published record may be public
            if secret.masked or (secret.sealed and not reads) or (not sees and not public):
                yield secret


def _value(item: Field, unit: str, secrets: list[Secret]) -> Any:
    if item.shape == "unit":
        return unit
    if item.shape == "units":
        return unit
    if item.shape not in ("text", "long") or (item.shape == "text" and item.maximum < 12):
        return None
    number = next(_number)
    word = f"Zq{number:06x}"
    if item.mask == "phone":
        word = f"1391{number:07}"
    elif item.mask == "name":
        word = f"陆{word}"
    secrets.append(Secret(word, item.name, item.sealed, item.mask != ""))
    if item.shape == "long" and item.sealed:
        phone = f"1382{number:07}"
        card = f"35050019800101{number:04}"
        secrets.append(Secret(phone, f"{item.name}: telephone", True, True))
        secrets.append(Secret(card, f"{item.name}: identity number", True, True))
        return f"{word}，电话{phone}，身份证{card}"
    return word


def _told(fact: type[Fact], at: datetime, unit: str, secrets: list[Secret]) -> Fact:
    values = {
        item.name: value for item in fields_of(fact) if (value := _value(item, unit, secrets)) is not None
    }
    for item in fields_of(fact):
        if item.shape == "day":
            values[item.name] = (NOW + timedelta(days=20)).date()
        elif item.shape == "choice":
            values[item.name] = next(key for key, _title in item.options if key)
        elif item.shape == "duty":
            values[item.name] = ""
    return dataclasses.replace(example(fact), at=at, **values)


def plant(unit: str) -> list[Planted]:
    """Two duties of every kind for the unit: one just opened, one told on as far as its rules allow.

    A kind whose rules refuse the opening of its own golden example fails: nothing would be swept for it.
    """
    planted: list[Planted] = []
    for kind in registry.kinds().values():
        for told_on in (False, True):
            opened = _opened(kind, unit)
            planted.append(opened)
            if told_on:
                _tell_on(opened, unit)
    return planted


def _opened(kind: Kind, unit: str) -> Planted:
    said = []
    for act in kind.acts:
        if not act.opens:
            continue
        secrets: list[Secret] = []
        fact = _told(act.fact, NOW - timedelta(days=3), unit, secrets)
        try:
            receipt = perform(kind=kind, fact=fact, actor=ROBOT, now=NOW, src="test")
        except Refused as error:
            said.append(f"{act.fact.__name__}: {error.words}")
            continue
        return Planted(kind, Duty.objects.select_related("unit").get(stream=receipt.stream), secrets)
    raise AssertionError(f"{kind.key} cannot be planted: {said}")


def _tell_on(planted: Planted, unit: str) -> None:
    for act in planted.kind.acts:
        if not act.follows:
            continue
        secrets: list[Secret] = []
        fact = _told(act.fact, NOW - timedelta(days=2), unit, secrets)
        try:
            perform(kind=planted.kind, duty=planted.duty, fact=fact, actor=ROBOT, now=NOW, src="test")
        except Refused:
            continue
        planted.secrets += secrets
        planted.duty.refresh_from_db()
        if planted.duty.closed_at is not None:
            return
