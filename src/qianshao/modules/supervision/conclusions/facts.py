"""What can happen to a conclusion of supervision (督查结论): made, fed back, contested, decided, final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, long, text, unit

OUTCOMES: Mapping[str, str] = {"upheld": "维持", "changed": "变更", "withdrawn": "撤销"}


@dataclass(frozen=True, kw_only=True)
class Made(Fact):
    """A conclusion was made after the work (条例第十六条)."""

    title: str = text("标题", maximum=200)
    item: str = text("督查事项或者检查编号", required=False, maximum=60)
    conclusion: str = long("督查结论", maximum=10_000)
    demands: str = long("整改要求", required=False, maximum=5000)
    unit: str = unit("督查对象")


@dataclass(frozen=True, kw_only=True)
class Delivered(Fact):
    """It reached the unit it concerns; the unit's thirty days run from here."""

    way: str = text("送达方式", maximum=60)


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Fact):
    """The unit contests it (条例第十七条)."""

    grounds: str = long("异议和理由", maximum=5000)


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Fact):
    """It was reviewed by people who had no part in it."""

    outcome: str = choice("复核决定", OUTCOMES)
    reason: str = long("理由", maximum=5000)


@dataclass(frozen=True, kw_only=True)
class BecameFinal(Fact):
    """Nobody contested it in time; recorded by itself when the thirty days are out."""


AnyFact = Made | Delivered | ReviewAsked | ReviewDecided | BecameFinal
