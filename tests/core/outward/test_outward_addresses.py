"""Whom the watch may call: a table of addresses, and names that change their mind."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest

from qianshao.core.outward.addresses import CheckedResolver, Forbidden, refused, target

NEVER = [
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "::", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:c0a8:101::1", "2001::1", "2001:db8::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
    "::ffff:169.254.169.254", "::ffff:224.0.0.1", "::127.0.0.1", "3fff::1", "4000::1",
]  # fmt: skip
PRIVATE = ["127.0.0.1", "127.8.8.8", "10.0.0.1", "100.64.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "::1", "fc00::1", "fd12::1", "::ffff:127.0.0.1", "::ffff:10.1.1.1"]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "114.114.114.114",
    "172.32.0.1",
    "192.0.1.1",
    "2400:3200::1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
]


@pytest.mark.parametrize("text", NEVER)
def test_reserved_addresses_are_never_touched(text):
    assert refused(ipaddress.ip_address(text), allow_private=False)
    assert refused(ipaddress.ip_address(text), allow_private=True)


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_touched_only_when_allowed(text):
    assert refused(ipaddress.ip_address(text), allow_private=False)
    assert not refused(ipaddress.ip_address(text), allow_private=True)


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_may_be_touched(text):
    assert not refused(ipaddress.ip_address(text), allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/",
        "http://0x7f000001/", "http://127.1/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1%25eth0]/", "ftp://example.com/",
        "file:///etc/passwd", "gopher://example.com/", "http://user:secret@example.com/", "http://example.com:22/", "http://example.com:8080/",
        "http:///x", "http://[bad", "http://example.com:99999/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_out_of_bounds_is_refused_before_anything_is_asked(url):
    with pytest.raises(Forbidden):
        target(url, allow_private=False)


def resolving(answers, allow_private=False):
    calls = []

    async def lookup(host, port):
        calls.append(host)
        return answers[min(len(calls), len(answers)) - 1]

    return CheckedResolver(allow_private=allow_private, lookup=lookup), calls


@pytest.mark.parametrize(
    "bad",
    [
        "127.0.0.1",
        "10.0.0.1",
        "::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "192.0.0.8",
        "224.0.0.1",
        "169.254.169.254",
    ],
)
def test_a_name_with_one_bad_address_among_good_ones_is_refused(bad):
    resolver, _ = resolving([["1.1.1.1", bad]])

    with pytest.raises(Forbidden):
        asyncio.run(resolver.resolve("www.citong.example", 80))


def test_a_name_that_is_rebound_keeps_the_address_that_was_checked():
    resolver, calls = resolving([["1.1.1.1"], ["127.0.0.1"]])

    async def twice():
        return [(await resolver.resolve("www.citong.example", 80))[0]["host"] for _ in range(2)]

    assert asyncio.run(twice()) == ["1.1.1.1", "1.1.1.1"]
    assert calls == ["www.citong.example"]
