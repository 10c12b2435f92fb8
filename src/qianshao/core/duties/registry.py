"""The kinds, roles and reactions of this installation, filled once at start-up by the site."""

from __future__ import annotations

from collections.abc import Iterable

from qianshao.kernel.declare import Kind, Module, Reaction, Role, Watch, check
from qianshao.kernel.merit import MeritRule
from qianshao.kernel.meter import Meter

_modules: tuple[Module, ...] = ()
_kinds: dict[str, Kind] = {}
_roles: dict[str, Role] = {}
_reactions: dict[str, tuple[Reaction, ...]] = {}


class UnknownKind(LookupError):
    """No module of this installation declares the kind."""


def register(modules: Iterable[Module], roles: Iterable[Role]) -> None:
    """Check all declarations against each other and make them known; raises ``BadDeclaration``."""
    global _modules
    _modules = tuple(modules)
    _kinds.clear()
    _kinds.update(check(_modules))
    _roles.clear()
    _roles.update({role.key: role for role in roles})
    for module in _modules:
        _roles.update({role.key: role for role in module.roles})
    _reactions.clear()
    for module in _modules:
        for reaction in module.reactions:
            _reactions[reaction.on] = (*_reactions.get(reaction.on, ()), reaction)


def modules() -> tuple[Module, ...]:
    """Every module, in the order the site names them."""
    return _modules


def kinds() -> dict[str, Kind]:
    """Every kind by its key."""
    return _kinds


def kind(key: str) -> Kind:
    """The kind of this key; raises ``UnknownKind``."""
    found = _kinds.get(key)
    if found is None:
        raise UnknownKind(key)
    return found


def roles() -> dict[str, Role]:
    """Every role by its key."""
    return _roles


def reactions(on: str) -> tuple[Reaction, ...]:
    """Who wants to know when a fact is recorded; ``on`` is ``kind.key:Fact``."""
    return _reactions.get(on, ())


def watches() -> tuple[Watch, ...]:
    """Who looks at duties whose moment has come."""
    return tuple(watch for module in _modules for watch in module.watches)


def meters() -> dict[str, Meter]:
    """Every declared meter by its key."""
    return {meter.key: meter for module in _modules for meter in module.meters}


def merits() -> dict[str, MeritRule]:
    """Every declared scoring rule by its key."""
    return {rule.key: rule for module in _modules for rule in module.merits}
