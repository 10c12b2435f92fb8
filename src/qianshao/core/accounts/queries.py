"""Who holds what: reads over accounts and their dated grants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from qianshao.kernel.declare import Role

from .actor import Actor
from .models import Account, Grant


def grants_in_force(on: date) -> QuerySet[Grant]:
    """Every grant that counts on a day, of accounts that may sign in."""
    return Grant.objects.filter(account__is_active=True, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gt=on)
    )


def everything() -> QuerySet[Account]:
    """All accounts, whoever asks; for core itself."""
    return Account.objects.select_related("person").order_by("id")


def accounts(actor: Actor) -> QuerySet[Account]:
    """The accounts an actor may administer: granted a role in a unit under theirs, or no role at all."""
    paths = {path for one in ("people.create", "people.grant", "people.lock") for path in actor.paths(one)}
    if not paths:
        return everything().none()
    if "/" in paths:
        return everything()
    under = Q(grants=None)
    for path in paths:
        under |= Q(grants__unit__path__startswith=path)
    return everything().filter(pk__in=Account.objects.filter(under).values("pk"))


def holders(
    units: Collection[int], capability: str, roles: Mapping[str, Role], on: date
) -> dict[int, list[int]]:
    """For each unit, the accounts whose grant in just this unit carries the capability; no city roles."""
    keys = [role.key for role in roles.values() if capability in role.may and not role.city]
    found: dict[int, list[int]] = {}
    rows = grants_in_force(on).filter(unit_id__in=units, role__in=keys).order_by("account_id")
    for unit, account in rows.values_list("unit_id", "account_id").distinct():
        found.setdefault(unit, []).append(account)
    return found


def city_holders(capability: str, roles: Mapping[str, Role], on: date) -> list[int]:
    """The accounts that hold the capability for the whole city through a city role."""
    keys = [role.key for role in roles.values() if capability in role.may and role.city]
    rows = grants_in_force(on).filter(role__in=keys).order_by("account_id")
    return list(rows.values_list("account_id", flat=True).distinct())
