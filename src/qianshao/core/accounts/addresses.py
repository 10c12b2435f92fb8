"""Where a request comes from, behind a proxy that is known and not behind one that only says so."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings


def within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether the address lies in one of the networks; something that is no address lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network, strict=False) for network in networks)


def address_of(meta: Mapping[str, Any]) -> str:
    """The address of the client: of the connection itself, or what the last trusted proxy saw.

    ``X-Forwarded-For`` is read from its end, past the addresses in ``settings.PROXIES``; without such a proxy in between it
    counts for nothing, whoever sends it.
    """
    address = str(meta.get("REMOTE_ADDR", ""))
    said = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
    while said and within(address, settings.PROXIES):
        address = said.pop()
    return address[:45]
