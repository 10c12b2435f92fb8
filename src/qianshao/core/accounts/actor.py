"""Who is acting, and what they may: the one place permission is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.accounts.models import Account, Grant
from qianshao.kernel.declare import Role

EVERYWHERE = "/"


class NotAllowed(PermissionError):
    """The actor lacks the capability in this unit."""


@dataclass(frozen=True)
class Actor:
    """A person at work or a named machine. ``scopes`` maps a capability to the unit paths it covers.

    ``key`` goes into the ledger and names nobody: the account's number, or ``machine:…``.
    """

    key: str
    name: str
    unit: str
    post: str
    scopes: Mapping[str, tuple[str, ...]]
    everything: bool = False
    roles: frozenset[str] = frozenset()

    def may(self, capability: str, unit_path: str | None = None) -> bool:
        """Whether the actor holds the capability in the unit; with no unit, anywhere at all."""
        if self.everything:
            return True
        paths = self.scopes.get(capability, ())
        if unit_path is None:
            return bool(paths)
        return any(unit_path.startswith(path) for path in paths)

    def paths(self, capability: str) -> tuple[str, ...]:
        """Unit paths the actor may see with this capability; empty means nothing."""
        return (EVERYWHERE,) if self.everything else self.scopes.get(capability, ())


def machine(name: str) -> Actor:
    """A part of the product acting by itself (import, tick); its entries say so."""
    return Actor(key=f"machine:{name}", name=name, unit="", post="", scopes={}, everything=True)


def actor_of(account: Account, roles: Mapping[str, Role], on: date) -> Actor:
    """The actor an account is on a day: its grants in force, unfolded into capabilities.

    Raises ``NotAllowed`` for a locked account, and for one that is an administrator and anything else besides: what the
    grants should have refused gets nothing (GB/T 22239—2019 8.1.5).
    """
    if not account.is_active:
        raise NotAllowed(account.login)
    scopes: dict[str, tuple[str, ...]] = {}
    grants = (
        Grant.objects.filter(account=account, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .select_related("unit")
        .order_by("id")
    )
    unit = ""
    title = ""
    held: set[str] = set()
    for grant in grants:
        role = roles.get(grant.role)
        if role is None:
            continue
        held.add(role.key)
        unit, title = unit or grant.unit.code, title or role.title
        path = EVERYWHERE if role.city else grant.unit.path
        for capability in role.may:
            scopes[capability] = (*scopes.get(capability, ()), path)
    if not apart(held):
        raise NotAllowed(_("系统、安全、审计管理员不能兼任其他角色，请联系安全管理员调整授权。"))
    return Actor(
        key=f"account:{account.pk}",
        name=account.person.name,
        unit=unit,
        post=title,
        scopes=scopes,
        roles=frozenset(held),
    )


def apart(roles: Collection[str]) -> bool:
    """Whether one person may hold these roles together: an administrator's role stands alone."""
    return len(set(roles)) < 2 or not any(role in settings.ADMINISTRATORS for role in roles)
