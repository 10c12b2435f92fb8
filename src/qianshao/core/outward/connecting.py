"""Connections that lead only to addresses that were looked at, whatever a name resolves to meanwhile."""

from __future__ import annotations

import ipaddress
import socket

import aiohttp
from aiohttp.connector import AddrInfoType

from .addresses import CheckedResolver, Forbidden, Lookup, refused, system_lookup


def checked_socket(found: AddrInfoType, allow_private: bool) -> socket.socket:
    """The last look, at the address the connection is made to: whatever resolved it, nobody forbidden is called."""
    family, kind, proto, _, place = found
    address = str(place[0]).partition("%")[0]
    why = refused(ipaddress.ip_address(address), allow_private=allow_private)
    if why:
        raise Forbidden(f"{address} 是{why}地址，不连接")
    made = socket.socket(family, kind, proto)
    made.setblocking(False)
    return made


def connector(
    *, allow_private: bool, connections: int = 8, lookup: Lookup = system_lookup
) -> aiohttp.TCPConnector:
    """What an aiohttp session connects with; raises ``Forbidden`` out of the request."""

    return aiohttp.TCPConnector(
        resolver=CheckedResolver(allow_private=allow_private, lookup=lookup),
        use_dns_cache=False,
        limit=connections,
        socket_factory=lambda found: checked_socket(found, allow_private),
    )
