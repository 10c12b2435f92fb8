"""Single sign-on by OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 3.1, RFC 7636, RFC 9700).

Nobody registers by it: a subject signs in as the account it was linked to, or not at all. Off until
``settings.SINGLE_SIGN_ON`` names a provider. Signatures are checked by PyJWT against the provider's published keys.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.utils.translation import gettext as _

from .models import Account, OutsideIdentity
from .provider import Provider

_SECONDS = 10
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_LEEWAY = timedelta(seconds=30)
_WITHIN = timedelta(minutes=10)  # from leaving for the provider until coming back


class OutsideRefused(ValueError):
    """No sign-in through the provider; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider vouches for: the subject, and whether it asked for more than a password itself."""

    subject: str
    two_factors: bool


def begin(provider: Provider, back: str, now: datetime) -> tuple[str, dict[str, str]]:
    """The address to send the browser to, and what has to be kept in its session until it comes back."""
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "back": back,
        "at": now.isoformat(),
    }
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": "openid",
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": _challenge(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    where = _described(provider)["authorization_endpoint"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", kept


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def finish(provider: Provider, answer: Mapping[str, str], kept: Mapping[str, str], now: datetime) -> Said:
    """Who came back; raises ``OutsideRefused``. ``kept`` is good for one answer: take it from the session first."""
    again = OutsideRefused(_("统一身份认证没有完成，请重新登录。"))
    if (
        not kept
        or not hmac.compare_digest(kept["state"].encode(), answer.get("state", "").encode())
        or now - datetime.fromisoformat(kept["at"]) > _WITHIN
        or "code" not in answer
    ):
        raise again
    described = _described(provider)
    # Which provider answered (RFC 9207), so that another one's code is not sent to this one.
    if answer.get("iss", provider.issuer) != provider.issuer or (
        described.get("authorization_response_iss_parameter_supported") and "iss" not in answer
    ):
        raise again
    token = _exchanged(provider, described, answer["code"], kept)
    claims = _checked(provider, described, token, kept["nonce"])
    subject = claims.get(provider.claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise OutsideRefused(_("统一身份认证没有给出可用的身份标识，请联系系统管理员。"))
    methods = claims.get("amr") or ()
    return Said(subject, two_factors="mfa" in methods)


def account_of(provider: Provider, said: Said) -> Account:
    """The account a subject was linked to; raises ``OutsideRefused`` for one that is linked to none."""
    found = (
        OutsideIdentity.objects.select_related("account__person")
        .filter(issuer=provider.issuer, subject=said.subject, account__is_active=True)
        .first()
    )
    if found is None:
        raise OutsideRefused(
            _("这个统一身份没有绑定本平台的有效账号。请先用密码登录，在“账号与安全”中绑定。")
        )
    return found.account


def _secret(provider: Provider) -> str:
    try:
        return provider.secret()
    except OSError as error:
        raise OutsideRefused(_("统一身份认证的密钥文件不可读，请联系系统管理员，或改用密码登录。")) from error


def forget() -> None:
    """Ask the provider for its description again the next time."""
    _asked.cache_clear()
    _keys.cache_clear()


def _described(provider: Provider) -> dict[str, Any]:
    hour = int(datetime.now(UTC).timestamp()) // 3600
    return _asked(provider.issuer, hour)


@lru_cache(maxsize=2)
def _asked(issuer: str, hour: int) -> dict[str, Any]:
    """The provider's own description (OpenID Connect Discovery 4), asked once an hour."""
    unreachable = OutsideRefused(_("统一身份认证服务暂时无法访问，请稍后重试，或改用密码登录。"))
    try:
        answer = requests.get(
            f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=_SECONDS, allow_redirects=False
        )
        answer.raise_for_status()
        described: dict[str, Any] = answer.json()
        ends = [described[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise unreachable from error
    if described.get("issuer") != issuer or not all(_safe(end) for end in ends):
        raise unreachable
    return described


def _safe(address: str) -> bool:
    """Whether what is sent there can be read by nobody else: TLS, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")


def _exchanged(provider: Provider, described: Mapping[str, Any], code: str, kept: Mapping[str, str]) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": kept["back"],
        "code_verifier": kept["verifier"],
    }
    known = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    auth = None
    if "client_secret_basic" in known:
        auth = requests.auth.HTTPBasicAuth(provider.client, _secret(provider))
    else:
        form |= {"client_id": provider.client, "client_secret": _secret(provider)}
    try:
        answer = requests.post(
            described["token_endpoint"], data=form, auth=auth, timeout=_SECONDS, allow_redirects=False
        )
        answer.raise_for_status()
        return str(answer.json()["id_token"])
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise OutsideRefused(_("统一身份认证没有完成，请重新登录。")) from error


@lru_cache(maxsize=2)
def _keys(address: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(address, timeout=_SECONDS)


def _checked(provider: Provider, described: Mapping[str, Any], token: str, nonce: str) -> Mapping[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce hold (Core 3.1.3.7)."""
    refused = OutsideRefused(_("统一身份认证的回应未通过核对，请重新登录；如仍不行，请联系系统管理员。"))
    known = described.get("id_token_signing_alg_values_supported") or ["RS256"]
    try:
        key = _keys(described["jwks_uri"]).get_signing_key_from_jwt(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[name for name in _ALGORITHMS if name in known],
            audience=provider.client,
            issuer=provider.issuer,
            leeway=_LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise refused from error
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise refused
    if claims.get("azp", provider.client) != provider.client:
        raise refused
    return claims
