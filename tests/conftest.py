"""A small city of units for the tests, with nothing remembered from one test to the next."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from cast import NOW, SignIn
from django.conf import settings
from django.test import Client
from django.utils import translation

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.ledger import gate
from qianshao.core.org import city as served
from qianshao.core.org import units
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Kind


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What the process and its data folder remember of units, rules, notices and heads is one test's own."""
    served.forget()
    units.forget()
    rulebook.forget()
    calendars.forget()
    with translation.override("zh-hans"):  # a page asked in English leaves its language in the thread
        yield
    # A head that outlives its test's database would look like a ledger restored from an older backup.
    gate.flag().unlink(missing_ok=True)
    shutil.rmtree(Path(settings.HOME) / "anchors", ignore_errors=True)


@pytest.fixture
def now() -> datetime:
    """A Monday morning at work."""
    return NOW


@pytest.fixture
def city(db: None) -> dict[str, Unit]:
    """刺桐市 small: the office, two bureaus, a county and a town under it."""
    made: dict[str, Unit] = {}
    plan = [
        ("city", "刺桐市人民政府", "市政府", "city", "", "/"),
        ("office", "市政府办公室", "政府办", "office", "city", "/office/"),
        ("housing", "市住房和城乡建设局", "住建局", "bureau", "city", "/housing/"),
        ("water", "市水利局", "水利局", "bureau", "city", "/water/"),
        ("county-1", "刺东县", "刺东县", "county", "city", "/county-1/"),
        ("town-1", "望潮镇", "望潮镇", "town", "county-1", "/county-1/town-1/"),
    ]
    for order, (code, name, short, kind, parent, path) in enumerate(plan):
        made[code] = Unit.objects.create(
            code=code,
            name=name,
            short=short,
            kind=kind,
            parent=made.get(parent),
            path=path,
            valid_from=date(2000, 1, 1),
            order=order,
        )
    return made


@pytest.fixture
def order_kind() -> Kind:
    """The hotline's work order."""
    return registry.kind("hotline.order")


@pytest.fixture
def robot() -> Actor:
    """A part of the product acting by itself."""
    return machine("test")


@pytest.fixture
def sign_in(city: dict[str, Unit]) -> SignIn:
    """Sign somebody in with a role in a unit: ``sign_in("hotline.unit", "housing")``."""

    def signed_in(role: str, unit: str = "city", name: str = "林一") -> Client:
        account = Account(login=f"{role}-{unit}", person=Person.objects.create(name=name))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(account=account, role=role, unit=city[unit], valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(account)
        return client

    return signed_in
