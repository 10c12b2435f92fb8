"""Passkeys: sign in by a key pair in a telephone, a computer or a stick (WebAuthn level 2, by python-fido2).

A passkey with which the device checks its owner (finger, face, PIN) is two factors at once; so it is asked to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .models import Account, Passkey

_MOST = 10


class BadPasskey(ValueError):
    """The answer of the device does not hold; the sentence says what to do."""


def _server(origin: str, name: str) -> Fido2Server:
    """The relying party is the host the page came from; only that origin, whole, is accepted."""
    host = urlsplit(origin).hostname or ""
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=name, id=host), verify_origin=lambda said: said == origin
    )


def _handle(account: Account) -> bytes:
    return b"account:%d" % account.pk


def begin_adding(account: Account, origin: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked for, and the state to keep until it answers."""
    if account.passkeys.count() >= _MOST:
        raise BadPasskey(_("最多登记 {n} 个通行密钥，请先移除不用的。").format(n=_MOST))
    options, state = _server(origin, name).register_begin(
        PublicKeyCredentialUserEntity(
            id=_handle(account), name=account.login, display_name=account.person.name
        ),
        [AttestedCredentialData(bytes(key.data)) for key in account.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), dict(state)


def finish_adding(
    account: Account,
    answer: Mapping[str, Any],
    *,
    state: Mapping[str, Any],
    called: str,
    origin: str,
    name: str,
    now: datetime,
) -> Passkey:
    """Keep the key the browser made; raises ``BadPasskey``."""
    try:
        made = _server(origin, name).register_complete(state, answer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadPasskey(_("设备的回应未通过核对，请重试。")) from error
    data = made.credential_data
    assert data is not None, "a registration without a credential was accepted"
    if Passkey.objects.filter(credential=data.credential_id).exists():
        raise BadPasskey(_("这个通行密钥已登记过。"))
    return Passkey.objects.create(
        account=account,
        name=called.strip()[:60] or _("通行密钥"),
        credential=data.credential_id,
        data=bytes(data),
        uses=made.counter,
        made_at=now,
    )


def begin_signing_in(
    origin: str, name: str, account: Account | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for a passkey: any the device has for this site, or one of an account's."""
    keys = account.passkeys.all() if account else ()
    options, state = _server(origin, name).authenticate_begin(
        [AttestedCredentialData(bytes(key.data)) for key in keys] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), dict(state)


@transaction.atomic
def finish_signing_in(
    answer: Mapping[str, Any],
    *,
    state: Mapping[str, Any],
    origin: str,
    name: str,
    now: datetime,
    account: Account | None = None,
) -> Account:
    """The account whose passkey answered; raises ``BadPasskey`` and says no more than that."""
    refused = BadPasskey(_("通行密钥未通过核对，请重试，或改用密码登录。"))
    try:
        said = AuthenticationResponse.from_dict(answer)
        key = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("account__person")
            .get(credential=websafe_decode(str(answer["id"])))
        )
        _server(origin, name).authenticate_complete(state, [AttestedCredentialData(bytes(key.data))], answer)
    except (Passkey.DoesNotExist, ValueError, TypeError, KeyError, AttributeError) as error:
        raise refused from error
    handle = said.response.user_handle
    counter = said.response.authenticator_data.counter
    if (
        not key.account.is_active
        or (account is not None and key.account_id != account.pk)
        or (handle is not None and handle != _handle(key.account))
        # A counter that does not grow tells of a copied key (WebAuthn level 2, 7.2 step 21); keys without one send 0.
        or ((counter or key.uses) and counter <= key.uses)
    ):
        raise refused
    key.uses = counter
    key.used_at = now
    key.save(update_fields=["uses", "used_at"])
    return key.account
