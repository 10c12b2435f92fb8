"""One sweep: every route, as every role and as nobody, in every format, for what that reader may not see.

The secrets stand in records of every kind; who may see which is told from the declarations, not from the pages. A route
that is added is swept from then on, and fails here until a value for each part of its address is named.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from cast import NOW, put_down
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor, actor_of
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry
from qianshao.core.feeds import services as feeds
from qianshao.core.org.models import Person, Unit

from .planted import Planted, plant
from .routes import EXCUSED, addresses, routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OWNER, OTHER = "water", "housing"
_PUBLIC = ("/portal/", "/open311/")
PARTS = 4  # so that several processes share the readers


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: their name in the report, their browser, and their rights as the declarations give them."""

    name: str
    client: Client
    actor: Actor | None
    feed: str = "none"


@pytest.fixture
def planted(city: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> list[Planted]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return plant(OWNER)


@pytest.fixture
def readers(city: dict[str, Unit], planted: list[Planted]) -> list[Reader]:
    """Nobody, somebody without a role, every city role, and every unit role in the owner's unit and in another one."""
    made = [Reader("nobody", Client(), None), _reader("no role", None, city[OTHER])]
    for role in registry.roles().values():
        for unit in ["city"] if role.city else [OWNER, OTHER]:
            made.append(_reader(f"{role.key}@{unit}", role.key, city[unit]))
    return made


def _reader(name: str, role: str | None, unit: Unit) -> Reader:
    account = Account(
        login=name.replace("@", "-").replace(" ", "-"), person=Person.objects.create(name="林一")
    )
    account.set_unusable_password()
    account.save()
    if role is not None:
        Grant.objects.create(account=account, role=role, unit=unit, valid_from=date(2020, 1, 1))
    client = Client(raise_request_exception=True)
    client.force_login(account)
    feed = feeds.make(account=account, unit=None, holidays=True, now=NOW)
    return Reader(name, client, actor_of(account, registry.roles(), NOW.date()), feed)


def text_of(answer: Any) -> str:
    """All words of an answer, of whatever format: pages, CSV in any encoding, the insides of .xlsx and .docx."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    put_down(answer)
    told = " ".join(f"{name} {value}" for name, value in answer.headers.items())
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inside = b"\n".join(parts.read(name) for name in parts.namelist())
        return told + inside.decode("utf-8", "replace")
    return told + content.decode("gb18030" if "gb18030" in told else "utf-8", "replace")


def hidden(planted: list[Planted], reader: Reader) -> dict[str, str]:
    """Every word this reader may not see, with what it is."""
    return {
        secret.word: f"{one.kind.key} {secret.field}"
        for one in planted
        for secret in one.hidden_from(reader.actor)
    }


def test_SEC_05_every_route_is_swept_or_excused_with_a_reason(planted: list[Planted]) -> None:
    known = {route.name for route in routes()}
    for route in routes():
        if route.name not in EXCUSED:
            assert any(True for _address in addresses(route, planted)), route.pattern

    assert set(EXCUSED) <= known, "an excuse for a route that is gone"
    assert all(len(reason) > 20 for reason in EXCUSED.values())


def test_what_is_planted_covers_what_has_to_be_kept(planted: list[Planted]) -> None:
    fields = {secret.field for one in planted for secret in one.secrets if secret.sealed}

    assert fields >= {
        "caller", "phone", "address", "title", "body", "body: telephone", "body: identity number",
        "applicant", "contact", "wanted", "items",
    }  # fmt: skip
    assert len({one.kind.key for one in planted}) == len(registry.kinds())
    assert {one.duty.unit.code for one in planted if one.duty.unit} == {OWNER}


def _near(reader: Reader, planted: list[Planted]) -> list[Planted]:
    """What is asked about by this reader on every route: a record they see, and one they do not, sealed ones first.

    The pages of one kind are drawn by the same code as those of another, from its declaration; so for each reader one of
    either stands for the rest, and the page of a record itself is asked about all of them.
    """
    actor = reader.actor
    ranked = sorted(planted, key=lambda one: -sum(secret.sealed for secret in one.secrets))
    seen = [one for one in ranked if actor is not None and actor.may(one.kind.reads, _path(one))]
    unseen = [one for one in ranked if one not in seen]
    return [*seen[:1], *unseen[:1]]


def _path(one: Planted) -> str:
    return one.duty.unit.path if one.duty.unit else "/"


@pytest.mark.timeout(1800)  # a busy machine is slow, not wrong
@pytest.mark.parametrize("part", range(PARTS))
def test_SEC_09_no_route_tells_any_role_what_it_may_not_see(
    planted: list[Planted], readers: list[Reader], part: int
) -> None:
    swept = [route for route in routes() if route.name not in EXCUSED]
    found: list[str] = []
    asked = 0
    for number, reader in list(enumerate(readers))[part::PARTS]:
        # What is published may be read on the public pages by anybody, signed in or not; what is sealed by nobody there.
        inside, outside = hidden(planted, reader), hidden(planted, readers[0])
        assert inside and outside
        near = _near(reader, planted)
        own = [f"/feeds/calendar/{reader.feed}.ics"]
        own += [f"/api/v1/duties/{one.duty.stream}" for one in planted[number % 2 :: 2]]
        each = [address for route in swept for address in addresses(route, near, every=number % 9 == 0)]
        for address in [*own, *each]:
            answer = reader.client.get(address)
            asked += 1
            if answer.status_code >= 500:
                found.append(f"{reader.name} {address}: {answer.status_code}")
            words = outside if address.startswith(_PUBLIC) else inside
            said = text_of(answer)
            found += [f"{reader.name} {address}: {what}" for word, what in words.items() if word in said]

    assert found == []
    assert asked > 2_000 // PARTS
