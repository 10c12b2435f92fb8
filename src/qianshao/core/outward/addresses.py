"""Which addresses the watch may touch. A site decides where its links point; it must not decide whom we call.

A name is resolved once in a crawl, every address it has is checked, and the connection goes to what was checked
(SSRF, DNS rebinding). ``ipaddress.is_global`` is not enough: it passes 64:ff9b::7f00:1, 2002:7f00:1::, 192.0.0.8, 224.0.0.1.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Awaitable[list[str]]]
# 2130706433, 0177.0.0.1, 0x7f.1: resolvers read these as addresses, people do not.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*", re.I)
_NO_HOST = re.compile(r"[\s<>\"'`{}|\\^%]")
_PORTS = {"http": 80, "https": 443}

# IANA special-purpose registries (RFC 6890 and later), each network with what it is.
_NEVER_4 = {
    "0.0.0.0/8": "本网络",
    "169.254.0.0/16": "链路本地",
    "192.0.0.0/24": "协议保留",
    "192.0.2.0/24": "文档示例",
    "192.88.99.0/24": "6to4 中继",
    "198.18.0.0/15": "测试",
    "198.51.100.0/24": "文档示例",
    "203.0.113.0/24": "文档示例",
    "224.0.0.0/4": "组播",
    "240.0.0.0/4": "保留",
}
_PRIVATE_4 = {
    "10.0.0.0/8": "内网",
    "100.64.0.0/10": "运营商内网",
    "127.0.0.0/8": "本机",
    "172.16.0.0/12": "内网",
    "192.168.0.0/16": "内网",
}
_PRIVATE_6 = {"::1/128": "本机", "fc00::/7": "内网"}
# Inside 2000::/3, which is all that is routed, these carry another address or nobody.
_NEVER_6 = {
    "2001::/23": "协议保留（含 Teredo）",
    "2001:db8::/32": "文档示例",
    "2002::/16": "6to4",
    "3fff::/20": "文档示例",
}
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_Table = tuple[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, str], ...]


def _table(*rows: dict[str, str]) -> _Table:
    return tuple((ipaddress.ip_network(net), what) for row in rows for net, what in row.items())


_NEVER, _PRIVATE = _table(_NEVER_4, _NEVER_6), _table(_PRIVATE_4, _PRIVATE_6)


class Forbidden(ValueError):
    """An address the watch does not touch; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: what to ask, of whom."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port, as robots.txt is asked of."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


def target(url: str, *, allow_private: bool) -> Target:
    """Check an address before anything is asked. Raises ``Forbidden``.

    Only http and https, no user name, ports 80 and 443; with ``allow_private`` any port. A host written as a number
    is checked here, a name when it is resolved.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden(f"网址“{url[:80]}”写错了，无法访问") from None
    if parts.scheme not in _PORTS:
        raise Forbidden(f"“{url[:80]}”：只访问 http 和 https 网址")
    if parts.username is not None or parts.password is not None or not parts.hostname:
        raise Forbidden(f"“{url[:80]}”：网址不能带用户名，且须有主机名")
    if _NO_HOST.search(parts.hostname):
        raise Forbidden(f"网址“{url[:80]}”写错了，无法访问")
    port = port or _PORTS[parts.scheme]
    if port not in (80, 443) and not allow_private:
        raise Forbidden(f"“{url[:80]}”：只访问 80 和 443 端口，其他端口须加 --allow-private")
    host = parts.hostname.rstrip(".")
    literal = _literal(host)
    if literal is None and _NUMERIC.fullmatch(host):
        raise Forbidden(f"“{host}”是用数字写的主机，不访问")
    if literal is not None:
        why = refused(literal, allow_private=allow_private)
        if why:
            raise Forbidden(f"“{host}”是{why}地址，不访问")
    return Target(url, parts.scheme, host, port)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def refused(address: Address, *, allow_private: bool) -> str:
    """Why an address is not touched, or an empty string; link-local, multicast and reserved never are."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return refused(address.ipv4_mapped, allow_private=allow_private)
        for net, what in _PRIVATE:
            if address in net:
                return "" if allow_private else what
        if address not in _GLOBAL_6:
            return "非公网"
    for net, what in _NEVER:
        if address in net:
            return what
    for net, what in _PRIVATE:
        if address in net:
            return "" if allow_private else what
    return ""


async def system_lookup(host: str, port: int) -> list[str]:
    """All addresses of a name by the system's resolver, which also reads 0177.0.0.1 and 2130706433."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


class CheckedResolver(AbstractResolver):
    """Gives aiohttp only addresses that were checked; the first answer for a name holds for the whole crawl."""

    def __init__(self, *, allow_private: bool, lookup: Lookup = system_lookup) -> None:
        self.allow_private = allow_private
        self.lookup = lookup
        self._known: dict[str, list[str]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The checked addresses of a name. One forbidden address among them forbids the name."""
        if host not in self._known:
            found = await self.lookup(host, port)
            for text in found:
                address = _literal(text)
                why = "无法识别的" if address is None else refused(address, allow_private=self.allow_private)
                if why:
                    raise Forbidden(f"“{host}”指向{why}地址 {text}，不访问")
            if not found:
                raise OSError(f"no address for {host}")
            self._known[host] = found
        return [
            ResolveResult(
                hostname=host,
                host=text,
                port=port,
                family=socket.AF_INET6 if ":" in text else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for text in self._known[host]
        ]

    async def close(self) -> None:
        """Nothing is held open."""
