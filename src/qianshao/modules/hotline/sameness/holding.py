"""Decisions as the pairs a grouping keeps, by the rules of ``matters.index``: the newer word counts."""

from __future__ import annotations

from collections.abc import Iterable

from qianshao.kernel.declare import codes

from ..matters.grouping import Held
from ..matters.index import chain_keys
from . import facts as f

Pair = tuple[str, str]


def held(decisions: Iterable[f.Decision]) -> Held:
    """What these decisions, oldest first, leave together and apart."""
    together: dict[Pair, None] = {}
    apart: dict[Pair, None] = {}
    for fact in decisions:
        orders = list(dict.fromkeys(codes(fact.orders)))
        others = [key for key in dict.fromkeys(codes(getattr(fact, "others", ""))) if key not in orders]
        sides = {**dict.fromkeys(orders, 0), **dict.fromkeys(others, 1)}
        if isinstance(fact, f.Split):
            for pair in [pair for pair in together if _across(pair, sides)]:
                del together[pair]
            together |= dict.fromkeys([*chain_keys(orders), *chain_keys(others)])
            if orders and others:
                apart[(orders[0], others[0])] = None
        else:
            for pair in [pair for pair in apart if all(key in sides for key in pair)]:
                del apart[pair]
            together |= dict.fromkeys(chain_keys([*orders, *others]))
    return Held(tuple(together), tuple(apart))


def _across(pair: Pair, sides: dict[str, int]) -> bool:
    return {sides.get(key) for key in pair} == {0, 1}
