"""People at their browsers."""

from __future__ import annotations

from datetime import date

import pytest
from cast import SignIn
from django.test import Client

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person, Unit


@pytest.fixture
def sign_in(city: dict[str, Unit]) -> SignIn:
    """Sign somebody in with a role in a unit."""

    def signed_in(role: str, unit: str = "city") -> Client:
        account = Account(login=f"{role}-{unit}", person=Person.objects.create(name="林一"))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(account=account, role=role, unit=city[unit], valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(account)
        return client

    return signed_in
