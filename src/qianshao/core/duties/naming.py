"""What a fact names must exist: the units of a list, another duty of the same kind."""

from __future__ import annotations

from qianshao.core.org import units
from qianshao.kernel.declare import Fact, Kind, codes, fields_of
from qianshao.kernel.words import Words, say

from .models import Duty


def unknown(kind: Kind, fact: Fact, stream: str) -> Words | None:
    """Why a fact names what is not there, or the very duty it is told of; None when all of it exists."""
    for item in fields_of(type(fact)):
        if item.shape == "units":
            for code in codes(getattr(fact, item.name)):
                try:
                    units.known(code)
                except units.UnknownUnit:
                    return say("没有编码为“{code}”的单位", code=code)
        elif item.shape == "duty" and (name := getattr(fact, item.name)):
            found = set(Duty.objects.filter(kind=kind.key, number=name).values_list("stream", flat=True)[:2])
            if stream in found:
                return say("“{number}”就是本件，请填另一件的编号", number=name)
            if not found:
                return say("没有编号为“{number}”的{kind}，请核对编号", number=name, kind=kind.title)
    return None
