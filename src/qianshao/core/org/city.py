"""The city this installation serves: said once, when it is taken into use."""

from __future__ import annotations

import time
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger.register import append_register

from . import services, units
from .models import City, Unit
from .services import BadChange

_LOOKED = 30.0  # seconds a process goes on with the name it read
_read: tuple[float, str] | None = None


def name() -> str:
    """What the city is called; before it is set up, the name in the settings."""
    global _read
    if _read is None or time.monotonic() - _read[0] > _LOOKED:
        told = City.objects.order_by("id").values_list("name", flat=True).first()
        _read = (time.monotonic(), told or settings.CITY_NAME)
    return _read[1]


def forget() -> None:
    """Read the name anew at the next question."""
    global _read
    _read = None


@transaction.atomic
def found(*, name: str, code: str, unit: str, short: str, since: date, actor: Actor, now: datetime) -> Unit:
    """Say which city this is and make its first unit, the government itself, under which all others stand.

    Raises ``BadChange`` when there is a unit or a city already.
    """
    if City.objects.exists() or Unit.objects.exists():
        raise BadChange(_("这里已经建立过城市，不能再建一次。"))
    if not 2 <= len(name) <= 60:
        raise BadChange(_("城市名称应为 2 至 60 个字。"))
    made = services.add_unit(
        code=code,
        name=unit,
        short=short,
        kind="city",
        parent=None,
        since=since,
        order=0,
        actor=actor,
        now=now,
    )
    City.objects.create(name=name, code=code, set_by=actor.key, set_at=now)
    append_register(
        name="org",
        kind="register.org",
        fact="CityFounded",
        data={"code": code, "name": name},
        actor=actor,
        now=now,
    )
    units.forget()
    forget()
    return made
