"""What can happen when the public asks what is going on (舆情回应; 国办发〔2016〕80号, from memory)."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.kernel.declare import Fact, flag, text, unit


@dataclass(frozen=True, kw_only=True)
class Arose(Fact):
    """A matter stirs the public; ``grave`` is a serious sudden event, which must be spoken of within hours."""

    title: str = text("事件", maximum=200)
    grave: bool = flag("特别重大、重大突发事件")
    unit: str = unit("回应责任单位", required=False)
    where: str = text("何处出现", required=False, maximum=200)


@dataclass(frozen=True, kw_only=True)
class Spoke(Fact):
    """An authoritative word was published."""

    url: str = text("网址", required=False, maximum=500)
    gist: str = text("要点", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class PressMet(Fact):
    """A press conference was held."""

    url: str = text("网址", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class LetBe(Fact):
    """No response is owed after all."""

    reason: str = text("无需回应的理由", maximum=500)


AnyFact = Arose | Spoke | PressMet | LetBe
